//! The pieces that a recipe's steps are made of, and the work of each.
//!
//! A training is one piece. A pruning is as many as its schedule says: in every round a pruning to
//! some amount, then perhaps a rewinding and a fine-tuning.

use super::known::Known;
use super::progress::{Losses, Needs, Progress, Stage};
use super::{NetworkParams, State, Step};
use crate::data::{Dataset, Set};
use crate::learn::LearnParams;
use crate::network::Mlp;
use crate::prune::{Measured, Measuring, PruneParams, Rewind, Tuning, When};
use crate::train::{Adversary, Origin, TrainParams, Trainer, TrainerState, Watched};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A piece of a step.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// A training, with the place that its shuffles have among the recipe's.
    Train(TrainParams, usize),
    /// A pruning, all at once.
    Prune(PruneParams),
    /// Sets what is left back to earlier weights.
    Rewind(Rewind),
    /// A learned mask.
    Learn(LearnParams),
    /// Units pruned by hand.
    Cut(Vec<Vec<usize>>),
}

/// A piece under way, if it takes long.
#[derive(Debug)]
enum Work {
    Train(Box<Trainer>),
    Measure(Measuring),
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
    pub known: Known,
    pub losses: Losses,
    /// What was seen of the newest training of the recipe under way.
    pub watched: Vec<Watched>,
}

/// The pieces of step `index`, which begins with this network.
fn pieces(step: &Step, index: usize, network: &Mlp) -> Vec<Piece> {
    match step {
        Step::Train(params) => vec![Piece::Train(*params, index)],
        Step::Prune(params) => pruning(params, index, network),
        Step::Learn(params) => vec![Piece::Learn(*params)],
        Step::Cut { units } => vec![Piece::Cut(units.clone())],
    }
}

fn pruning(params: &PruneParams, index: usize, network: &Mlp) -> Vec<Piece> {
    /// No recipe has more steps, and no pruning more rounds: every fine-tuning has a place of its
    /// own behind those of the trainings that are steps themselves.
    const PLACES: usize = 64;
    let mut pieces = Vec::new();
    let amounts = params.amounts(network);
    let last = amounts.len() - 1;
    for (round, amount) in amounts.into_iter().enumerate() {
        pieces.push(Piece::Prune(PruneParams { amount, ..params.clone() }));
        let tuned_each = params.when == When::Each && params.tune > 0;
        if !tuned_each && round != last {
            continue;
        }
        if params.rewind != Rewind::No {
            pieces.push(Piece::Rewind(params.rewind));
        }
        if params.tune > 0 {
            pieces.push(Piece::Train(tuning(params), (index + 1) * PLACES + round));
        }
    }
    pieces
}

/// The training that a fine-tuning is: the usual one, from the network as it is.
fn tuning(params: &PruneParams) -> TrainParams {
    TrainParams {
        from: Origin::Current,
        epochs: params.tune,
        against: match params.tuning {
            Tuning::Clean => Adversary::None,
            Tuning::Fgsm => Adversary::Fgsm,
            Tuning::Pgd => Adversary::Pgd,
        },
        eps: params.eps,
        ..TrainParams::default()
    }
}

impl Piece {
    /// The images it reads.
    fn needs(&self) -> Option<Needs> {
        let (set, images) = match self {
            Piece::Train(params, _) => (Set::Train, params.images),
            Piece::Prune(params) => params.measurement()?.needs(),
            Piece::Learn(params) => (Set::Train, params.images),
            Piece::Rewind(_) | Piece::Cut(_) => return None,
        };
        Some(Needs { set, images })
    }

