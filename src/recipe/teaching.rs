//! A task for a class, as a link says it.

use super::check::{fill, typed};
use super::properties::TASK;
use crate::attack::{AttackParams, Method, Norm};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The accuracy that is a task's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Score {
    /// Re-attacked.
    Adaptive,
    /// Certified.
    Certified,
    /// Clean.
    Clean,
}

/// A task: what is to be as large as possible, under which conditions, measured how.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TaskParams {
    /// What is the score.
    pub maximise: Score,
    /// Least clean accuracy, in per cent.
    pub clean: f64,
    /// Least re-attacked accuracy, in per cent.
    pub adaptive: f64,
    /// Least certified accuracy, in per cent.
    pub certified: f64,
    /// Most weights left, in per cent.
    pub weights: f64,
    /// Most hidden units left, in per cent.
    pub units: f64,
    /// Most input pixels left, in per cent.
    pub pixels: f64,
    /// The attack.
    pub method: Method,
    /// Its norm.
    pub norm: Norm,
    /// Its size.
    pub eps: f64,
    /// Its steps; all else is as usual for the method.
    pub steps: usize,
    /// Test images, the first in file order.
    pub images: usize,
}

impl TaskParams {
    /// The attack that the score is measured with.
    pub fn attack(&self) -> AttackParams {
        let usual = AttackParams::usual(self.method, self.eps, self.steps);
        AttackParams { norm: self.norm, ..usual }
    }
}

/// Checks a task's settings; what is missing takes its default.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub(super) fn check_task(settings: Map<String, Value>) -> Result<TaskParams, String> {
    let task: TaskParams = typed(fill(&TASK, &Value::Object(settings))?)?;
    task.attack().check()?;
    Ok(task)
}
