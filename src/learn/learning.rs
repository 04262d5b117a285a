//! A mask that is being learned: a stepper.

use super::units::UnitMask;
use super::weights::WeightMask;
use super::{LearnParams, Masked, diverged};
use crate::data::Images;
use crate::kernel::{LANES, Right};
use crate::network::{Layer, Learner, Mlp, Optimiser, Rule, distortion_loss};
use crate::rng::{Purpose, Stream};
use crate::train::{BatchAttack, epoch_order};

/// Learning rate of Adam for the weights, where they are trained as well: the usual.
const JOINT_RATE: f32 = 1e-3;

#[derive(Debug)]
enum Mask {
    Weights(WeightMask),
    Units(UnitMask),
}

/// A mask that is being learned: a stepper.
#[derive(Debug)]
pub struct MaskLearning {
    params: LearnParams,
    seed: u32,
    /// The recipe's step this is: learnings of one recipe shuffle differently.
    place: usize,
    network: Mlp,
    /// Holds the masked weights.
    learner: Learner,
    mask: Mask,
    /// The weights of each layer without the mask, as they lie in the learner.
    weights: Vec<Vec<[f32; LANES]>>,
    /// The gradients of a batch.
    sums: Optimiser,
    /// What trains the weights, if they are.
    joint: Option<Optimiser>,
    attack: BatchAttack,
    /// Whether the attack on the batch under way has begun.
    begun: bool,
    epoch: usize,
    /// The epoch's order of images, and how many of it are done.
    order: Vec<u32>,
    done: usize,
    /// Gradients of the suppressed distortion by the outputs of every hidden layer.
    by_outputs: Vec<Right>,
    /// Room for its gradients by masks, where only weights have any.
    by_factors: Vec<Vec<f32>>,
}

impl MaskLearning {
    /// Prepares to learn a mask for `network` as step `place` of a recipe.
    ///
    /// # Errors
    /// A sentence when the parameters do not go together.
    pub fn new(network: Mlp, params: LearnParams, seed: u32, place: usize) -> Result<Self, String> {
        params.check()?;
        let learner = Learner::new(&network);
        let layers = 0..network.layers().len();
        let weights: Vec<_> = layers.map(|layer| learner.tensor(2 * layer).to_vec()).collect();
        let mask = match params.what {
            Masked::Weights => Mask::Weights(WeightMask::new(&network, &learner, &params)),
            Masked::Units => Mask::Units(UnitMask::new(&network, &weights, &params)),
        };
        let fitted = |rule, rate| {
            let mut optimiser = Optimiser::new(rule, rate, 0.0);
            optimiser.fit(learner.tensors());
            optimiser
        };
        let left = |kept: &Vec<bool>| vec![0.0; kept.iter().filter(|kept| **kept).count()];
        let mut learning = MaskLearning {
            params,
            seed,
            place,
            mask,
            weights,
            sums: fitted(Rule::Sum, 0.0),
            joint: params.joint.then(|| fitted(Rule::Adam, JOINT_RATE)),
            attack: BatchAttack::default(),
            begun: false,
            epoch: 0,
            order: Vec::new(),
            done: 0,
            by_outputs: vec![Right::default(); network.kept_units().len()],
            by_factors: network.kept_units().iter().map(left).collect(),
            network,
            learner,
        };
        learning.shuffle();
        Ok(learning)
    }

    fn shuffle(&mut self) {
        epoch_order(&mut self.order, self.params.images, self.seed, self.place, self.epoch);
        self.done = 0;
    }

    /// Whether all epochs are done.
    pub fn is_done(&self) -> bool {
        self.epoch >= self.params.epochs
    }

    /// Whether an epoch has just ended.
    pub fn at_epoch_start(&self) -> bool {
        self.done == 0 && !self.begun
    }

    /// Epochs finished.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Images seen so far, over all epochs.
    pub fn images_done(&self) -> usize {
        self.epoch * self.params.images + self.done
    }

    /// The share that is done.
    pub fn fraction(&self) -> f64 {
        self.images_done() as f64 / (self.params.epochs * self.params.images) as f64
    }

    /// One step of the attack on a batch, or the gradient step at its end, which returns the mean
    /// loss of its images, suppression included. The images must be here.
    ///
    /// # Errors
    /// A sentence when the loss is no longer a number; the network before is not touched.
    pub fn step(&mut self, images: &Images) -> Result<Option<f64>, String> {
        if self.is_done() {
            return Ok(None);
        }
        if !self.begun {
            self.begin_batch(images);
        }
        let batch = self.batch();
        let count = batch.len();
        if !self.attack.is_done() {
            self.attack.step(&mut self.learner, &labels(images, &self.order[batch]));
            return Ok(None);
        }
        let loss = self.descend(images);
        if !loss.is_finite() {
            return Err(diverged());
        }
        self.begun = false;
        self.done += count;
        if self.done >= self.order.len() {
            self.epoch += 1;
            self.shuffle();
        }
        Ok(Some(loss))
    }

    /// The places of the batch under way in the epoch's order.
    fn batch(&self) -> std::ops::Range<usize> {
        self.done..self.order.len().min(self.done + self.params.batch)
    }

