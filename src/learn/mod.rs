//! Masks that are learned: scores follow the gradient of a loss, and the weights stay as they are.

mod gamma;
mod gates;
mod kumaraswamy;
mod learning;
mod scores;
mod units;
mod weights;

pub use learning::MaskLearning;

use crate::prune::Scope;
use crate::train::Adversary;
use serde::{Deserialize, Serialize};

/// What carries a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Masked {
    /// Single weights.
    Weights,
    /// Whole hidden units.
    Units,
}

/// How a mask comes from what is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum MaskRule {
    /// The highest scores are kept, and gradients pass straight through the choice
    /// (Ramanujan et al. 2020, “What’s hidden in a randomly weighted neural network?”;
    /// Sehwag et al. 2020, “HYDRA”).
    Top,
    /// Each unit is kept with a probability that is learned (Lee et al. 2018, “Adaptive network
    /// sparsification with dependent variational beta-Bernoulli dropout”), as in adversarial
    /// neural pruning (Madaan, Shin & Hwang 2020).
    Bayes,
}

/// What the images are attacked by that a mask is learned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum LearnedOn {
    /// FGSM from a random start.
    Fgsm,
    /// PGD.
    Pgd,
    /// Nothing: clean images.
    Clean,
}

impl LearnedOn {
    /// The attack itself.
    pub(crate) fn adversary(self) -> Adversary {
        match self {
            LearnedOn::Clean => Adversary::None,
            LearnedOn::Fgsm => Adversary::Fgsm,
            LearnedOn::Pgd => Adversary::Pgd,
        }
    }
}

/// A learned mask’s parameters. Their ranges stand in the property table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LearnParams {
    /// What carries a score.
    pub what: Masked,
    /// How the mask comes from what is learned.
    pub mask: MaskRule,
    /// Over what the amount is counted.
    pub scope: Scope,
    /// Share that is pruned afterwards, in percent; what was pruned before counts and stays.
    pub amount: f64,
    /// What the images are attacked by, …
    pub on: LearnedOn,
    /// … in an L∞ ball of this size, …
    pub eps: f64,
    /// … with so many steps (FGSM takes one).
    pub steps: usize,
    /// Weight of the network’s vulnerability in the loss, λ of adversarial neural pruning.
    pub suppress: f64,
    /// Whether the weights are trained as well.
    pub joint: bool,
    /// Passes over the images.
    pub epochs: usize,
    /// Training images used, the first in file order.
    pub images: usize,
    /// Learning rate of the scores.
    pub rate: f64,
    /// Images per gradient step.
    pub batch: usize,
}

impl Default for LearnParams {
    /// What the property table says where nothing is said.
    fn default() -> Self {
        LearnParams {
            what: Masked::Weights,
            mask: MaskRule::Top,
            scope: Scope::Global,
            amount: 80.0,
            on: LearnedOn::Fgsm,
            eps: 0.1,
            steps: 7,
            suppress: 0.0,
            joint: false,
            epochs: 1,
            images: 60_000,
            rate: 0.01,
            batch: 128,
        }
    }
}

impl LearnParams {
    /// Checks what goes together.
    ///
    /// # Errors
    /// A sentence that says what does not.
    pub fn check(&self) -> Result<(), String> {
        if self.mask == MaskRule::Bayes && self.what == Masked::Weights {
            return Err("Learned probabilities are for hidden units only; for weights choose the \
                        highest scores."
                .into());
        }
        if self.suppress > 0.0 && self.on == LearnedOn::Clean {
            return Err("Suppression needs attacked images: learn on FGSM or PGD images, or set \
                        it to 0."
                .into());
        }
        Ok(())
    }
}

/// What is said when learning went wrong.
fn diverged() -> String {
    "Learning the mask diverged: a number became too large. Try a smaller learning rate; the \
     network before is kept."
        .into()
}
