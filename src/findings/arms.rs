//! The networks that a finding compares, and what rules may ask of them.

use super::Finding;
use super::verdict::{Check, Figure};
use super::words::{percent, points};
use crate::data::digest;
use crate::recipe::json_text;
use crate::sweep::{Measure, count};
use crate::trial::{Asked, Outcome, Spread};

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
}

impl Arm {
    pub fn asked(&self) -> Asked {
        Asked {
            transfer: self.transfer,
            adaptive: self.adaptive.to_vec(),
            frozen: self.frozen,
            ..Asked::default()
        }
    }
}

/// A figure that rules ask for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Clean,
    Transfer(f64),
    Adaptive(f64),
}

impl Of {
    fn measure(self) -> (Measure, Option<f64>) {
        match self {
            Of::Clean => (Measure::Clean, None),
            Of::Transfer(eps) => (Measure::Transfer, Some(eps)),
            Of::Adaptive(eps) => (Measure::Adaptive, Some(eps)),
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

    /// The mean share over the seeds.
    pub fn share(&self, arm: usize, of: Of) -> f64 {
        self.spread(arm, of.measure()).mean
    }

    /// By how much a figure of one arm stands above that of another: the mean over the seeds of
    /// the difference, and its interval.
    pub fn above(&self, arm: usize, other: usize, of: Of) -> Spread {
        let (measure, eps) = of.measure();
        let share = |outcome: &Outcome| {
            let count = count(outcome, measure, eps);
            count.map_or(0.0, |count| count.correct as f64 / count.total.max(1) as f64)
        };
        let pairs = self.of(arm).zip(self.of(other));
        let differences = pairs.map(|(own, other)| share(own) - share(other));
        Spread::of(&differences.collect::<Vec<_>>())
    }

    fn spread(&self, arm: usize, (measure, eps): (Measure, Option<f64>)) -> Spread {
        if measure == Measure::Sparsity {
            return Spread::of(&self.of(arm).map(|outcome| outcome.sparsity).collect::<Vec<_>>());
        }
        let counts = self.of(arm).filter_map(|outcome| count(outcome, measure, eps));
        Spread::of_counts(&counts.collect::<Vec<_>>())
    }

    /// Everything that was measured.
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        for (index, arm) in self.finding.arms.iter().enumerate() {
            let sizes = arm.adaptive.iter().map(|eps| Some(*eps));
            let old = sizes.clone().filter(|_| arm.transfer);
            let all = [(Measure::Sparsity, None), (Measure::Clean, None)].into_iter();
            let all = all.chain(old.map(|eps| (Measure::Transfer, eps)));
            for (measure, eps) in all.chain(sizes.map(|eps| (Measure::Adaptive, eps))) {
                let Spread { mean, n, low, high, interval, .. } =
                    self.spread(index, (measure, eps));
                let of = match measure {
                    Measure::Sparsity => 0,
                    _ => self.of(index).next().map_or(0, |outcome| outcome.images),
                };
                figures.push(Figure {
                    label: arm.label.into(),
                    measure,
                    eps,
                    value: 100.0 * mean,
                    low: 100.0 * low,
                    high: 100.0 * high,
                    interval,
                    n,
                    of,
                    unit: "%".into(),
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
pub(super) fn rises(what: String, difference: &Spread, least: f64) -> Check {
    let met = is_above(difference, least);
    let word = if difference.mean < 0.0 { "falls" } else { "rises" };
    Check {
        says: format!("{what} {word} by {}; needed {}", points(difference.mean), points(least)),
        met,
    }
}

/// A clause that a share is at least so large.
pub(super) fn at_least(what: String, share: f64, least: f64) -> Check {
    let met = reaches(share, least);
    Check { says: format!("{what}: {}; needed {}", percent(share), percent(least)), met }
}

/// A clause that a loss is at most so large.
pub(super) fn costs_at_most(what: String, difference: f64, most: f64) -> Check {
    let word = if difference > 0.0 { "gains" } else { "loses" };
    Check {
        says: format!("{what} {word} {}; allowed {}", points(difference), points(most)),
        met: reaches(difference, -most),
    }
}
