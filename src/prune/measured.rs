//! What has to be measured of a network before it can be pruned.

use super::{Greedy, Needs, PruneParams};
use crate::data::{Dataset, Set};
use crate::network::Mlp;
use crate::profile::{Profile, ProfileParams, Profiling, Subject};
use serde::Serialize;

/// What is to be measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Measurement {
    /// What the network does on images.
    Profile(ProfileParams),
    /// Which units a greedy search would remove.
    Removals(Box<PruneParams>),
}

/// What was measured.
#[derive(Debug, Clone)]
pub enum Measured {
    /// What the network does on images.
    Profile(Profile),
    /// Units to be removed, as layer and unit, in the order in which they were chosen.
    Removals(Vec<(usize, usize)>),
}

/// A stepper that measures.
#[derive(Debug)]
pub enum Measuring {
    /// What the network does on images.
    Profile(Profiling),
    /// Which units a greedy search would remove.
    Removals(Box<Greedy>),
}

impl PruneParams {
    /// What has to be measured before the criterion can score, if anything.
    pub fn measurement(&self) -> Option<Measurement> {
        let subject = match self.by.facts().needs {
            Needs::Nothing => return None,
            Needs::Search => return Some(Measurement::Removals(Box::new(self.clone()))),
            Needs::Outputs => Subject::Outputs,
            Needs::Saliency => Subject::Saliency,
            Needs::Gradients => Subject::Gradients,
            Needs::Attack => Subject::Attack(self.scoring_attack()),
        };
        let (on, images) = (self.on, self.images);
        Some(Measurement::Profile(ProfileParams { subject, on, images }))
    }
}

impl Measurement {
    /// The set and the number of images it needs.
    pub fn needs(&self) -> (Set, usize) {
        match self {
            Measurement::Profile(params) => (params.on, params.images),
            Measurement::Removals(params) => (params.on, params.images),
        }
    }

    /// Whether it attacks images.
    pub fn attacks(&self) -> bool {
        match self {
            Measurement::Profile(params) => matches!(params.subject, Subject::Attack(_)),
            Measurement::Removals(_) => true,
        }
    }

    /// Begins to measure. Random draws of attacks come from `seed`.
    ///
    /// # Errors
    /// A sentence when an attack's parameters are out of range.
    pub fn begin(&self, network: &Mlp, seed: u32) -> Result<Measuring, String> {
        Ok(match self {
            Measurement::Profile(params) => {
                Measuring::Profile(Profiling::new(network, *params, seed)?)
            }
            Measurement::Removals(params) => {
                Measuring::Removals(Box::new(Greedy::new(network, params, seed)?))
            }
        })
    }

    /// One step of it; the images must be here. Returns whether all is measured.
    pub fn step(&self, measuring: &mut Measuring, data: &Dataset) -> bool {
        let images = data.set(self.needs().0);
        match measuring {
            Measuring::Profile(profiling) => profiling.step(images),
            Measuring::Removals(greedy) => greedy.step(images),
        }
    }
}

impl Measuring {
    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        match self {
            Measuring::Profile(profiling) => profiling.fraction(),
            Measuring::Removals(greedy) => greedy.fraction(),
        }
    }

    /// What was measured; call it once all is.
    pub fn finish(self) -> Measured {
        match self {
            Measuring::Profile(profiling) => Measured::Profile(profiling.finish()),
            Measuring::Removals(greedy) => Measured::Removals(greedy.finish()),
        }
    }
}

impl Measured {
    /// Bytes of what it holds that grows with the weights.
    pub fn bytes(&self) -> usize {
        match self {
            Measured::Profile(profile) => profile.bytes(),
            Measured::Removals(_) => 0,
        }
    }
}
