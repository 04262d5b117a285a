//! A trial: a recipe, and what is asked of the network it leads to. Its outcome is a pure function
//! of both, so that trials can be made anywhere, in any order, by any number of workers.

mod cost;
mod crafted;
mod likeness;
mod measuring;
mod report;
mod spread;
mod trying;

pub use cost::{measured, shared};
pub use crafted::Crafted;
pub use likeness::{Alike, Likeness, MadeOf};
pub use report::{Report, report};
pub use spread::{Interval, Spread};
pub use trying::Trying;

use crate::attack::AttackParams;
use crate::evaluate::Count;
use crate::network::Mlp;
use crate::recipe::Recipe;
use crate::words::{list, number};
use serde::{Deserialize, Serialize};

/// Most sizes that one trial may be asked about.
const MOST_SIZES: usize = 32;

/// What is asked of a recipe's network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default)]
pub struct Asked {
    /// Accuracy on images crafted against the reference network, at every size of `adaptive`.
    pub transfer: bool,
    /// Accuracy under the recipe's attack, made anew at each of these sizes in its norm,
    /// ascending.
    pub adaptive: Vec<f64>,
    /// Share of images proven right at each of these L∞ sizes, ascending.
    pub certified: Vec<f64>,
    /// Whether what is left is the reference network's, bit for bit.
    pub frozen: bool,
    /// Whether it is the same units of the first hidden layer that are distorted every time, by
    /// the recipe's distortion.
    pub similarity: bool,
    /// What the filters of the first layer are made of.
    pub filters: bool,
}

/// How many images withstand something of a size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AtSize {
    /// The size ε.
    pub eps: f64,
    /// The images.
    pub count: Count,
}

/// What a trial came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Digest of the network.
    pub digest: String,
    /// Digest of the reference: the network before its first cut since it was trained from
    /// scratch.
    pub reference: String,
    /// Share of weights that are zero by a mask.
    pub sparsity: f64,
    /// Pruned hidden units.
    pub units_pruned: usize,
    /// Hidden units in all.
    pub units: usize,
    /// Pixels of which no weight is left.
    pub pixels_pruned: usize,
    /// Test images measured on, the first in file order.
    pub images: usize,
    /// Accuracy on unchanged test images.
    pub clean: Count,
    /// Accuracy on adversarial images crafted against the reference.
    pub transfer: Vec<AtSize>,
    /// Accuracy on adversarial images crafted against the network as it is.
    pub adaptive: Vec<AtSize>,
    /// Share of images proven to be read right.
    pub certified: Vec<AtSize>,
    /// Whether every weight and bias that is left is the reference's, bit for bit; nothing where
    /// it was not asked.
    pub frozen: Option<bool>,
    /// Whether it is the same units that are distorted every time, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub similarity: Option<Likeness>,
    /// What the filters are made of, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub filters: Option<MadeOf>,
}

impl Asked {
    /// What is asked where nothing is said: the three accuracies at the recipe's measured size.
    pub fn usual(recipe: &Recipe) -> Self {
        Asked { transfer: true, adaptive: vec![recipe.measure.eps], ..Asked::default() }
    }

    /// Checks what is asked of a recipe's network.
    ///
    /// # Errors
    /// One sentence that says what was wrong and what is allowed.
    pub fn check(&self, recipe: &Recipe) -> Result<(), String> {
        let sizes = [("attacks", &self.adaptive), ("certificates", &self.certified)];
        for (what, sizes) in sizes {
            if sizes.len() > MOST_SIZES || !sizes.is_sorted_by(|a, b| a < b) {
                return Err(format!(
                    "A trial's {what} take at most {MOST_SIZES} sizes, ascending, not {}.",
                    list(sizes)
                ));
            }
        }
        if let Some(size) = self.certified.iter().find(|size| !(0.0..=1.0).contains(*size)) {
            return Err(format!("Certificates take sizes from 0 to 1, not {}.", number(*size)));
        }
        if self.transfer && self.adaptive.is_empty() {
            return Err("Old adversarial images are crafted at the sizes of the attacks: ask for \
                        at least one."
                .into());
        }
        self.adaptive.iter().try_for_each(|size| at_size(recipe, *size).check().map(drop))
    }
}

/// A recipe's attack at a size.
fn at_size(recipe: &Recipe, eps: f64) -> AttackParams {
    AttackParams { eps, ..recipe.attack }
}

impl Outcome {
    /// The accuracy under the attack made anew at this size, if it was asked for.
    pub fn adaptive_at(&self, eps: f64) -> Option<Count> {
        at(&self.adaptive, eps)
    }

    /// The accuracy on old adversarial images of this size, if it was asked for.
    pub fn transfer_at(&self, eps: f64) -> Option<Count> {
        at(&self.transfer, eps)
    }

    /// The share of images proven at this size, if it was asked for.
    pub fn certified_at(&self, eps: f64) -> Option<Count> {
        at(&self.certified, eps)
    }
}

fn at(sizes: &[AtSize], eps: f64) -> Option<Count> {
    sizes.iter().find(|size| size.eps == eps).map(|size| size.count)
}

/// Whether every weight and bias that is left in `network` is what it is in `reference`, bit for
/// bit.
fn is_frozen(network: &Mlp, reference: &Mlp) -> bool {
    let same = |own: &f32, other: &f32| own.to_bits() == other.to_bits();
    let layers = network.layers().iter().zip(reference.layers()).enumerate();
    network.hidden() == reference.hidden()
        && layers.into_iter().all(|(index, (own, other))| {
            let (weights, others) = (own.weights(), other.weights());
            let mut weights = weights.indexed_iter().zip(others);
            let mut biases = own.biases().iter().zip(other.biases()).enumerate();
            let kept = |unit: usize| network.kept_units().get(index).is_none_or(|kept| kept[unit]);
            weights.all(|(((output, input), own), other)| {
                same(own, other) || !network.acts(index, output, input)
            }) && biases.all(|(unit, (own, other))| same(own, other) || !kept(unit))
        })
}

#[cfg(test)]
mod tests;
