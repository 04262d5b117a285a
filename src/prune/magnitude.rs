//! Magnitude: weights by |w| (Han et al. 2015, “Learning both weights and connections”), units by
//! the L1 norm of their incoming weights (Li et al. 2017, “Pruning filters for efficient
//! ConvNets”, section 3.1).

use super::{Scores, What};
use crate::network::Mlp;

pub(super) fn scores(network: &Mlp, what: What) -> Scores {
    let layers = network.layers();
    match what {
        What::Pixels | What::Weights => Scores::Weights(
            layers.iter().map(|layer| layer.weights().mapv(|w| f64::from(w.abs()))).collect(),
        ),
        What::Units => {
            let norm = |layer: usize, unit: usize| {
                let row = layers[layer].weights();
                let incoming = row.row(unit).into_iter().enumerate();
                incoming
                    .filter(|(input, _)| network.acts(layer, unit, *input))
                    .map(|(_, w)| f64::from(w.abs()))
                    .sum()
            };
            let hidden = network.hidden();
            let scores = hidden.iter().enumerate();
            Scores::Units(
                scores
                    .map(|(layer, units)| (0..*units).map(|unit| norm(layer, unit)).collect())
                    .collect(),
            )
        }
    }
}
