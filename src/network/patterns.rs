//! What a unit looks for in an image.

use super::Mlp;
use super::weights::Weights;
use crate::kernel::{Left, Right, Wide, as_is};

/// What each unit of a hidden layer looks for, units × 784 row by row: layer 0's weights, deeper
/// the product of the weights through the units that are not pruned. Pruned weights count as
/// zero; `layer` must be a hidden one.
pub fn patterns(network: &Mlp, layer: usize) -> Vec<f32> {
    patterns_through(network, layer, network.kept_units())
}

/// The same through some units of the layers below alone, such as those that one image makes
/// active: by the pixels of that image, the gradient of what each unit sums up before its ReLU.
/// `active` tells of every unit of each layer below `layer` whether it is one of them.
pub fn patterns_through(network: &Mlp, layer: usize, active: &[Vec<bool>]) -> Vec<f32> {
    let layers = network.layers();
    let (units, pixels) = layers[0].weights().dim();
    // Pixels stand as lines, as images do on their way forward.
    let mut batch =
        Right::filled(pixels, units, &|pixel, unit| layers[0].acting_weight(unit, pixel));
    let (mut next, mut room) = (Right::default(), Wide::default());
    let below = network.kept_units().iter().zip(active);
    for (above, (kept, active)) in layers[1..].iter().zip(below).take(layer) {
        let (outputs, inputs) = above.weights().dim();
        let weights = Left::filled(outputs, inputs, &|output, input| {
            if kept[input] && active[input] { above.acting_weight(output, input) } else { 0.0 }
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

    #[test]
    fn through_the_units_that_an_image_makes_active_they_are_its_gradients() {
        let mut network = Mlp::he_normal(&[7, 6, 5], 3);
        network.set_pruned_units(&[vec![2], vec![4], vec![]]).unwrap();
        network.prune_pixels(&[401]);
        // What a unit sums up before its ReLU, by definition and in f64.
        let sums = |image: &[f64], active: Option<&[Vec<bool>]>| {
            let mut outputs = image.to_vec();
            let mut all = Vec::new();
            for layer in 0..3 {
                let (units, inputs) = network.layers()[layer].weights().dim();
                let sum = |unit: usize| -> f64 {
                    let weight = |input| network.layers()[layer].acting_weight(unit, input);
                    let products = (0..inputs).map(|i| f64::from(weight(i)) * outputs[i]);
                    f64::from(network.layers()[layer].biases()[unit]) + products.sum::<f64>()
                };
                let sums: Vec<f64> = (0..units).map(sum).collect();
                let passes = |unit: usize| {
                    network.kept_units()[layer][unit]
                        && active.map_or(sums[unit] > 0.0, |active| active[layer][unit])
                };
                outputs = (0..units).map(|u| if passes(u) { sums[u] } else { 0.0 }).collect();
                all.push(sums);
            }
            all
        };
        let image: Vec<f64> = (0..PIXELS).map(|pixel| (pixel * 37 % 101) as f64 / 101.0).collect();
        let clean = sums(&image, None);
        let active: Vec<Vec<bool>> =
            clean.iter().map(|layer| layer.iter().map(|sum| *sum > 0.0).collect()).collect();
        assert!(active[..2].iter().flatten().any(|active| !active), "nothing is masked");
        for layer in 0..3 {
            let found = patterns_through(&network, layer, &active);
            for pixel in [0, 200, 401, 783] {
                let mut moved = image.clone();
                moved[pixel] += 1.0;
                let moved = sums(&moved, Some(&active));
                for unit in 0..clean[layer].len() {
                    let slope = moved[layer][unit] - clean[layer][unit];
                    let pattern = f64::from(found[unit * PIXELS + pixel]);
                    assert!((pattern - slope).abs() < 1e-5, "{layer} {unit} {pixel}");
                }
            }
        }
        let all: Vec<Vec<bool>> = network.hidden().iter().map(|n| vec![true; *n]).collect();
        assert_eq!(patterns_through(&network, 2, &all), patterns(&network, 2));
    }
}
