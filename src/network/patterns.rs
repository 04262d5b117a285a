//! What a unit looks for in an image.

use super::Mlp;
use super::weights::Weights;
use crate::kernel::{Left, Right, Wide, as_is};

/// What each unit of a hidden layer looks for, units × 784 row by row: layer 0's weights, deeper
/// the product of the weights through the units that are not pruned. Pruned weights count as
/// zero; `layer` must be a hidden one.
pub fn patterns(network: &Mlp, layer: usize) -> Vec<f32> {
    let layers = network.layers();
    let (units, pixels) = layers[0].weights().dim();
    // Pixels stand as lines, as images do on their way forward.
    let mut batch =
        Right::filled(pixels, units, &|pixel, unit| layers[0].acting_weight(unit, pixel));
    let (mut next, mut room) = (Right::default(), Wide::default());
    for (above, kept) in layers[1..].iter().zip(network.kept_units()).take(layer) {
        let (outputs, inputs) = above.weights().dim();
        let weights = Left::filled(outputs, inputs, &|output, input| {
            if kept[input] { above.acting_weight(output, input) } else { 0.0 }
        });
        Weights::new(weights, false).times(&batch, &mut room, &mut next, as_is);
        std::mem::swap(&mut batch, &mut next);
    }
    batch.to_array().t().iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn patterns_are_products_of_the_weights_that_act() {
        let mut network = Mlp::he_normal(&[5, 4, 3], 1);
        network.set_pruned_units(&[vec![1], vec![0, 2], vec![]]).unwrap();
        network.prune_weight(1, 1, 3);
        let weight = |layer: usize, output: usize, input: usize| {
            network.layers()[layer].acting_weight(output, input)
        };
        let kept = |layer: usize, unit: usize| network.kept_units()[layer][unit];
        let (pixel, unit) = (300, 2);
        let mut sum = 0.0f64;
        for second in (0..4).filter(|unit| kept(1, *unit)) {
            for first in (0..5).filter(|unit| kept(0, *unit)) {
                let through = weight(2, unit, second) * weight(1, second, first);
                sum += f64::from(through * weight(0, first, pixel));
            }
        }
        let found = patterns(&network, 2);
        assert_eq!(found.len(), 3 * PIXELS);
        assert!(sum != 0.0 && (f64::from(found[unit * PIXELS + pixel]) - sum).abs() < 1e-6);
        assert_eq!(patterns(&network, 0)[3 * PIXELS + pixel], weight(0, 3, pixel));
    }
}
