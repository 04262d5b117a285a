//! How far apart two outputs of a network are.

use super::softmax;
use crate::data::CLASSES;

/// The Kullback–Leibler divergence KL(softmax(a) ‖ softmax(b)) = Σ p·(ln p − ln q) of two images'
/// logits; each becomes the divergence's gradient by it, p·(ln p − ln q − KL) and q − p.
pub fn divergence(a: &mut [f32; CLASSES], b: &mut [f32; CLASSES]) -> f32 {
    let (logits_a, logits_b) = (*a, *b);
    let (norm_a, norm_b) = (softmax(a), softmax(b));
    // ln p − ln q, without the logarithm of a probability that is 0.
    let ratios: [f32; CLASSES] =
        std::array::from_fn(|class| (logits_a[class] - norm_a) - (logits_b[class] - norm_b));
    let divergence = a.iter().zip(&ratios).fold(0.0, |sum, (p, ratio)| sum + p * ratio);
    for ((p, q), ratio) in a.iter_mut().zip(b).zip(ratios) {
        (*p, *q) = (*p * (ratio - divergence), *q - *p);
    }
    divergence
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As defined, in f64.
    fn naive(a: &[f64; CLASSES], b: &[f64; CLASSES]) -> f64 {
        let softmax = |logits: &[f64; CLASSES]| {
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            logits.map(|logit| logit.exp() / sum)
        };
        let (p, q) = (softmax(a), softmax(b));
        p.iter().zip(q).map(|(p, q)| p * (p / q).ln()).sum()
    }

    #[test]
    fn both_gradients_match_finite_differences() {
        let a = [0.3, -1.2, 2.0, 0.7, 0.0, -0.5, 1.1, 0.2, -2.0, 0.9];
        let b = [1.3, 0.2, -1.0, 0.1, 0.6, -1.5, 2.1, -0.2, 0.4, 0.0];
        let narrow = |logits: &[f64; CLASSES]| logits.map(|logit| logit as f32);
        let (mut by_a, mut by_b) = (narrow(&a), narrow(&b));
        let value = divergence(&mut by_a, &mut by_b);
        assert!((f64::from(value) - naive(&a, &b)).abs() < 1e-6);
        for class in 0..CLASSES {
            let moved = |logits: &[f64; CLASSES], by: f64| {
                let mut moved = *logits;
                moved[class] += by;
                moved
            };
            let expected = [
                naive(&moved(&a, 1e-5), &b) - naive(&moved(&a, -1e-5), &b),
                naive(&a, &moved(&b, 1e-5)) - naive(&a, &moved(&b, -1e-5)),
            ];
            for (gradient, expected) in [by_a[class], by_b[class]].into_iter().zip(expected) {
                assert!((f64::from(gradient) - expected / 2e-5).abs() < 1e-6, "{class}");
            }
        }
    }

    #[test]
    fn equal_outputs_do_not_diverge_and_sure_ones_stay_finite() {
        let mut equal = [[1.5, 0.0, -3.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5]; 2];
        let [a, b] = &mut equal;
        assert_eq!(divergence(a, b), 0.0);
        assert!(equal.as_flattened().iter().all(|value| *value == 0.0));
        let (mut a, mut b) = ([0.0; CLASSES], [0.0; CLASSES]);
        (a[3], b[4]) = (1000.0, 1000.0);
        assert_eq!(divergence(&mut a, &mut b), 1000.0);
        assert_eq!((a[3], a[4], b[3], b[4]), (0.0, 0.0, -1.0, 1.0));
    }
}
