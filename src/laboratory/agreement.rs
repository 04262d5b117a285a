//! How well conditions agree on which units are distorted most, and what that may be due to.

use super::conditions::{ConditionKind, HALVES, Plan, WHOLE};
use super::statistics::{
    chance_jaccard, concordance, explained, jaccard, partial, partial_spearman, pearson, ranks,
    spearman, top,
};
use serde::Serialize;

/// The share of the units that is “most distorted”.
const TOP: f64 = 0.1;

/// Every condition with every other one, `conditions × conditions` row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// How many units are “most distorted”: a tenth of those that are not pruned, at least one.
    pub top: usize,
    /// What `jaccard` comes to for two random choices of so many units.
    pub chance: f64,
    /// What the most distorted units under both have in common, as a share of those under either.
    pub jaccard: Vec<f64>,
    /// Spearman's correlation; NaN where a condition does not vary from unit to unit.
    pub spearman: Vec<f64>,
}

impl Table {
    /// Compares measures, a slice for each condition.
    pub(super) fn new(rows: &[&[f64]]) -> Self {
        let units = rows.first().map_or(0, |row| row.len());
        let count = tenth(units);
        let tops: Vec<_> = rows.iter().map(|row| top(row, count)).collect();
        let ranked: Vec<_> = rows.iter().map(|row| ranks(row)).collect();
        let (mut overlaps, mut correlations) = (Vec::new(), Vec::new());
        for first in 0..rows.len() {
            for second in 0..rows.len() {
                overlaps.push(jaccard(&tops[first], &tops[second]));
                correlations.push(or_nan(pearson(&ranked[first], &ranked[second])));
            }
        }
        Table {
            top: count,
            chance: or_nan(chance_jaccard(count, units)),
            jaccard: overlaps,
            spearman: correlations,
        }
    }
}

/// A tenth of so many, at least one.
fn tenth(units: usize) -> usize {
    ((TOP * units as f64).round() as usize).max(1)
}

fn or_nan(figure: Option<f64>) -> f64 {
    figure.unwrap_or(f64::NAN)
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum GroupKind {
    /// The two halves of the images.
    Halves,
    /// The digits.
    Digits,
    /// Single images with the mean of all.
    Images,
    /// The attack asked for, and others.
    Attacks,
    /// Sizes of the attack.
    Sizes,
    /// The attack with noise of its size: the control.
    Noise,
    /// The distortion with the mean activation.
    Activation,
}

/// How well the measures of a group agree; NaN where a figure is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Which group.
    pub kind: GroupKind,
    /// How many measures are compared.
    pub measures: usize,
    /// The mean overlap of the most distorted tenth over all pairs compared, …
    pub jaccard: f64,
    /// … its least …
    pub jaccard_least: f64,
    /// … and its most.
    pub jaccard_most: f64,
    /// The mean of Spearman's correlation over all pairs compared, …
    pub spearman: f64,
    /// … its least …
    pub spearman_least: f64,
    /// … and its most.
    pub spearman_most: f64,
    /// Kendall's W of the group.
    pub concordance: f64,
}

impl Agreement {
    /// All groups of a plan; `images` holds the distances of single images, row by row.
    pub(super) fn all(plan: &Plan, rows: &[&[f64]], table: &Table, images: &[f32]) -> Vec<Self> {
        use ConditionKind as Condition;
        if rows.is_empty() {
            return Vec::new();
        }
        let with_whole = |kind| [vec![WHOLE], plan.of(kind)].concat();
        let groups = [
            (GroupKind::Halves, plan.of(Condition::Half)),
            (GroupKind::Digits, plan.of(Condition::Digit)),
            (GroupKind::Attacks, with_whole(Condition::Attack)),
            (GroupKind::Sizes, with_whole(Condition::Size)),
            (GroupKind::Noise, with_whole(Condition::Noise)),
            (GroupKind::Activation, with_whole(Condition::Activation)),
        ];
        let mut found = Vec::new();
        for (kind, places) in groups {
            let members: Vec<&[f64]> = places.iter().map(|place| rows[*place]).collect();
            let mut pairs = Pairs::default();
            for (at, first) in places.iter().enumerate() {
                for second in &places[at + 1..] {
                    let cell = first * rows.len() + second;
                    pairs.push(table.jaccard[cell], table.spearman[cell]);
                }
            }
            found.push(pairs.agreement(kind, &members));
        }
        found.insert(2, Self::of_images(rows[WHOLE], table.top, images));
        found
    }

