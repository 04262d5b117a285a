//! Findings as the page asks for them.

use super::{number, read, thrown};
use crate::findings::{self, FindingTrial, Verdict};
use crate::trial::Outcome;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// A finding, but for its words, which the page fetches by themselves.
#[derive(Debug, Serialize, Tsify)]
pub struct FindingFacts {
    /// Its name in links.
    pub name: String,
    /// What its trials cost, in passes of an image through the network and back.
    pub cost: f64,
}

/// Every finding, the most striking first.
///
/// # Errors
/// Does not happen: every recipe is valid.
#[wasm_bindgen(js_name = findings)]
pub fn all() -> Result<Vec<Ts<FindingFacts>>, JsError> {
    let facts = |finding: &findings::Finding| {
        let facts =
            FindingFacts { name: finding.name.into(), cost: finding.cost(number).map_err(thrown)? };
        facts.into_ts().map_err(thrown)
    };
    findings::FINDINGS.into_iter().map(facts).collect()
}

/// The trials that test a finding's claim; [`judge`] wants their outcomes in this order.
///
/// # Errors
/// One sentence when there is no such finding.
#[wasm_bindgen(js_name = findingTrials)]
pub fn finding_trials(name: &str) -> Result<Vec<Ts<FindingTrial>>, JsError> {
    let trials = findings::finding(name).and_then(|finding| finding.trials(number));
    trials.map_err(thrown)?.into_iter().map(|trial| trial.into_ts().map_err(thrown)).collect()
}

/// Judges a finding's claim by the outcomes of its trials.
///
/// # Errors
/// One sentence when there is no such finding or these are no outcomes of its trials.
#[wasm_bindgen]
pub fn judge(name: &str, outcomes: Vec<Ts<Outcome>>) -> Result<Ts<Verdict>, JsError> {
    let outcomes = outcomes.into_iter().map(read).collect::<Result<Vec<Outcome>, _>>()?;
    let verdict = findings::finding(name).and_then(|finding| finding.judge(&outcomes));
    verdict.map_err(thrown)?.into_ts().map_err(thrown)
}
