//! Replaying a recipe, from as far along as it is known already.

use super::progress::{Losses, Needs, Progress, Stage};
use super::table::json_text;
use super::{NetworkParams, Recipe, Step};
use crate::attack::AttackParams;
use crate::data::{Dataset, Set};
use crate::distortion::{Distorting, Distortion};
use crate::learn::{LearnParams, MaskLearning};
use crate::network::Mlp;
use crate::prune::PruneParams;
use crate::train::{Origin, TrainParams, Trainer, TrainerState, Watched, is_overfitting};
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
        let network = Mlp::drawn(&network.hidden, network.seed, network.init);
        State { network, before_cut: None, trained: false }
    }

    fn cut(&self, network: Mlp) -> Self {
        State { network, before_cut: Some(self.reference().clone()), trained: self.trained }
    }
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
    Score(Box<Distorting>),
    Learn(Box<MaskLearning>),
}

/// A recipe under way.
#[derive(Debug)]
struct Target {
    recipe: Recipe,
    /// Steps that are done; `state` is what they led to.
    steps_done: usize,
    state: State,
    /// The next step, if it takes long.
    work: Option<Work>,
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
    target: Option<Target>,
    losses: Losses,
    /// What was seen of the newest training of the recipe under way.
    watched: Vec<Watched>,
}

