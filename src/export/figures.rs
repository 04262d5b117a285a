//! What was measured here, for others to compare with.

use serde::{Deserialize, Serialize};

/// What was measured of a recipe's network; what was not yet is not told.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default)]
pub struct Figures {
    /// How many of the recipe's test images are read right.
    pub clean: Option<usize>,
    /// How many of the old adversarial images.
    pub transfer: Option<usize>,
    /// How many withstand the attack made anew.
    pub adaptive: Option<usize>,
    /// Mean |z − z̃| of every unit of each hidden layer; empty where it was not measured.
    pub distortion: Vec<Vec<f64>>,
}

impl Figures {
    /// Units told of each layer.
    const TOLD: usize = 5;

    /// The most distorted units of each hidden layer, counted from 1, with their distortion.
    pub(super) fn most_distorted(&self) -> Vec<(usize, usize, f64)> {
        let mut told = Vec::new();
        for (layer, units) in self.distortion.iter().enumerate() {
            let mut left: Vec<usize> = (0..units.len()).filter(|unit| units[*unit] > 0.0).collect();
            for _ in 0..Self::TOLD {
                let by_distortion = |a: &&usize, b: &&usize| {
                    // Of equal ones the first.
                    units[**a].total_cmp(&units[**b]).then(b.cmp(a))
                };
                let Some(most) = left.iter().max_by(by_distortion).copied() else { break };
                left.retain(|unit| *unit != most);
                told.push((layer + 1, most, units[most]));
            }
        }
        told
    }
}
