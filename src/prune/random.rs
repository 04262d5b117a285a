//! A random order: what every criterion has to beat.

use super::What;
use super::scores::Scores;
use crate::data::PIXELS;
use crate::network::Mlp;
use crate::rng::{Purpose, Stream};
use ndarray::Array2;

/// One draw of scores; a larger amount of the same draw prunes a superset.
pub(super) fn scores(network: &Mlp, what: What, seed: u32, draw: u32) -> Scores {
    // Layer by layer, each from a stream of its own.
    let stream = |place: &[u64]| Stream::new(seed, Purpose::Prune, place);
    let draw = u64::from(draw);
    match what {
        What::Pixels => {
            // A place of three parts, as no layer has.
            let mut stream = stream(&[draw, 0, PIXELS as u64]);
            Scores::Pixels((0..PIXELS).map(|_| f64::from(stream.uniform())).collect())
        }
        What::Units => {
            let layers = (0..).zip(network.hidden());
            let scores = |(layer, units): (u64, usize)| {
                let mut stream = stream(&[draw, layer]);
                (0..units).map(|_| f64::from(stream.uniform())).collect()
            };
            Scores::Units(layers.map(scores).collect())
        }
        What::Weights => {
            let mut layers = Vec::new();
            for (layer, weights) in (0..).zip(network.layers()) {
                let mut stream = stream(&[draw, layer]);
                let dim = weights.weights().dim();
                layers.push(Array2::from_shape_simple_fn(dim, || f64::from(stream.uniform())));
            }
            Scores::Weights { layers, by_output: false }
        }
    }
}
