//! The cells of a grid over recipes.

use super::Setting;
use super::axis::{Axis, kind};
use crate::recipe::{GROUPS, Recipe, View, check_recipe, default_in, format_link, written};
use crate::trial::shared;
use serde::Serialize;
use serde_json::{Map, Value};

/// Most cells a sweep may have.
const MOST_CELLS: usize = 10_000;

/// One recipe of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cell {
    /// Its place in the sweep, from 0; the last axis turns fastest.
    pub index: usize,
    /// What it sets the axes to.
    pub at: Vec<Setting>,
    /// Its recipe as a link.
    pub link: String,
    /// Its recipe.
    pub recipe: Recipe,
    /// Cells of one group share their training: they are best tried by one worker, one after the
    /// other.
    pub group: usize,
}

/// The cells of a sweep over `base`, with axes such as `prune.by=distortion,random` and
/// `seed=0,1,2`.
///
/// # Errors
/// One sentence that says what was wrong with an axis, or which cell is not possible.
pub fn cells(base: &Recipe, axes: &[impl AsRef<str>]) -> Result<Vec<Cell>, String> {
    cells_with(base, axes, |text| text.parse().ok())
}

/// [`cells`] with a reader of decimal numbers, as [`crate::recipe::parse_link_with`] takes one.
///
/// # Errors
/// One sentence that says what was wrong with an axis, or which cell is not possible.
pub fn cells_with(
    base: &Recipe,
    axes: &[impl AsRef<str>],
    number: fn(&str) -> Option<f64>,
) -> Result<Vec<Cell>, String> {
    let axes = axes.iter().map(|text| Axis::parse(text.as_ref(), base, number));
    let axes = axes.collect::<Result<Vec<_>, _>>()?;
    for (place, axis) in axes.iter().enumerate() {
        if axes[..place].iter().any(|other| other.name == axis.name) {
            return Err(format!("The axis {} is given twice.", axis.name));
        }
    }
    let count = axes.iter().try_fold(1usize, |all, axis| all.checked_mul(axis.values.len()));
    let count = count.filter(|count| *count <= MOST_CELLS).ok_or_else(|| {
        format!("A sweep has at most {MOST_CELLS} cells, but these axes make more.")
    })?;
    let base = sparse(base);
    let mut groups: Vec<String> = Vec::new();
    let mut cells = Vec::with_capacity(count);
    for index in 0..count {
        let (mut json, mut at, mut rest) = (base.clone(), Vec::new(), index);
        for axis in axes.iter().rev() {
            let value = &axis.values[rest % axis.values.len()];
            rest /= axis.values.len();
            axis.set(&mut json, value);
            at.insert(0, Setting { name: axis.name.clone(), value: value.clone() });
        }
        let recipe = check_recipe(&json).map_err(|why| {
            let at: Vec<_> =
                at.iter().map(|s| format!("{} {}", s.name, written(&s.value))).collect();
            format!("The cell with {} is not possible: {why}", at.join(", "))
        })?;
        let training = shared(&recipe);
        let group = groups.iter().position(|known| *known == training);
        let group = group.unwrap_or_else(|| {
            groups.push(training);
            groups.len() - 1
        });
        let link = format_link(&recipe, &View::default(), None);
        cells.push(Cell { index, at, link, recipe, group });
    }
    Ok(cells)
}

/// A recipe in JSON without what is at its default, so that what depends on an axis's value, as an
/// attack's number of steps on its method, follows it.
fn sparse(recipe: &Recipe) -> Value {
    let mut json = serde_json::to_value(recipe).unwrap_or_default();
    for name in ["network", "attack", "measure", "distortion"] {
        thin_out(name, &mut json[name]);
    }
    for (index, step) in recipe.steps.iter().enumerate() {
        thin_out(kind(step), &mut json["steps"][index]);
    }
    json
}

fn thin_out(name: &str, values: &mut Value) {
    let group = GROUPS.into_iter().find(|group| group.name == name);
    let (Some(group), Value::Object(object)) = (group, values) else { return };
    let all: Map<String, Value> = object.clone();
    for property in group.properties {
        let usual = default_in(&group, property, &all);
        if all.get(property.key).is_some_and(|value| property.check(value) == Ok(usual)) {
            object.remove(property.key);
        }
    }
}
