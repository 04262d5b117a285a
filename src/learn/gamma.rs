//! The logarithmic derivatives of the gamma function, which `libm` lacks.

/// From here on the asymptotic series below are exact to the last digits.
const LARGE: f64 = 10.0;

/// ψ(x), the derivative of ln Γ(x), for x > 0: the recurrence ψ(x) = ψ(x + 1) − 1/x up to where
/// the asymptotic series holds (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < LARGE {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let coefficients =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0];
    sum + libm::log(x) - 0.5 / x - series(square, &coefficients)
}

/// ψ′(x) for x > 0 (Abramowitz & Stegun 1964, 6.4.6 and 6.4.12).
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < LARGE {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let coefficients =
        [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    sum + (1.0 + 0.5 / x + series(square, &coefficients)) / x
}

/// Σ coefficient · squareⁿ, n from 1 on.
fn series(square: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{LN_2, PI};

    const EULER: f64 = 0.577_215_664_901_532_9;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{value} {expected}");
    }

    #[test]
    fn known_values() {
        close(digamma(1.0), -EULER);
        close(digamma(0.5), -EULER - 2.0 * LN_2);
        close(digamma(0.25), -EULER - PI / 2.0 - 3.0 * LN_2);
        close(digamma(12.0), (1..12).map(|n| 1.0 / f64::from(n)).sum::<f64>() - EULER);
        close(trigamma(1.0), PI * PI / 6.0);
        close(trigamma(0.5), PI * PI / 2.0);
        close(trigamma(3.0), PI * PI / 6.0 - 1.25);
        let head: f64 = (1..15).map(|n| 1.0 / f64::from(n * n)).sum();
        close(trigamma(15.0), PI * PI / 6.0 - head);
    }

    #[test]
    fn they_are_derivatives_of_the_logarithm_of_gamma() {
        for x in [0.01, 0.3, 2.5, 9.99, 10.01, 40.0] {
            let step = 1e-4 * x;
            let slope = (libm::lgamma(x + step) - libm::lgamma(x - step)) / (2.0 * step);
            assert!((digamma(x) - slope).abs() < 1e-6 * slope.abs().max(1.0), "{x}");
            let slope = (digamma(x + step) - digamma(x - step)) / (2.0 * step);
            assert!((trigamma(x) - slope).abs() < 1e-6 * slope.abs().max(1.0), "{x}");
        }
    }
}
