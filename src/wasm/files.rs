//! Files that the page offers: networks for other tools, and the experiment as a script.

use super::lab::taken;
use super::{read, thrown, value};
use crate::export::{About, Entry, Experiment, Figures, Format, Weights, zip};
use crate::network::Mlp;
use crate::recipe::{self, Recipe};
use tsify::Ts;
use wasm_bindgen::prelude::*;

/// The network of a recipe, given as bytes, as a file of another tool.
///
/// # Errors
/// One sentence when the bytes are no network or the recipe is not valid.
#[wasm_bindgen(js_name = networkFile)]
pub fn network_file(
    recipe: Ts<Recipe>,
    network: &[u8],
    format: Ts<Format>,
) -> Result<Vec<u8>, JsError> {
    let (recipe, network) = (checked(recipe)?, taken(network)?);
    let format: Format = read(format)?;
    Ok(format.write(&network, &About::new(&recipe, &network)))
}

/// The script that measures a recipe anew in PyTorch, the weights that it loads and the recipe, in
/// one zip. The networks are given as bytes: the recipe's, and what it was before its first cut.
///
/// # Errors
/// One sentence when the bytes are no networks or the recipe is not valid.
#[wasm_bindgen(js_name = experimentFile)]
pub fn experiment_file(
    recipe: Ts<Recipe>,
    network: &[u8],
    reference: &[u8],
    figures: Ts<Figures>,
) -> Result<Vec<u8>, JsError> {
    let asked = Asked::of(recipe, network, reference, figures)?;
    Ok(asked.experiment().archive())
}

/// That script alone, as it is in the zip.
///
/// # Errors
/// One sentence when the bytes are no networks or the recipe is not valid.
#[wasm_bindgen(js_name = experimentScript)]
pub fn experiment_script(
    recipe: Ts<Recipe>,
    network: &[u8],
    reference: &[u8],
    figures: Ts<Figures>,
) -> Result<String, JsError> {
    let asked = Asked::of(recipe, network, reference, figures)?;
    Ok(asked.experiment().script(Weights::SCRIPT, &Weights::default()))
}

/// What the page handed over, checked.
struct Asked {
    recipe: Recipe,
    network: Mlp,
    reference: Mlp,
    figures: Figures,
}

impl Asked {
    fn of(
        recipe: Ts<Recipe>,
        network: &[u8],
        reference: &[u8],
        figures: Ts<Figures>,
    ) -> Result<Self, JsError> {
        let (recipe, figures) = (checked(recipe)?, read(figures)?);
        Ok(Asked { recipe, network: taken(network)?, reference: taken(reference)?, figures })
    }

    fn experiment(&self) -> Experiment<'_> {
        Experiment::new(&self.recipe, &self.network, &self.reference, &self.figures)
    }
}

fn checked(recipe: Ts<Recipe>) -> Result<Recipe, JsError> {
    recipe::check_recipe(&value(recipe)?).map_err(thrown)
}

/// Texts as one zip, each under its name.
///
/// # Errors
/// One sentence when there are not as many names as texts.
#[wasm_bindgen(js_name = zipTexts)]
pub fn zip_texts(names: Vec<String>, texts: Vec<String>) -> Result<Vec<u8>, JsError> {
    if names.len() != texts.len() {
        return Err(thrown("Every text needs a name."));
    }
    let entry = |(name, text): (String, String)| Entry { name, bytes: text.into_bytes() };
    Ok(zip(&names.into_iter().zip(texts).map(entry).collect::<Vec<_>>()))
}
