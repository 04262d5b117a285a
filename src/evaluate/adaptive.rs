//! Robust accuracy: the attack is run anew against the network as it is.

use crate::attack::{Blocks, Purpose, Valid};
use crate::data::{Images, PIXELS};
use crate::network::Mlp;
use std::collections::BinaryHeap;
use std::ops::Range;

/// What an attack on a range of images came to.
#[derive(Debug, Clone, PartialEq)]
pub struct AttackCount {
    /// Images read correctly both clean and adversarial.
    pub correct: usize,
    /// Images attacked.
    pub total: usize,
    /// Median L∞ norm of the perturbations that fooled the network; 0 if none did.
    pub median_norm: f64,
    /// What the network read in each adversarial image.
    pub predictions: Vec<u8>,
}

/// A stepper: an attack on a range of images, block by block.
#[derive(Debug)]
pub struct Attacked {
    blocks: Blocks,
    purpose: Purpose,
    images: usize,
    correct: usize,
    predictions: Vec<u8>,
    norms: Vec<f32>,
    adversarial: Vec<f32>,
}

impl Attacked {
    /// Prepares to attack images `range`.
    pub fn new(
        network: &Mlp,
        valid: Valid,
        seed: u32,
        range: Range<usize>,
        purpose: Purpose,
    ) -> Self {
        let images = range.len();
        let crafted = if purpose == Purpose::Craft { images * PIXELS } else { 0 };
        Attacked {
            blocks: Blocks::new(network, valid, seed, range, purpose),
            purpose,
            images,
            correct: 0,
            predictions: Vec::with_capacity(images),
            norms: Vec::with_capacity(images),
            adversarial: Vec::with_capacity(crafted),
        }
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.predictions.len() as f64 / self.images.max(1) as f64
    }

    /// One step of the attack on the block under way; the images must be here. Returns whether
    /// all blocks are done.
    pub fn step(&mut self, images: &Images) -> bool {
        if let Some((_, run)) = self.blocks.step(images) {
            for verdict in run.verdicts() {
                self.correct += usize::from(verdict.is_robust());
                self.predictions.push(verdict.attacked);
                if verdict.clean == verdict.label && verdict.attacked != verdict.label {
                    self.norms.push(verdict.norm);
                }
            }
            if self.purpose == Purpose::Craft {
                self.adversarial.extend(run.adversarial());
            }
        }
        self.blocks.is_done()
    }

    /// What came of it; final once [`Attacked::step`] said that it is done.
    pub fn count(&self) -> AttackCount {
        let total = self.predictions.len();
        let predictions = self.predictions.clone();
        AttackCount { correct: self.correct, total, median_norm: median(&self.norms), predictions }
    }

    /// The adversarial images if they were crafted, 784 values each.
    pub fn into_images(self) -> Vec<f32> {
        self.adversarial
    }
}

/// The middle one, or the mean of the middle two; 0 of none.
fn median(norms: &[f32]) -> f64 {
    // Norms are not negative, so their bits are in the same order. A heap, because it takes a
    // tenth of the code that sorting does.
    let mut largest: BinaryHeap<u32> = norms.iter().map(|norm| norm.to_bits()).collect();
    for _ in 1..norms.len().div_ceil(2) {
        largest.pop();
    }
    let mut next = || largest.pop().map_or(0.0, |bits| f64::from(f32::from_bits(bits)));
    let upper = next();
    if norms.len().is_multiple_of(2) { (upper + next()) / 2.0 } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[0.5]), 0.5);
        assert_eq!(median(&[0.5, 0.25]), 0.375);
        assert_eq!(median(&[3.0, 0.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 8.0]), 3.0);
    }
}
