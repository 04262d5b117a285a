//! DeepFool (Moosavi-Dezfooli, Fawzi & Frossard 2016, “DeepFool: a simple and accurate method to
//! fool deep neural networks”, algorithm 2, and section 3.3 for L∞), as Foolbox 3.3.4's
//! `L2DeepFoolAttack` and `LinfDeepFoolAttack` with all ten classes as candidates.

use super::{Attack, AttackParams, Ball, Image, Logits, Next, Norm, Seen, Streams, Wanted};
use super::{loss, sign};
use crate::data::{CLASSES, PIXELS};
use crate::network::argmax;

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeepFool {
    pub norm: Norm,
    pub steps: usize,
    /// How far past the border it goes, as a share of the way.
    pub overshoot: f32,
}

pub(super) struct Walk {
    params: DeepFool,
    left: usize,
    /// The way so far, without overshoot and without regard to [0, 1].
    way: Vec<f32>,
}

/// Foolbox's guard against dividing by nothing.
const SMALL: f32 = 1e-8;

/// What Foolbox adds to every distance, so that a step is never so short that rounding stops it.
const FURTHER: f32 = 1e-4;

impl DeepFool {
    /// As the parameters have it.
    pub fn new(params: &AttackParams, ball: Ball) -> Self {
        let overshoot = params.tuning.overshoot as f32;
        DeepFool { norm: ball.norm, steps: params.steps, overshoot }
    }

    pub fn start(self) -> Walk {
        Walk { params: self, left: 0, way: Vec::new() }
    }
}

/// The classes in the order of the clean logits; the first is the one read.
fn candidates(image: &Image) -> [usize; CLASSES] {
    loss::ranking(image.logits).map(usize::from)
}

impl Attack for Walk {
    fn begin(&mut self, _: &Image, _: &mut [f32], _: &mut Streams) {
        self.left = self.params.steps;
        self.way.clear();
        self.way.resize(PIXELS, 0.0);
    }

    fn ask(&mut self, image: &Image, _: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.left == 0 || image.goal.is_reached(argmax(logits) as u8) {
            return Next::Done;
        }
        self.left -= 1;
        let [read, others @ ..] = candidates(image);
        for other in others {
            let mut derivatives = [0.0; CLASSES];
            loss::difference(other, read, logits, &mut derivatives);
            wanted.push(derivatives);
        }
        Next::Look
    }

    fn go(&mut self, image: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        let DeepFool { norm, overshoot, .. } = self.params;
        let [read, others @ ..] = candidates(image);
        // To the nearest of the borders, each taken for a plane: equation 8, and 11 for L∞.
        let (mut nearest, mut nearest_gradient, mut nearest_size) = (f32::INFINITY, &[][..], 0.0);
        for (other, gradient) in others.into_iter().zip(seen.gradients) {
            let dual = if norm == Norm::L2 { Norm::L2 } else { Norm::L1 };
            let size = dual.of(gradient) + SMALL;
            let distance = (seen.logits[other] - seen.logits[read]).abs() / size;
            if distance < nearest {
                (nearest, nearest_gradient, nearest_size) = (distance, gradient, size);
            }
        }
        let length = nearest + FURTHER;
        let scale = length / nearest_size;
        let moves = nearest_gradient.iter().map(|gradient| match norm {
            Norm::L2 => scale * gradient,
            _ => length * sign(*gradient),
        });
        for (((point, clean), way), change) in
            point.iter_mut().zip(image.clean).zip(&mut self.way).zip(moves)
        {
            *way += change;
            *point = clean + (1.0 + overshoot) * *way;
        }
    }
}
