//! Training: minibatches in shuffled order, attacked if it is to be robust, cross-entropy, an
//! optimiser.

mod adversary;
mod watch;

pub use adversary::BatchAttack;
pub use watch::{Watched, is_overfitting};

use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::SparseRows;
use crate::network::{Learner, Mlp, Optimiser, Rule};
use crate::rng::{Purpose, Stream};
use serde::{Deserialize, Serialize};
use watch::Watching;

/// Where a training starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// At weights drawn from the seed.
    Scratch,
    /// At the network as it is: what is pruned stays so.
    Current,
}

/// The optimisers by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum OptimiserName {
    /// Adam.
    Adam,
    /// Stochastic gradient descent with momentum.
    Sgd,
}

/// What the images of a training are attacked by before every gradient step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Adversary {
    /// Nothing: standard training.
    None,
    /// FGSM from a random start (Wong, Rice & Kolter 2020, “Fast is better than free”,
    /// algorithm 3).
    Fgsm,
    /// PGD (Madry et al. 2018, “Towards deep learning models resistant to adversarial attacks”,
    /// eq. 2.1).
    Pgd,
    /// TRADES: clean images, and attacked ones pulled to the same output (Zhang et al. 2019,
    /// “Theoretically principled trade-off between robustness and accuracy”, algorithm 1).
    Trades,
}

impl Adversary {
    /// How often it looks at each image before it is trained on, where it takes so many steps.
    pub fn looks(self, steps: usize) -> usize {
        match self {
            Adversary::None => 0,
            Adversary::Fgsm => 1,
            Adversary::Pgd | Adversary::Trades => steps,
        }
    }
}

/// A training's parameters. Their ranges stand in the property table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TrainParams {
    /// Where it starts.
    pub from: Origin,
    /// Passes over the images.
    pub epochs: usize,
    /// Training images used, the first in file order.
    pub images: usize,
    /// The optimiser.
    pub optimiser: OptimiserName,
    /// Learning rate.
    pub rate: f64,
    /// Momentum of SGD.
    pub momentum: f64,
    /// L2 penalty on weights.
    pub decay: f64,
    /// Images per gradient step; the last one of an epoch may have fewer.
    pub batch: usize,
    /// What the images are attacked by, …
    pub against: Adversary,
    /// … in an L∞ ball of this size, …
    pub eps: f64,
    /// … with so many steps (FGSM takes one), …
    pub steps: usize,
    /// … reached by growing from 0 over so many epochs.
    pub ramp: usize,
    /// TRADES: weight of the attacked images' part of the loss (1/λ of its paper).
    pub beta: f64,
}

impl Default for TrainParams {
    /// What the property table says where nothing is said.
    fn default() -> Self {
        TrainParams {
            from: Origin::Scratch,
            epochs: 3,
            images: 60_000,
            optimiser: OptimiserName::Adam,
            rate: 1e-3,
            momentum: 0.9,
            decay: 0.0,
            batch: 128,
            against: Adversary::None,
            eps: 0.1,
            steps: 7,
            ramp: 0,
            beta: 6.0,
        }
    }
}

/// The order in which the step of a recipe at `place` goes through its images in an epoch, written
/// over the last one.
pub(crate) fn epoch_order(
    order: &mut Vec<u32>,
    images: usize,
    seed: u32,
    place: usize,
    epoch: usize,
) {
    order.clear();
    order.extend(0..images as u32);
    Stream::new(seed, Purpose::Shuffle, &[place as u64, epoch as u64]).shuffle(order);
}

/// A training under way: a stepper.
#[derive(Debug)]
pub struct Trainer {
    params: TrainParams,
    seed: u32,
    /// The recipe's step this is: trainings of one recipe shuffle differently.
    place: usize,
    /// What pruned weights and units are written back into.
    network: Mlp,
    learner: Learner,
    optimiser: Optimiser,
    epoch: usize,
    /// The epoch's order of images, and how many of it are done.
    order: Vec<u32>,
    done: usize,
    pixels: SparseRows,
    /// The attack on the batch under way, and whether there is one.
    attack: BatchAttack,
    attacking: bool,
    /// What was seen at the ends of epochs, and the measure under way.
    watched: Vec<Watched>,
    watching: Option<Watching>,
}

/// A training at the end of an epoch, enough to go on from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrainerState {
    network: Mlp,
    optimiser: Optimiser,
    epoch: usize,
    watched: Vec<Watched>,
}

impl TrainerState {
    /// The network as it is then.
    pub fn into_network(self) -> Mlp {
        self.network
    }
}

impl Trainer {
    /// Prepares a training of `network` as step `place` of a recipe.
    pub fn new(network: Mlp, params: TrainParams, seed: u32, place: usize) -> Self {
        let rule = match params.optimiser {
            OptimiserName::Adam => Rule::Adam,
            OptimiserName::Sgd => Rule::Sgd { momentum: params.momentum as f32 },
        };
        let optimiser = Optimiser::new(rule, params.rate as f32, params.decay as f32);
        let state = TrainerState { network, optimiser, epoch: 0, watched: Vec::new() };
        Self::resume(state, params, seed, place)
    }

