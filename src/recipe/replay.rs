//! Replaying a recipe, from as far along as it is known already.

use super::known::Known;
use super::progress::{Losses, Progress, Stage};
use super::table::json_text;
use super::work::{Desk, Partial, Working};
use super::{NetworkParams, Recipe, Step};
use crate::data::Dataset;
use crate::network::Mlp;
use crate::prune::{Measured, Measurement};
use crate::train::{Origin, is_overfitting};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A network somewhere along a recipe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The network.
    pub network: Mlp,
    /// The network before the first cut since the last training from scratch, if there was a cut.
    before_cut: Option<Mlp>,
    /// The network after the first epoch of the last training from scratch, if there was one.
    pub(super) early: Option<Mlp>,
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
        State { network: network.drawn(), before_cut: None, early: None, trained: false }
    }

    /// The state after a step that led to this network and these early weights.
    fn after(&self, step: &Step, (network, early): (Mlp, Option<Mlp>)) -> Self {
        let (before_cut, trains) = match step {
            Step::File { .. } => (None, true),
            Step::Train(params) if params.from == Origin::Scratch => (None, true),
            Step::Train(_) => (self.before_cut.clone(), true),
            Step::Prune(params) => (Some(self.reference().clone()), params.tune > 0),
            Step::Learn(_) | Step::Cut { .. } => (Some(self.reference().clone()), false),
        };
        State { network, before_cut, early, trained: self.trained || trains }
    }
}

/// Everything needed to go on with a recipe elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    key: String,
    state: State,
    /// A step under way on top of it.
    partial: Option<Partial>,
}

/// A recipe under way.
#[derive(Debug)]
struct Target {
    recipe: Recipe,
    /// Steps that are done; `state` is what they led to.
    steps_done: usize,
    state: State,
    /// The next step, once it has begun.
    working: Option<Working>,
}

/// Replays recipes and remembers the networks along the way: undo and redo cost nothing.
#[derive(Debug, Default)]
pub struct Replayer {
    /// Known states, oldest first.
    known: Vec<(String, State)>,
    /// A step to go on with after a restart, by the key of the state it ends in.
    interrupted: Option<(String, Partial)>,
    /// The recipe last finished, and its state.
    settled: Option<(Recipe, State)>,
    target: Option<Target>,
    desk: Desk,
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

    /// Takes a network from a file, with which recipes may then begin; returns its digest.
    pub fn bring(&mut self, network: Mlp) -> String {
        self.desk.files.insert(network)
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
        self.target = Some(Target { recipe, steps_done, state, working: None });
    }

    /// Drops the work under way; the network stays what it was before.
    pub fn cancel(&mut self) {
        self.target = None;
        self.desk.losses = Losses::default();
        self.desk.watched.clear();
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
        let watched = self.desk.watched.clone();
        let overfitting = is_overfitting(&watched);
        outcome.map(|progress| Progress { watched, overfitting, ..progress })
    }

    fn advance(&mut self, data: &Dataset) -> Result<Progress, String> {
        let target = self.target.as_mut().ok_or("There is no recipe under way.")?;
        of_images(&target.recipe, data)?;
        let (index, steps) = (target.steps_done, target.recipe.steps.len());
        let Target { recipe, state, working, .. } = target;
        let Some(step) = recipe.steps.get(index) else { return Ok(self.settle()) };
        let working = match working {
            Some(working) => working,
            None => {
                let wanted = key(recipe, index + 1);
                let partial = self.interrupted.take_if(|(key, _)| *key == wanted);
                let partial = partial.map(|(_, partial)| partial);
                working.insert(Working::new(step, index, state, partial))
            }
        };
        if let Some(needs) = working.needs()
            && data.lacks(needs.set, needs.images)?
        {
            return Ok(Progress { step_index: index, steps, ..Progress::waiting(needs) });
        }
        let mut progress = Progress::at(Stage::Training, 0.0);
        let arrived = working.step(&recipe.network, &mut self.desk, data, &mut progress)?;
        // Until here a fraction is of the step; for whoever waits it is of the recipe.
        let mut done = index as f64 + progress.fraction;
        if arrived && let Some(working) = target.working.take() {
            *state = state.after(step, working.finish());
            target.steps_done += 1;
            done = target.steps_done as f64;
            remember(&mut self.known, (key(recipe, target.steps_done), state.clone()));
        }
        let (fraction, losses) = (done / steps as f64, self.desk.losses.take());
        Ok(Progress { fraction, losses, step_index: index, steps, ..progress })
    }

    /// The last step is done.
    fn settle(&mut self) -> Progress {
        let mut progress = Progress { losses: self.desk.losses.take(), ..Progress::done() };
        if let Some(Target { recipe, steps_done, state, .. }) = self.target.take() {
            progress.steps = steps_done;
            self.settled = Some((recipe, state));
        }
        progress
    }

    /// What was measured of a network, if it was measured before.
    pub fn measured(
        &self,
        network: &Mlp,
        measurement: &Measurement,
        seed: u32,
    ) -> Option<Rc<Measured>> {
        self.desk.known.get(&Known::key(network, measurement, seed))
    }

    /// Remembers what was measured elsewhere.
    pub fn remember_measured(
        &mut self,
        network: &Mlp,
        measurement: &Measurement,
        seed: u32,
        measured: Measured,
    ) {
        self.desk.known.insert(Known::key(network, measurement, seed), Rc::new(measured));
    }

    /// What is needed to go on elsewhere: the newest state, and the step under way as far as it
    /// can be gone on with.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        if let Some(Target { recipe, steps_done, state, working }) = &self.target {
            return Some(Checkpoint {
                key: key(recipe, *steps_done),
                state: state.clone(),
                partial: working.as_ref().map(Working::partial),
            });
        }
        let (recipe, state) = self.settled.as_ref()?;
        let key = key(recipe, recipe.steps.len());
        Some(Checkpoint { key, state: state.clone(), partial: None })
    }

    /// Takes a checkpoint in; the next [`Replayer::begin`] goes on from it where it fits.
    ///
    /// `recipe` is the one that was under way.
    pub fn restore(&mut self, checkpoint: Checkpoint, recipe: &Recipe) {
        let place = (0..recipe.steps.len()).find(|steps| key(recipe, *steps) == checkpoint.key);
        if let (Some(partial), Some(steps)) = (checkpoint.partial, place) {
            self.interrupted = Some((key(recipe, steps + 1), partial));
        }
        remember(&mut self.known, (checkpoint.key, checkpoint.state));
    }
}

/// Checks that a recipe is of the images that are here.
fn of_images(recipe: &Recipe, data: &Dataset) -> Result<(), String> {
    match (&recipe.data, &data.digest) {
        (wanted, here) if wanted == here => Ok(()),
        (Some(wanted), _) => Err(format!(
            "This recipe is of images from files, digest {wanted}, which a link cannot carry: \
             bring in the files, then it replays."
        )),
        (None, _) => Err("This recipe is of MNIST’s images, but other images are in use: go back \
                          to MNIST, then it replays."
            .into()),
    }
}

/// Remembers a state, and forgets the oldest when they hold too much together.
fn remember(known: &mut Vec<(String, State)>, entry: (String, State)) {
    known.retain(|(key, _)| *key != entry.0);
    known.push(entry);
    let bytes = |known: &[(String, State)]| -> usize {
        let networks = |state: &State| 1 + usize::from(state.early.is_some());
        known.iter().map(|(_, state)| 4 * networks(state) * state.network.weight_count()).sum()
    };
    while known.len() > 1 && bytes(known) > Replayer::MOST_KNOWN_BYTES {
        known.remove(0);
    }
}
