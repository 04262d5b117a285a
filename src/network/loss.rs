//! Softmax and cross-entropy from logits.

use crate::kernel::{Right, exp};

/// Softmax of the logits in place; returns the logarithm of the sum of their exponentials.
///
/// The largest logit is taken off first, so that nothing overflows; `exp` is ours and `ln` comes
/// from `libm`, so that the bits are the same everywhere.
pub fn softmax(logits: &mut [f32]) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, larger);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = exp(*logit - largest);
        sum += *logit;
    }
    for probability in logits.iter_mut() {
        *probability /= sum;
    }
    largest + libm::logf(sum)
}

/// Cross-entropy −ln softmax(logits)[label]; the logits become its gradient.
pub fn cross_entropy(logits: &mut [f32], label: usize) -> f32 {
    let chosen = logits[label];
    let loss = softmax(logits) - chosen;
    logits[label] -= 1.0;
    loss
}

/// [`cross_entropy`] of a batch (`images × classes`), the same bits for eight images at a time:
/// writes `scale` times the gradient, and calls `each(image, loss)` for every image in order.
///
/// Its closures are called by address, so that its loops are in the module once.
pub(super) fn cross_entropy_of_batch(
    logits: &Right,
    gradient: &mut Right,
    label: &dyn Fn(usize) -> usize,
    scale: f32,
    each: &mut dyn FnMut(usize, f32),
) {
    let images = logits.lines();
    gradient.reshape(images, logits.depth());
    for panel in 0..logits.panels() {
        let (from, to) = (logits.panel(panel), gradient.panel_mut(panel));
        let mut largest = [f32::NEG_INFINITY; Right::LINES];
        for logits in from {
            for (largest, logit) in largest.iter_mut().zip(logits.as_flattened()) {
                *largest = larger(*largest, *logit);
            }
        }
        let mut sums = [0.0; Right::LINES];
        for (to, logits) in to.iter_mut().zip(from) {
            let lanes = to.as_flattened_mut().iter_mut().zip(logits.as_flattened());
            for ((to, logit), (sum, largest)) in lanes.zip(sums.iter_mut().zip(&largest)) {
                *to = exp(logit - largest);
                *sum += *to;
            }
        }
        for to in to.iter_mut() {
            for (to, sum) in to.as_flattened_mut().iter_mut().zip(&sums) {
                *to /= sum;
            }
        }
        let first = panel * Right::LINES;
        for image in first..images.min(first + Right::LINES) {
            let (label, lane) = (label(image), image - first);
            to[label].as_flattened_mut()[lane] -= 1.0;
            let chosen = from[label].as_flattened()[lane];
            each(image, largest[lane] + libm::logf(sums[lane]) - chosen);
        }
        for value in to.as_flattened_mut().as_flattened_mut() {
            *value *= scale;
        }
    }
}

/// [`argmax`] of every image's logits (`images × classes`).
pub(super) fn predictions(logits: &Right, read: &mut Vec<u8>) {
    for panel in 0..logits.panels() {
        let mut best = [(f32::NAN, 0u8); Right::LINES];
        for (class, logits) in (0..).zip(logits.panel(panel)) {
            for (best, logit) in best.iter_mut().zip(logits.as_flattened()) {
                if class == 0 || *logit > best.0 {
                    *best = (*logit, class);
                }
            }
        }
        let images = logits.lines() - panel * Right::LINES;
        read.extend(best.iter().take(images).map(|(_, class)| class));
    }
}

/// The larger of two numbers, written so that the compiler can spread it over lanes.
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// Index of the largest value, the first of equals.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_logits_do_not_overflow() {
        let mut logits = [1000.0, 0.0, -1000.0];
        assert_eq!(cross_entropy(&mut logits, 1), 1000.0);
        assert_eq!(logits, [1.0, -1.0, 0.0]);
    }

    #[test]
    fn gradient_matches_finite_differences() {
        let logits = [0.3f32, -1.2, 2.0, 0.7];
        let mut gradient = logits;
        cross_entropy(&mut gradient, 3);
        for (index, gradient) in gradient.into_iter().enumerate() {
            let loss = |shift: f64| {
                let shifted =
                    |i: usize| f64::from(logits[i]) + if i == index { shift } else { 0.0 };
                (0..4).map(|i| shifted(i).exp()).sum::<f64>().ln() - shifted(3)
            };
            let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5;
            assert!((f64::from(gradient) - difference).abs() < 1e-6);
        }
    }

    #[test]
    fn argmax_takes_the_first_of_equals() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), 1);
    }
}
