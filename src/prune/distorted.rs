//! Distortion: what an attack moves most goes first, the idea of adversarial pruning
//! (Madaan, Shin & Hwang 2020, section 3: v = E |z − z̃|), and its variants.
//!
//! A weight is scored by the distortion it passes on, |w| · E |x − x̃| with x its input: the
//! analogue of Wanda's |w| · ‖x‖ (Sun et al. 2023) with the distortion in the activation's place.

use super::{Criterion, norms};
use crate::network::Mlp;
use crate::profile::Level;

/// What is moved compared with what is there. What never carries anything but is moved is moved
/// infinitely much, and goes first: it speaks for the attack alone. What neither carries anything
/// nor is moved is not distorted at all, and goes last.
fn relative(distance: f64, size: f64) -> f64 {
    if distance == 0.0 { 0.0 } else { distance / size }
}

/// Distortions of one level: the pixels (level 0), or the units of a hidden layer (from 1 on).
fn distortion(network: &Mlp, by: Criterion, index: usize, level: &Level) -> Vec<f64> {
    let distance = level.distance.iter();
    match by {
        Criterion::DistortionRms => {
            level.distance_square.iter().map(|square| square.sqrt()).collect()
        }
        Criterion::DistortionPre => level.pre.clone(),
        Criterion::DistortionFooled => level.fooled.clone(),
        Criterion::DistortionActivation => {
            distance.zip(&level.mean).map(|(v, mean)| relative(*v, *mean)).collect()
        }
        Criterion::DistortionStd => {
            distance.zip(level.deviation()).map(|(v, deviation)| relative(*v, deviation)).collect()
        }
        Criterion::DistortionOut => {
            let norms = norms::outgoing(network, index, false);
            distance.zip(norms).map(|(v, norm)| v * norm).collect()
        }
        _ => level.distance.clone(),
    }
}

/// Scores of one level.
pub(super) fn level(network: &Mlp, by: Criterion, index: usize, level: &Level) -> Vec<f64> {
    distortion(network, by, index, level).into_iter().map(|v| -v).collect()
}

/// The score of a weight of this size.
pub(super) fn weight(size: f64, input: usize, level: &Level) -> f64 {
    -size * level.distance[input]
}
