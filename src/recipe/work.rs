//! The work of a recipe's step, piece by piece.

use super::files::Files;
use super::known::Known;
use super::pieces::{Piece, pieces};
use super::progress::{Losses, Needs, Progress, Stage};
use super::{NetworkParams, State, Step};
use crate::data::Dataset;
use crate::learn::{LearnParams, MaskLearning};
use crate::network::Mlp;
use crate::prune::{Measured, Measuring, PruneParams, Rewind};
use crate::train::{Origin, TrainParams, Trainer, TrainerState, Watched};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A piece under way, if it takes long.
#[derive(Debug)]
enum Work {
    Train(Box<Trainer>),
    Measure(Measuring),
    Learn(Box<MaskLearning>),
}

/// A step under way.
#[derive(Debug)]
pub(super) struct Working {
    pieces: Vec<Piece>,
    /// Pieces that are done; `network` is what they led to.
    done: usize,
    network: Mlp,
    /// The network after the first epoch of the last training from scratch.
    early: Option<Mlp>,
    work: Option<Work>,
    /// A training to go on with, from a checkpoint.
    interrupted: Option<TrainerState>,
}

/// A step under way as a checkpoint keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Partial {
    done: usize,
    network: Mlp,
    early: Option<Mlp>,
    /// A training under way, at the end of an epoch.
    training: Option<TrainerState>,
}

/// What a replay keeps from one step to the next.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Networks from files.
    pub files: Files,
    pub known: Known,
    pub losses: Losses,
    /// What was seen of the newest training of the recipe under way.
    pub watched: Vec<Watched>,
}

impl Working {
    /// Begins step `index` of a recipe, or goes on with it from a checkpoint.
    pub fn new(step: &Step, index: usize, state: &State, partial: Option<Partial>) -> Self {
        let pieces = pieces(step, index, &state.network);
        let Partial { done, network, early, training } = partial.unwrap_or_else(|| Partial {
            done: 0,
            network: state.network.clone(),
            early: state.early.clone(),
            training: None,
        });
        Working { pieces, done, network, early, work: None, interrupted: training }
    }

    /// What is needed to go on elsewhere.
    pub fn partial(&self) -> Partial {
        let training = match &self.work {
            Some(Work::Train(trainer)) if trainer.at_epoch_start() => Some(trainer.state()),
            _ => None,
        };
        let (network, early) = (self.network.clone(), self.early.clone());
        Partial { done: self.done, network, early, training }
    }

    /// The images that have to be here for the next piece.
    pub fn needs(&self) -> Option<Needs> {
        self.pieces.get(self.done)?.needs()
    }

    /// The network, and what is to be rewound to as early weights; call it at the end.
    pub fn finish(self) -> (Mlp, Option<Mlp>) {
        (self.network, self.early)
    }

