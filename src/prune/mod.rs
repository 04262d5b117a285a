//! Pruning: a criterion scores, and the rest is shared: ranking, scope, amount, masks.

mod distorted;
mod magnitude;
mod random;
mod ranking;

use crate::attack::{AttackParams, Method};
use crate::distortion::Distortion;
use crate::network::Mlp;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// What is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Whole hidden units.
    Units,
    /// Single weights.
    Weights,
}

/// What decides which go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// What an attack distorts most goes first.
    Distortion,
    /// The smallest goes first.
    Magnitude,
    /// A random order.
    Random,
}

/// Which end of a criterion's order goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As the criterion says.
    Usual,
    /// The other way round: the control.
    Reverse,
}

/// Over what the amount is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The same share of every layer.
    Layer,
    /// A share of the whole network, ranked together.
    Global,
}

/// A pruning's parameters. Their ranges stand in the property table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PruneParams {
    /// What is cut off.
    pub what: What,
    /// What decides which go first.
    pub by: Criterion,
    /// Which end of the order goes first.
    pub order: Order,
    /// Over what the amount is counted.
    pub scope: Scope,
    /// Share that is pruned afterwards, in percent; what was pruned before counts.
    pub amount: f64,
    /// Whether a layer may be left without any unit.
    pub empty: bool,
    /// Which of the random orders.
    pub draw: u32,
    /// The attack that distortion is scored by, …
    pub method: Method,
    /// … its size, …
    pub eps: f64,
    /// … its steps, …
    pub steps: usize,
    /// … and on how many training images.
    pub images: usize,
}

/// How much each item matters: the least goes first.
enum Scores {
    /// One for each unit of each hidden layer.
    Units(Vec<Vec<f64>>),
    /// One for each weight of each layer, `out × in`.
    Weights(Vec<Array2<f64>>),
}

impl PruneParams {
    /// The attack that distortion is scored by, where the criterion needs one.
    pub fn scoring_attack(&self) -> Option<AttackParams> {
        let needed = self.by == Criterion::Distortion;
        needed.then(|| AttackParams::usual(self.method, self.eps, self.steps))
    }

    /// Prunes a copy of the network. `distortion` is the network's own, measured by
    /// [`PruneParams::scoring_attack`]; only that criterion reads it.
    ///
    /// # Errors
    /// A sentence when a layer would be left without a unit and that was not asked for.
    pub fn apply(
        &self,
        network: &Mlp,
        distortion: Option<&Distortion>,
        seed: u32,
    ) -> Result<Mlp, String> {
        let scores = match self.by {
            Criterion::Random => random::scores(network, self.what, seed, self.draw),
            Criterion::Magnitude => magnitude::scores(network, self.what),
            Criterion::Distortion => {
                let distortion = distortion.ok_or("The distortion has not been measured yet.")?;
                distorted::scores(network, self.what, distortion)
            }
        };
        let mut pruned = network.clone();
        match scores {
            Scores::Units(scores) => ranking::prune_units(&mut pruned, &scores, self)?,
            Scores::Weights(scores) => ranking::prune_weights(&mut pruned, &scores, self),
        }
        let emptied = pruned.empty_layers();
        match emptied.first() {
            Some(layer) if !self.empty && !network.empty_layers().contains(layer) => Err(format!(
                "This would leave hidden layer {layer} without any unit; prune less, or allow \
                 an emptied layer."
            )),
            _ => Ok(pruned),
        }
    }
}

#[cfg(test)]
mod tests;
