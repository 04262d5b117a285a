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
