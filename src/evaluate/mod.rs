//! Measuring: how many images a network still reads, and how sure that figure is.

mod adaptive;
mod basis;
mod cache;
mod gradients;
mod matrix;
mod score;
mod security;
#[cfg(test)]
mod testing;
mod worst;

pub use adaptive::{AttackCount, Attacked};
pub use gradients::{GradientCount, InputGradients};
pub use matrix::{Confusion, Digits, TargetCount, TargetMatrix, TransferCount, TransferMatrix};
pub use score::{OldImages, Scorer, Scoring};
pub use security::{CurveCount, SecurityCurve};
pub use worst::{Outcome, Part, WorstCase};

use serde::{Deserialize, Serialize};

/// A share of images, with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Count {
    /// Images read correctly.
    pub correct: usize,
    /// Images measured.
    pub total: usize,
    /// Lower end of the interval, from 0 to 1.
    pub low: f64,
    /// Upper end of the interval, from 0 to 1.
    pub high: f64,
}

impl Count {
    /// The share `correct / total` with its Wilson (1927) score interval.
    pub fn new(correct: usize, total: usize) -> Self {
        /// The standard normal's 97.5 % quantile.
        const Z: f64 = 1.959_963_984_540_054;
        let (low, high) = wilson(correct, total, Z);
        Count { correct, total, low, high }
    }
}

/// The score interval of Wilson (1927) for a share, `z` standard deviations to either side.
pub fn wilson(correct: usize, total: usize, z: f64) -> (f64, f64) {
    if total == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (total as f64, correct as f64 / total as f64);
    let scale = 1.0 + z * z / n;
    let centre = (p + z * z / (2.0 * n)) / scale;
    let half = z / scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_interval_matches_published_values() {
        // Newcombe (1998), table I, Wilson without continuity correction.
        for (correct, total, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
        {
            let count = Count::new(correct, total);
            assert!(
                (count.low - low).abs() < 5e-5 && (count.high - high).abs() < 5e-5,
                "{count:?}"
            );
        }
    }

    #[test]
    fn nothing_measured_says_nothing() {
        let count = Count::new(0, 0);
        assert_eq!((count.low, count.high), (0.0, 1.0));
    }
}
