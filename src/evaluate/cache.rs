//! The pre-activations of one block of images, kept from one mask to the next.
//!
//! When a few units come or go, their terms are added to or taken from the next layer's sums.
//! That rounds otherwise than a sum over what is left, so the sums drift; by how much at most is
//! known (Higham 2002, “Accuracy and stability of numerical algorithms”, section 3.1). An image
//! whose verdict that could change is computed anew, exactly. So a count has no drift at all.

use super::basis::Basis;
use crate::data::CLASSES;
use crate::kernel::{Lanes, Right, Row, SparseRows, Wide, as_is};
use crate::network::{InputWeights, add_bias, argmax, load, outputs_from};
use std::rc::Rc;

/// The images of a block, whichever way they are at hand.
#[derive(Clone, Copy)]
pub(super) enum Pixels<'a> {
    /// Mostly black.
    Sparse(&'a SparseRows),
    /// Any, images × 784.
    Packed(&'a Right),
}

/// What is kept of a block.
#[derive(Debug, Default)]
pub(super) struct Block {
    basis: Option<Rc<Basis>>,
    /// Pre-activations of each layer's held units, without biases (images × units).
    sums: Vec<Right>,
    /// Terms added to or taken from each layer's sums since they were computed in full.
    terms: Vec<usize>,
    /// Largest Euclidean norm of an image's outputs of the first layer.
    norm: f64,
}

/// Memory for one block's way through the layers.
#[derive(Debug, Default)]
pub(super) struct Room {
    batch: Right,
    wide: Wide,
    /// Units of a layer that come or go, by place, and whether they come.
    changed: Vec<(usize, bool)>,
    factors: Vec<f32>,
    /// Sums of layers that are not kept.
    spare: Vec<Right>,
    doubtful: Vec<usize>,
    few: [Right; 2],
}

impl Block {
    /// Images read correctly by the network. Of the layers' sums, the first `cached` are kept.
    pub fn correct(
        &mut self,
        basis: &Rc<Basis>,
        pixels: Pixels,
        labels: &[u8],
        cached: usize,
        room: &mut Room,
    ) -> usize {
        self.update(basis, pixels, labels.len(), room);
        let correct = self.count(basis, labels, room);
        while self.sums.len() > cached {
            room.spare.extend(self.sums.pop());
            self.terms.pop();
        }
        self.basis = Some(basis.clone());
        correct
    }

    /// Whether the first layer's sums are here already, so that the pixels are not needed.
    pub fn has_first(&self, basis: &Basis, images: usize) -> bool {
        let same = |old: &Rc<Basis>| old.layers[0].holds_the_same(&basis.layers[0]);
        self.basis.as_ref().is_some_and(same)
            && self.sums.first().is_some_and(|sums| sums.lines() == images)
    }

    /// Brings all sums to the masks of `basis`.
    fn update(&mut self, basis: &Basis, pixels: Pixels, images: usize, room: &mut Room) {
        let old = self.basis.take();
        let had = if self.sums.first().is_some_and(|sums| sums.lines() == images) {
            self.sums.len()
        } else {
            0
        };
        let depth = basis.layers.len();
        while self.sums.len() < depth {
            self.sums.push(room.spare.pop().unwrap_or_default());
            self.terms.push(0);
        }
        // Whether everything up to the layer below is as it was.
        let mut same = true;
        for index in 0..depth {
            let layer = &basis.layers[index];
            let before = old.as_ref().filter(|_| same && index < had);
            let before = before.filter(|old| old.layers[index].holds_the_same(layer));
            let (below, above) = self.sums.split_at_mut(index);
            let sums = &mut above[0];
            let Some(below) = below.last() else {
                if before.is_none() {
                    first_sums(&basis.first, pixels, room, sums);
                    self.norm = largest_norm(sums, &layer.biases);
                    same = false;
                }
                continue;
            };
            let inputs = &basis.layers[index - 1];
            let comparable = before.is_some_and(|old| {
                differing(&old.layers[index - 1].kept, &inputs.kept, &mut room.changed);
                true
            });
            let changed = room.changed.len();
            if comparable && changed == 0 {
                continue;
            }
            same = false;
            // A term that is added costs about four times one of a product, and drifts.
            if comparable
                && 4 * changed <= inputs.kept.len()
                && self.terms[index] + changed <= inputs.held.len()
            {
                self.terms[index] += changed;
                for (place, comes) in &room.changed {
                    layer.factors(inputs.held[*place], *comes, &mut room.factors);
                    add_term(sums, below, *place, inputs.biases[*place], &room.factors);
                }
            } else {
                self.terms[index] = 0;
                outputs_from(below, &inputs.kept, &inputs.biases, &mut room.batch);
                layer.weights.times(&room.batch, &mut room.wide, sums, as_is);
            }
        }
    }

    /// Counts the images whose label has the largest logit, once no rounding can change that.
    fn count(&self, basis: &Basis, labels: &[u8], room: &mut Room) -> usize {
        let (Some(logits), Some(layer)) = (self.sums.last(), basis.layers.last()) else {
            return 0;
        };
        let error = self.largest_error(basis);
        room.doubtful.clear();
        let mut correct = 0;
        for (panel, labels) in labels.chunks(Right::LINES).enumerate() {
            let margins = margins(logits.panel(panel), &layer.biases, labels);
            for (lane, margin) in margins.into_iter().enumerate().take(labels.len()) {
                if f64::from(margin.abs()) > 2.0 * error {
                    correct += usize::from(margin > 0.0);
                } else {
                    // Ties are settled by the rule of `argmax`, too.
                    room.doubtful.push(panel * Right::LINES + lane);
                }
            }
        }
        correct + self.count_anew(basis, labels, room)
    }

    /// Counts the doubtful images, computed as a replay computes them.
    fn count_anew(&self, basis: &Basis, labels: &[u8], room: &mut Room) -> usize {
        let Room { doubtful, few: [sums, next], batch, wide, .. } = room;
        if doubtful.is_empty() {
            return 0;
        }
        sums.gather_lines(&self.sums[0], doubtful);
        for (below, layer) in basis.layers.iter().zip(&basis.layers[1..]) {
            outputs_from(sums, &below.kept, &below.biases, batch);
            layer.weights.times(batch, wide, next, as_is);
            std::mem::swap(sums, next);
        }
        let biases = basis.layers.last().map(|layer| layer.biases.clone()).unwrap_or_default();
        let right = |(place, image): (usize, &usize)| {
            let logits: [f32; CLASSES] =
                std::array::from_fn(|class| sums.get(place, class) + biases[class]);
            argmax(&logits) == usize::from(labels[*image])
        };
        doubtful.iter().enumerate().filter(|pair| right(*pair)).count()
    }

    /// How far a logit can be from what a replay computes.
    ///
    /// A sum of n products in `f32` is off by at most γ(n)·Σ|w||a| with γ(n) ≈ n·u, and by Cauchy
    /// and Schwarz Σ|w||a| ≤ ‖w‖‖a‖. A sum that drifts has taken its terms on top of its n, and
    /// what a replay computes is off as well; an error of the inputs grows by the weights' norm.
    fn largest_error(&self, basis: &Basis) -> f64 {
        /// Rounding error of one operation, half the distance of 1 to its neighbour.
        const U: f64 = f32::EPSILON as f64 / 2.0;
        let (mut error, mut norm) = (0.0, self.norm);
        for (index, layer) in basis.layers.iter().enumerate().skip(1) {
            let terms = self.terms[index];
            let n = basis.layers[index - 1].held.len() + terms + 4;
            let weights = layer.norms.weights;
            if error > 0.0 || terms > 0 {
                error = weights * error
                    + 2.02 * n as f64 * U * (weights * (norm + error) + layer.norms.biases);
            }
            norm = weights * norm + layer.norms.biases;
        }
        // Beyond this a logit may overflow, and nothing is sure.
        if norm < 1e30 { error } else { f64::INFINITY }
    }
}

/// The first layer's sums.
fn first_sums(weights: &InputWeights, pixels: Pixels, room: &mut Room, sums: &mut Right) {
    match pixels {
        Pixels::Sparse(pixels) => {
            weights.times_pixels(pixels, &mut room.wide, sums);
        }
        Pixels::Packed(images) => {
            weights.any.times(images, &mut room.wide, sums, as_is);
        }
    }
}

/// Places in one ascending list but not in the other, and whether they are in the newer.
fn differing(old: &[usize], new: &[usize], changed: &mut Vec<(usize, bool)>) {
    let missing = |places: &[usize], place: &usize| places.binary_search(place).is_err();
    changed.clear();
    changed.extend(old.iter().filter(|place| missing(new, place)).map(|place| (*place, false)));
    changed.extend(new.iter().filter(|place| missing(old, place)).map(|place| (*place, true)));
}

/// Adds one unit's output times `factors` to the sums of the layer above.
fn add_term(sums: &mut Right, below: &Right, place: usize, bias: f32, factors: &[f32]) {
    for panel in 0..below.panels() {
        let [low, high] = add_bias(load(&below.panel(panel)[place]), bias, true);
        for (sums, factor) in sums.panel_mut(panel).iter_mut().zip(factors) {
            let (factor, [a, b]) = (Lanes::splat(*factor), load(sums));
            *sums = [a + factor * low, b + factor * high].map(Lanes::to_array);
        }
    }
}

/// Largest Euclidean norm of an image's outputs, all units kept; infinite if one is no number.
fn largest_norm(sums: &Right, biases: &[f32]) -> f64 {
    let mut largest = 0.0f64;
    for panel in 0..sums.panels() {
        let mut squares = [0.0f64; Right::LINES];
        for (row, bias) in sums.panel(panel).iter().zip(biases) {
            let outputs = add_bias(load(row), *bias, true).map(Lanes::to_array);
            for (square, output) in squares.iter_mut().zip(outputs.as_flattened()) {
                *square += f64::from(*output) * f64::from(*output);
            }
        }
        let images = sums.lines() - panel * Right::LINES;
        for square in squares.into_iter().take(images) {
            let square = if square.is_nan() { f64::INFINITY } else { square };
            largest = largest.max(square);
        }
    }
    largest.sqrt()
}

/// By how much each image's logit of its label is above the largest other one.
fn margins(sums: &[Row<2>], biases: &[f32], labels: &[u8]) -> [f32; Right::LINES] {
    let mut logits = [[0.0f32; Right::LINES]; CLASSES];
    for ((logits, sums), bias) in logits.iter_mut().zip(sums).zip(biases) {
        for (logit, sum) in logits.iter_mut().zip(sums.as_flattened()) {
            *logit = sum + bias;
        }
    }
    let mut margins = [0.0; Right::LINES];
    for (lane, label) in labels.iter().enumerate() {
        let label = &mut logits[usize::from(*label)][lane];
        margins[lane] = std::mem::replace(label, f32::NEG_INFINITY);
    }
    let mut others = [f32::NEG_INFINITY; Right::LINES];
    for logits in &logits {
        for (other, logit) in others.iter_mut().zip(logits) {
            *other = if *logit > *other { *logit } else { *other };
        }
    }
    for (margin, other) in margins.iter_mut().zip(others) {
        *margin -= other;
    }
    margins
}