    /// A batch, a step of an attack, a pruning. Returns whether the step of the recipe is done.
    pub fn step(
        &mut self,
        first: &NetworkParams,
        desk: &mut Desk,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<bool, String> {
        let Some(piece) = self.pieces.get(self.done).cloned() else { return Ok(true) };
        let done = match &piece {
            Piece::File(digest) => {
                self.network = desk.files.begin_with(digest, &first.hidden)?;
                true
            }
            Piece::Train(params, place) => {
                self.train(params, *place, first, desk, data, progress)?
            }
            Piece::Prune(params) => self.prune(params, first.seed, desk, data, progress)?,
            Piece::Rewind(to) => {
                self.rewind(*to, first)?;
                true
            }
            Piece::Learn(params, place) => {
                self.learn(*params, *place, first.seed, desk, data, progress)?
            }
            Piece::Cut(units, pixels) => {
                self.network.set_pruned_units(units)?;
                self.network.prune_pixels(pixels);
                true
            }
        };
        let costs = |pieces: &[Piece]| pieces.iter().map(Piece::cost).sum::<f64>();
        let before = costs(&self.pieces[..self.done]) + progress.fraction * piece.cost();
        progress.fraction = before / costs(&self.pieces).max(1.0);
        if done {
            self.done += 1;
            progress.checkpoint = true;
        }
        Ok(self.done >= self.pieces.len())
    }

    #[inline(never)]
    fn rewind(&mut self, to: Rewind, first: &NetworkParams) -> Result<(), String> {
        let initial = first.drawn();
        let weights = if to == Rewind::Early { self.early.as_ref() } else { Some(&initial) };
        let weights = weights.ok_or("There are no early weights to rewind to.")?;
        // Early weights are those of a training that was still going on.
        if !weights.is_within_reach() {
            return Err("The weights to rewind to are so large that the network’s outputs may \
                        leave the range of numbers: train at a smaller learning rate before."
                .into());
        }
        self.network = self.network.with_weights_of(weights);
        Ok(())
    }

    /// One batch of a training; whether it is done.
    fn train(
        &mut self,
        params: &TrainParams,
        place: usize,
        first: &NetworkParams,
        desk: &mut Desk,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<bool, String> {
        let from_scratch = params.from == Origin::Scratch;
        if let Some(Work::Train(trainer)) = &mut self.work {
            if let Some(loss) = trainer.step(&data.train)? {
                desk.losses.push(loss);
            }
            progress.checkpoint = trainer.at_epoch_start();
            if from_scratch && trainer.epoch() == 1 && trainer.at_epoch_start() {
                self.early = Some(trainer.state().into_network());
            }
        } else {
            let trainer = match self.interrupted.take() {
                Some(before) => Trainer::resume(before, *params, first.seed, place),
                None => {
                    let network = if from_scratch { first.drawn() } else { self.network.clone() };
                    Trainer::new(network, *params, first.seed, place)
                }
            };
            self.work = Some(Work::Train(Box::new(trainer)));
        }
        let Some(Work::Train(trainer)) = &self.work else { return Ok(false) };
        desk.watched.clear();
        desk.watched.extend_from_slice(trainer.watched());
        progress.stage = Stage::Training;
        progress.epoch = trainer.epoch();
        progress.epochs = params.epochs;
        progress.images_done = trainer.images_done();
        progress.images_total = params.epochs * params.images;
        progress.fraction = progress.images_done as f64 / progress.images_total as f64;
        if !trainer.is_done() {
            return Ok(false);
        }
        if let Some(Work::Train(trainer)) = self.work.take() {
            self.network = trainer.finish()?;
        }
        Ok(true)
    }

    /// A little work of learning a mask; whether it is done.
    ///
    /// A call of its own, as pruning is: the page loads it later than training.
    #[inline(never)]
    fn learn(
        &mut self,
        params: LearnParams,
        place: usize,
        seed: u32,
        desk: &mut Desk,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<bool, String> {
        let mut learning = match self.work.take() {
            Some(Work::Learn(learning)) => learning,
            _ => Box::new(MaskLearning::new(self.network.clone(), params, seed, place)?),
        };
        if let Some(loss) = learning.step(&data.train)? {
            desk.losses.push(loss);
        }
        progress.stage = Stage::Training;
        progress.epoch = learning.epoch();
        progress.epochs = params.epochs;
        progress.images_done = learning.images_done();
        progress.images_total = params.epochs * params.images;
        progress.fraction = learning.fraction();
        if learning.is_done() {
            self.network = learning.finish()?;
            return Ok(true);
        }
        self.work = Some(Work::Learn(learning));
        Ok(false)
    }

    /// One step of measuring what a pruning is scored by, or the pruning; whether it is done.
    #[inline(never)]
    fn prune(
        &mut self,
        params: &PruneParams,
        seed: u32,
        desk: &mut Desk,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<bool, String> {
        progress.stage = Stage::Scoring;
        let mut measured: Option<Rc<Measured>> = None;
        if let Some(measurement) = params.measurement() {
            let key = Known::key(&self.network, &measurement, seed);
            measured = desk.known.get(&key);
            if measured.is_none() {
                if measurement.attacks() {
                    progress.stage = Stage::Attacking;
                }
                let mut measuring = match self.work.take() {
                    Some(Work::Measure(measuring)) => measuring,
                    _ => measurement.begin(&self.network, seed)?,
                };
                progress.fraction = measuring.fraction();
                if !measurement.step(&mut measuring, data) {
                    self.work = Some(Work::Measure(measuring));
                    return Ok(false);
                }
                let finished = Rc::new(measuring.finish());
                desk.known.insert(key, finished.clone());
                measured = Some(finished);
            }
        }
        self.network = params.apply(&self.network, measured.as_deref(), seed)?;
        progress.fraction = 1.0;
        Ok(true)
    }
}