    /// About how many images it runs forward or back: its share of a step's fraction.
    fn cost(&self) -> f64 {
        let attacked = |images: usize, steps: usize| (2 * images * steps) as f64;
        match self {
            Piece::Train(params, _) => {
                let images = params.epochs * params.images;
                let steps = match params.against {
                    Adversary::None => 0,
                    Adversary::Fgsm => 1,
                    Adversary::Pgd | Adversary::Trades => params.steps,
                };
                3.0 * images as f64 + attacked(images, steps)
            }
            Piece::Prune(params) => match params.measurement() {
                Some(measurement) if measurement.attacks() => attacked(params.images, params.steps),
                Some(_) => params.images as f64,
                None => 0.0,
            },
            Piece::Learn(params) => 3.0 * (params.epochs * params.images) as f64,
            Piece::Rewind(_) | Piece::Cut(_) => 0.0,
        }
    }
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
            Piece::Train(params, place) => {
                self.train(params, *place, first, desk, data, progress)?
            }
            Piece::Prune(params) => self.prune(params, first.seed, desk, data, progress)?,
            Piece::Rewind(to) => {
                let initial = first.drawn();
                let weights =
                    if *to == Rewind::Early { self.early.as_ref() } else { Some(&initial) };
                let weights = weights.ok_or("There are no early weights to rewind to.")?;
                self.network = self.network.with_weights_of(weights);
                true
            }
            Piece::Learn(_) => return Err("Learned masks are not built yet.".into()),
            Piece::Cut(units) => {
                self.network.set_pruned_units(units)?;
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

    /// One step of measuring what a pruning is scored by, or the pruning; whether it is done.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prune::{Criterion, Schedule};

    fn pieces_of(params: PruneParams) -> Vec<Piece> {
        pieces(&Step::Prune(params), 2, &Mlp::he_normal(&[20, 10], 0))
    }

    fn in_rounds() -> PruneParams {
        let (schedule, by) = (Schedule::Iterative, Criterion::Magnitude);
        PruneParams { schedule, by, amount: 60.0, rounds: 3, eps: 0.2, ..PruneParams::default() }
    }

    fn letters(pieces: &[Piece]) -> String {
        let letter = |piece: &Piece| match piece {
            Piece::Train(..) => 't',
            Piece::Prune(_) => 'p',
            Piece::Rewind(_) => 'r',
            Piece::Learn(_) => 'l',
            Piece::Cut(_) => 'c',
        };
        pieces.iter().map(letter).collect()
    }

    #[test]
    fn a_pruning_is_as_many_pieces_as_its_schedule_says() {
        let letters = |params| letters(&pieces_of(params));
        let (rounds, tune) = (in_rounds(), 2);
        assert_eq!(letters(PruneParams::default()), "p");
        assert_eq!(letters(rounds.clone()), "ppp");
        assert_eq!(letters(PruneParams { tune, ..rounds.clone() }), "ptptpt");
        let end = PruneParams { tune, when: When::End, ..rounds.clone() };
        assert_eq!(letters(end.clone()), "pppt");
        let rewind = Rewind::Initial;
        assert_eq!(letters(PruneParams { rewind, ..end }), "ppprt");
        assert_eq!(letters(PruneParams { rewind, tune, ..rounds.clone() }), "prtprtprt");
        // Without a fine-tuning it is left to the recipe's next step.
        assert_eq!(letters(PruneParams { rewind, ..rounds }), "pppr");
    }

    #[test]
    fn every_round_goes_all_at_once_to_its_amount() {
        let amounts = pieces_of(in_rounds()).into_iter().map(|piece| match piece {
            Piece::Prune(params) => params.amount,
            _ => unreachable!(),
        });
        let amounts: Vec<f64> = amounts.collect();
        assert!(amounts.iter().zip([20.0, 40.0, 60.0]).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn fine_tunings_are_shuffled_apart_and_attacked_at_the_size_of_the_scoring() {
        let mut places = std::collections::BTreeSet::from_iter(0..64);
        for index in [0, 1, 63] {
            let params = PruneParams { rounds: 50, tune: 1, tuning: Tuning::Fgsm, ..in_rounds() };
            let pieces = pruning(&params, index, &Mlp::he_normal(&[20, 10], 0));
            for piece in pieces {
                let Piece::Train(params, place) = piece else { continue };
                assert!(places.insert(place), "{place}");
                assert_eq!((params.from, params.epochs), (Origin::Current, 1));
                assert_eq!((params.against, params.eps), (Adversary::Fgsm, 0.2));
            }
        }
        assert_eq!(places.len(), 64 + 3 * 50);
    }
}
