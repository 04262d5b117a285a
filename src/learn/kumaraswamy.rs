//! The distributions of beta-Bernoulli dropout (Lee et al. 2018, “Adaptive network sparsification
//! with dependent variational beta-Bernoulli dropout”, section 3.1): a unit is kept with
//! probability π, whose posterior is Kumaraswamy(a, b) and whose prior Beta(α/K, 1).

use super::gamma::{digamma, trigamma};

/// α/K, the prior’s first parameter: as small as in the authors’ code, which favours units that
/// are hardly ever kept.
const PRIOR: f64 = 1e-4;

/// Temperature of the relaxed Bernoulli draws, as in the paper’s experiments.
const TEMPERATURE: f64 = 0.1;

const EULER: f64 = 0.577_215_664_901_532_9;

/// A posterior over the probability that a unit is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kumaraswamy {
    pub a: f64,
    pub b: f64,
}

/// A number with its derivatives by a and by b.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sloped {
    pub value: f64,
    pub by_a: f64,
    pub by_b: f64,
}

impl Kumaraswamy {
    /// The mean of π: b · B(1 + 1/a, b).
    pub fn mean(self) -> f64 {
        let Kumaraswamy { a, b } = self;
        let first = 1.0 + 1.0 / a;
        libm::exp(libm::log(b) + libm::lgamma(first) + libm::lgamma(b) - libm::lgamma(first + b))
    }

    /// The divergence of the posterior from the prior: KL of Lee et al. 2018, section 3.1.
    pub fn divergence(self) -> Sloped {
        let Kumaraswamy { a, b } = self;
        let inner = -EULER - digamma(b) - 1.0 / b;
        Sloped {
            value: (a - PRIOR) / a * inner + libm::log(a * b / PRIOR) - (b - 1.0) / b,
            by_a: PRIOR / (a * a) * inner + 1.0 / a,
            by_b: (a - PRIOR) / a * (1.0 / (b * b) - trigamma(b)) + 1.0 / b - 1.0 / (b * b),
        }
    }

    /// A unit’s mask z, by two uniform draws from (0, 1): π = (1 − u^(1/b))^(1/a), then a relaxed
    /// Bernoulli draw (Maddison et al. 2017, “The concrete distribution”, eq. 9):
    /// z = σ((logit π + logit v) / temperature).
    pub fn draw(self, u: f64, v: f64) -> Sloped {
        /// Nearer to 1 than this π never comes: its logit stays finite.
        const NEAR: f64 = 1e-12;
        let Kumaraswamy { a, b } = self;
        let log_u = libm::log(u);
        let power = libm::exp(log_u / b);
        let rest = -libm::expm1(log_u / b);
        let log_pi = (libm::log(rest) / a).min(-NEAR);
        let unlike = -libm::expm1(log_pi);
        let logit = log_pi - libm::log(unlike) + libm::log(v) - libm::log(1.0 - v);
        let value = 1.0 / (1.0 + libm::exp(-logit / TEMPERATURE));
        let by_log_pi = value * (1.0 - value) / TEMPERATURE / unlike;
        Sloped {
            value,
            by_a: by_log_pi * -log_pi / a,
            by_b: by_log_pi * power * log_u / (a * rest * b * b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [(f64, f64); 5] = [(0.3, 1.0), (3.0, 1.0), (9.0, 0.5), (1.5, 4.0), (0.05, 12.0)];

    fn each(check: impl Fn(Kumaraswamy)) {
        SHAPES.into_iter().for_each(|(a, b)| check(Kumaraswamy { a, b }));
    }

    fn sloped(of: impl Fn(Kumaraswamy) -> Sloped, at: Kumaraswamy) {
        let Kumaraswamy { a, b } = at;
        let slope = |a_step: f64, b_step: f64| {
            let more = of(Kumaraswamy { a: a + a_step, b: b + b_step }).value;
            let less = of(Kumaraswamy { a: a - a_step, b: b - b_step }).value;
            (more - less) / (2.0 * (a_step + b_step))
        };
        let near = |slope: f64, expected: f64| {
            assert!(
                (slope - expected).abs() < 1e-5 * expected.abs().max(1.0),
                "{slope} {expected}"
            );
        };
        near(of(at).by_a, slope(1e-6 * a, 0.0));
        near(of(at).by_b, slope(0.0, 1e-6 * b));
    }

    #[test]
    fn gradients_match_finite_differences() {
        each(|shape| sloped(Kumaraswamy::divergence, shape));
        for (u, v) in [(0.3, 0.6), (0.9, 0.2), (0.05, 0.5), (0.5, 0.97)] {
            each(|shape| sloped(|shape| shape.draw(u, v), shape));
        }
    }

    #[test]
    fn the_divergence_is_that_of_its_definition() {
        // ∫ q ln(q/p) over π = (1 − u^(1/b))^(1/a), by the midpoint rule.
        each(|shape| {
            const POINTS: u32 = 400_000;
            let Kumaraswamy { a, b } = shape;
            let log_ratio = |point: u32| {
                let u = (f64::from(point) + 0.5) / f64::from(POINTS);
                let log_rest = (-(u.ln() / b).exp_m1()).ln();
                let log_pi = log_rest / a;
                let log_q = (a * b).ln() + (a - 1.0) * log_pi + (b - 1.0) * u.ln() / b;
                log_q - (PRIOR.ln() + (PRIOR - 1.0) * log_pi)
            };
            let mean = (0..POINTS).map(log_ratio).sum::<f64>() / f64::from(POINTS);
            let value = shape.divergence().value;
            assert!((value - mean).abs() < 2e-3 * value.abs().max(1.0), "{value} {mean}");
        });
    }

    #[test]
    fn the_mean_is_that_of_the_draws() {
        each(|shape| {
            const POINTS: u32 = 100_000;
            let pi = |point: u32| {
                let u = (f64::from(point) + 0.5) / f64::from(POINTS);
                (1.0 - u.powf(1.0 / shape.b)).powf(1.0 / shape.a)
            };
            let mean = (0..POINTS).map(pi).sum::<f64>() / f64::from(POINTS);
            assert!((shape.mean() - mean).abs() < 1e-3, "{shape:?} {mean}");
        });
    }

    #[test]
    fn draws_stay_finite_at_the_ends() {
        for (a, b) in [(1e-3, 1e-3), (1e3, 1e-3), (1e-3, 1e3), (1e3, 1e3)] {
            for (u, v) in [(3e-8, 3e-8), (3e-8, 1.0 - 3e-8), (1.0 - 3e-8, 3e-8)] {
                let Sloped { value, by_a, by_b } = Kumaraswamy { a, b }.draw(u, v);
                assert!((0.0..=1.0).contains(&value), "{value}");
                assert!(by_a.is_finite() && by_b.is_finite(), "{a} {b} {u} {v}: {by_a} {by_b}");
            }
        }
    }
}
