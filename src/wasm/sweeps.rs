//! Sweeps as the page asks for them.

use super::{read, thrown, value};
use crate::recipe::{self, Recipe};
use crate::sweep::{self, Area, Cell, Row, Summed};
use serde::Deserialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// What a sweep came to so far, and how it is to be summed up.
#[derive(Debug, Deserialize, Tsify)]
pub struct Swept {
    /// The cells that are done.
    rows: Vec<Row>,
    /// The axes that are averaged over, as a rule `seed`.
    over: Vec<String>,
}

/// The curves of a sweep.
#[derive(Debug, Deserialize, Tsify)]
pub struct Curves {
    /// The cells that are done.
    rows: Vec<Row>,
    /// The axes that are averaged over, as a rule `seed`.
    over: Vec<String>,
    /// The axis that curves go along.
    along: String,
    /// The axis that has a curve for each of its values.
    between: String,
}

/// The cells of a sweep over a recipe; an axis is a name and its values, such as
/// `prune.amount=0,10,20`.
///
/// # Errors
/// One sentence that says what was wrong with an axis, or which cell is not possible.
#[wasm_bindgen(js_name = sweepCells)]
pub fn sweep_cells(base: Ts<Recipe>, axes: Vec<String>) -> Result<Vec<Ts<Cell>>, JsError> {
    let base = recipe::check_recipe(&value(base)?).map_err(thrown)?;
    let cells = sweep::cells_with(&base, &axes, super::number).map_err(thrown)?;
    cells.into_iter().map(|cell| cell.into_ts().map_err(thrown)).collect()
}

/// Every name that can be an axis of a recipe.
///
/// # Errors
/// One sentence when the recipe is not valid.
#[wasm_bindgen(js_name = sweepAxes)]
pub fn sweep_axes(base: Ts<Recipe>) -> Result<Vec<String>, JsError> {
    Ok(sweep::names(&recipe::check_recipe(&value(base)?).map_err(thrown)?))
}

/// Mean, spread and interval of every figure over the seeds.
///
/// # Errors
/// One sentence when these are no rows.
#[wasm_bindgen(js_name = sweepSummary)]
pub fn sweep_summary(swept: Ts<Swept>) -> Result<Vec<Ts<Summed>>, JsError> {
    let Swept { rows, over } = read(swept)?;
    let summed = sweep::summary(&rows, &over);
    summed.into_iter().map(|summed| summed.into_ts().map_err(thrown)).collect()
}

/// The areas between the curves of every two values of an axis, the mean difference, with
/// intervals over the seeds.
///
/// # Errors
/// One sentence when these are no rows.
#[wasm_bindgen(js_name = sweepAreas)]
pub fn sweep_areas(curves: Ts<Curves>) -> Result<Vec<Ts<Area>>, JsError> {
    let Curves { rows, over, along, between } = read(curves)?;
    let areas = sweep::areas(&rows, &along, &between, &over);
    areas.into_iter().map(|area| area.into_ts().map_err(thrown)).collect()
}
