//! Is it the same units that an attack moves every time? The distortion of every unit under
//! several conditions: halves of the images, digits, single images, attacks, sizes, and noise.

use super::agreement::{Agreement, MereUse, Table};
use super::conditions::{Condition, DIGITS, HALVES, OTHERS, Plan, WHOLE};
use crate::attack::{AttackParams, Blocks, Purpose, Run};
use crate::data::{CLASSES, Images};
use crate::network::{Compact, Input, Mlp, Pass};
use std::ops::Range;

/// Images of each digit that are shown one by one, where there are so many.
const SHOWN_OF_DIGIT: usize = 20;

/// How alike the units of one hidden layer are distorted under all conditions. Tables are row by
/// row, a row for a condition or an image; a pruned unit has no column.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerSimilarity {
    /// Units of the layer, pruned ones included.
    pub units: usize,
    /// The units that are not pruned, ascending.
    pub kept: Vec<usize>,
    /// What each condition measures, `conditions × kept`: mean |z − z̃|, or of the last two the
    /// mean output and ‖w‖₁.
    pub values: Vec<f64>,
    /// The standard deviation over the images, `conditions × kept`; 0 for ‖w‖₁.
    pub spread: Vec<f64>,
    /// |z − z̃| of single images under the first condition's attack, `shown images × kept`.
    pub images: Vec<f32>,
    /// Which of the conditions agree, and how well.
    pub table: Table,
    /// How well the conditions of each kind agree; empty where no unit is left.
    pub groups: Vec<Agreement>,
    /// How much of the distortion is mere use.
    pub mere_use: MereUse,
}

/// What [`Similar`] comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Similarity {
    /// The conditions, the first the distortion as it was asked for.
    pub conditions: Vec<Condition>,
    /// Indices of the single images shown, digit by digit.
    pub shown: Vec<usize>,
    /// What they show, ascending.
    pub labels: Vec<u8>,
    /// The hidden layers, input side first.
    pub layers: Vec<LayerSimilarity>,
}

/// Sums over images of one condition and layer.
#[derive(Debug, Clone, Default)]
struct Sums {
    value: Vec<f64>,
    square: Vec<f64>,
}

impl Sums {
    fn add(&mut self, values: &[f64]) {
        for ((sum, square), value) in self.value.iter_mut().zip(&mut self.square).zip(values) {
            *sum += value;
            *square += value * value;
        }
    }
}

/// Everything summed of a layer: by condition, and the single images by digit.
#[derive(Debug, Default)]
struct Layer {
    sums: Vec<Sums>,
    images: [Vec<f32>; CLASSES],
}

/// A stepper that measures the distortion of a network under all conditions.
#[derive(Debug)]
pub struct Similar {
    network: Mlp,
    plan: Plan,
    seed: u32,
    range: Range<usize>,
    run: usize,
    blocks: Blocks,
    /// Images of the run under way that are done.
    done: usize,
    layers: Vec<Layer>,
    shown: [Vec<usize>; CLASSES],
    found: Vec<LayerSimilarity>,
    clean: Pass,
    attacked: Pass,
}

impl Similar {
    /// Prepares to measure on training images `range`.
    ///
    /// # Errors
    /// A sentence when the attack's parameters are out of range.
    pub fn new(
        network: &Mlp,
        attack: AttackParams,
        seed: u32,
        range: Range<usize>,
    ) -> Result<Self, String> {
        attack.check()?;
        let plan = Plan::new(&attack);
        let blocks = Self::blocks(network, &plan.runs[0], seed, &range)?;
        let layer = |units: &Vec<usize>| {
            let zeros = vec![0.0; units.len()];
            let none = Sums { value: zeros.clone(), square: zeros };
            Layer { sums: vec![none; plan.conditions.len()], images: Default::default() }
        };
        Ok(Similar {
            network: network.clone(),
            seed,
            range,
            run: 0,
            done: 0,
            layers: blocks.network().units().iter().map(layer).collect(),
            blocks,
            plan,
            shown: Default::default(),
            found: Vec::new(),
            clean: Pass::default(),
            attacked: Pass::default(),
        })
    }

    fn blocks(
        network: &Mlp,
        attack: &AttackParams,
        seed: u32,
        range: &Range<usize>,
    ) -> Result<Blocks, String> {
        Ok(Blocks::new(network, attack.check()?, seed, range.clone(), Purpose::Craft))
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        // One step more each, for what comes beside the gradients.
        let cost = |run: &AttackParams| {
            1.0 + run.method.facts().usual("steps").map_or(1.0, |_| run.steps as f64)
        };
        let all: f64 = self.plan.runs.iter().map(cost).sum();
        let before: f64 = self.plan.runs[..self.run].iter().map(cost).sum();
        let now = self.plan.runs.get(self.run).map_or(0.0, cost) * self.blocks.fraction();
        (before + now) / all
    }

    /// Does one step of an attack on one block, or compares one layer; the images must be here.
    /// Returns whether the measure is done.
    ///
    /// # Errors
    /// A sentence when an attack's parameters are out of range.
    pub fn step(&mut self, images: &Images) -> Result<bool, String> {
        if self.run < self.plan.runs.len() {
            self.attack(images)?;
        } else if let Some(layer) = self.layers.get(self.found.len()) {
            let found = self.compare(layer, self.found.len());
            self.found.push(found);
        }
        Ok(self.found.len() == self.layers.len())
    }

