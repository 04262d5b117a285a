//! Wanda: a weight's size times the norm of its input, |w| · ‖x‖₂, ranked among the weights into
//! the same output (Sun et al. 2023, “A simple and effective pruning approach for large language
//! models”, eq. 1 and section 3).

use crate::profile::Level;

/// The score of a weight of this size. The norm is left divided by the root of the number of
/// images, which is the same for all.
pub(super) fn weight(size: f64, input: usize, level: &Level) -> f64 {
    size * level.square[input].sqrt()
}
