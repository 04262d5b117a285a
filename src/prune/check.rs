//! What may be asked of a pruning, beside what the property table bounds.

use super::criteria::criteria_for;
use super::{Needs, PruneParams, What};
use crate::data::Set;
use serde_json::{Value, json};

/// Most images that a greedy search may attack for every unit it tries.
const MOST_SEARCHED: usize = 1000;
/// MNIST's test images.
const TEST_IMAGES: usize = 10_000;

impl PruneParams {
    /// Whether a network with these hidden layers can be pruned so.
    ///
    /// # Errors
    /// One sentence that says what was wrong and what is allowed.
    pub fn check(&self, hidden: &[usize]) -> Result<(), String> {
        let facts = self.by.facts();
        if !facts.what.contains(&self.what) {
            let known: Vec<_> = criteria_for(self.what).map(name).collect();
            return Err(format!(
                "The criterion for {} must be one of {}, but it was {}.",
                name(self.what),
                known.join(", "),
                name(self.by)
            ));
        }
        let layers = match self.what {
            What::Pixels => None,
            What::Units => Some((hidden.len(), "hidden layers")),
            What::Weights => Some((hidden.len() + 1, "layers of weights")),
        };
        if let Some((count, kind)) = layers
            && let Some(layer) = self.layers.iter().find(|layer| **layer > count)
        {
            return Err(format!(
                "This network has {count} {kind}, counted from 1; there is no layer {layer} to \
                 prune."
            ));
        }
        if facts.needs == Needs::Search && self.images > MOST_SEARCHED {
            return Err(format!(
                "A greedy search attacks its images anew for every unit it tries: it takes 1 to \
                 {MOST_SEARCHED}, but it was {}.",
                self.images
            ));
        }
        if facts.needs != Needs::Nothing && self.on == Set::Test && self.images > TEST_IMAGES {
            return Err(format!(
                "There are {TEST_IMAGES} test images to score on, but it was {}.",
                self.images
            ));
        }
        Ok(())
    }
}

/// What recipes call it.
fn name(value: impl serde::Serialize) -> String {
    let value: Value = json!(value);
    value.as_str().unwrap_or_default().to_owned()
}
