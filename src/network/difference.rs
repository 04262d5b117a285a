//! What was pruned in one network and not in another, and which units changed.

use super::{Layer, Mlp};

/// Things that are pruned in one network, in the other, or in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// In the first network alone.
    pub first: usize,
    /// In the second network alone.
    pub second: usize,
    /// In both.
    pub both: usize,
    /// How many there are.
    pub of: usize,
}

impl Pruned {
    fn count(&mut self, first: bool, second: bool) {
        self.of += 1;
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.first += 1,
            (false, true) => self.second += 1,
            (false, false) => {}
        }
    }
}

/// How two networks of one shape differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Weights of each layer.
    pub weights: Vec<Pruned>,
    /// Pixels of the input.
    pub pixels: Pruned,
    /// Units of each hidden layer whose bias is not the same, or one of whose incoming weights under
    /// the weight masks; ascending. Units that are pruned change nobody else's weights.
    pub changed: Vec<Vec<usize>>,
}

/// Compares two networks.
///
/// # Errors
/// A sentence when they are of different shapes.
pub fn difference(first: &Mlp, second: &Mlp) -> Result<Difference, String> {
    if first.hidden() != second.hidden() {
        return Err("Networks of different shapes cannot be compared weight by weight.".into());
    }
    let (mut weights, mut changed) = (Vec::new(), Vec::new());
    for (index, (a, b)) in first.layers().iter().zip(second.layers()).enumerate() {
        let (outputs, inputs) = a.weights().dim();
        let mut pruned = Pruned::default();
        let mut differs = vec![false; outputs];
        for (output, differs) in differs.iter_mut().enumerate() {
            *differs = a.biases()[output].to_bits() != b.biases()[output].to_bits();
            for input in 0..inputs {
                let acts = |network: &Mlp| network.acts(index, output, input);
                let (here, there) = (acts(first), acts(second));
                pruned.count(!here, !there);
                let kept = |layer: &Layer| {
                    let kept = layer.keeps_weight(output, input);
                    kept.then(|| layer.weights()[[output, input]].to_bits())
                };
                *differs |= kept(a) != kept(b);
            }
        }
        weights.push(pruned);
        changed.push((0..outputs).filter(|output| differs[*output]).collect());
    }
    // The last layer has no hidden units.
    changed.pop();
    let mut pixels = Pruned::default();
    for (a, b) in first.kept_pixels().into_iter().zip(second.kept_pixels()) {
        pixels.count(!a, !b);
    }
    Ok(Difference { weights, pixels, changed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn a_network_does_not_differ_from_itself() {
        let network = Mlp::he_normal(&[5, 3], 1);
        let found = difference(&network, &network).unwrap();
        assert_eq!(found.changed, [vec![], Vec::<usize>::new()]);
        assert_eq!(found.pixels, Pruned { of: PIXELS, ..Pruned::default() });
        assert_eq!(found.weights.iter().map(|layer| layer.of).sum::<usize>(), 784 * 5 + 15 + 30);
    }

    #[test]
    fn what_is_pruned_is_counted_on_its_own_side() {
        let whole = Mlp::he_normal(&[5, 3], 1);
        let (mut first, mut second) = (whole.clone(), whole.clone());
        first.set_pruned_units(&[vec![], vec![1]]).unwrap();
        second.prune_weight(1, 1, 4);
        second.prune_weight(1, 0, 2);
        for unit in 0..5 {
            second.prune_weight(0, unit, 7);
        }
        let found = difference(&first, &second).unwrap();
        // All five weights into unit 1 on the one side, of which one is pruned on the other.
        assert_eq!(found.weights[1], Pruned { first: 4, second: 1, both: 1, of: 15 });
        assert_eq!(found.weights[2], Pruned { first: 10, second: 0, both: 0, of: 30 });
        assert_eq!(found.weights[0], Pruned { first: 0, second: 5, both: 0, of: 3920 });
        assert_eq!(found.pixels, Pruned { first: 0, second: 1, both: 0, of: PIXELS });
        assert_eq!(found.changed, [vec![0, 1, 2, 3, 4], vec![0, 1]]);
    }

    #[test]
    fn shapes_must_agree() {
        let (first, second) = (Mlp::he_normal(&[2, 3], 1), Mlp::he_normal(&[3, 2], 1));
        assert!(difference(&first, &second).is_err());
    }
}
