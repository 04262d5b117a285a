//! A pass over clean images and their adversarial examples.

use super::sums::Sums;
use super::{Level, Profile};
use crate::attack::{AttackParams, Blocks, Purpose, Run};
use crate::data::{Images, PIXELS};
use crate::kernel::Right;
use crate::network::{Compact, Mlp, Pass};
use std::ops::Range;

/// A stepper: an attack on images, block by block, and the sums over them.
#[derive(Debug)]
pub struct Attacking {
    blocks: Blocks,
    hidden: Vec<usize>,
    images: usize,
    done: usize,
    totals: Totals,
}

/// Sums over the images measured so far.
#[derive(Debug)]
struct Totals {
    pixels: Sums,
    layers: Vec<Sums>,
    fooled: usize,
    adversarial_correct: usize,
    clean: Hidden,
    attacked: Hidden,
}

/// Memory of a batch's way through the hidden layers.
#[derive(Debug, Default)]
struct Hidden {
    pass: Pass,
    before_relu: Vec<Right>,
}

impl Totals {
    /// Adds a finished block.
    fn add(&mut self, network: &Compact, run: &Run) {
        let Totals { pixels, layers, clean, attacked, .. } = self;
        network.forward_hidden(run.clean(), &mut clean.pass, &mut clean.before_relu);
        network.forward_hidden(run.adversarial(), &mut attacked.pass, &mut attacked.before_relu);
        for (index, sums) in layers.iter_mut().enumerate() {
            let after = [clean.pass.outputs(index), attacked.pass.outputs(index)];
            let before = [&clean.before_relu[index], &attacked.before_relu[index]];
            let pair =
                |of: [&Right; 2], image, unit| (of[0].get(image, unit), of[1].get(image, unit));
            for (image, verdict) in run.verdicts().iter().enumerate() {
                let fooled = verdict.is_fooled();
                for unit in 0..after[0].depth() {
                    let (after, before) = (pair(after, image, unit), pair(before, image, unit));
                    sums.add_attacked(unit, after, before, fooled);
                }
            }
        }
        let (clean, attacked) = (run.clean(), run.adversarial());
        for (image, verdict) in run.verdicts().iter().enumerate() {
            let fooled = verdict.is_fooled();
            let values = clean.row(image).into_iter().zip(attacked.row(image));
            for (pixel, (clean, attacked)) in values.enumerate() {
                let values = (*clean, *attacked);
                pixels.add_attacked(pixel, values, values, fooled);
            }
            self.fooled += usize::from(fooled);
            self.adversarial_correct += usize::from(verdict.attacked == verdict.label);
        }
    }
}

impl Attacking {
    /// Prepares to attack images `range`.
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
        let totals = Totals {
            pixels: Sums::new(PIXELS),
            layers: blocks.network().units().iter().map(|units| Sums::new(units.len())).collect(),
            fooled: 0,
            adversarial_correct: 0,
            clean: Hidden::default(),
            attacked: Hidden::default(),
        };
        Ok(Attacking { blocks, hidden: network.hidden(), images, done: 0, totals })
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.done as f64 / self.images.max(1) as f64
    }

    /// Does one step of the attack on one block; the images must be here. Returns whether all is
    /// done.
    pub fn step(&mut self, images: &Images) -> bool {
        if let Some((network, run)) = self.blocks.step(images) {
            self.totals.add(network, run);
            self.done += run.verdicts().len();
        }
        self.blocks.is_done()
    }

    /// What was measured; call it once all is.
    pub fn finish(self) -> Profile {
        let Attacking { blocks, hidden, images, totals, .. } = self;
        let fooled = totals.fooled;
        let all: Vec<usize> = (0..PIXELS).collect();
        let pixels = totals.pixels.means(&all, PIXELS, images, fooled);
        let layers = totals.layers.iter().zip(blocks.network().units()).zip(&hidden);
        let level = |((sums, units), all): ((&Sums, &Vec<usize>), &usize)| -> Level {
            sums.means(units, *all, images, fooled)
        };
        Profile {
            levels: std::iter::once(pixels).chain(layers.map(level)).collect(),
            images,
            fooled,
            adversarial_correct: totals.adversarial_correct,
            ..Profile::default()
        }
    }
}
