//! Softmax and cross-entropy from logits.

/// Softmax of the logits in place; returns the logarithm of the sum of their exponentials.
///
/// The largest logit is taken off first, so that nothing overflows; `exp` and `ln` come from
/// `libm`, so that the bits are the same everywhere.
pub fn softmax(logits: &mut [f32]) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = libm::expf(*logit - largest);
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
