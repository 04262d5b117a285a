//! Replaying a recipe, from as far along as it is known already.

use super::{NetworkParams, Recipe, Step};
use crate::attack::AttackParams;
use crate::data::{Dataset, Set};
use crate::distortion::{Distorting, Distortion};
use crate::network::Mlp;
use crate::prune::PruneParams;
use crate::train::{Origin, Trainer, TrainerState};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A network somewhere along a recipe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The network.
    pub network: Mlp,
    /// The network before the first cut since the last training from scratch, if there was a cut.
    before_cut: Option<Mlp>,
    /// Whether it has been trained at all.
    pub trained: bool,
}

impl State {
    /// The network that old adversarial images are crafted against: the one before the first
    /// prune step after the last training from scratch, or the network itself.
    pub fn reference(&self) -> &Mlp {
        self.before_cut.as_ref().unwrap_or(&self.network)
    }

    fn fresh(network: &NetworkParams) -> Self {
        let network = Mlp::he_normal(&network.hidden, network.seed);
        State { network, before_cut: None, trained: false }
    }

    fn cut(&self, network: Mlp) -> Self {
        State { network, before_cut: Some(self.reference().clone()), trained: self.trained }
    }
}

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
    /// Whether a checkpoint is worth taking now.
    pub checkpoint: bool,
}

/// Everything needed to go on with a recipe elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    key: String,
    state: State,
    /// A training under way on top of it.
    training: Option<TrainerState>,
}

#[derive(Debug)]
enum Work {
    Train(Box<Trainer>),
    Score(Box<Distorting>, PruneParams),
}

/// Distortions measured before, by network and attack.
#[derive(Debug, Default)]
struct Distortions(Vec<(String, Rc<Distortion>)>);

impl Distortions {
    const MOST: usize = 32;

    fn get(&self, key: &str) -> Option<Rc<Distortion>> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, distortion)| distortion.clone())
    }

    fn insert(&mut self, key: String, distortion: Rc<Distortion>) {
        if self.0.len() >= Self::MOST {
            self.0.remove(0);
        }
        self.0.push((key, distortion));
    }
}

/// Replays recipes and remembers the networks along the way: undo and redo cost nothing.
#[derive(Debug, Default)]
pub struct Replayer {
    /// Known states, oldest first.
    known: Vec<(String, State)>,
    distortions: Distortions,
    /// Trainings to go on with after a restart, by the key of the state they end in.
    interrupted: Option<(String, TrainerState)>,
    /// The recipe last finished, and its state.
    settled: Option<(Recipe, State)>,
    /// The recipe under way, the steps done, and the state there.
    target: Option<(Recipe, usize, State)>,
    work: Option<Work>,
    losses: Losses,
}

/// Averages of ten batches' losses.
#[derive(Debug, Default)]
struct Losses {
    sum: f64,
    count: usize,
    means: Vec<f64>,
}

impl Losses {
    fn push(&mut self, loss: f64) {
        const BATCHES: usize = 10;
        self.sum += loss;
        self.count += 1;
        if self.count == BATCHES {
            self.means.push(self.sum / BATCHES as f64);
            (self.sum, self.count) = (0.0, 0);
        }
    }
}

/// What names a state: all that its network depends on.
fn key(recipe: &Recipe, steps: usize) -> String {
    serde_json::to_string(&(&recipe.network, &recipe.steps[..steps])).unwrap_or_default()
}

impl Replayer {
    /// Bytes of weights that known states may hold together.
    const MOST_KNOWN_BYTES: usize = 64 << 20;

    /// The network at the end of the recipe last finished.
    pub fn state(&self) -> Option<&State> {
        self.settled.as_ref().map(|(_, state)| state)
    }

    /// The recipe last finished.
    pub fn recipe(&self) -> Option<&Recipe> {
        self.settled.as_ref().map(|(recipe, _)| recipe)
    }

    /// The recipe under way.
    pub fn target(&self) -> Option<&Recipe> {
        self.target.as_ref().map(|(recipe, _, _)| recipe)
    }

    /// The state after the first `steps` steps of the recipe last finished, if it is still known.
    pub fn state_after(&self, steps: usize) -> Option<State> {
        let (recipe, state) = self.settled.as_ref()?;
        if steps >= recipe.steps.len() {
            return Some(state.clone());
        }
        let wanted = key(recipe, steps);
        let known = self.known.iter().find(|(key, _)| *key == wanted);
        known
            .map(|(_, state)| state.clone())
            .or_else(|| (steps == 0).then(|| State::fresh(&recipe.network)))
    }

