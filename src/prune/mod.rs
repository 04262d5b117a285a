//! Pruning: a criterion scores, and the rest is shared: ranking, scope, amount, masks.

mod activity;
mod check;
mod criteria;
mod distorted;
mod greedy;
mod measured;
mod norms;
mod random;
mod ranking;
mod schedule;
mod scores;
mod signal;
mod snip;
mod taylor;
mod wanda;

pub use criteria::{CRITERIA, CriterionFacts, Needs};
pub use greedy::Greedy;
pub use measured::{Measured, Measurement, Measuring};

pub(crate) use ranking::target;

use crate::attack::{AttackParams, Method};
use crate::data::Set;
use crate::network::Mlp;
use scores::{Scores, scores};
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
    /// Input pixels: all weights out of one.
    Pixels,
}

/// What decides which go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Criterion {
    /// The most distorted first: mean |z − z̃|; of weights |w| times their input's.
    Distortion,
    /// The same as root mean square.
    DistortionRms,
    /// The same of the pre-activations.
    DistortionPre,
    /// The same over those images alone that the attack fooled the network with.
    DistortionFooled,
    /// Mean |z − z̃| divided by the mean of z; of pixels E|x − x̃| / E|x|. What is moved and carries
    /// nothing goes first, what does neither goes last.
    DistortionActivation,
    /// Mean |z − z̃| divided by the standard deviation of z.
    DistortionStd,
    /// Mean |z − z̃| times the L1 norm of the outgoing weights.
    DistortionOut,
    /// The smallest |w| first; of units the L1 norm of their incoming weights.
    Magnitude,
    /// The smallest L2 norm of incoming weights first.
    IncomingL2,
    /// The smallest L1 norm of outgoing weights first.
    OutgoingL1,
    /// The smallest L2 norm of outgoing weights first.
    OutgoingL2,
    /// The smallest mean output first; of pixels the darkest.
    Activation,
    /// The most often silent first (average percentage of zeros).
    Apoz,
    /// The smallest |output · gradient| first.
    Taylor,
    /// The smallest |w| · ‖x‖ first, output by output.
    Wanda,
    /// The smallest |w| · E|x| / E|x − x̃| first, output by output.
    SignalToDistortion,
    /// The smallest |w · gradient| first.
    Snip,
    /// Tries every unit and takes the one whose loss costs least, again and again.
    Greedy,
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
    /// The same share of every layer that is pruned; of weights that are ranked output by output
    /// the same share of every output's.
    Layer,
    /// A share of all layers that are pruned, ranked together.
    Global,
}

/// In how many steps a pruning goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// All at once.
    Once,
    /// In equal steps, measured anew before each.
    Iterative,
    /// Much at first and less and less later, measured anew before each step (Zhu & Gupta 2018,
    /// “To prune, or not to prune”, eq. 1).
    Gradual,
}

/// What a fine-tuning's images are attacked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Tuning {
    /// Nothing.
    Clean,
    /// FGSM from a random start.
    Fgsm,
    /// PGD.
    Pgd,
}

/// When a pruning is fine-tuned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// After each of its steps.
    Each,
    /// After the last of its steps.
    End,
}

/// What the weights left are set back to before they are fine-tuned (Frankle & Carbin 2019, “The
/// lottery ticket hypothesis”; Frankle et al. 2020, “Linear mode connectivity and the lottery
/// ticket hypothesis”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Rewind {
    /// They stay as they are.
    No,
    /// What they were before any training.
    Initial,
    /// What they were after the first epoch of the last training from scratch.
    Early,
}

/// A pruning's parameters. Their ranges stand in the property table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Layers that are pruned, counted from 1; 0 stands for all. Of units these are hidden layers,
    /// of weights layers of weights; pixels have none.
    pub layers: Vec<usize>,
    /// Share that is pruned afterwards, in percent; what was pruned before counts. Of pixels the
    /// share of the 784.
    pub amount: f64,
    /// Whether a layer may be left without any unit.
    pub empty: bool,
    /// Which of the random orders.
    pub draw: u32,
    /// The attack that is scored by, …
    pub method: Method,
    /// … its size, …
    pub eps: f64,
    /// … its steps, …
    pub steps: usize,
    /// … and on how many images …
    pub images: usize,
    /// … of which set.
    pub on: Set,
    /// In how many steps it goes.
    pub schedule: Schedule,
    /// How many steps that is, unless it goes at once.
    pub rounds: usize,
    /// Epochs of fine-tuning.
    pub tune: usize,
    /// When it is fine-tuned.
    pub when: When,
    /// What the images of the fine-tuning are attacked by, at the size of the scoring attack.
    pub tuning: Tuning,
    /// What the weights left are set back to before.
    pub rewind: Rewind,
}

impl Default for PruneParams {
    /// What the property table says where nothing is said.
    fn default() -> Self {
        PruneParams {
            what: What::Units,
            by: Criterion::Distortion,
            order: Order::Usual,
            scope: Scope::Layer,
            layers: vec![0],
            amount: 10.0,
            empty: false,
            draw: 0,
            method: Method::Pgd,
            eps: 0.1,
            steps: 10,
            images: 2000,
            on: Set::Train,
            schedule: Schedule::Once,
            rounds: 5,
            tune: 0,
            when: When::Each,
            tuning: Tuning::Clean,
            rewind: Rewind::No,
        }
    }
}

impl PruneParams {
    /// The attack that the criterion scores by.
    fn scoring_attack(&self) -> AttackParams {
        AttackParams::usual(self.method, self.eps, self.steps)
    }

    /// Whether a layer is among those pruned, counted from 0.
    fn includes(&self, layer: usize) -> bool {
        self.layers.iter().any(|chosen| *chosen == 0 || *chosen == layer + 1)
    }

    /// Prunes a copy of the network, all at once and without any fine-tuning. `measured` is what
    /// [`PruneParams::measurement`] asks for, of this very network.
    ///
    /// # Errors
    /// A sentence when a layer would be left without a unit and that was not asked for, or what
    /// has to be measured was not.
    pub fn apply(
        &self,
        network: &Mlp,
        measured: Option<&Measured>,
        seed: u32,
    ) -> Result<Mlp, String> {
        let mut pruned = network.clone();
        let profile = match measured {
            Some(Measured::Removals(units)) => {
                let mut all = network.pruned_units();
                units.iter().for_each(|(layer, unit)| all[*layer].push(*unit));
                pruned.set_pruned_units(&all)?;
                return self.unless_emptied(network, pruned);
            }
            Some(Measured::Profile(profile)) => Some(profile),
            None => None,
        };
        match scores(self, network, profile, seed)? {
            Scores::Pixels(scores) => ranking::prune_pixels(&mut pruned, &scores, self),
            Scores::Units(scores) => ranking::prune_units(&mut pruned, &scores, self)?,
            Scores::Weights { layers, by_output } => {
                ranking::prune_weights(&mut pruned, &layers, by_output, self);
            }
        }
        self.unless_emptied(network, pruned)
    }

    fn unless_emptied(&self, network: &Mlp, pruned: Mlp) -> Result<Mlp, String> {
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
