//! Findings: claims of the field, each with trials that test it and a rule that judges what came
//! of them. A verdict is computed from outcomes alone, word by word, and bit for bit the same
//! wherever it is computed.

mod arms;
mod deletion;
mod illusion;
mod magnitude;
mod mixture;
mod most_distorted;
mod most_weights;
mod pixels;
mod positions;
mod price;
mod verdict;
mod weights;
mod words;

pub use verdict::{Clause, FindingFigure, Stands, Verdict};

use crate::recipe::{Recipe, parse_link_with, passes};
use crate::trial::{Asked, Outcome, measured, shared};
use crate::words::on_page;
use arms::{Arm, Arms};
use serde::Serialize;
use serde_json::json;

/// A claim and how it is tested.
#[derive(Debug)]
pub struct Finding {
    /// Its name in links and on the command line.
    pub name: &'static str,
    /// What the page calls it.
    pub title: &'static str,
    /// The claim, in its source's words.
    pub claim: &'static str,
    /// Who says so, and where.
    pub source: &'static str,
    /// What is done.
    pub about: &'static str,
    /// When the claim holds, when it holds only in part, and when it does not.
    pub rule: &'static str,
    /// Seeds that everything is repeated with.
    seeds: &'static [u32],
    /// The networks compared.
    arms: &'static [Arm],
    /// The rule as code.
    judge: fn(&Arms) -> verdict::Judged,
}

/// Every finding, the most striking first.
pub static FINDINGS: [&Finding; 9] = [
    &deletion::FINDING,
    &most_weights::FINDING,
    &most_distorted::FINDING,
    &pixels::FINDING,
    &weights::FINDING,
    &positions::FINDING,
    &mixture::FINDING,
    &price::FINDING,
    &magnitude::FINDING,
];

/// A finding of this name.
///
/// # Errors
/// One sentence with the names there are.
pub fn finding(name: &str) -> Result<&'static Finding, String> {
    FINDINGS.into_iter().find(|finding| finding.name == name).ok_or_else(|| {
        let names: Vec<_> = FINDINGS.iter().map(|finding| finding.name).collect();
        format!("There is no such finding; there are {}.", names.join(", "))
    })
}

/// One trial of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FindingTrial {
    /// What is compared, in words.
    pub label: String,
    /// Its seed.
    pub seed: u32,
    /// The recipe.
    pub recipe: Recipe,
    /// What is asked of its network.
    pub asked: Asked,
    /// Trials of one group share their training: they are best made by one worker, one after the
    /// other.
    pub group: usize,
}

/// Every finding's words as JSON for the page: `[{"name": …, "title": …, "claim": …, "source": …,
/// "about": …, "rule": …}, …]`.
pub fn findings_json() -> String {
    let words = FINDINGS.map(|finding| {
        json!({
            "name": finding.name, "title": finding.title, "claim": finding.claim,
            "source": finding.source, "about": finding.about, "rule": finding.rule,
        })
    });
    json!(words).to_string()
}

impl Finding {
    /// With those words only that the module needs; the page fetches the others with the section
    /// that shows them.
    const fn on_page(mut self) -> Self {
        self.title = on_page(self.title);
        self.claim = on_page(self.claim);
        self.source = on_page(self.source);
        self.about = on_page(self.about);
        self.rule = on_page(self.rule);
        self
    }

    /// The trials that test the claim, in the order in which [`Finding::judge`] wants their
    /// outcomes. `number` reads decimal numbers, as [`crate::recipe::parse_link_with`] takes it.
    ///
    /// # Errors
    /// A sentence when a recipe is not valid, which a test rules out.
    pub fn trials(&self, number: fn(&str) -> Option<f64>) -> Result<Vec<FindingTrial>, String> {
        let (mut trials, mut groups) = (Vec::new(), Vec::new());
        for seed in self.seeds {
            for arm in self.arms {
                let link =
                    format!("v=1&seed={seed}&{}&attack=steps:40&measure=images:1000", arm.steps);
                let recipe = parse_link_with(&link, number)?.recipe;
                let training = shared(&recipe);
                let group = groups.iter().position(|known| *known == training);
                let group = group.unwrap_or_else(|| {
                    groups.push(training);
                    groups.len() - 1
                });
                let label = arm.label.into();
                trials.push(FindingTrial { label, seed: *seed, recipe, asked: arm.asked(), group });
            }
        }
        Ok(trials)
    }

    /// Judges the claim by the outcomes of [`Finding::trials`], in their order.
    ///
    /// # Errors
    /// A sentence when there are too few or too many, or one is of another trial.
    pub fn judge(&self, outcomes: &[Outcome]) -> Result<Verdict, String> {
        let arms = Arms::new(self, outcomes)?;
        let judged = (self.judge)(&arms);
        Ok(Verdict {
            stands: judged.stands,
            sentence: format!("{}{}", judged.stands.words(), judged.why),
            clauses: judged.clauses,
            figures: arms.figures(),
            digest: arms.digest(),
        })
    }

    /// What its trials cost, in passes of an image through the network and back; shared trainings
    /// count once.
    ///
    /// # Errors
    /// A sentence when a recipe is not valid, which a test rules out.
    pub fn cost(&self, number: fn(&str) -> Option<f64>) -> Result<f64, String> {
        let (mut sum, mut trained) = (0.0, Vec::new());
        for FindingTrial { mut recipe, asked, group, .. } in self.trials(number)? {
            sum += measured(&recipe, &asked);
            if trained.contains(&group) {
                recipe.steps.remove(0);
            }
            trained.push(group);
            sum += passes(&recipe);
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests;
