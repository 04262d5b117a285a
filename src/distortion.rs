//! How far an attack moves every hidden unit: v(l, k) = E |z(l, k) − z̃(l, k)|, with z and z̃ the
//! post-ReLU outputs on a clean image and on its adversarial example (Madaan, Shin & Hwang 2020,
//! “Adversarial neural pruning with latent vulnerability suppression”, section 3).

use crate::attack::{AttackParams, Blocks, Purpose, Run};
use crate::data::{Images, PIXELS};
use crate::network::{Compact, Input, Mlp, Pass};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The distortion of one hidden layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LayerDistortion {
    /// Mean |z − z̃| of each unit, 0 for a pruned one.
    pub units: Vec<f64>,
    /// The same divided by the standard deviation of z over the clean images (0 where z does not
    /// vary).
    pub relative: Vec<f64>,
    /// Mean over the layer's units, as in the released ANP-VS code.
    pub mean: f64,
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

/// Sums over images of one layer's units.
#[derive(Debug, Clone, Default)]
struct Sums {
    distance: Vec<f64>,
    value: Vec<f64>,
    square: Vec<f64>,
}

/// A stepper that measures the distortion of a network.
#[derive(Debug)]
pub struct Distorting {
    blocks: Blocks,
    hidden: Vec<usize>,
    images: usize,
    done: usize,
    totals: Totals,
}

/// Sums over the images measured so far.
#[derive(Debug)]
struct Totals {
    layers: Vec<Sums>,
    input: Vec<f64>,
    adversarial_correct: usize,
    clean: Pass,
    attacked: Pass,
}

impl Totals {
    /// Adds a finished block.
    fn add(&mut self, network: &Compact, run: &Run) {
        let Totals { layers, input, clean, attacked, .. } = self;
        network.forward(Input::Values(run.clean()), clean);
        network.forward(Input::Values(run.adversarial()), attacked);
        for (layer, sums) in layers.iter_mut().enumerate() {
            let (clean, attacked) = (clean.outputs(layer), attacked.outputs(layer));
            for image in 0..clean.lines() {
                for unit in 0..clean.depth() {
                    let z = f64::from(clean.get(image, unit));
                    sums.distance[unit] += (z - f64::from(attacked.get(image, unit))).abs();
                    sums.value[unit] += z;
                    sums.square[unit] += z * z;
                }
            }
        }
        for (clean, attacked) in run.clean().rows().into_iter().zip(run.adversarial().rows()) {
            for (sum, (x, x_attacked)) in input.iter_mut().zip(clean.iter().zip(attacked)) {
                *sum += (f64::from(*x) - f64::from(*x_attacked)).abs();
            }
        }
        let correct = run.verdicts().iter().filter(|verdict| verdict.attacked == verdict.label);
        self.adversarial_correct += correct.count();
    }
}

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
        let images = range.len();
        let blocks = Blocks::new(network, params.check()?, seed, range, Purpose::Craft);
        let room = |units: &Vec<usize>| {
            let zeros = vec![0.0; units.len()];
            Sums { distance: zeros.clone(), value: zeros.clone(), square: zeros }
        };
        let totals = Totals {
            layers: blocks.network().units().iter().map(room).collect(),
            input: vec![0.0; PIXELS],
            adversarial_correct: 0,
            clean: Pass::default(),
            attacked: Pass::default(),
        };
        Ok(Distorting { blocks, hidden: network.hidden(), images, done: 0, totals })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        self.done as f64 / self.images.max(1) as f64
    }

    /// Does one step of the attack on one block; the images must be here. Returns whether the
    /// measure is done.
    pub fn step(&mut self, images: &Images) -> bool {
        if let Some((network, run)) = self.blocks.step(images) {
            self.totals.add(network, run);
            self.done += run.verdicts().len();
        }
        self.blocks.is_done()
    }

    /// The distortion; call it once [`Distorting::step`] said that it is done.
    pub fn finish(self) -> Distortion {
        let Distorting { blocks, hidden, images, totals, .. } = self;
        let count = images.max(1) as f64;
        let mut layers = Vec::new();
        let places = totals.layers.iter().zip(blocks.network().units());
        for ((sums, units), hidden) in places.zip(&hidden) {
            let mut layer = LayerDistortion {
                units: vec![0.0; *hidden],
                relative: vec![0.0; *hidden],
                mean: 0.0,
            };
            for (place, unit) in units.iter().enumerate() {
                let distance = sums.distance[place] / count;
                let mean = sums.value[place] / count;
                let deviation = (sums.square[place] / count - mean * mean).max(0.0).sqrt();
                layer.units[*unit] = distance;
                layer.relative[*unit] = if deviation > 0.0 { distance / deviation } else { 0.0 };
            }
            layer.mean = layer.units.iter().sum::<f64>() / *hidden as f64;
            layers.push(layer);
        }
        let sum: f64 = layers.iter().flat_map(|layer| &layer.units).sum();
        Distortion {
            network: sum / layers.len() as f64,
            layers,
            input: totals.input.iter().map(|sum| sum / count).collect(),
            images,
            adversarial_correct: totals.adversarial_correct,
        }
    }
}
