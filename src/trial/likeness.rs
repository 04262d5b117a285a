//! What a trial says of a network beside its accuracies: the laboratory's figures of the first
//! layer, as few as a claim is judged by.

use crate::laboratory::{GroupKind, LayerSimilarity, Mixture};
use serde::{Deserialize, Serialize};

/// How alike two orders of units are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Alike {
    /// What the most distorted tenths have in common, as a share of what is in either (Jaccard).
    pub overlap: Option<f64>,
    /// Spearman's correlation.
    pub spearman: Option<f64>,
}

/// Whether it is the same units of the first hidden layer that are distorted every time; nothing
/// where a figure is not defined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Likeness {
    /// The overlap of two random choices.
    pub chance: Option<f64>,
    /// Between halves of the images.
    pub halves: Alike,
    /// Between attacks of one size.
    pub attacks: Alike,
    /// Between sizes of one attack.
    pub sizes: Alike,
    /// Between digits.
    pub digits: Alike,
    /// Between single images and the mean of all.
    pub images: Alike,
    /// With noise of the attack's size.
    pub noise: Alike,
    /// With the mean output.
    pub activation: Alike,
}

impl Likeness {
    /// Of what the laboratory found of a layer.
    pub(super) fn of(layer: Option<&LayerSimilarity>) -> Self {
        let mut likeness = Likeness::default();
        let Some(layer) = layer else { return likeness };
        likeness.chance = defined(layer.table.chance);
        for group in &layer.groups {
            let place = match group.kind {
                GroupKind::Halves => &mut likeness.halves,
                GroupKind::Attacks => &mut likeness.attacks,
                GroupKind::Sizes => &mut likeness.sizes,
                GroupKind::Digits => &mut likeness.digits,
                GroupKind::Images => &mut likeness.images,
                GroupKind::Noise => &mut likeness.noise,
                GroupKind::Activation => &mut likeness.activation,
            };
            *place = Alike { overlap: defined(group.jaccard), spearman: defined(group.spearman) };
        }
        likeness
    }
}

/// What the filters of the first layer are made of; nothing where none is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MadeOf {
    /// Share of a filter's energy in waves shorter than four pixels, the mean over the filters.
    pub short: Option<f64>,
    /// Share of all weights' magnitudes on pixels whose mean is below 0.01.
    pub rare: Option<f64>,
}

impl MadeOf {
    /// Of what the laboratory found.
    pub(super) fn of(mixture: &Mixture) -> Self {
        let now = &mixture.after;
        MadeOf { short: defined(now.mean.short), rare: defined(now.sum.rare) }
    }
}

fn defined(figure: f64) -> Option<f64> {
    figure.is_finite().then_some(figure)
}
