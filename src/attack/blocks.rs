//! An attack on many images, block by block.

use super::{Purpose, Run, Valid};
use crate::data::Images;
use crate::network::{Compact, Mlp};
use std::ops::Range;

/// A stepper: attacks images in blocks of [`Purpose::together`].
#[derive(Debug)]
pub struct Blocks {
    network: Compact,
    valid: Valid,
    seed: u32,
    purpose: Purpose,
    /// Indices of the images.
    indices: Vec<usize>,
    /// How many of them are in a block already.
    begun: usize,
    run: Option<Run>,
    running: bool,
}

impl Blocks {
    /// Prepares to attack images `range`.
    pub fn new(
        network: &Mlp,
        valid: Valid,
        seed: u32,
        range: Range<usize>,
        purpose: Purpose,
    ) -> Self {
        Self::of(Compact::new(network), valid, seed, range.collect(), purpose)
    }

    /// Prepares to attack the images of these indices.
    pub fn of(
        network: Compact,
        valid: Valid,
        seed: u32,
        indices: Vec<usize>,
        purpose: Purpose,
    ) -> Self {
        Blocks { network, valid, seed, purpose, indices, begun: 0, run: None, running: false }
    }

    /// The network under attack.
    pub fn network(&self) -> &Compact {
        &self.network
    }

    /// Whether all blocks are done.
    pub fn is_done(&self) -> bool {
        !self.running && self.begun >= self.indices.len()
    }

    /// Share of the images that are done.
    pub fn fraction(&self) -> f64 {
        let under_way = self.run.as_ref().filter(|_| self.running);
        let open =
            under_way.map_or(0.0, |run| (1.0 - run.fraction()) * run.verdicts().len() as f64);
        (self.begun as f64 - open) / self.indices.len().max(1) as f64
    }

    /// One step of the attack on the block under way; the images must be here. Returns the
    /// network and the block if that ended it.
    pub fn step(&mut self, images: &Images) -> Option<(&Compact, &Run)> {
        if self.running {
            let run = self.run.as_mut()?;
            self.running = !run.step(&self.network);
            return (!self.running).then_some((&self.network, run));
        }
        let end = self.indices.len().min(self.begun + self.purpose.together());
        let block = self.indices[self.begun..end].iter().copied();
        if block.len() > 0 {
            self.begun = end;
            self.running = true;
            let Blocks { network, valid, seed, purpose, .. } = self;
            match &mut self.run {
                Some(run) => run.begin(network, images, block),
                None => {
                    self.run = Some(Run::new(network, images, block, *valid, *seed, *purpose));
                }
            }
        }
        None
    }
}
