//! What the names of arrays say: which weight and bias belong together, and in which order.

/// A part of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Letters, in lower case.
    Word(String),
    /// Digits: `fc10` comes after `fc2`.
    Number(u64),
}

/// What an array is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A layer's weights.
    Weight,
    /// A layer's biases.
    Bias,
    /// The name does not tell: its shape must.
    Untold,
    /// The mask of another array (`torch.nn.utils.prune` calls it `weight_mask`).
    Mask,
}

/// A name without what says only whether it is a weight or a bias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// What a weight and its bias have in common, as `fc 1` of `fc1.weight`; their order, too.
    pub stem: Vec<Part>,
    pub role: Role,
}

const WEIGHT: &[&str] = &["weight", "weights", "kernel", "w"];
const BIAS: &[&str] = &["bias", "biases", "b"];

impl Name {
    /// Reads a name: `layers.0.weight`, `fc1.bias`, `w1`, `dense_1/kernel:0`.
    pub fn of(name: &str) -> Self {
        // TensorFlow numbers a variable's outputs.
        let mut stem = parts(name.strip_suffix(":0").unwrap_or(name));
        let is = |part: &Part, words: &[&str]| matches!(part, Part::Word(word) if words.contains(&word.as_str()));
        if stem.len() > 1 && stem.last().is_some_and(|last| is(last, &["mask"])) {
            stem.pop();
            // A weight's mask and a bias's are told apart by what they mask.
            return Name { stem, role: Role::Mask };
        }
        if stem.len() > 1 && stem.last().is_some_and(|last| is(last, &["orig"])) {
            stem.pop();
        }
        let Some(place) = stem.iter().rposition(|part| is(part, WEIGHT) || is(part, BIAS)) else {
            return Name { stem, role: Role::Untold };
        };
        let role = if is(&stem.remove(place), BIAS) { Role::Bias } else { Role::Weight };
        Name { stem, role }
    }
}

/// The whole name as parts, for the masks of `name_orig`.
pub(super) fn masked(name: &str) -> Vec<Part> {
    let mut parts = parts(name.strip_suffix(":0").unwrap_or(name));
    if parts.last() == Some(&Part::Word("orig".into())) {
        parts.pop();
    }
    parts
}

/// What is none of ASCII's is taken for one: tables of all letters would be in the module.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic() || !letter.is_ascii()
}

fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for letter in name.chars() {
        let (digit, last) = (letter.to_digit(10), parts.last_mut());
        match (digit, last) {
            (Some(digit), Some(Part::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (Some(digit), _) => parts.push(Part::Number(u64::from(digit))),
            (None, Some(Part::Word(word))) if is_letter(letter) => {
                word.push(letter.to_ascii_lowercase());
            }
            (None, _) if is_letter(letter) => {
                parts.push(Part::Word(letter.to_ascii_lowercase().into()));
            }
            // A separator ends a word; the next letter begins another.
            (None, _) => parts.push(Part::Word(String::new())),
        }
    }
    parts.retain(|part| *part != Part::Word(String::new()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_biases_of_a_layer_share_a_stem() {
        for (weight, bias) in [
            ("layers.0.weight", "layers.0.bias"),
            ("fc1.weight", "fc1.bias"),
            ("0.weight", "0.bias"),
            ("net.2.weight", "net.2.bias"),
            ("w1", "b1"),
            ("W_2", "b_2"),
            ("dense_1/dense_1/kernel:0", "dense_1/dense_1/bias:0"),
            ("block.b.weight", "block.b.bias"),
            ("fc1.weight_orig", "fc1.bias"),
        ] {
            let [weight, bias] = [weight, bias].map(Name::of);
            assert_eq!((weight.role, bias.role), (Role::Weight, Role::Bias));
            assert_eq!(weight.stem, bias.stem);
        }
        assert_ne!(Name::of("fc1.weight").stem, Name::of("fc2.weight").stem);
        assert_eq!(Name::of("arr_0").role, Role::Untold);
        assert_eq!(Name::of("fc1.weight_mask").role, Role::Mask);
        assert_eq!(Name::of("fc1.weight_mask").stem, masked("fc1.weight_orig"));
    }

    #[test]
    fn numbers_in_names_are_counted() {
        let sorted = ["dense.kernel", "dense_1.kernel", "dense_2.kernel", "dense_10.kernel"];
        assert!(sorted.map(|name| Name::of(name).stem).is_sorted());
        assert!(Name::of("fc2.weight").stem < Name::of("fc10.weight").stem);
    }
}
