//! What a network's pixels and hidden units do on many images, and what an attack does to them:
//! all that pruning scores by, gathered in one pass.

mod attacked;
mod clean;
mod sums;

pub use attacked::Attacking;
pub use clean::Looking;

use crate::attack::AttackParams;
use crate::data::{Images, Set};
use crate::network::Mlp;
use ndarray::Array2;
use serde::Serialize;

/// What is to be measured beside the outputs themselves, which always are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Nothing: the clean images are run forward.
    Outputs,
    /// What the loss on the clean images loses with each unit: [`Profile::saliency`].
    Saliency,
    /// The loss's mean gradient by each weight on the clean images: [`Profile::gradients`].
    Gradients,
    /// How far an attack moves every pixel and unit: the second half of [`Level`].
    Attack(AttackParams),
}

/// What is measured, and on which images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ProfileParams {
    /// What.
    pub subject: Subject,
    /// On images of which set, …
    pub on: Set,
    /// … and on how many, the first in file order.
    pub images: usize,
}

/// The pixels, or the units of one hidden layer: means over the images, one for each; 0 for a
/// pruned unit. x and z are values on a clean image, x̃ and z̃ those on its adversarial example.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Level {
    /// E x, or E z after ReLU.
    pub mean: Vec<f64>,
    /// E x², or E z².
    pub square: Vec<f64>,
    /// Share of images on which it is 0.
    pub silent: Vec<f64>,
    /// E |x − x̃|, or E |z − z̃|; this and what follows is 0 where nothing was attacked.
    pub distance: Vec<f64>,
    /// E (x − x̃)², or E (z − z̃)².
    pub distance_square: Vec<f64>,
    /// E |a − ã| of the pre-activations; of pixels the same as `distance`.
    pub pre: Vec<f64>,
    /// `distance` over those images alone that the attack fooled the network with; 0 if none.
    pub fooled: Vec<f64>,
}

/// What was measured of a network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// The pixels, then the hidden layers, input side first.
    pub levels: Vec<Level>,
    /// On how many images.
    pub images: usize,
    /// How many of them are read right, and wrong after the attack.
    pub fooled: usize,
    /// On how many adversarial images the network still read the label.
    pub adversarial_correct: usize,
    /// E |z · ∂L/∂z| of each unit of each hidden layer, with L an image's cross-entropy; empty
    /// unless asked for.
    pub saliency: Vec<Vec<f64>>,
    /// ∂E L/∂w of each weight of each layer, `out × in`, 0 where it does not act; empty unless
    /// asked for.
    pub gradients: Vec<Array2<f32>>,
}

impl Level {
    /// Standard deviation of each value over the clean images.
    pub fn deviation(&self) -> impl Iterator<Item = f64> {
        let moments = self.square.iter().zip(&self.mean);
        moments.map(|(square, mean)| (square - mean * mean).max(0.0).sqrt())
    }
}

impl Profile {
    /// Bytes of what it holds that grows with the weights.
    pub fn bytes(&self) -> usize {
        self.gradients.iter().map(|gradients| 4 * gradients.len()).sum()
    }
}

/// A stepper that measures a network's profile.
#[derive(Debug)]
pub enum Profiling {
    /// A pass over clean images.
    Clean(Box<Looking>),
    /// A pass over clean images and what an attack makes of them.
    Attacked(Box<Attacking>),
}

impl Profiling {
    /// Prepares to measure. Of an attack, random draws come from `seed`.
    ///
    /// # Errors
    /// A sentence when the attack's parameters are out of range.
    pub fn new(network: &Mlp, params: ProfileParams, seed: u32) -> Result<Self, String> {
        Ok(match params.subject {
            Subject::Attack(attack) => {
                let attacking = Attacking::new(network, attack, seed, 0..params.images)?;
                Profiling::Attacked(Box::new(attacking))
            }
            subject => Profiling::Clean(Box::new(Looking::new(network, subject, params.images))),
        })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        match self {
            Profiling::Clean(looking) => looking.fraction(),
            Profiling::Attacked(attacking) => attacking.fraction(),
        }
    }

    /// One block of clean images, or one step of the attack on one; the images of the
    /// set must be here. Returns whether all is measured.
    pub fn step(&mut self, images: &Images) -> bool {
        match self {
            Profiling::Clean(looking) => looking.step(images),
            Profiling::Attacked(attacking) => attacking.step(images),
        }
    }

    /// What was measured; call it once [`Profiling::step`] said that all is.
    pub fn finish(self) -> Profile {
        match self {
            Profiling::Clean(looking) => looking.finish(),
            Profiling::Attacked(attacking) => attacking.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