    /// Begins to replay a recipe; what was under way is dropped.
    pub fn begin(&mut self, recipe: Recipe) {
        self.cancel();
        let found = (1..=recipe.steps.len()).rev().find_map(|steps| {
            let wanted = key(&recipe, steps);
            let place = self.known.iter().position(|(key, _)| *key == wanted)?;
            // Used anew: the last to be forgotten.
            let known = self.known.remove(place);
            let state = known.1.clone();
            self.known.push(known);
            Some((steps, state))
        });
        // Nothing before the last training from scratch matters to what comes after it.
        let scratch = recipe.steps.iter().rposition(
            |step| matches!(step, Step::Train(params) if params.from == Origin::Scratch),
        );
        let from = scratch.unwrap_or(0);
        let (steps, state) = match found {
            Some((steps, state)) if steps >= from => (steps, state),
            _ => (from, State::fresh(&recipe.network)),
        };
        self.target = Some((recipe, steps, state));
    }

    /// Drops the work under way; the network stays what it was before.
    pub fn cancel(&mut self) {
        self.work = None;
        self.target = None;
        self.losses = Losses::default();
    }

    /// Does a little work: a batch, a step of an attack, a pruning.
    ///
    /// # Errors
    /// A sentence when a step cannot be done; the network before is kept.
    pub fn step(&mut self, data: &Dataset) -> Result<Progress, String> {
        let outcome = self.advance(data);
        if outcome.is_err() {
            self.cancel();
        }
        outcome
    }

    fn advance(&mut self, data: &Dataset) -> Result<Progress, String> {
        let Some((recipe, steps_done, state)) = &mut self.target else {
            return Err("There is no recipe under way.".into());
        };
        let mut progress = Progress {
            done: false,
            fraction: 0.0,
            stage: Stage::Training,
            needs: None,
            step_index: *steps_done,
            steps: recipe.steps.len(),
            epoch: 0,
            epochs: 0,
            images_done: 0,
            images_total: 0,
            losses: Vec::new(),
            checkpoint: false,
        };
        let Some(step) = recipe.steps.get(*steps_done) else {
            progress.done = true;
            progress.fraction = 1.0;
            progress.losses = std::mem::take(&mut self.losses.means);
            self.settled = Some((recipe.clone(), state.clone()));
            self.target = None;
            return Ok(progress);
        };
        if let Some(needs) = needed(step).filter(|needs| data.set(needs.set).len() < needs.images) {
            progress.stage = Stage::Waiting;
            progress.needs = Some(needs);
            return Ok(progress);
        }
        let seed = recipe.network.seed;
        let mut within = 0.0;
        let finished: Option<State> = match (&mut self.work, step) {
            (Some(Work::Train(trainer)), Step::Train(params)) => {
                let loss = trainer.step(&data.train)?;
                self.losses.push(loss);
                progress.epoch = trainer.epoch();
                progress.epochs = params.epochs;
                progress.images_done = trainer.images_done();
                progress.images_total = params.epochs * params.images;
                progress.checkpoint = trainer.at_epoch_start();
                within = trainer.images_done() as f64 / progress.images_total.max(1) as f64;
                if trainer.is_done()
                    && let Some(Work::Train(trainer)) = self.work.take()
                {
                    let network = trainer.finish()?;
                    let before_cut = match params.from {
                        Origin::Scratch => None,
                        Origin::Current => state.before_cut.clone(),
                    };
                    Some(State { network, before_cut, trained: true })
                } else {
                    None
                }
            }
            (Some(Work::Score(distorting, params)), Step::Prune(_)) => {
                progress.stage = Stage::Attacking;
                within = distorting.fraction();
                let params = *params;
                if distorting.step(&data.train)
                    && let Some(Work::Score(distorting, _)) = self.work.take()
                {
                    let distortion = Rc::new(distorting.finish());
                    if let Some(attack) = params.scoring_attack() {
                        let key = distortion_key(&state.network, &attack, seed, params.images);
                        self.distortions.insert(key, distortion.clone());
                    }
                    Some(state.cut(params.apply(&state.network, Some(&distortion), seed)?))
                } else {
                    None
                }
            }
            (_, Step::Train(params)) => {
                let wanted = key(recipe, *steps_done + 1);
                let trainer = match self.interrupted.take_if(|(key, _)| *key == wanted) {
                    Some((_, before)) => Trainer::resume(before, *params, seed, *steps_done),
                    None => {
                        let network = match params.from {
                            Origin::Scratch => State::fresh(&recipe.network).network,
                            Origin::Current => state.network.clone(),
                        };
                        Trainer::new(network, *params, seed, *steps_done)
                    }
                };
                progress.epochs = params.epochs;
                progress.epoch = trainer.epoch();
                progress.images_done = trainer.images_done();
                progress.images_total = params.epochs * params.images;
                within = trainer.images_done() as f64 / progress.images_total.max(1) as f64;
                self.work = Some(Work::Train(Box::new(trainer)));
                None
            }
            (_, Step::Prune(params)) => {
                progress.stage = Stage::Scoring;
                let attack = params.scoring_attack();
                let known = attack.and_then(|attack| {
                    let key = distortion_key(&state.network, &attack, seed, params.images);
                    self.distortions.get(&key)
                });
                match (attack, known) {
                    (Some(attack), None) => {
                        let range = 0..params.images;
                        let distorting = Distorting::new(&state.network, attack, seed, range)?;
                        self.work = Some(Work::Score(Box::new(distorting), *params));
                        None
                    }
                    (_, known) => {
                        let distortion = known.as_deref();
                        Some(state.cut(params.apply(&state.network, distortion, seed)?))
                    }
                }
            }
            (_, Step::Cut { units }) => {
                let mut network = state.network.clone();
                network.set_pruned_units(units)?;
                Some(state.cut(network))
            }
        };
        if let Some(finished) = finished {
            *state = finished;
            *steps_done += 1;
            within = 0.0;
            progress.checkpoint = true;
            let entry = (key(recipe, *steps_done), state.clone());
            remember(&mut self.known, entry);
        }
        progress.fraction = (*steps_done as f64 + within) / recipe.steps.len() as f64;
        progress.losses = std::mem::take(&mut self.losses.means);
        Ok(progress)
    }

