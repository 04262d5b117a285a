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
        if total == 0 {
            return Count { correct, total, low: 0.0, high: 1.0 };
        }
        let (n, p) = (total as f64, correct as f64 / total as f64);
        let scale = 1.0 + Z * Z / n;
        let centre = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        Count { correct, total, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }
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
