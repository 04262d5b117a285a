//! SNIP: connection sensitivity |w · ∂L/∂w|, with L the mean loss over the images (Lee, Ajanthan &
//! Torr 2019, “SNIP: single-shot network pruning based on connection sensitivity”, section 4.1).
//! Their division by the sum over all weights changes no order and is left out.

/// The score of a weight with this mean gradient.
pub(super) fn weight(size: f64, gradient: f32) -> f64 {
    size * f64::from(gradient.abs())
}
