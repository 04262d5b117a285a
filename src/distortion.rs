//! How far an attack moves every hidden unit: v(l, k) = E |z(l, k) − z̃(l, k)|, with z and z̃ the
//! post-ReLU outputs on a clean image and on its adversarial example (Madaan, Shin & Hwang 2020,
//! “Adversarial neural pruning with latent vulnerability suppression”, section 3).

use crate::attack::AttackParams;
use crate::data::Images;
use crate::network::Mlp;
use crate::profile::{Attacking, Level, Profile};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The distortion of one hidden layer. Every list holds one number for each unit, 0 for a pruned
/// one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LayerDistortion {
    /// Mean |z − z̃|.
    pub units: Vec<f64>,
    /// The same divided by the standard deviation of z over the clean images (0 where z does not
    /// vary).
    pub relative: Vec<f64>,
    /// Mean over the layer's units, as in the released ANP-VS code.
    pub mean: f64,
    /// Root of the mean (z − z̃)².
    pub rms: Vec<f64>,
    /// Mean |a − ã| of the pre-activations.
    pub pre: Vec<f64>,
    /// Mean |z − z̃| over those images alone that the attack fooled the network with; 0 if none.
    pub fooled: Vec<f64>,
    /// Mean z over the clean images.
    pub activation: Vec<f64>,
    /// Standard deviation of z over the clean images.
    pub deviation: Vec<f64>,
    /// Share of clean images on which z is 0.
    pub silent: Vec<f64>,
}

/// The distortion of a whole network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Distortion {
    /// The hidden layers, input side first.
    pub layers: Vec<LayerDistortion>,
    /// The paper's figure: (1/(L−2)) Σₗ Σₖ v(l, k), where L counts input and output too.
    pub network: f64,
    /// Mean |x − x̃| of every pixel.
    #[serde(skip)]
    pub input: Vec<f64>,
    /// How many images it was measured on.
    pub images: usize,
    /// On how many of the adversarial images the network still read the label.
    #[serde(rename = "adversarialCorrect")]
    pub adversarial_correct: usize,
}

impl LayerDistortion {
    fn of(level: &Level) -> Self {
        let units = level.distance.clone();
        let deviation: Vec<f64> = level.deviation().collect();
        let relative = |(v, deviation): (&f64, &f64)| {
            if *deviation > 0.0 { v / deviation } else { 0.0 }
        };
        LayerDistortion {
            relative: units.iter().zip(&deviation).map(relative).collect(),
            mean: units.iter().sum::<f64>() / units.len() as f64,
            units,
            rms: level.distance_square.iter().map(|square| square.sqrt()).collect(),
            pre: level.pre.clone(),
            fooled: level.fooled.clone(),
            activation: level.mean.clone(),
            deviation,
            silent: level.silent.clone(),
        }
    }
}

impl Distortion {
    /// The distortion in a profile measured with [`crate::profile::Subject::Attack`].
    pub fn of(profile: &Profile) -> Self {
        let mut levels = profile.levels.iter();
        let input = levels.next().map(|pixels| pixels.distance.clone()).unwrap_or_default();
        let layers: Vec<_> = levels.map(LayerDistortion::of).collect();
        let sum: f64 = layers.iter().flat_map(|layer| &layer.units).sum();
        Distortion {
            network: sum / layers.len() as f64,
            layers,
            input,
            images: profile.images,
            adversarial_correct: profile.adversarial_correct,
        }
    }
}

/// A stepper that measures the distortion of a network.
#[derive(Debug)]
pub struct Distorting(Attacking);

impl Distorting {
    /// Prepares to measure on images `range`.
    ///
    /// # Errors
    /// A sentence when the parameters are out of range.
    pub fn new(
        network: &Mlp,
        params: AttackParams,
        seed: u32,
        range: Range<usize>,
    ) -> Result<Self, String> {
        Attacking::new(network, params, seed, range).map(Distorting)
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        self.0.fraction()
    }

    /// Does one step of the attack on one block; the images must be here. Returns whether the
    /// measure is done.
    pub fn step(&mut self, images: &Images) -> bool {
        self.0.step(images)
    }

    /// The distortion; call it once [`Distorting::step`] said that it is done.
    pub fn finish(self) -> Distortion {
        Distortion::of(&self.0.finish())
    }
}
