//! A random order: what every criterion has to beat.

use super::{Scores, What};
use crate::network::Mlp;
use crate::rng::{Purpose, Stream};
use ndarray::Array2;

/// One draw of scores; a larger amount of the same draw prunes a superset.
pub(super) fn scores(network: &Mlp, what: What, seed: u32, draw: u32) -> Scores {
    let stream = |layer: usize| Stream::new(seed, Purpose::Prune, &[draw.into(), layer as u64]);
    match what {
        What::Units => Scores::Units(
            network
                .hidden()
                .iter()
                .enumerate()
                .map(|(layer, units)| {
                    let mut stream = stream(layer);
                    (0..*units).map(|_| f64::from(stream.uniform())).collect()
                })
                .collect(),
        ),
        What::Weights => Scores::Weights(
            network
                .layers()
                .iter()
                .enumerate()
                .map(|(layer, weights)| {
                    let mut stream = stream(layer);
                    Array2::from_shape_simple_fn(weights.weights().dim(), || {
                        f64::from(stream.uniform())
                    })
                })
                .collect(),
        ),
    }
}
