//! A finished recipe's figures, measured in one go: what the command line prints, and what the
//! page shows piece by piece.

use super::measuring::Measuring;
use super::{Asked, Crafted};
use crate::data::Dataset;
use crate::distortion::{Distorting, Distortion};
use crate::evaluate::Count;
use crate::recipe::{Recipe, State};
use serde::Serialize;

/// The figures of a recipe.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Digest of the network.
    pub digest: String,
    /// Digest of the network that the old adversarial images are crafted against.
    pub reference: String,
    /// Share of weights that are zero by a mask.
    pub sparsity: f64,
    /// Accuracy on unchanged test images.
    pub clean: Count,
    /// Accuracy on adversarial images crafted against the reference network.
    pub transfer: Count,
    /// Accuracy on adversarial images crafted against the network as it is.
    pub adaptive: Count,
    /// Distortion of the hidden units, measured on training images.
    pub distortion: Distortion,
}

/// Measures everything a recipe asks for.
///
/// # Errors
/// A sentence when images are missing or a parameter is out of range.
pub fn report(recipe: &Recipe, state: &State, data: &Dataset) -> Result<Report, String> {
    let (tests, scored) = (recipe.measure.images, recipe.distortion.images);
    if data.test.len() < tests || data.train.len() < scored {
        return Err(format!(
            "The recipe measures on {tests} test and {scored} training images, but only {} and {} \
             are here.",
            data.test.len(),
            data.train.len()
        ));
    }
    let mut measuring = Measuring::new(recipe, state, &Asked::usual(recipe))?;
    let mut crafted = Crafted::default();
    while !measuring.step(&mut crafted, data)?.done {}
    let outcome = measuring.finish();
    let (seed, params) = (recipe.network.seed, recipe.distortion.attack());
    let mut distorting = Distorting::new(&state.network, params, seed, 0..scored)?;
    while !distorting.step(&data.train) {}
    const MISSING: &str = "An accuracy was not measured.";
    Ok(Report {
        transfer: outcome.transfer_at(recipe.measure.eps).ok_or(MISSING)?,
        adaptive: outcome.adaptive_at(recipe.measure.eps).ok_or(MISSING)?,
        digest: outcome.digest,
        reference: outcome.reference,
        sparsity: outcome.sparsity,
        clean: outcome.clean,
        distortion: distorting.finish(),
    })
}
