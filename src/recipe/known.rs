//! What was measured before, by network and measurement.

use super::table::json_text;
use crate::network::Mlp;
use crate::prune::{Measured, Measurement};
use std::rc::Rc;

/// The newest of what was measured.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<(String, Rc<Measured>)>);

impl Known {
    const MOST: usize = 32;
    /// Bytes that they may hold together.
    const MOST_BYTES: usize = 32 << 20;

    /// What names a measurement: all that its outcome depends on.
    pub fn key(network: &Mlp, measurement: &Measurement, seed: u32) -> String {
        format!("{} {} {seed}", network.digest(), json_text(measurement))
    }

    pub fn get(&self, key: &str) -> Option<Rc<Measured>> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, measured)| measured.clone())
    }

    pub fn insert(&mut self, key: String, measured: Rc<Measured>) {
        self.0.push((key, measured));
        let bytes = |known: &[(String, Rc<Measured>)]| -> usize {
            known.iter().map(|(_, measured)| measured.bytes()).sum()
        };
        while self.0.len() > Self::MOST || self.0.len() > 1 && bytes(&self.0) > Self::MOST_BYTES {
            self.0.remove(0);
        }
    }
}
