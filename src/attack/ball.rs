//! Norms, and the balls that perturbations are kept in.

use super::l1;
use crate::network::confine_linf;
use serde::{Deserialize, Serialize};

/// How the size of a perturbation δ is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// The largest change of any pixel.
    #[default]
    Linf,
    /// The square root of the sum of squared changes.
    L2,
    /// The sum of all changes.
    L1,
}

impl Norm {
    /// The largest perturbation of 784 pixels between 0 and 1 there can be.
    pub fn largest(self) -> f64 {
        match self {
            Norm::Linf => 1.0,
            Norm::L2 => 28.0,
            Norm::L1 => 784.0,
        }
    }

    /// The size of an attack where none is said.
    pub fn usual_eps(self) -> f64 {
        match self {
            Norm::Linf => 0.1,
            Norm::L2 => 1.0,
            Norm::L1 => 6.0,
        }
    }

    /// The name in recipes and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Norm::Linf => "linf",
            Norm::L2 => "l2",
            Norm::L1 => "l1",
        }
    }

    /// The name in sentences.
    pub fn label(self) -> &'static str {
        match self {
            Norm::Linf => "L∞",
            Norm::L2 => "L2",
            Norm::L1 => "L1",
        }
    }

    /// The norm of `point − clean`, summed in `f64`.
    pub fn distance(self, point: &[f32], clean: &[f32]) -> f32 {
        let changes = point.iter().zip(clean).map(|(a, b)| (a - b).abs());
        match self {
            Norm::Linf => changes.fold(0.0, |a, b| if b > a { b } else { a }),
            Norm::L2 => {
                let ((a, a_rest), (b, b_rest)) =
                    (point.as_chunks::<LANES>(), clean.as_chunks::<LANES>());
                let whole = a.iter().zip(b).map(|(a, b)| std::array::from_fn(|i| a[i] - b[i]));
                let rest = a_rest.iter().zip(b_rest).map(|(a, b)| [a - b]);
                (squares::<LANES>(whole) + squares(rest)).sqrt() as f32
            }
            Norm::L1 => changes.map(f64::from).sum::<f64>() as f32,
        }
    }

    /// The norm of a vector.
    pub fn of(self, vector: &[f32]) -> f32 {
        match self {
            Norm::Linf => vector.iter().fold(0.0, |a, b| if b.abs() > a { b.abs() } else { a }),
            Norm::L2 => {
                let (whole, rest) = vector.as_chunks::<LANES>();
                let rest = rest.iter().map(|x| [*x]);
                (squares(whole.iter().copied()) + squares(rest)).sqrt() as f32
            }
            Norm::L1 => vector.iter().map(|x| f64::from(x.abs())).sum::<f64>() as f32,
        }
    }
}

/// Sums that do not wait for each other.
const LANES: usize = 8;

/// The sum of squares.
fn squares<const N: usize>(vectors: impl Iterator<Item = [f32; N]>) -> f64 {
    let mut sums = [0.0; N];
    for vector in vectors {
        for (sum, x) in sums.iter_mut().zip(vector) {
            *sum += f64::from(x) * f64::from(x);
        }
    }
    sums.iter().sum()
}

/// All perturbations of at most this size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ball {
    /// How size is measured.
    pub norm: Norm,
    /// The largest size.
    pub eps: f32,
}

impl Ball {
    /// Brings a point into the ball around the clean image and into [0, 1]: clipped for L∞,
    /// shortened towards the clean image for L2, the nearest of all for L1.
    pub fn confine(self, point: &mut [f32], clean: &[f32]) {
        if self.norm == Norm::Linf {
            return confine_linf(point, clean, self.eps);
        }
        if self.norm == Norm::L1 {
            l1::project(point, clean, self.eps);
        }
        clip(point, clean);
        // A clean image lies in [0, 1], so does every point on the way to it.
        let distance = self.norm.distance(point, clean);
        if distance > self.eps {
            // A hair shorter, so that rounding cannot leave it outside.
            let scale = self.eps / distance * (1.0 - 1e-6);
            for (point, clean) in point.iter_mut().zip(clean) {
                *point = clean + scale * (*point - clean);
            }
            clip(point, clean);
        }
    }
}

/// Clips a point to [0, 1]; what is no number becomes the clean pixel.
pub(super) fn clip(point: &mut [f32], clean: &[f32]) {
    for (point, clean) in point.iter_mut().zip(clean) {
        let value = if point.is_nan() { *clean } else { *point };
        let inside = if value > 0.0 { value } else { 0.0 };
        *point = if inside < 1.0 { inside } else { 1.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_confined_is_inside(
            clean in prop::collection::vec(0.0f32..=1.0, 30),
            moves in prop::collection::vec(-3.0f32..3.0, 30),
            eps in 0.0f32..4.0,
        ) {
            for norm in [Norm::Linf, Norm::L2, Norm::L1] {
                let mut point: Vec<f32> = clean.iter().zip(&moves).map(|(a, b)| a + b).collect();
                point[3] = f32::NAN;
                point[4] = f32::INFINITY;
                Ball { norm, eps }.confine(&mut point, &clean);
                prop_assert!(point.iter().all(|value| (0.0..=1.0).contains(value)));
                prop_assert!(norm.distance(&point, &clean) <= eps + 1e-6);
            }
        }

        #[test]
        fn what_is_inside_stays(
            clean in prop::collection::vec(0.2f32..=0.8, 30),
            moves in prop::collection::vec(-0.1f32..0.1, 30),
        ) {
            for norm in [Norm::Linf, Norm::L2, Norm::L1] {
                let before: Vec<f32> = clean.iter().zip(&moves).map(|(a, b)| a + b).collect();
                let mut point = before.clone();
                Ball { norm, eps: 3.1 }.confine(&mut point, &clean);
                prop_assert_eq!(&before, &point);
            }
        }
    }

    #[test]
    fn norms_are_norms() {
        let (point, clean) = ([0.0, 1.0, 0.5], [0.3, 0.6, 0.5]);
        assert!((Norm::Linf.distance(&point, &clean) - 0.4).abs() < 1e-6);
        assert!((Norm::L2.distance(&point, &clean) - 0.5).abs() < 1e-6);
        assert!((Norm::L1.distance(&point, &clean) - 0.7).abs() < 1e-6);
        assert_eq!(Norm::L1.of(&[-1.0, 2.0]), 3.0);
    }
}
