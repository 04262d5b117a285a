//! How far work has come.

use crate::data::Set;
use crate::train::Watched;
use serde::{Deserialize, Serialize};

/// What a replay is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Waits for images that are not here yet.
    Waiting,
    /// Trains.
    Training,
    /// Attacks images to score by, or to measure.
    Attacking,
    /// Scores a network on images.
    Scoring,
}

/// Images that work waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Needs {
    /// Of which set.
    pub set: Set,
    /// How many, from the first on.
    pub images: usize,
}

/// How far work has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Whether all is done.
    pub done: bool,
    /// Share of the whole work, from 0 to 1.
    pub fraction: f64,
    /// What it is busy with.
    pub stage: Stage,
    /// The images waited for, if it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub needs: Option<Needs>,
    /// The recipe's step under way, from 0.
    pub step_index: usize,
    /// Steps of the recipe.
    pub steps: usize,
    /// Epochs of the training under way that are finished.
    pub epoch: usize,
    /// Its epochs in all.
    pub epochs: usize,
    /// Training images it has seen so far.
    pub images_done: usize,
    /// Training images it will have seen at its end.
    pub images_total: usize,
    /// Mean training losses since they were last taken, each over ten batches.
    pub losses: Vec<f64>,
    /// What was seen at the ends of epochs of the newest training, if it is against an attack.
    pub watched: Vec<Watched>,
    /// Whether that training is overfitting catastrophically (see [`crate::train::is_overfitting`]).
    pub overfitting: bool,
    /// Whether a checkpoint is worth taking now.
    pub checkpoint: bool,
}

impl Progress {
    /// Work under way.
    pub fn at(stage: Stage, fraction: f64) -> Self {
        Progress {
            done: false,
            fraction,
            stage,
            needs: None,
            step_index: 0,
            steps: 0,
            epoch: 0,
            epochs: 0,
            images_done: 0,
            images_total: 0,
            losses: Vec::new(),
            watched: Vec::new(),
            overfitting: false,
            checkpoint: false,
        }
    }

    /// Work that cannot go on before these images are here.
    pub fn waiting(needs: Needs) -> Self {
        Progress { needs: Some(needs), ..Self::at(Stage::Waiting, 0.0) }
    }

    /// All done.
    pub fn done() -> Self {
        Progress { done: true, ..Self::at(Stage::Scoring, 1.0) }
    }
}

/// Averages of ten batches' losses.
#[derive(Debug, Default)]
pub(super) struct Losses {
    sum: f64,
    count: usize,
    means: Vec<f64>,
}

impl Losses {
    pub fn push(&mut self, loss: f64) {
        const BATCHES: usize = 10;
        self.sum += loss;
        self.count += 1;
        if self.count == BATCHES {
            self.means.push(self.sum / BATCHES as f64);
            (self.sum, self.count) = (0.0, 0);
        }
    }

    /// The averages since they were last taken.
    pub fn take(&mut self) -> Vec<f64> {
        std::mem::take(&mut self.means)
    }
}