    /// Every image with the mean of all.
    fn of_images(whole: &[f64], count: usize, images: &[f32]) -> Self {
        let doubled: Vec<f64> = images.iter().map(|value| f64::from(*value)).collect();
        let members: Vec<&[f64]> = doubled.chunks_exact(whole.len().max(1)).collect();
        let (most_distorted, ranked) = (top(whole, count), ranks(whole));
        let mut pairs = Pairs::default();
        for image in &members {
            let overlap = jaccard(&most_distorted, &top(image, count));
            pairs.push(overlap, or_nan(pearson(&ranked, &ranks(image))));
        }
        pairs.agreement(GroupKind::Images, &members)
    }
}

/// Figures of pairs.
#[derive(Default)]
struct Pairs {
    jaccard: Vec<f64>,
    spearman: Vec<f64>,
}

impl Pairs {
    /// What is not defined is left out: an image that moves no unit says nothing on which it moves.
    fn push(&mut self, jaccard: f64, spearman: f64) {
        if !spearman.is_nan() {
            self.jaccard.push(jaccard);
            self.spearman.push(spearman);
        }
    }

    fn agreement(self, kind: GroupKind, members: &[&[f64]]) -> Agreement {
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let end =
            |of: &[f64], larger: fn(f64, f64) -> f64| of.iter().copied().fold(f64::NAN, larger);
        Agreement {
            kind,
            measures: members.len(),
            jaccard: mean(&self.jaccard),
            jaccard_least: end(&self.jaccard, f64::min),
            jaccard_most: end(&self.jaccard, f64::max),
            spearman: mean(&self.spearman),
            spearman_least: end(&self.spearman, f64::min),
            spearman_most: end(&self.spearman, f64::max),
            concordance: or_nan(concordance(members)),
        }
    }
}

/// A correlation, of the values and of their ranks, plain and with controls; NaN where it is not
/// defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    /// Pearson's correlation.
    pub pearson: f64,
    /// Spearman's correlation.
    pub spearman: f64,
    /// Pearson's of what the controls leave unexplained.
    pub partial: f64,
    /// The same of the ranks.
    pub partial_spearman: f64,
}

impl Relation {
    fn of(x: &[f64], y: &[f64], controls: &[&[f64]]) -> Self {
        Relation {
            pearson: or_nan(pearson(x, y)),
            spearman: or_nan(spearman(x, y)),
            partial: or_nan(partial(x, y, controls)),
            partial_spearman: or_nan(partial_spearman(x, y, controls)),
        }
    }
}

/// How much of a unit's distortion says only how much the unit is used: how active it is, and how
/// large its incoming weights are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MereUse {
    /// Distortion and mean activation; the control is ‖w‖₁.
    pub activation: Relation,
    /// Distortion and ‖w‖₁; the control is the mean activation.
    pub norm: Relation,
    /// Distortion under the attack and under noise; the controls are both.
    pub noise: Relation,
    /// Distortion on the one half of the images and on the other; the controls are both.
    pub halves: Relation,
    /// The share of the distortion's variance that both together explain.
    pub explained: f64,
    /// The same of the ranks.
    pub explained_ranks: f64,
}

impl MereUse {
    /// Of the measures of a plan; all NaN where there is no unit.
    pub(super) fn of(plan: &Plan, rows: &[&[f64]]) -> Self {
        let row = |place: usize| rows.get(place).copied().unwrap_or_default();
        let (v, activation, norm) =
            (row(WHOLE), row(plan.activation()), row(plan.activation() + 1));
        let noise = plan.of(ConditionKind::Noise).first().map_or(v, |place| row(*place));
        let both = [activation, norm];
        let (a, b) = (ranks(activation), ranks(norm));
        MereUse {
            activation: Relation::of(v, activation, &[norm]),
            norm: Relation::of(v, norm, &[activation]),
            noise: Relation::of(v, noise, &both),
            halves: Relation::of(row(HALVES), row(HALVES + 1), &both),
            explained: or_nan(explained(v, &both)),
            explained_ranks: or_nan(explained(&ranks(v), &[&a, &b])),
        }
    }
}