    /// The distortion of a network, if it was measured so before.
    pub fn known_distortion(
        &self,
        network: &Mlp,
        attack: &AttackParams,
        seed: u32,
        images: usize,
    ) -> Option<Rc<Distortion>> {
        self.distortions.get(&distortion_key(network, attack, seed, images))
    }

    /// Remembers a distortion measured elsewhere.
    pub fn remember_distortion(
        &mut self,
        network: &Mlp,
        attack: &AttackParams,
        seed: u32,
        images: usize,
        distortion: Rc<Distortion>,
    ) {
        self.distortions.insert(distortion_key(network, attack, seed, images), distortion);
    }

    /// What is needed to go on elsewhere: the newest state, and the training under way at its
    /// last epoch's end.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        if let Some((recipe, steps, state)) = &self.target {
            let training = match &self.work {
                Some(Work::Train(trainer)) if trainer.at_epoch_start() => Some(trainer.state()),
                _ => None,
            };
            return Some(Checkpoint { key: key(recipe, *steps), state: state.clone(), training });
        }
        let (recipe, state) = self.settled.as_ref()?;
        let key = key(recipe, recipe.steps.len());
        Some(Checkpoint { key, state: state.clone(), training: None })
    }

    /// Takes a checkpoint in; the next [`Replayer::begin`] goes on from it where it fits.
    ///
    /// `recipe` is the one that was under way.
    pub fn restore(&mut self, checkpoint: Checkpoint, recipe: &Recipe) {
        let place = (0..recipe.steps.len()).find(|steps| key(recipe, *steps) == checkpoint.key);
        if let (Some(training), Some(steps)) = (checkpoint.training, place) {
            self.interrupted = Some((key(recipe, steps + 1), training));
        }
        remember(&mut self.known, (checkpoint.key, checkpoint.state));
    }
}

fn distortion_key(network: &Mlp, attack: &AttackParams, seed: u32, images: usize) -> String {
    format!("{} {attack:?} {seed} {images}", network.digest())
}

/// Remembers a state, and forgets the oldest when they hold too much together.
fn remember(known: &mut Vec<(String, State)>, entry: (String, State)) {
    known.retain(|(key, _)| *key != entry.0);
    known.push(entry);
    let bytes = |known: &[(String, State)]| -> usize {
        known.iter().map(|(_, state)| 4 * state.network.weight_count()).sum()
    };
    while known.len() > 1 && bytes(known) > Replayer::MOST_KNOWN_BYTES {
        known.remove(0);
    }
}

/// The images that a step reads.
fn needed(step: &Step) -> Option<Needs> {
    let images = match step {
        Step::Train(params) => params.images,
        Step::Prune(params) => params.scoring_attack().map(|_| params.images)?,
        Step::Cut { .. } => return None,
    };
    Some(Needs { set: Set::Train, images })
}
