//! An attack on many images, block by block.

use super::{Purpose, Run, Valid};
use crate::data::Images;
use crate::network::{Compact, Mlp};
use std::ops::Range;

/// A stepper: attacks a range of images in blocks of [`Purpose::together`].
#[derive(Debug)]
pub struct Blocks {
    network: Compact,
    valid: Valid,
    seed: u32,
    purpose: Purpose,
    range: Range<usize>,
    /// First image that is in no block yet.
    next: usize,
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
        let (network, next) = (Compact::new(network), range.start);
        Blocks { network, valid, seed, purpose, range, next, run: None, running: false }
    }

    /// The network under attack.
    pub fn network(&self) -> &Compact {
        &self.network
    }

    /// Whether all blocks are done.
    pub fn is_done(&self) -> bool {
        !self.running && self.next >= self.range.end
    }

    /// One step of the attack on the block under way; the images must be here. Returns the
    /// network and the block if that ended it.
    pub fn step(&mut self, images: &Images) -> Option<(&Compact, &Run)> {
        if self.running {
            let run = self.run.as_mut()?;
            self.running = !run.step(&self.network);
            return (!self.running).then_some((&self.network, run));
        }
        if self.next < self.range.end {
            let block = self.next..self.range.end.min(self.next + self.purpose.together());
            self.next = block.end;
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
