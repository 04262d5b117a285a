//! Distortion: what an attack moves most goes first, the idea of adversarial pruning
//! (Madaan, Shin & Hwang 2020).
//!
//! A unit is scored by v = E |z − z̃|. A weight is scored by the distortion it passes on,
//! |w| · E |x − x̃| with x its input: the analogue of Wanda's |w| · ‖x‖ (Sun et al. 2023) with
//! the distortion in the activation's place.

use super::{Scores, What};
use crate::distortion::Distortion;
use crate::network::Mlp;
use ndarray::Array2;

pub(super) fn scores(network: &Mlp, what: What, distortion: &Distortion) -> Scores {
    let units = distortion.layers.iter().map(|layer| &layer.units);
    match what {
        What::Units => {
            Scores::Units(units.map(|units| units.iter().map(|v| -v).collect()).collect())
        }
        What::Pixels | What::Weights => {
            let inputs = std::iter::once(&distortion.input).chain(units);
            let passed_on =
                |(layer, inputs): (&std::sync::Arc<crate::network::Layer>, &Vec<f64>)| {
                    let weights = layer.weights();
                    Array2::from_shape_fn(weights.dim(), |(output, input)| {
                        -f64::from(weights[[output, input]].abs()) * inputs[input]
                    })
                };
            Scores::Weights(network.layers().iter().zip(inputs).map(passed_on).collect())
        }
    }
}
