//! What rounding can do at most (Higham 2002, “Accuracy and stability of numerical algorithms”,
//! section 3.1).

/// Unit roundoff of `f32`: what one operation can be off by, relative to its result.
pub(super) const UNIT: f64 = 1.0 / 16_777_216.0;

/// The smallest `f32` above 0: more than what a product too small for `f32` is off by.
pub(super) const TINIEST: f64 = f32::from_bits(1) as f64;

/// Sums whose magnitudes stay below this one cannot overflow, however they are rounded.
pub(super) const LARGEST: f64 = 1e37;

/// Operations that are counted beyond those in `f32`. One of them, 2⁻²⁴ of the magnitudes, is
/// worth 2²⁹ operations in `f64`: it covers all of those that a bound is made with.
pub(super) const SPARE: usize = 4;

/// γₙ = n·u / (1 − n·u): what `n` operations in `f32` one after the other can be off by, relative
/// to the sum of the magnitudes.
pub(super) fn gamma(operations: usize) -> f64 {
    let units = operations as f64 * UNIT;
    units / (1.0 - units)
}

/// An `f32` not above the number, and 0 for what is below 0.
pub(super) fn down(value: f64) -> f32 {
    if value > 0.0 { (value as f32).next_down().max(0.0) } else { 0.0 }
}

/// An `f32` not below the number, and 0 for what is below 0. A NaN stays one.
pub(super) fn up(value: f64) -> f32 {
    if value <= 0.0 { 0.0 } else { (value as f32).next_up() }
}