/// What names a state: all that its network depends on.
fn key(recipe: &Recipe, steps: usize) -> String {
    json_text(&(&recipe.network, &recipe.steps[..steps]))
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
        self.target.as_ref().map(|target| &target.recipe)
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
        let (steps_done, state) = match found {
            Some((steps, state)) if steps >= from => (steps, state),
            _ => (from, State::fresh(&recipe.network)),
        };
        self.target = Some(Target { recipe, steps_done, state, work: None });
    }

    /// Drops the work under way; the network stays what it was before.
    pub fn cancel(&mut self) {
        self.target = None;
        self.losses = Losses::default();
        self.watched.clear();
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
        let (watched, overfitting) = (self.watched.clone(), is_overfitting(&self.watched));
        outcome.map(|progress| Progress { watched, overfitting, ..progress })
    }

    fn advance(&mut self, data: &Dataset) -> Result<Progress, String> {
        let target = self.target.as_ref().ok_or("There is no recipe under way.")?;
        let (index, steps) = (target.steps_done, target.recipe.steps.len());
        let Some(step) = target.recipe.steps.get(index).cloned() else {
            return Ok(self.settle());
        };
        if let Some(needs) = needed(&step)
            && data.lacks(needs.set, needs.images)?
        {
            return Ok(Progress { step_index: index, steps, ..Progress::waiting(needs) });
        }
        let mut progress = Progress::at(Stage::Training, 0.0);
        let arrived = match step {
            Step::Train(params) => self.train(params, data, &mut progress)?,
            Step::Prune(params) => self.prune(params, data, &mut progress)?,
            Step::Learn(params) => self.learn(params, data, &mut progress)?,
            Step::Cut { units } => Some(self.cut(&units)?),
        };
        // Until here a fraction is of the step; for whoever waits it is of the recipe.
        let mut done = index as f64 + progress.fraction;
        if let (Some(state), Some(target)) = (arrived, &mut self.target) {
            target.state = state;
            target.steps_done += 1;
            done = target.steps_done as f64;
            progress.checkpoint = true;
            let entry = (key(&target.recipe, target.steps_done), target.state.clone());
            remember(&mut self.known, entry);
        }
        let (fraction, losses) = (done / steps as f64, self.losses.take());
        Ok(Progress { fraction, losses, step_index: index, steps, ..progress })
    }

    /// The last step is done.
    fn settle(&mut self) -> Progress {
        let mut progress = Progress { losses: self.losses.take(), ..Progress::done() };
        if let Some(Target { recipe, steps_done, state, .. }) = self.target.take() {
            progress.steps = steps_done;
            self.settled = Some((recipe, state));
        }
        progress
    }

    /// One batch of a training; the state at its end.
    fn train(
        &mut self,
        params: TrainParams,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<Option<State>, String> {
        let Some(Target { recipe, steps_done, state, work }) = &mut self.target else {
            return Ok(None);
        };
        let seed = recipe.network.seed;
        if let Some(Work::Train(trainer)) = work {
            if let Some(loss) = trainer.step(&data.train)? {
                self.losses.push(loss);
            }
            progress.checkpoint = trainer.at_epoch_start();
        } else {
            let wanted = key(recipe, *steps_done + 1);
            let trainer = match self.interrupted.take_if(|(key, _)| *key == wanted) {
                Some((_, before)) => Trainer::resume(before, params, seed, *steps_done),
                None => {
                    let network = match params.from {
                        Origin::Scratch => State::fresh(&recipe.network).network,
                        Origin::Current => state.network.clone(),
                    };
                    Trainer::new(network, params, seed, *steps_done)
                }
            };
            *work = Some(Work::Train(Box::new(trainer)));
        }
        let Some(Work::Train(trainer)) = work else { return Ok(None) };
        self.watched.clear();
        self.watched.extend_from_slice(trainer.watched());
        progress.epoch = trainer.epoch();
        progress.epochs = params.epochs;
        progress.images_done = trainer.images_done();
        progress.images_total = params.epochs * params.images;
        progress.fraction = progress.images_done as f64 / progress.images_total as f64;
        if !trainer.is_done() {
            return Ok(None);
        }
        let Some(Work::Train(trainer)) = work.take() else { return Ok(None) };
        let before_cut = match params.from {
            Origin::Scratch => None,
            Origin::Current => state.before_cut.clone(),
        };
        Ok(Some(State { network: trainer.finish()?, before_cut, trained: true }))
    }

    /// One step of the attack that a pruning is scored by; the state after the pruning.
    fn prune(
        &mut self,
        params: PruneParams,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<Option<State>, String> {
        let Some(Target { recipe, state, work, .. }) = &mut self.target else { return Ok(None) };
        let seed = recipe.network.seed;
        progress.stage = Stage::Scoring;
        let mut distortion = None;
        if let Some(attack) = params.scoring_attack() {
            let measured = distortion_key(&state.network, &attack, seed, params.images);
            distortion = self.distortions.get(&measured);
            if distortion.is_none() {
                progress.stage = Stage::Attacking;
                let network = &state.network;
                let begin = || Distorting::new(network, attack, seed, 0..params.images);
                let mut distorting = match work.take() {
                    Some(Work::Score(distorting)) => distorting,
                    _ => Box::new(begin()?),
                };
                progress.fraction = distorting.fraction();
                if !distorting.step(&data.train) {
                    *work = Some(Work::Score(distorting));
                    return Ok(None);
                }
                let finished = Rc::new(distorting.finish());
                self.distortions.insert(measured, finished.clone());
                distortion = Some(finished);
            }
        }
        let pruned = params.apply(&state.network, distortion.as_deref(), seed)?;
        Ok(Some(state.cut(pruned)))
    }

    /// A little of a mask's learning; the state at its end.
    fn learn(
        &mut self,
        params: LearnParams,
        data: &Dataset,
        progress: &mut Progress,
    ) -> Result<Option<State>, String> {
        let Some(Target { recipe, steps_done, state, work }) = &mut self.target else {
            return Ok(None);
        };
        let mut learning = match work.take() {
            Some(Work::Learn(learning)) => learning,
            _ => {
                let (network, seed) = (state.network.clone(), recipe.network.seed);
                Box::new(MaskLearning::new(network, params, seed, *steps_done)?)
            }
        };
        if let Some(loss) = learning.step(&data.train)? {
            self.losses.push(loss);
        }
        progress.epoch = learning.epoch();
        progress.epochs = params.epochs;
        progress.images_done = learning.images_done();
        progress.images_total = params.epochs * params.images;
        progress.fraction = learning.fraction();
        if learning.is_done() {
            let masked = learning.finish()?;
            return Ok(Some(state.cut(masked)));
        }
        *work = Some(Work::Learn(learning));
        Ok(None)
    }

    /// The state after a cut by hand.
    fn cut(&self, units: &[Vec<usize>]) -> Result<State, String> {
        let target = self.target.as_ref().ok_or("There is no recipe under way.")?;
        let mut network = target.state.network.clone();
        network.set_pruned_units(units)?;
        Ok(target.state.cut(network))
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
        if let Some(Target { recipe, steps_done, state, work }) = &self.target {
            let training = match work {
                Some(Work::Train(trainer)) if trainer.at_epoch_start() => Some(trainer.state()),
                _ => None,
            };
            return Some(Checkpoint {
                key: key(recipe, *steps_done),
                state: state.clone(),
                training,
            });
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
    format!("{} {} {seed} {images}", network.digest(), json_text(attack))
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
        Step::Learn(params) => params.images,
        Step::Cut { .. } => return None,
    };
    Some(Needs { set: Set::Train, images })
}