    fn attack(&mut self, images: &Images) -> Result<(), String> {
        let Similar { blocks, layers, plan, clean, attacked, shown, .. } = self;
        if let Some((network, run)) = blocks.step(images) {
            let first = self.range.start + self.done;
            self.done += run.verdicts().len();
            let middle = self.range.start + self.range.len() / 2;
            let mut totals = Totals { layers, plan, shown, run: self.run, first, middle };
            totals.add(network, run, clean, attacked);
        }
        if self.blocks.is_done() {
            (self.run, self.done) = (self.run + 1, 0);
            if let Some(next) = self.plan.runs.get(self.run) {
                self.blocks = Self::blocks(&self.network, next, self.seed, &self.range)?;
            }
        }
        Ok(())
    }

    /// What the sums of a layer come to.
    fn compare(&self, layer: &Layer, place: usize) -> LayerSimilarity {
        let kept = &self.blocks.network().units()[place];
        let norm = self.plan.activation() + 1;
        let (mut values, mut spread) = (Vec::new(), Vec::new());
        for (sums, condition) in layer.sums.iter().zip(&self.plan.conditions) {
            let count = condition.images.max(1) as f64;
            for (sum, square) in sums.value.iter().zip(&sums.square) {
                let mean = sum / count;
                values.push(mean);
                spread.push((square / count - mean * mean).max(0.0).sqrt());
            }
        }
        for (value, unit) in values[norm * kept.len()..].iter_mut().zip(kept) {
            *value = self.incoming(place, *unit);
        }
        let images = layer.images.concat();
        let rows: Vec<&[f64]> = match kept.len() {
            0 => Vec::new(),
            units => values.chunks_exact(units).collect(),
        };
        let table = Table::new(&rows);
        LayerSimilarity {
            units: self.network.hidden()[place],
            kept: kept.clone(),
            groups: Agreement::all(&self.plan, &rows, &table, &images),
            mere_use: MereUse::of(&self.plan, &rows),
            table,
            images,
            spread,
            values,
        }
    }

    /// ‖w‖₁: the sum of the magnitudes of the weights that act on a unit.
    fn incoming(&self, layer: usize, unit: usize) -> f64 {
        let acts = |input: &usize| self.network.acts(layer, unit, *input);
        let weights = self.network.layers()[layer].weights();
        let inputs = (0..weights.ncols()).filter(acts);
        inputs.map(|input| f64::from(weights[[unit, input]].abs())).sum()
    }

    /// What was found; call it once [`Similar::step`] said that it is done.
    pub fn finish(self) -> Similarity {
        let labels = self.shown.iter().enumerate();
        Similarity {
            labels: labels.flat_map(|(digit, of)| vec![digit as u8; of.len()]).collect(),
            shown: self.shown.concat(),
            conditions: self.plan.conditions,
            layers: self.found,
        }
    }
}

/// Where a finished block of a run goes.
struct Totals<'a> {
    layers: &'a mut [Layer],
    plan: &'a mut Plan,
    shown: &'a mut [Vec<usize>; CLASSES],
    run: usize,
    /// The block's first image.
    first: usize,
    /// The first image of the second half.
    middle: usize,
}

impl Totals<'_> {
    fn add(&mut self, network: &Compact, run: &Run, clean: &mut Pass, attacked: &mut Pass) {
        network.forward(Input::Values(run.clean()), clean);
        network.forward(Input::Values(run.adversarial()), attacked);
        let (mut distances, mut outputs) = (Vec::new(), Vec::new());
        for (place, verdict) in run.verdicts().iter().enumerate() {
            let (index, digit) = (self.first + place, usize::from(verdict.label));
            let activation = self.plan.activation();
            let conditions = match self.run {
                0 => vec![WHOLE, HALVES + usize::from(index >= self.middle), DIGITS + digit],
                run => vec![OTHERS + run - 1],
            };
            let is_shown = self.run == 0 && self.shown[digit].len() < SHOWN_OF_DIGIT;
            for (layer, totals) in self.layers.iter_mut().enumerate() {
                let (z, moved) = (clean.outputs(layer), attacked.outputs(layer));
                let units = 0..z.depth();
                outputs.clear();
                outputs.extend(units.clone().map(|unit| f64::from(z.get(place, unit))));
                distances.clear();
                distances.extend(
                    units.map(|unit| (outputs[unit] - f64::from(moved.get(place, unit))).abs()),
                );
                for condition in &conditions {
                    totals.sums[*condition].add(&distances);
                }
                if self.run == 0 {
                    totals.sums[activation].add(&outputs);
                }
                if is_shown {
                    totals.images[digit].extend(distances.iter().map(|value| *value as f32));
                }
            }
            for condition in conditions {
                self.plan.conditions[condition].images += 1;
            }
            if self.run == 0 {
                self.plan.conditions[activation].images += 1;
            }
            if is_shown {
                self.shown[digit].push(index);
            }
        }
    }
}
