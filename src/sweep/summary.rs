//! What a sweep came to: mean, spread and interval over the seeds of every other cell.

use super::Setting;
use crate::evaluate::Count;
use crate::trial::{Outcome, Spread};
use serde::{Deserialize, Serialize};

/// A cell and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Row {
    /// What the cell sets the axes to.
    pub at: Vec<Setting>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Accuracy on unchanged images.
    Clean,
    /// Accuracy on old adversarial images.
    Transfer,
    /// Accuracy under the attack made anew.
    Adaptive,
    /// Share of images proven.
    Certified,
    /// Share of weights that are zero by a mask.
    Sparsity,
}

/// A figure over the seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Figure {
    /// What it is of.
    pub measure: Measure,
    /// The size ε, where it has one.
    pub eps: Option<f64>,
    /// Mean, spread and interval, as shares from 0 to 1.
    pub spread: Spread,
}

/// The figures of cells that differ in the seed alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Summed {
    /// What they set the other axes to.
    pub at: Vec<Setting>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Sums rows up over the axes `over` (as a rule, `seed`), in the order in which cells first come.
pub fn summary(rows: &[Row], over: &[String]) -> Vec<Summed> {
    let mut groups: Vec<(Vec<Setting>, Vec<&Outcome>)> = Vec::new();
    for row in rows {
        let at: Vec<_> = row.at.iter().filter(|s| !over.contains(&s.name)).cloned().collect();
        match groups.iter_mut().find(|(known, _)| *known == at) {
            Some((_, outcomes)) => outcomes.push(&row.outcome),
            None => groups.push((at, vec![&row.outcome])),
        }
    }
    let summed = |(at, outcomes): (Vec<Setting>, Vec<&Outcome>)| {
        let figure = |(measure, eps): (Measure, Option<f64>)| {
            let spread = match measure {
                Measure::Sparsity => {
                    Spread::of(&outcomes.iter().map(|outcome| outcome.sparsity).collect::<Vec<_>>())
                }
                _ => {
                    let counts = outcomes.iter().filter_map(|outcome| count(outcome, measure, eps));
                    Spread::of_counts(&counts.collect::<Vec<_>>())
                }
            };
            Figure { measure, eps, spread }
        };
        let mut asked = measured(&outcomes);
        asked.push((Measure::Sparsity, None));
        Summed { figures: asked.into_iter().map(figure).collect(), at }
    };
    groups.into_iter().map(summed).collect()
}

/// The accuracies measured in any of the outcomes.
pub(super) fn measured(outcomes: &[&Outcome]) -> Vec<(Measure, Option<f64>)> {
    let mut all = vec![(Measure::Clean, None)];
    for measure in [Measure::Transfer, Measure::Adaptive, Measure::Certified] {
        for outcome in outcomes {
            let sizes = match measure {
                Measure::Transfer => &outcome.transfer,
                Measure::Adaptive => &outcome.adaptive,
                _ => &outcome.certified,
            };
            for at in sizes {
                let one = (measure, Some(at.eps));
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
    }
    all
}

/// What an outcome says of an accuracy.
pub(super) fn count(outcome: &Outcome, measure: Measure, eps: Option<f64>) -> Option<Count> {
    match (measure, eps) {
        (Measure::Clean, _) => Some(outcome.clean),
        (Measure::Transfer, Some(eps)) => outcome.transfer_at(eps),
        (Measure::Adaptive, Some(eps)) => outcome.adaptive_at(eps),
        (Measure::Certified, Some(eps)) => outcome.certified_at(eps),
        _ => None,
    }
}
