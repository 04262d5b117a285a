//! The lines that trials are written down in: one JSON object each.

use secateurs::data::Dataset;
use secateurs::recipe::{Recipe, Replayer, format_link, parse_link};
use secateurs::sweep::{Row, Setting, settings, varying};
use secateurs::trial::{Asked, Crafted, Outcome, Trying};
use serde_json::{Map, Value, json};

/// What a worker keeps from trial to trial.
#[derive(Default)]
pub struct Worker {
    replayer: Replayer,
    crafted: Crafted,
}

impl Worker {
    /// Makes one trial.
    pub fn tries(
        &mut self,
        recipe: &Recipe,
        asked: &Asked,
        data: &Dataset,
    ) -> Result<Outcome, String> {
        let mut trying = Trying::new(recipe.clone(), asked.clone())?;
        loop {
            let progress = trying.step(&mut self.replayer, &mut self.crafted, data)?;
            if let Some(needs) = progress.needs {
                let here = data.set(needs.set).len();
                return Err(format!(
                    "The recipe needs {} {:?} images, but only {here} are here.",
                    needs.images, needs.set
                ));
            }
            if progress.done {
                return trying.finish();
            }
        }
    }
}

/// A trial's line. It holds nothing that depends on where or when the trial was made.
pub fn line(recipe: &Recipe, at: &[Setting], outcome: &Result<Outcome, String>) -> String {
    let digest = outcome.as_ref().ok().map(|outcome| outcome.digest.as_str());
    let link = format_link(recipe, &Default::default(), digest);
    let at: Map<String, Value> =
        at.iter().map(|setting| (setting.name.clone(), setting.value.clone())).collect();
    match outcome {
        Ok(outcome) => json!({ "at": at, "link": link, "outcome": outcome }),
        Err(why) => json!({ "at": at, "link": link, "refused": why }),
    }
    .to_string()
}

/// Reads lines back: the rows, each at the values in which their recipes differ, and how many
/// cells were refused.
pub fn rows(text: &str) -> Result<(Vec<Row>, usize), String> {
    let (mut recipes, mut outcomes, mut refused) = (Vec::new(), Vec::new(), 0);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (index, line) in lines {
        let bad = |why: String| format!("Line {} is no trial's: {why}", index + 1);
        let mut line: Value =
            serde_json::from_str(line).map_err(|error| bad(format!("{error}.")))?;
        if line["refused"].is_string() {
            refused += 1;
            continue;
        }
        let link = line["link"].as_str().ok_or_else(|| bad("it has no link.".into()))?;
        recipes.push(parse_link(link).map_err(bad)?.recipe);
        let outcome: Outcome = serde_json::from_value(line["outcome"].take())
            .map_err(|error| bad(format!("{error}.")))?;
        outcomes.push(outcome);
    }
    let names = varying(&recipes)?;
    let row =
        |(recipe, outcome): (&Recipe, Outcome)| Ok(Row { at: settings(recipe, &names)?, outcome });
    let rows = recipes.iter().zip(outcomes).map(row).collect::<Result<_, String>>()?;
    Ok((rows, refused))
}
