//! The networks that a finding compares, and what rules may ask of them.

use super::Finding;
use super::verdict::{Clause, FindingFigure};
use super::words::{percent, points};
use crate::data::digest;
use crate::evaluate::Count;
use crate::recipe::json_text;
use crate::trial::{Alike, Asked, Likeness, Outcome, Spread};

/// One of the networks compared.
#[derive(Debug)]
pub(super) struct Arm {
    /// In words, so that it can stand in a sentence.
    pub label: &'static str,
    /// Its steps as in a link.
    pub steps: &'static str,
    /// Sizes of the attack made anew, ascending.
    pub adaptive: &'static [f64],
    /// Whether the old adversarial images of these sizes are tried as well.
    pub transfer: bool,
    /// Whether it is asked if the weights left are what they were.
    pub frozen: bool,
    /// Whether distortions are compared.
    pub similarity: bool,
    /// Whether filters are taken apart.
    pub filters: bool,
}

/// What distortions are compared between.
pub(super) static COMPARED: [Compared; 7] = [
    Compared("halves of the images", |likeness| likeness.halves),
    Compared("attacks", |likeness| likeness.attacks),
    Compared("sizes of the attack", |likeness| likeness.sizes),
    Compared("digits", |likeness| likeness.digits),
    Compared("single images", |likeness| likeness.images),
    Compared("noise", |likeness| likeness.noise),
    Compared("mean output", |likeness| likeness.activation),
];

impl Arm {
    /// A network of which nothing but clean accuracy is asked.
    pub const fn new(label: &'static str, steps: &'static str) -> Self {
        let adaptive = &[];
        Arm {
            label,
            steps,
            adaptive,
            transfer: false,
            frozen: false,
            similarity: false,
            filters: false,
        }
    }

    pub fn asked(&self) -> Asked {
        Asked {
            transfer: self.transfer,
            adaptive: self.adaptive.to_vec(),
            frozen: self.frozen,
            similarity: self.similarity,
            filters: self.filters,
            ..Asked::default()
        }
    }
}

/// A figure that rules ask for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Sparsity,
    Clean,
    Transfer(f64),
    Adaptive(f64),
    /// What the most distorted tenths have in common.
    Overlap(Compared),
    /// Spearman's correlation of distortions.
    Spearman(Compared),
    /// Energy of filters in short waves.
    Short,
    /// Weights on rarely lit pixels.
    Rare,
}

/// Distortions that are compared: their name, and where an outcome tells how alike they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared(pub &'static str, pub fn(&Likeness) -> Alike);

impl Of {
    /// Images counted, of figures that are shares of images.
    fn count(self, outcome: &Outcome) -> Option<Count> {
        match self {
            Of::Clean => Some(outcome.clean),
            Of::Transfer(eps) => outcome.transfer_at(eps),
            Of::Adaptive(eps) => outcome.adaptive_at(eps),
            _ => None,
        }
    }

    fn value(self, outcome: &Outcome) -> Option<f64> {
        let alike = |compared: Compared| outcome.similarity.as_ref().map(compared.1);
        match self {
            Of::Sparsity => Some(outcome.sparsity),
            Of::Overlap(compared) => alike(compared)?.overlap,
            Of::Spearman(compared) => alike(compared)?.spearman,
            Of::Short => outcome.filters?.short,
            Of::Rare => outcome.filters?.rare,
            _ => {
                let count = self.count(outcome)?;
                Some(count.correct as f64 / count.total.max(1) as f64)
            }
        }
    }

    /// Its name, its size, and whether it is told in percent.
    fn words(self) -> (String, Option<f64>, bool) {
        match self {
            Of::Sparsity => ("sparsity".into(), None, true),
            Of::Clean => ("clean".into(), None, true),
            Of::Transfer(eps) => ("transfer".into(), Some(eps), true),
            Of::Adaptive(eps) => ("adaptive".into(), Some(eps), true),
            Of::Overlap(compared) => (format!("overlap, {}", compared.0), None, true),
            Of::Spearman(compared) => (format!("Spearman, {}", compared.0), None, false),
            Of::Short => ("energy in short waves".into(), None, true),
            Of::Rare => ("weights on rarely lit pixels".into(), None, true),
        }
    }
}

/// The outcomes of a finding's trials, seed after seed.
#[derive(Debug)]
pub(super) struct Arms<'a> {
    finding: &'a Finding,
    outcomes: &'a [Outcome],
}

impl<'a> Arms<'a> {
    pub fn new(finding: &'a Finding, outcomes: &'a [Outcome]) -> Result<Self, String> {
        let (arms, seeds) = (finding.arms.len(), finding.seeds.len());
        if outcomes.len() != arms * seeds {
            return Err(format!(
                "This finding is judged by {} outcomes, but {} were given.",
                arms * seeds,
                outcomes.len()
            ));
        }
        let arms = finding.arms.iter().cycle();
        if !arms.zip(outcomes).all(|(arm, outcome)| answers(outcome, &arm.asked())) {
            return Err("These are not the outcomes of this finding's trials.".into());
        }
        Ok(Arms { finding, outcomes })
    }

