//! What work costs, roughly: for progress and for sharing work out, never for a figure.

use super::Asked;
use crate::recipe::{Recipe, Step, json_text};
use crate::train::Origin;

/// What a certificate costs beside a pass.
const CERTIFICATE: f64 = 20.0;

/// How often units are distorted to be compared.
const COMPARED: usize = 6;

/// What measuring costs.
pub fn measured(recipe: &Recipe, asked: &Asked) -> f64 {
    let attack = recipe.attack.steps * recipe.attack.restarts;
    let attacks = asked.adaptive.len() * if asked.transfer { 2 } else { 1 };
    let certificates = CERTIFICATE * asked.certified.len() as f64;
    let tests = recipe.measure.images as f64 * (1.0 + (attack * attacks) as f64 + certificates);
    let distortion = recipe.distortion;
    let compared = COMPARED * distortion.images * distortion.steps;
    tests + if asked.similarity { compared as f64 } else { 0.0 }
}

/// What names the training from scratch that a recipe goes on from: recipes that share it are best
/// tried one after the other by the same worker, which then trains only once.
pub fn shared(recipe: &Recipe) -> String {
    let scratch = |step: &Step| match step {
        Step::Train(params) => params.from == Origin::Scratch,
        step => matches!(step, Step::File { .. }),
    };
    let trained = recipe.steps.iter().rposition(scratch).map_or(0, |place| place + 1);
    json_text(&(&recipe.network, &recipe.steps[..trained]))
}
