//! A finished recipe's figures, measured in one go: what the command line prints, and what the
//! page shows piece by piece.

use super::{Recipe, State};
use crate::attack::Purpose;
use crate::data::Dataset;
use crate::distortion::{Distorting, Distortion};
use crate::evaluate::{Attacked, Count, OldImages, Scorer, Scoring};
use crate::network::Mlp;
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
    let seed = recipe.network.seed;
    let valid = recipe.measured_attack().check()?;
    let attack = |network: &Mlp, purpose| {
        let mut attacked = Attacked::new(network, valid, seed, 0..tests, purpose);
        while !attacked.step(&data.test) {}
        attacked
    };
    let mut old = OldImages::new(String::new(), tests);
    old.insert(0, &attack(state.reference(), Purpose::Craft).into_images())?;
    let mut scorer = Scorer::default();
    let mut scoring = Scoring::new(&mut scorer, &state.network, tests, true);
    while !scoring.step(&mut scorer, &data.test, &old) {}
    let adaptive = attack(&state.network, Purpose::Evaluate).count();
    let params = recipe.distortion.attack();
    let mut distorting = Distorting::new(&state.network, params, seed, 0..scored)?;
    while !distorting.step(&data.train) {}
    Ok(Report {
        digest: state.network.digest(),
        reference: state.reference().digest(),
        sparsity: state.network.sparsity(),
        clean: scoring.clean(),
        transfer: scoring.transfer().ok_or("The transfer accuracy was not measured.")?,
        adaptive: Count::new(adaptive.correct, adaptive.total),
        distortion: distorting.finish(),
    })
}