    /// Goes on from the end of an epoch.
    pub fn resume(state: TrainerState, params: TrainParams, seed: u32, place: usize) -> Self {
        let learner = Learner::new(&state.network);
        let mut optimiser = state.optimiser;
        optimiser.fit(learner.tensors());
        let mut trainer = Trainer {
            params,
            seed,
            place,
            network: state.network,
            learner,
            optimiser,
            epoch: state.epoch,
            order: Vec::new(),
            done: 0,
            pixels: SparseRows::default(),
            attack: BatchAttack::default(),
            attacking: false,
            watched: state.watched,
            watching: None,
        };
        trainer.shuffle();
        trainer
    }

    fn shuffle(&mut self) {
        epoch_order(&mut self.order, self.params.images, self.seed, self.place, self.epoch);
        self.done = 0;
    }

    /// Whether all epochs are done, and watched.
    pub fn is_done(&self) -> bool {
        self.epoch >= self.params.epochs && self.watching.is_none()
    }

    /// Whether an epoch has just ended: the moment for a checkpoint.
    pub fn at_epoch_start(&self) -> bool {
        self.done == 0 && !self.attacking && self.watching.is_none()
    }

    /// Epochs finished.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Images seen so far, over all epochs.
    pub fn images_done(&self) -> usize {
        self.epoch * self.params.images + self.done
    }

    /// What was seen at the end of each epoch of a training against an attack; nothing of any
    /// other.
    pub fn watched(&self) -> &[Watched] {
        &self.watched
    }

    /// ε of the attack on the batch under way: it grows linearly with every batch.
    fn eps(&self) -> f32 {
        let TrainParams { eps, ramp, images, .. } = self.params;
        let grown = self.images_done() as f64 / (ramp * images).max(1) as f64;
        (if ramp == 0 { eps } else { eps * grown.min(1.0) }) as f32
    }

    /// A little work: a look of the attack on a batch or of the watch, or a gradient step; returns
    /// the mean loss of its images after the last. The images must be here.
    ///
    /// # Errors
    /// A sentence when the loss is no longer a number; the network before is not touched.
    pub fn step(&mut self, images: &Images) -> Result<Option<f64>, String> {
        if let Some(watching) = &mut self.watching {
            if let Some(watched) = watching.step(images) {
                self.watched.push(watched);
                self.watching = None;
            }
            return Ok(None);
        }
        let eps = self.eps();
        let Trainer { params, order, learner, optimiser, pixels, attack, .. } = self;
        let batch = &order[self.done..order.len().min(self.done + params.batch)];
        let count = batch.len();
        let label = |image: usize| usize::from(images.label(batch[image] as usize));
        let batch_images = batch.iter().map(|index| images.image(*index as usize));
        let (loss, pixels) = if params.against == Adversary::None {
            pixels.clear(PIXELS);
            batch_images.for_each(|image| pixels.push_bytes(image, &PIXEL_VALUE));
            (learner.forward(pixels, &label), &*pixels)
        } else {
            if !self.attacking {
                let place = [self.place, self.epoch, self.done].map(|part| part as u64);
                let random = Stream::new(self.seed, Purpose::TrainingAttack, &place);
                attack.begin(params.against, params.steps, eps, batch_images, random);
                self.attacking = true;
            }
            if !attack.is_done() {
                attack.step(learner, &label);
                return Ok(None);
            }
            self.attacking = false;
            attack.loss(learner, &label, params.beta as f32)
        };
        let loss = loss / count as f64;
        if !loss.is_finite() {
            return Err(format!(
                "Training diverged in epoch {}: the loss is no longer a number. Try a smaller \
                 learning rate; the network before is kept.",
                self.epoch + 1
            ));
        }
        learner.backward(pixels, optimiser);
        self.done += count;
        if self.done >= self.order.len() {
            self.epoch += 1;
            self.shuffle();
            if self.params.against != Adversary::None {
                let TrainParams { images, eps, .. } = self.params;
                let network = self.network();
                let watching = Watching::new(&network, self.epoch, images, eps, self.seed)?;
                self.watching = Some(watching);
            }
        }
        Ok(Some(loss))
    }

    /// The state to go on from; only whole epochs are kept, so call it at an epoch's end.
    pub fn state(&self) -> TrainerState {
        TrainerState {
            network: self.network(),
            optimiser: self.optimiser.clone(),
            epoch: self.epoch,
            watched: self.watched.clone(),
        }
    }

    /// The network as it is now.
    fn network(&self) -> Mlp {
        let mut network = self.network.clone();
        self.learner.write_back(&mut network);
        network
    }

    /// The trained network.
    ///
    /// # Errors
    /// A sentence when a weight is no longer a finite number, or the outputs may be none.
    pub fn finish(self) -> Result<Mlp, String> {
        let network = self.network();
        let finite = |layer: &crate::network::Layer| {
            layer.weights().iter().chain(layer.biases()).all(|value| value.is_finite())
        };
        if !network.layers().iter().all(|layer| finite(layer)) {
            return Err(
                "Training diverged: a weight is no longer a number. Try a smaller learning \
                        rate; the network before is kept."
                    .into(),
            );
        }
        if !network.is_within_reach() {
            return Err("Training diverged: the weights are so large that the network’s outputs \
                        may leave the range of numbers. Try a smaller learning rate; the network \
                        before is kept."
                .into());
        }
        Ok(network)
    }
}

#[cfg(test)]
mod tests;
