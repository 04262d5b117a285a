//! Mean, spread and interval of a figure over repetitions.

use crate::evaluate::Count;
use serde::{Deserialize, Serialize};

/// How an interval was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// Student's (1908) t over the repetitions: what another repetition may give.
    Student,
    /// Wilson's (1927) score interval of the images pooled over the repetitions: what other images
    /// may give.
    Wilson,
    /// There is none.
    None,
}

/// A figure over repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation; 0 of one repetition.
    pub deviation: f64,
    /// Repetitions.
    pub n: usize,
    /// Lower end of the 95 % interval of the mean.
    pub low: f64,
    /// Upper end of the 95 % interval of the mean.
    pub high: f64,
    /// How the interval was computed.
    pub interval: Interval,
}

impl Spread {
    /// Of figures, one for each repetition; with Student's interval from three on. With less there
    /// is none.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len();
        let count = n.max(1) as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let deviation = if n > 1 { (squares / (n - 1) as f64).sqrt() } else { 0.0 };
        let none = Spread { mean, deviation, n, low: mean, high: mean, interval: Interval::None };
        if n < 3 {
            return none;
        }
        let half = student(n - 1) * deviation / count.sqrt();
        Spread { low: mean - half, high: mean + half, interval: Interval::Student, ..none }
    }

    /// Of shares of images, one for each repetition; with Wilson's interval where there are fewer
    /// than three. An end of an interval stays within 0 and 1.
    pub fn of_counts(counts: &[Count]) -> Self {
        let share = |count: &Count| count.correct as f64 / count.total.max(1) as f64;
        let spread = Self::of(&counts.iter().map(share).collect::<Vec<_>>());
        if spread.interval != Interval::None {
            return Spread { low: spread.low.max(0.0), high: spread.high.min(1.0), ..spread };
        }
        let pooled = counts
            .iter()
            .fold((0, 0), |(correct, total), count| (correct + count.correct, total + count.total));
        let Count { low, high, .. } = Count::new(pooled.0, pooled.1);
        Spread { low, high, interval: Interval::Wilson, ..spread }
    }
}

/// The 97.5 % quantile of Student's t.
fn student(degrees: usize) -> f64 {
    /// From one degree of freedom on.
    const QUANTILES: [f64; 30] = [
        12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
        2.262_157, 2.228_139, 2.200_985, 2.178_813, 2.160_369, 2.144_787, 2.131_450, 2.119_905,
        2.109_816, 2.100_922, 2.093_024, 2.085_963, 2.079_614, 2.073_873, 2.068_658, 2.063_899,
        2.059_539, 2.055_529, 2.051_831, 2.048_407, 2.045_230, 2.042_272,
    ];
    if let Some(quantile) = degrees.checked_sub(1).and_then(|place| QUANTILES.get(place)) {
        return *quantile;
    }
    // The expansion about the normal's quantile (Abramowitz & Stegun 1964, 26.7.5).
    const Z: f64 = 1.959_963_984_540_054;
    let n = degrees.max(1) as f64;
    let (z3, z5, z7) = (Z * Z * Z, Z * Z * Z * Z * Z, Z * Z * Z * Z * Z * Z * Z);
    Z + (z3 + Z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * Z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * Z) / (384.0 * n * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_that_of_the_textbook() {
        // Student's sleep data, second drug (Student 1908, “The probable error of a mean”, table).
        let gained = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let spread = Spread::of(&gained);
        assert!((spread.mean - 2.33).abs() < 1e-9);
        assert!((spread.deviation - 2.002_249).abs() < 1e-6);
        assert!((spread.low - 0.897_674).abs() < 1e-5 && (spread.high - 3.762_326).abs() < 1e-5);
        assert_eq!(spread.interval, Interval::Student);
    }

    #[test]
    fn one_repetition_has_the_interval_of_its_images() {
        let count = Count::new(81, 263);
        let spread = Spread::of_counts(&[count]);
        assert_eq!((spread.low, spread.high, spread.n), (count.low, count.high, 1));
        assert_eq!((spread.deviation, spread.interval), (0.0, Interval::Wilson));
        let two = Spread::of_counts(&[Count::new(40, 100), Count::new(60, 100)]);
        let pooled = Count::new(100, 200);
        assert_eq!((two.mean, two.low, two.high), (0.5, pooled.low, pooled.high));
        let sure =
            Spread::of_counts(&[Count::new(99, 100), Count::new(100, 100), Count::new(80, 100)]);
        assert_eq!(sure.high, 1.0);
        assert_eq!(Spread::of(&[0.3]).interval, Interval::None);
    }

    #[test]
    fn quantiles_go_on_past_the_table() {
        // R's qt(0.975, 31), qt(0.975, 60), qt(0.975, 1000).
        for (degrees, quantile) in
            [(30, 2.042_272), (31, 2.039_513), (60, 2.000_298), (1000, 1.962_339)]
        {
            assert!((student(degrees) - quantile).abs() < 5e-6, "{degrees}: {}", student(degrees));
        }
    }
}