    /// The outcomes of an arm, one for each seed.
    pub fn of(&self, arm: usize) -> impl Iterator<Item = &'a Outcome> {
        self.outcomes.iter().skip(arm).step_by(self.finding.arms.len())
    }

    pub fn label(&self, arm: usize) -> &'static str {
        self.finding.arms.get(arm).map_or("", |arm| arm.label)
    }

    /// The mean over the seeds.
    pub fn share(&self, arm: usize, of: Of) -> f64 {
        self.spread(arm, of).mean
    }

    /// By how much a figure of one arm stands above that of another: the mean over the seeds of
    /// the difference, and its interval.
    pub fn above(&self, arm: usize, other: usize, of: Of) -> Spread {
        let value = |outcome: &Outcome| of.value(outcome).unwrap_or(0.0);
        let pairs = self.of(arm).zip(self.of(other));
        let differences = pairs.map(|(own, other)| value(own) - value(other));
        Spread::of(&differences.collect::<Vec<_>>())
    }

    fn spread(&self, arm: usize, of: Of) -> Spread {
        let counts: Vec<_> = self.of(arm).filter_map(|outcome| of.count(outcome)).collect();
        if !counts.is_empty() {
            return Spread::of_counts(&counts);
        }
        let values = self.of(arm).filter_map(|outcome| of.value(outcome));
        let spread = Spread::of(&values.collect::<Vec<_>>());
        // A share ends at nought and one, a correlation at either one.
        let least = if of.words().2 { 0.0 } else { -1.0 };
        Spread { low: spread.low.max(least), high: spread.high.min(1.0), ..spread }
    }

    /// Everything that was measured.
    pub fn figures(&self) -> Vec<FindingFigure> {
        let mut figures = Vec::new();
        for (index, arm) in self.finding.arms.iter().enumerate() {
            let mut all = vec![Of::Sparsity, Of::Clean];
            if arm.transfer {
                all.extend(arm.adaptive.iter().copied().map(Of::Transfer));
            }
            all.extend(arm.adaptive.iter().copied().map(Of::Adaptive));
            if arm.similarity {
                all.extend(COMPARED.iter().flat_map(|c| [Of::Overlap(*c), Of::Spearman(*c)]));
            }
            if arm.filters {
                all.extend([Of::Short, Of::Rare]);
            }
            for of in all {
                let Spread { mean, n, low, high, interval, .. } = self.spread(index, of);
                let (measure, eps, is_share) = of.words();
                let scale = if is_share { 100.0 } else { 1.0 };
                let images = self.of(index).next().filter(|outcome| of.count(outcome).is_some());
                figures.push(FindingFigure {
                    label: arm.label.into(),
                    measure,
                    eps,
                    value: scale * mean,
                    low: scale * low,
                    high: scale * high,
                    interval,
                    n,
                    of: images.map_or(0, |outcome| outcome.images),
                    unit: if is_share { "%".into() } else { String::new() },
                });
            }
        }
        figures
    }

    /// 64 bits that stand for the finding and all outcomes.
    pub fn digest(&self) -> String {
        digest(format!("{} {}", self.finding.name, json_text(&self.outcomes)).as_bytes())
    }
}

/// Whether an outcome answers what was asked.
fn answers(outcome: &Outcome, asked: &Asked) -> bool {
    let sizes = |found: &[crate::trial::AtSize], asked: &[f64]| {
        found.len() == asked.len() && found.iter().zip(asked).all(|(at, eps)| at.eps == *eps)
    };
    sizes(&outcome.adaptive, &asked.adaptive)
        && sizes(&outcome.transfer, if asked.transfer { &asked.adaptive } else { &[] })
        && outcome.frozen.is_some() == asked.frozen
        && outcome.similarity.is_some() == asked.similarity
        && outcome.filters.is_some() == asked.filters
}

/// What a bound is met by that is met to the last place: counts are whole, their shares are not.
const ROUNDING: f64 = 1e-9;

/// Whether one share or difference reaches another.
pub(super) fn reaches(share: f64, least: f64) -> bool {
    share >= least - ROUNDING
}

/// Whether a difference is at least so large, and its interval above nought.
pub(super) fn is_above(difference: &Spread, least: f64) -> bool {
    reaches(difference.mean, least) && difference.low > ROUNDING
}

/// A clause that a difference is at least so large, and no accident of the seeds: its interval is
/// above nought.
pub(super) fn rises(what: String, difference: &Spread, least: f64) -> Clause {
    let met = is_above(difference, least);
    let word = if difference.mean < 0.0 { "falls" } else { "rises" };
    let doubt = match reaches(difference.mean, least) && !met {
        true => ", but its interval reaches down to nought",
        false => "",
    };
    let (by, least) = (points(difference.mean), points(least));
    Clause { says: format!("{what} {word} by {by}{doubt}; needed a rise of {least}"), met }
}

/// A clause that a share is at least so large.
pub(super) fn at_least(what: String, share: f64, least: f64) -> Clause {
    let met = reaches(share, least);
    Clause { says: format!("{what}: {}; needed {}", percent(share), percent(least)), met }
}

/// A clause that a loss is at most so large.
pub(super) fn costs_at_most(what: String, difference: f64, most: f64) -> Clause {
    let word = if difference > 0.0 { "gains" } else { "loses" };
    Clause {
        says: format!("{what} {word} {}; allowed {}", points(difference), points(most)),
        met: reaches(difference, -most),
    }
}
