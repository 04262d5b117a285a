//! Sizes of weights: a weight's own (Han et al. 2015, “Learning both weights and connections”), a
//! unit's by the norms of its incoming weights (Li et al. 2017, “Pruning filters for efficient
//! ConvNets”, section 3.1) or of its outgoing ones (He, Fan, Qian, Tan & Yu 2014, “Reshaping deep
//! neural network for fast decoding by node-pruning”), a pixel's by those out of it.
//!
//! Only weights that act count.

use super::{Criterion, What};
use crate::network::Mlp;

/// The norm of weights: the sum of their sizes, or the root of that of their squares.
fn norm(weights: impl Iterator<Item = f32>, squared: bool) -> f64 {
    let sizes = weights.map(|weight| f64::from(weight.abs()));
    if squared { sizes.map(|size| size * size).sum::<f64>().sqrt() } else { sizes.sum() }
}

fn incoming(network: &Mlp, layer: usize, unit: usize, squared: bool) -> f64 {
    let row = network.layers()[layer].weights();
    let weights = row.row(unit).into_iter().enumerate();
    norm(weights.filter(|(input, _)| network.acts(layer, unit, *input)).map(|(_, w)| *w), squared)
}

/// The norms of the weights out of each pixel (level 0) or unit of a hidden layer (from 1 on).
pub(super) fn outgoing(network: &Mlp, level: usize, squared: bool) -> Vec<f64> {
    let weights = network.layers()[level].weights();
    let columns = weights.columns().into_iter().enumerate();
    let column = |(input, column): (usize, ndarray::ArrayView1<f32>)| {
        let weights = column.into_iter().enumerate();
        let acting = weights.filter(|(output, _)| network.acts(level, *output, input));
        norm(acting.map(|(_, weight)| *weight), squared)
    };
    columns.map(column).collect()
}

/// Scores of one level: the pixels (level 0), or the units of a hidden layer (from 1 on).
pub(super) fn level(network: &Mlp, what: What, by: Criterion, level: usize) -> Vec<f64> {
    let squared = matches!(by, Criterion::IncomingL2 | Criterion::OutgoingL2);
    match (what, by, level.checked_sub(1)) {
        (What::Units, Criterion::Magnitude | Criterion::IncomingL2, Some(layer)) => {
            let units = network.hidden()[layer];
            (0..units).map(|unit| incoming(network, layer, unit, squared)).collect()
        }
        _ => outgoing(network, level, squared),
    }
}
