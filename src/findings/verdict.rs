//! What a finding's rule comes to.

use crate::trial::Interval;
use serde::Serialize;

/// Whether a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// It holds.
    Holds,
    /// It holds only for something.
    Only,
    /// It does not hold.
    Fails,
}

impl Stands {
    /// The verdict's first words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Stands::Holds => "Holds: ",
            Stands::Only => "Holds only for ",
            Stands::Fails => "Does not hold: ",
        }
    }
}

/// One clause of a rule, with what was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Clause {
    /// The clause and the figure it is about.
    pub says: String,
    /// Whether it is met.
    pub met: bool,
}

/// A figure over the seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FindingFigure {
    /// Of which network.
    pub label: String,
    /// What it is of: `sparsity`, `clean`, `transfer`, `adaptive`, or a figure of the laboratory.
    pub measure: String,
    /// The size ε, where it has one.
    pub eps: Option<f64>,
    /// The mean over the seeds.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// How the interval was computed.
    pub interval: Interval,
    /// Seeds.
    pub n: usize,
    /// Images of each seed; 0 where it is of no images.
    pub of: usize,
    /// Its unit; a correlation has none.
    pub unit: String,
}

/// A finding's verdict: all of it is computed from outcomes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Verdict {
    /// Whether the claim holds.
    pub stands: Stands,
    /// The verdict in a sentence.
    pub sentence: String,
    /// The clauses of the rule.
    pub clauses: Vec<Clause>,
    /// Everything that was measured.
    pub figures: Vec<FindingFigure>,
    /// 64 bits that stand for all outcomes, as 16 hexadecimal digits.
    pub digest: String,
}

/// What a rule says.
#[derive(Debug)]
pub(super) struct Judged {
    pub stands: Stands,
    /// The sentence after [`Stands::words`].
    pub why: String,
    pub clauses: Vec<Clause>,
}
