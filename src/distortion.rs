//! How far an attack moves every hidden unit: v(l, k) = E |z(l, k) − z̃(l, k)|, with z and z̃ the
//! post-ReLU outputs on a clean image and on its adversarial example (Madaan, Shin & Hwang 2020,
//! “Adversarial neural pruning with latent vulnerability suppression”, section 3).

use crate::attack::{AttackParams, BLOCK, Purpose, Run, Valid};
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
    compact: Compact,
    hidden: Vec<usize>,
    valid: Valid,
    seed: u32,
    range: Range<usize>,
    run: Option<(Range<usize>, Run)>,
    next: usize,
    sums: Vec<Sums>,
    input: Vec<f64>,
    adversarial_correct: usize,
    pass: Pass,
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
        let compact = Compact::new(network);
        let room = |units: &Vec<usize>| {
            let zeros = vec![0.0; units.len()];
            Sums { distance: zeros.clone(), value: zeros.clone(), square: zeros }
        };
        Ok(Distorting {
            sums: compact.units().iter().map(room).collect(),
            compact,
            hidden: network.hidden(),
            valid: params.check()?,
            seed,
            next: range.start,
            range,
            run: None,
            input: vec![0.0; PIXELS],
            adversarial_correct: 0,
            pass: Pass::default(),
        })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        let done = self.run.as_ref().map_or(self.next, |(block, _)| block.start) - self.range.start;
        done as f64 / self.range.len().max(1) as f64
    }

    /// Does one step of the attack on one block; the images must be here. Returns whether the
    /// measure is done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Some((block, run)) = &mut self.run else {
            if self.next >= self.range.end {
                return true;
            }
            let block = self.next..self.range.end.min(self.next + BLOCK);
            self.next = block.end;
            let run = Run::new(
                &self.compact,
                images,
                block.clone(),
                self.valid,
                self.seed,
                Purpose::Craft,
            );
            self.run = Some((block, run));
            return false;
        };
        if run.step(&self.compact) {
            let block = block.clone();
            if let Some((_, run)) = self.run.take() {
                self.add(&run);
            }
            return block.end >= self.range.end;
        }
        false
    }

    /// Adds a finished block to the sums.
    fn add(&mut self, run: &Run) {
        let hidden = self.compact.depth() - 1;
        self.compact.forward(Input::Values(run.clean()), &mut self.pass);
        let clean: Vec<_> = (0..hidden).map(|layer| self.pass.outputs(layer).to_owned()).collect();
        self.compact.forward(Input::Values(run.adversarial()), &mut self.pass);
        for (layer, (clean, sums)) in clean.iter().zip(&mut self.sums).enumerate() {
            for (clean, attacked) in clean.rows().into_iter().zip(self.pass.outputs(layer).rows()) {
                for (unit, (z, z_attacked)) in clean.iter().zip(attacked).enumerate() {
                    let z = f64::from(*z);
                    sums.distance[unit] += (z - f64::from(*z_attacked)).abs();
                    sums.value[unit] += z;
                    sums.square[unit] += z * z;
                }
            }
        }
        for (clean, attacked) in run.clean().rows().into_iter().zip(run.adversarial().rows()) {
            for (sum, (x, x_attacked)) in self.input.iter_mut().zip(clean.iter().zip(attacked)) {
                *sum += (f64::from(*x) - f64::from(*x_attacked)).abs();
            }
        }
        let correct = run.verdicts().iter().filter(|verdict| verdict.attacked == verdict.label);
        self.adversarial_correct += correct.count();
    }

    /// The distortion; call it once [`Distorting::step`] said that it is done.
    pub fn finish(self) -> Distortion {
        let images = self.range.len();
        let count = images.max(1) as f64;
        let mut layers = Vec::new();
        for ((sums, units), hidden) in self.sums.iter().zip(self.compact.units()).zip(&self.hidden)
        {
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
            input: self.input.iter().map(|sum| sum / count).collect(),
            images,
            adversarial_correct: self.adversarial_correct,
        }
    }
}
