//! What the sum in a unit is made of: the terms w·x that weigh most, the others together, the bias.

use super::Mlp;

/// A unit's sum before its ReLU, taken apart, for two sets of inputs: those that a clean image
/// gives, and those of its adversarial example.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// The whole sum, bias included, of the clean and of the adversarial inputs: what the pass
    /// through the network computes, to the bit.
    pub sums: [f32; 2],
    /// The unit's bias.
    pub bias: f32,
    /// The terms that weigh most, largest first.
    pub terms: Vec<Term>,
    /// All other terms together, clean and adversarial, such that bias, terms and rest add up to
    /// the sums.
    pub rests: [f64; 2],
    /// How many other terms are not zero in one of the sums.
    pub others: usize,
}

/// One term of a unit's sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// The input it comes from: a pixel, or a unit of the layer below.
    pub input: usize,
    /// The weight of that input.
    pub weight: f32,
    /// The input's value, clean and adversarial.
    pub values: [f32; 2],
}

impl Term {
    /// The products, clean and adversarial.
    fn products(&self) -> [f64; 2] {
        self.values.map(|value| f64::from(self.weight) * f64::from(value))
    }

    /// The larger of its two products.
    fn weighs(&self) -> f64 {
        let [clean, attacked] = self.products();
        clean.abs().max(attacked.abs())
    }
}

/// Takes a unit's sum apart. `layer` counts from 0, the last one being that of the logits; the
/// inputs are those of that layer, for the clean image and for the adversarial one. At most `most`
/// terms are told one by one.
///
/// # Errors
/// A sentence when there is no such unit, or the inputs are not as many as the layer's.
pub fn contributions(
    network: &Mlp,
    layer: usize,
    unit: usize,
    inputs: [&[f32]; 2],
    most: usize,
) -> Result<Contributions, String> {
    let of = network.layers().get(layer).ok_or_else(|| {
        format!("There is no layer {layer}; there are {}.", network.layers().len())
    })?;
    let (units, wide) = of.weights().dim();
    if unit >= units {
        return Err(format!("Layer {layer} has no unit {unit}; it has {units}."));
    }
    if let Some(wrong) = inputs.iter().find(|values| values.len() != wide) {
        return Err(format!("Layer {layer} has {wide} inputs, but {} were given.", wrong.len()));
    }
    let bias = of.biases()[unit];
    let mut sums = [0.0_f32; 2];
    let mut terms = Vec::new();
    for input in 0..wide {
        // What a pruned unit puts out is zero, whatever the inputs say.
        if !network.acts(layer, unit, input) {
            continue;
        }
        let weight = of.weights()[[unit, input]];
        let term = Term { input, weight, values: inputs.map(|values| values[input]) };
        // In order, multiplied and then added: the bits of the pass itself.
        for (sum, value) in sums.iter_mut().zip(term.values) {
            *sum += weight * value;
        }
        if term.weighs() > 0.0 {
            terms.push(term);
        }
    }
    let sums = sums.map(|sum| sum + bias);
    terms.sort_by(|a, b| b.weighs().total_cmp(&a.weighs()));
    let others = terms.len().saturating_sub(most);
    terms.truncate(most);
    let rests = [0, 1].map(|which| {
        let told: f64 = terms.iter().map(|term| term.products()[which]).sum();
        f64::from(sums[which]) - f64::from(bias) - told
    });
    Ok(Contributions { sums, bias, terms, rests, others })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use crate::network::{Compact, Input, Pass};
    use ndarray::Array2;

    /// Every other pixel is black, as most of a digit is.
    fn images() -> Array2<f32> {
        Array2::from_shape_fn((2, PIXELS), |(image, pixel)| {
            if pixel % 2 == 0 { 0.0 } else { ((pixel * (image + 3)) % 17) as f32 / 16.0 }
        })
    }

    fn row(images: &Array2<f32>, image: usize) -> Vec<f32> {
        images.row(image).to_vec()
    }

    #[test]
    fn the_sums_are_those_of_the_pass_to_the_bit() {
        let mut network = Mlp::he_normal(&[6, 5], 3);
        network.set_pruned_units(&[vec![1], vec![]]).unwrap();
        network.prune_weight(0, 2, 301);
        let images = images();
        let compact = Compact::new(&network);
        let mut pass = Pass::default();
        compact.forward(Input::Values(images.view()), &mut pass);
        let (clean, attacked) = (row(&images, 0), row(&images, 1));
        for (place, unit) in compact.units()[0].iter().enumerate() {
            let found = contributions(&network, 0, *unit, [&clean, &attacked], 5).unwrap();
            for image in 0..2 {
                let z = pass.outputs(0).get(image, place);
                assert_eq!(found.sums[image].max(0.0).to_bits(), z.to_bits());
            }
        }
        // The next layer reads what this one put out, and nothing of the unit that is pruned.
        let below = [0, 1].map(|image| {
            let mut all = vec![9.0; 6];
            for (place, unit) in compact.units()[0].iter().enumerate() {
                all[*unit] = pass.outputs(0).get(image, place);
            }
            all
        });
        let found = contributions(&network, 1, 4, [&below[0], &below[1]], 5).unwrap();
        for image in 0..2 {
            let z = pass.outputs(1).get(image, 4);
            assert_eq!(found.sums[image].max(0.0).to_bits(), z.to_bits());
        }
        assert!(found.terms.iter().all(|term| term.input != 1));
    }

    #[test]
    fn bias_terms_and_rest_add_up() {
        let network = Mlp::he_normal(&[4], 7);
        let images = images();
        let (clean, attacked) = (row(&images, 0), row(&images, 1));
        let found = contributions(&network, 0, 2, [&clean, &attacked], 3).unwrap();
        assert_eq!((found.terms.len(), found.others), (3, PIXELS / 2 - 3 - 23));
        for which in 0..2 {
            let told: f64 = found.terms.iter().map(|term| term.products()[which]).sum();
            let all = told + found.rests[which] + f64::from(found.bias);
            assert!((all - f64::from(found.sums[which])).abs() < 1e-12);
        }
        assert!(found.terms.windows(2).all(|pair| pair[0].weighs() >= pair[1].weighs()));
        let few = contributions(&network, 1, 0, [&[0.0; 4], &[0.0, 2.0, 0.0, 0.0]], 3).unwrap();
        assert_eq!((few.terms.len(), few.others, few.terms[0].input), (1, 0, 1));
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let network = Mlp::he_normal(&[4], 7);
        let ask = |layer, unit, inputs: usize| {
            let values = vec![0.0; inputs];
            contributions(&network, layer, unit, [&values, &values], 3).unwrap_err()
        };
        assert_eq!(ask(2, 0, 4), "There is no layer 2; there are 2.");
        assert_eq!(ask(0, 4, PIXELS), "Layer 0 has no unit 4; it has 4.");
        assert_eq!(ask(1, 0, 5), "Layer 1 has 4 inputs, but 5 were given.");
    }
}
