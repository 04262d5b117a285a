//! A sweep: a grid over recipes. Every cell is a recipe of its own, so cells can be tried anywhere
//! and in any order; what came of them is summed up over seeds.

mod area;
mod axis;
mod cells;
mod summary;

pub use area::{Area, areas};
pub use axis::{names, settings, varying};
pub use cells::{Cell, cells, cells_with};
pub use summary::{Figure, Measure, Row, Summed, summary};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a cell sets one axis to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Setting {
    /// The axis: `seed`, `prune.amount`, or `prune2.amount` of the second of several prune steps.
    pub name: String,
    /// Its value.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string | number | boolean | number[]"))]
    pub value: Value,
}

#[cfg(test)]
mod tests;