    /// Chooses the mask of the batch, and begins the attack on it.
    fn begin_batch(&mut self, images: &Images) {
        let place = [self.place as u64, self.epoch as u64, self.done as u64];
        match &mut self.mask {
            Mask::Weights(mask) => mask.show(&self.weights, &mut self.learner),
            Mask::Units(mask) => {
                let mut stream = Stream::new(self.seed, Purpose::Gates, &place);
                mask.show(&self.weights, &mut self.learner, &mut stream);
            }
        }
        let batch = self.order[self.batch()].iter();
        self.attack.begin(
            self.params.on.adversary(),
            self.params.steps,
            self.params.eps as f32,
            batch.map(|index| images.image(*index as usize)),
            Stream::new(self.seed, Purpose::TrainingAttack, &place),
        );
        self.begun = true;
    }

    /// The learning rate of the batch under way: it falls from all to nothing along half a cosine
    /// (Loshchilov & Hutter 2017, “SGDR”, eq. 5), so that the mask settles.
    fn rate(&self) -> f32 {
        let turn = libm::cos(std::f64::consts::PI * self.fraction());
        (self.params.rate * 0.5 * (1.0 + turn)) as f32
    }

    /// The gradient step at the end of a batch; the mean loss.
    fn descend(&mut self, images: &Images) -> f64 {
        let batch = self.batch();
        let count = batch.len();
        let scale = 1.0 / count as f32;
        let suppress = self.params.suppress > 0.0;
        let rate = self.rate();
        let MaskLearning { learner, mask, attack, sums, weights, order, .. } = self;
        let label = &labels(images, &order[batch]);
        if let Mask::Units(mask) = mask {
            mask.forget_gradients();
        }
        let loss;
        let pixels;
        if suppress {
            pixels = attack.batch().run_both(learner);
            let sum = learner.cross_entropy_from(count, label, scale);
            let layers = self.by_outputs.len();
            let mut vulnerability = 0.0;
            for (layer, by_outputs) in self.by_outputs.iter_mut().enumerate() {
                let (factors, by_factors) = match mask {
                    Mask::Units(mask) => mask.factors(layer),
                    Mask::Weights(_) => (None, &mut self.by_factors[layer][..]),
                };
                // The mean over images, units and layers (Madaan, Shin & Hwang 2020, eq. 7 and 8).
                let parts = count * by_factors.len().max(1) * layers;
                let scale = (self.params.suppress / parts as f64) as f32;
                let outputs = learner.outputs(layer);
                vulnerability += distortion_loss(outputs, factors, scale, by_outputs, by_factors);
            }
            learner.carry_back(&self.by_outputs);
            loss = sum / count as f64 + vulnerability;
        } else {
            let sum;
            (sum, pixels) = attack.loss(learner, label, 0.0);
            loss = sum / count as f64;
            learner.carry_back(&[]);
        }
        if !loss.is_finite() {
            return loss;
        }
        sums.forget_sums();
        learner.update(pixels, sums);
        match mask {
            Mask::Weights(mask) => mask.learn(weights, sums, rate),
            Mask::Units(mask) => mask.learn(weights, sums, rate),
        }
        if let Some(optimiser) = &mut self.joint {
            optimiser.begin_step();
            for (layer, weights) in weights.iter_mut().enumerate() {
                let gradients = sums.sums(2 * layer);
                let (gradients, kept) = match mask {
                    Mask::Weights(mask) => (gradients, mask.kept(layer)),
                    Mask::Units(mask) => (mask.through(layer, gradients), None),
                };
                optimiser.weights(2 * layer).apply(0, weights, gradients, kept);
                let tensor = 2 * layer + 1;
                learner.change_tensor(tensor, |biases| {
                    optimiser.biases(tensor).apply(0, biases, sums.sums(tensor), None);
                });
            }
        }
        loss
    }

    /// The network pruned to the mask that was learned.
    ///
    /// # Errors
    /// A sentence when a score or a weight is no longer a number, or a layer would be left without
    /// a unit.
    pub fn finish(self) -> Result<Mlp, String> {
        let MaskLearning { params, mut network, mut learner, mask, weights, joint, .. } = self;
        if joint.is_some() {
            for (layer, weights) in weights.iter().enumerate() {
                learner.change_tensor(2 * layer, |out| out.copy_from_slice(weights));
            }
            learner.write_back(&mut network);
            let finite = |layer: &Layer| {
                layer.weights().iter().chain(layer.biases()).all(|value| value.is_finite())
            };
            if !network.layers().iter().all(|layer| finite(layer)) || !network.is_within_reach() {
                return Err(diverged());
            }
        }
        match mask {
            Mask::Weights(mut mask) => mask.cut(&learner, network),
            Mask::Units(mut mask) => mask.cut(network, &params),
        }
    }
}

/// The labels of a batch, whose images may come twice.
fn labels<'a>(images: &'a Images, batch: &'a [u32]) -> impl Fn(usize) -> usize + 'a {
    move |row| usize::from(images.label(batch[row % batch.len()] as usize))
}

#[cfg(test)]
mod tests;
