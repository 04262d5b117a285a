//! How far a network's sums can go: what keeps every figure of it a number.

use super::{Layer, Mlp};
use crate::data::PIXELS;
use std::sync::Arc;

/// The furthest that a sum may go. A network in use stays below a millionth of it, and what is
/// made of the largest sums, such as their squares over all pixels, still is a number in `f32`.
const FURTHEST: f64 = 1e16;

impl Mlp {
    /// Whether no sum of the network can leave the range of numbers, forward or back, on whatever
    /// image and whatever is pruned of it or restored: all that is measured of it then is a number.
    pub fn is_within_reach(&self) -> bool {
        // Forward: the largest of each unit's sums, where every pixel is at most 1.
        let mut largest = vec![1.0; PIXELS];
        for layer in &self.layers {
            let mut sums: Vec<f64> =
                layer.biases.iter().map(|bias| f64::from(bias.abs())).collect();
            for (weights, largest) in layer.weights.columns().into_iter().zip(&largest) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += f64::from(weight.abs()) * largest;
                }
            }
            if !sums.iter().all(|sum| *sum <= FURTHEST) {
                return false;
            }
            largest = sums;
        }
        // Back: the largest of each gradient, where those by the logits are at most 1.
        let back = |above: Vec<f64>, layer: &Arc<Layer>| -> Vec<f64> {
            let columns = layer.weights.columns().into_iter();
            let sum = |(weight, above): (&f32, &f64)| f64::from(weight.abs()) * above;
            columns.map(|weights| weights.iter().zip(&above).map(sum).sum()).collect()
        };
        let mut gradients = vec![1.0; largest.len()];
        for layer in self.layers.iter().rev() {
            gradients = back(gradients, layer);
            if !gradients.iter().all(|gradient| *gradient <= FURTHEST) {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2};

    fn network(weight: f32, bias: f32) -> Mlp {
        let layer = |outputs, inputs| {
            let weights = Array2::from_elem((outputs, inputs), weight);
            Layer::new(weights.view(), Array1::from_elem(outputs, bias)).unwrap()
        };
        Mlp::from_layers(vec![layer(5, 784), layer(4, 5), layer(10, 4)]).unwrap()
    }

    #[test]
    fn ordinary_networks_are_far_from_the_end() {
        let widest = Mlp::he_normal(&[1024; 4], 0);
        assert!(widest.is_within_reach());
        assert!(network(100.0, 1e6).is_within_reach());
    }

    #[test]
    fn what_could_overflow_is_found_forward_and_back() {
        // 784 · 5 · 4 paths lead to a logit, and 5 · 4 · 10 back to a pixel.
        assert!(network(8e3, 0.0).is_within_reach());
        assert!(!network(1e5, 0.0).is_within_reach());
        assert!(!network(-1e5, 0.0).is_within_reach());
        assert!(!network(1.0, 1e16).is_within_reach());
        assert!(!network(f32::MAX, f32::MAX).is_within_reach());
        // Nothing comes forward but what a bias brings; back comes more.
        let mut layers =
            network(1.0, 0.0).layers().iter().map(|layer| (**layer).clone()).collect::<Vec<_>>();
        layers[1] = Layer::new(Array2::zeros((4, 5)).view(), Array1::zeros(4)).unwrap();
        layers[2] = Layer::new(Array2::from_elem((10, 4), 1e16).view(), Array1::zeros(10)).unwrap();
        assert!(!Mlp::from_layers(layers).unwrap().is_within_reach());
    }
}
