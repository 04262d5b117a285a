//! How much a unit or pixel says: the mean of its output (Molchanov et al. 2017, “Pruning
//! convolutional neural networks for resource efficient inference”, “Activation”),
//! or how often it is zero (Hu et al. 2016, “Network trimming”, eq. 1: average percentage of
//! zeros).

use super::Criterion;
use crate::profile::Level;

/// Scores of one level: the pixels, or the units of a hidden layer.
pub(super) fn level(by: Criterion, level: &Level) -> Vec<f64> {
    match by {
        Criterion::Apoz => level.silent.iter().map(|share| -share).collect(),
        _ => level.mean.clone(),
    }
}
