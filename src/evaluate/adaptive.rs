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
    /// Median size of the perturbations of the ball that fooled the network, in the attack's norm;
    /// 0 if none did.
    pub median_norm: f64,
    /// Size of the perturbation that fooled each image: infinite where none was found, 0 where
    /// the clean image is misread already.
    pub norms: Vec<f32>,
    /// How often the network was run on an image, all images together.
    pub queries: u64,
    /// What the network read in each adversarial image.
    pub predictions: Vec<u8>,
    /// Whether each image counts as robust.
    pub robust: Vec<bool>,
}

/// A stepper: an attack on a range of images, block by block.
#[derive(Debug)]
pub struct Attacked {
    blocks: Blocks,
    purpose: Purpose,
    count: AttackCount,
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
            count: AttackCount {
                correct: 0,
                total: 0,
                median_norm: 0.0,
                norms: Vec::with_capacity(images),
                queries: 0,
                predictions: Vec::with_capacity(images),
                robust: Vec::with_capacity(images),
            },
            adversarial: Vec::with_capacity(crafted),
        }
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.blocks.fraction()
    }

    /// One step of the attack on the block under way; the images must be here. Returns whether
    /// all blocks are done.
    pub fn step(&mut self, images: &Images) -> bool {
        if let Some((_, run)) = self.blocks.step(images) {
            let count = &mut self.count;
            for verdict in run.verdicts() {
                count.total += 1;
                count.correct += usize::from(verdict.robust);
                count.queries += u64::from(verdict.queries);
                count.predictions.push(verdict.attacked);
                count.robust.push(verdict.robust);
                count.norms.push(if verdict.clean != verdict.label {
                    0.0
                } else if verdict.is_fooled() {
                    verdict.norm
                } else {
                    f32::INFINITY
                });
            }
            if self.purpose == Purpose::Craft {
                run.allowed().for_each(|image| self.adversarial.extend(image));
            }
        }
        self.blocks.is_done()
    }

    /// What came of it; final once [`Attacked::step`] said that it is done.
    pub fn count(&self) -> AttackCount {
        let AttackCount { norms, robust, .. } = &self.count;
        let broken = norms.iter().zip(robust).filter(|(_, robust)| !**robust);
        let fooled = broken.map(|(norm, _)| *norm).filter(|norm| *norm > 0.0 && norm.is_finite());
        AttackCount { median_norm: median(fooled), ..self.count.clone() }
    }

    /// The adversarial images if they were crafted, 784 values each.
    pub fn into_images(self) -> Vec<f32> {
        self.adversarial
    }
}

/// The middle one, or the mean of the middle two; 0 of none.
fn median(norms: impl Iterator<Item = f32>) -> f64 {
    // Norms are not negative, so their bits are in the same order. A heap, because it takes a
    // tenth of the code that sorting does.
    let mut largest: BinaryHeap<u32> = norms.map(f32::to_bits).collect();
    let count = largest.len();
    for _ in 1..count.div_ceil(2) {
        largest.pop();
    }
    let mut next = || largest.pop().map_or(0.0, |bits| f64::from(f32::from_bits(bits)));
    let upper = next();
    if count.is_multiple_of(2) { (upper + next()) / 2.0 } else { upper }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{images, trained};
    use super::*;
    use crate::attack::{AttackParams, Method, Norm};
    use crate::data::PIXEL_VALUE;

    #[test]
    fn images_crafted_by_a_minimal_attack_stay_in_the_ball() {
        let (network, images) = (trained(), images());
        let eps = 0.02;
        let params =
            AttackParams { norm: Norm::Linf, ..AttackParams::usual(Method::Deepfool, eps, 8) };
        let valid = params.check().unwrap();
        let mut attacked = Attacked::new(&network, valid, 3, 0..60, Purpose::Craft);
        while !attacked.step(&images) {}
        let count = attacked.count();
        assert!((1..60).contains(&count.correct), "{}", count.correct);
        let crafted = attacked.into_images();
        for (index, crafted) in crafted.chunks_exact(PIXELS).enumerate() {
            let clean = images.image(index).iter().map(|byte| PIXEL_VALUE[usize::from(*byte)]);
            let far = crafted.iter().zip(clean).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            if count.robust[index] {
                assert_eq!(far, 0.0, "{index}");
            } else if count.norms[index] > 0.0 {
                assert!(far > 0.0 && far <= eps as f32 * 1.001, "{index}: {far}");
            }
        }
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let median = |norms: &[f32]| median(norms.iter().copied());
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[0.5]), 0.5);
        assert_eq!(median(&[0.5, 0.25]), 0.375);
        assert_eq!(median(&[3.0, 0.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 8.0]), 3.0);
    }
}
