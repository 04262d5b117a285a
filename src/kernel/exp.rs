//! The exponential, in arithmetic that has the same bits everywhere and that the compiler can
//! spread over lanes.

/// e^x for x ≤ 0, within 2 units in the last place, and 0 below -87, so that nothing is denormal.
/// NaN stays NaN.
///
/// The method of Cephes' `expf` (Moshier 1989): x = n·ln 2 + r with |r| ≤ ½ ln 2, a polynomial
/// for e^r, then n is added to the exponent.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding 1.5·2²³ rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// ln 2 in two parts: the first has few bits, so that its product with n is exact.
    const LN2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    const LEAST: f32 = -87.0;
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * LN2.0 - n * LN2.1;
    let mut sum = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = sum * r + coefficient;
    }
    // For a NaN or below LEAST this is some number or other.
    let power = (rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23;
    let value = (sum * r * r + r + 1.0) * f32::from_bits(power);
    if x < LEAST { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn lies_within_two_units_of_the_true_value() {
        let mut worst: f64 = 0.0;
        for step in 0..870_000u32 {
            let x = -(step as f32) * 1e-4;
            let truth = f64::from(x).exp();
            let unit = f64::from(f32::EPSILON) * 2f64.powi(truth.log2().floor() as i32);
            worst = worst.max((f64::from(exp(x)) - truth).abs() / unit);
        }
        assert!(worst <= 2.0, "{worst}");
    }

    #[test]
    fn has_sound_ends() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!((exp(-87.1), exp(-1e9), exp(f32::NEG_INFINITY)), (0.0, 0.0, 0.0));
        assert!(exp(-87.0).is_normal() && exp(f32::NAN).is_nan());
    }
}
