//! What attackers maximise: functions of the ten logits, with their gradients by the logits.

use super::{Goal, Logits};
use crate::data::CLASSES;
use crate::network;

/// Cross-entropy to the label, or for a target its negative. The gradient goes to `gradient`.
pub(super) fn cross_entropy(goal: Goal, logits: &Logits, gradient: &mut Logits) -> f32 {
    *gradient = *logits;
    match goal.target {
        None => network::cross_entropy(gradient, usize::from(goal.label)),
        Some(target) => {
            // Towards the target the loss has to fall.
            let loss = network::cross_entropy(gradient, usize::from(target));
            gradient.iter_mut().for_each(|value| *value = -*value);
            -loss
        }
    }
}

/// The logit of class `up` less that of class `down`.
pub(super) fn difference(up: usize, down: usize, logits: &Logits, gradient: &mut Logits) -> f32 {
    *gradient = [0.0; CLASSES];
    gradient[up] += 1.0;
    gradient[down] -= 1.0;
    logits[up] - logits[down]
}

/// The difference of logits ratio, −(z_y − max z_i≠y)/(z_π1 − z_π3) with the logits z_π1 ≥ z_π2 ≥ …
/// (Croce & Hein 2020, “Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks”, equation 6). Scaling and shifting the logits leaves it as it is.
pub(super) fn logit_ratio(label: usize, logits: &Logits, gradient: &mut Logits) -> f32 {
    let order = ranking(logits);
    let [first, _, third] = [0, 1, 2].map(|rank| usize::from(order[rank]));
    let other = strongest_but(label, logits);
    ratio(other, label, &[(first, 1.0), (third, -1.0)], logits, gradient)
}

/// The targeted difference of logits ratio, −(z_y − z_t)/(z_π1 − (z_π3 + z_π4)/2) (Croce & Hein
/// 2020, equation 7).
pub(super) fn targeted_logit_ratio(
    label: usize,
    target: usize,
    logits: &Logits,
    gradient: &mut Logits,
) -> f32 {
    let order = ranking(logits);
    let [first, third, fourth] = [0, 2, 3].map(|rank| usize::from(order[rank]));
    let below = [(first, 1.0), (third, -0.5), (fourth, -0.5)];
    ratio(target, label, &below, logits, gradient)
}

/// (z_up − z_down) / (Σ weight·z + 10⁻¹²), and its derivatives.
fn ratio(
    up: usize,
    down: usize,
    below: &[(usize, f32)],
    logits: &Logits,
    gradient: &mut Logits,
) -> f32 {
    let above = difference(up, down, logits, gradient);
    let sum: f32 = below.iter().map(|(class, weight)| weight * logits[*class]).sum();
    let sum = sum + 1e-12;
    gradient.iter_mut().for_each(|value| *value /= sum);
    let ratio = above / sum;
    for (class, weight) in below {
        gradient[*class] -= weight * (ratio / sum);
    }
    ratio
}

/// The class of the largest logit other than `but`, the first of equals.
pub(super) fn strongest_but(but: usize, logits: &Logits) -> usize {
    let mut best = if but == 0 { 1 } else { 0 };
    for class in 0..CLASSES {
        if class != but && logits[class] > logits[best] {
            best = class;
        }
    }
    best
}

/// The classes by their logits, largest first, the first of equals first.
pub(super) fn ranking(logits: &Logits) -> [u8; CLASSES] {
    let mut order: [u8; CLASSES] = std::array::from_fn(|class| class as u8);
    // Insertion: ten are few, and sorting's code is large.
    for end in 1..CLASSES {
        let mut at = end;
        while at > 0 && logits[usize::from(order[at])] > logits[usize::from(order[at - 1])] {
            order.swap(at, at - 1);
            at -= 1;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ranked() {
        let logits = [0.0, 3.0, -1.0, 3.0, 9.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(ranking(&logits), [4, 1, 3, 9, 0, 5, 6, 7, 8, 2]);
        assert_eq!(strongest_but(4, &logits), 1);
        assert_eq!(strongest_but(0, &logits), 4);
    }

    /// What a loss's gradient should be, by differences.
    fn by_differences(loss: impl Fn(&Logits) -> f32, logits: &Logits) -> Logits {
        std::array::from_fn(|class| {
            let at = |step: f32| {
                let mut moved = *logits;
                moved[class] += step;
                loss(&moved)
            };
            (at(0.01) - at(-0.01)) / 0.02
        })
    }

    #[test]
    fn ratios_have_their_gradients_and_ignore_scale_and_shift() {
        let logits = [0.5, 3.0, -1.0, 2.0, 9.0, 0.0, 4.5, -2.0, 0.25, 1.0];
        let moved = logits.map(|logit| 20.0 * logit + 7.0);
        let [mut gradient, mut room] = [[0.0; CLASSES]; 2];
        // z_4 = 9 leads, then z_6 = 4.5, z_1 = 3 and z_3 = 2.
        for (label, expected) in [(4, -4.5 / 6.0), (1, 6.0 / 6.0), (0, 8.5 / 6.0)] {
            let loss = logit_ratio(label, &logits, &mut gradient);
            assert!((loss - expected).abs() < 1e-6);
            assert!((logit_ratio(label, &moved, &mut room) - expected).abs() < 1e-6);
            let numeric = by_differences(|z| logit_ratio(label, z, &mut [0.0; CLASSES]), &logits);
            assert!(gradient.iter().zip(numeric).all(|(a, b)| (a - b).abs() < 1e-3));
        }
        for (label, target, expected) in
            [(4, 6, -4.5 / 6.5), (4, 2, -10.0 / 6.5), (1, 4, 6.0 / 6.5)]
        {
            let loss = targeted_logit_ratio(label, target, &logits, &mut gradient);
            assert!((loss - expected).abs() < 1e-6);
            let again = targeted_logit_ratio(label, target, &moved, &mut room);
            assert!((again - expected).abs() < 1e-6);
            let numeric = by_differences(
                |z| targeted_logit_ratio(label, target, z, &mut [0.0; CLASSES]),
                &logits,
            );
            assert!(gradient.iter().zip(numeric).all(|(a, b)| (a - b).abs() < 1e-3));
        }
        // Ten equal logits must not divide by nothing.
        let loss = logit_ratio(0, &[1.0; CLASSES], &mut gradient);
        assert!(loss == 0.0 && gradient.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_target_turns_the_loss_round() {
        let logits = [0.0, 3.0, -1.0, 3.0, 9.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let (mut away, mut to) = ([0.0; CLASSES], [0.0; CLASSES]);
        let loss = cross_entropy(Goal { label: 4, target: None }, &logits, &mut away);
        let other = cross_entropy(Goal { label: 1, target: Some(4) }, &logits, &mut to);
        assert_eq!(loss, -other);
        assert_eq!(away.map(|value| -value), to);
    }
}
