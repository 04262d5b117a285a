//! A random order: what every criterion has to beat.

use super::{Scores, What};
use crate::network::{Layer, Mlp};
use crate::rng::{Purpose, Stream};
use ndarray::Array2;
use std::sync::Arc;

/// One draw of scores; a larger amount of the same draw prunes a superset.
pub(super) fn scores(network: &Mlp, what: What, seed: u32, draw: u32) -> Scores {
    // Layer by layer, each from a stream of its own.
    let draw_layers = |layers: usize| {
        (0..layers as u64)
            .map(move |layer| Stream::new(seed, Purpose::Prune, &[draw.into(), layer]))
    };
    match what {
        What::Units => {
            let hidden = network.hidden();
            let layers = draw_layers(hidden.len()).zip(hidden);
            let scores = |(mut stream, units): (Stream, usize)| {
                (0..units).map(|_| f64::from(stream.uniform())).collect()
            };
            Scores::Units(layers.map(scores).collect())
        }
        What::Pixels | What::Weights => {
            let layers = draw_layers(network.layers().len()).zip(network.layers());
            let scores = |(mut stream, layer): (Stream, &Arc<Layer>)| {
                Array2::from_shape_simple_fn(layer.weights().dim(), || f64::from(stream.uniform()))
            };
            Scores::Weights(layers.map(scores).collect())
        }
    }
}
