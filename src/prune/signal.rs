//! Signal to distortion: |w| · E|x| / E|x − x̃|, ranked among the weights into the same output. It
//! is Wanda (Sun et al. 2023, eq. 1) with the input's signal compared with what an attack makes of
//! it (Madaan, Shin & Hwang 2020, section 3).

use crate::profile::Level;

/// The score of a weight of this size: 0 where there is no signal, infinite where there is one
/// that is never distorted.
pub(super) fn weight(size: f64, input: usize, level: &Level) -> f64 {
    let signal = size * level.mean[input];
    if signal == 0.0 { 0.0 } else { signal / level.distance[input] }
}
