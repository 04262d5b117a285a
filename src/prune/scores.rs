//! From a criterion to scores.

use super::{
    Criterion, PruneParams, What, activity, distorted, norms, random, signal, snip, taylor, wanda,
};
use crate::network::Mlp;
use crate::profile::Profile;
use ndarray::Array2;

/// How much each item matters: the least goes first.
pub(super) enum Scores {
    /// One for each pixel.
    Pixels(Vec<f64>),
    /// One for each unit of each hidden layer.
    Units(Vec<Vec<f64>>),
    /// One for each weight of each layer, `out × in`.
    Weights {
        /// The scores.
        layers: Vec<Array2<f64>>,
        /// Whether they are to be compared among the weights into the same output alone.
        by_output: bool,
    },
}

/// Scores of weights from their sizes, layer, output and input.
fn weights(network: &Mlp, score: &dyn Fn(f64, usize, usize, usize) -> f64) -> Vec<Array2<f64>> {
    let layers = network.layers().iter().enumerate();
    let layer = |(index, layer): (usize, &std::sync::Arc<crate::network::Layer>)| {
        let weights = layer.weights();
        Array2::from_shape_fn(weights.dim(), |(output, input)| {
            score(f64::from(weights[[output, input]].abs()), index, output, input)
        })
    };
    layers.map(layer).collect()
}

/// Scores by a criterion, from what was measured for it.
///
/// # Errors
/// A sentence when that is missing.
pub(super) fn scores(
    params: &PruneParams,
    network: &Mlp,
    profile: Option<&Profile>,
    seed: u32,
) -> Result<Scores, String> {
    let (what, by) = (params.what, params.by);
    if by == Criterion::Random {
        return Ok(random::scores(network, what, seed, params.draw));
    }
    let of_weights = matches!(
        by,
        Criterion::Magnitude
            | Criterion::IncomingL2
            | Criterion::OutgoingL1
            | Criterion::OutgoingL2
    );
    let nothing = Profile::default();
    let profile = match profile {
        Some(profile) => profile,
        None if of_weights => &nothing,
        None => return Err("What the scores are measured by is not known yet.".into()),
    };
    let levels = &profile.levels;
    let level = |index: usize| match by {
        _ if of_weights => norms::level(network, what, by, index),
        Criterion::Activation | Criterion::Apoz => activity::level(by, &levels[index]),
        _ => distorted::level(network, by, index, &levels[index]),
    };
    Ok(match what {
        What::Pixels => Scores::Pixels(level(0)),
        What::Units if by == Criterion::Taylor => {
            Scores::Units(taylor::scores(&profile.saliency, params.scope))
        }
        What::Units => Scores::Units((1..=network.hidden().len()).map(level).collect()),
        What::Weights => Scores::Weights {
            layers: weights(network, &|size, layer, output, input| match by {
                Criterion::Wanda => wanda::weight(size, input, &levels[layer]),
                Criterion::SignalToDistortion => signal::weight(size, input, &levels[layer]),
                Criterion::Snip => snip::weight(size, profile.gradients[layer][[output, input]]),
                Criterion::Distortion => distorted::weight(size, input, &levels[layer]),
                _ => size,
            }),
            by_output: matches!(by, Criterion::Wanda | Criterion::SignalToDistortion),
        },
    })
}
