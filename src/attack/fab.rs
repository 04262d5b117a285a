//! The fast adaptive boundary attack, targeted (Croce & Hein 2020, “Minimally distorted
//! adversarial examples with a fast adaptive boundary attack”, algorithm 1), as FAB-T of the
//! authors' AutoAttack package.
//!
//! It takes the network for linear at its point, goes on to the border between the label and one
//! other class, a little past it, and a little towards the image's own projection; where the
//! network is fooled it turns back towards the image.
//!
//! As in the package, classes are tried from the likeliest on until one gives a perturbation within
//! ε: in a large ball the search ends with the first class, in one of ε = 0 none is left out.

use super::hyperplane::{Row, product_of_difference, project, row};
use super::{
    Attack, AttackParams, Ball, Image, Logits, Next, Norm, Seen, Streams, Tuning, Wanted, loss,
};
use crate::data::{CLASSES, PIXELS};
use crate::network::argmax;

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fab {
    pub ball: Ball,
    pub steps: usize,
    /// How many wrong classes are aimed at, from the likeliest on.
    pub classes: usize,
    /// Tries for each class: the first from the image, the others from random points.
    pub restarts: usize,
    /// The largest weight of the image's projection (α_max).
    pub alpha: f32,
    /// How far past the border (η).
    pub eta: f32,
    /// How much of the way from the image is left where the network was fooled (β).
    pub beta: f32,
}

/// What a look is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// To have the gradient.
    Start,
    /// To know whether a step has fooled the network.
    Stepped,
    /// It has: the point is to be drawn back.
    Fooled,
}

pub(super) struct Boundary {
    params: Fab,
    left: usize,
    /// The class aimed at, and the one whose border with it is looked for: the label, or where a
    /// digit is wished for whichever stands in its way.
    aim: usize,
    from: usize,
    phase: Phase,
}

impl Fab {
    /// As the parameters have it.
    pub fn new(params: &AttackParams, ball: Ball) -> Self {
        let Tuning { classes, alpha, eta, beta, .. } = params.tuning;
        let (alpha, eta, beta) = (alpha as f32, eta as f32, beta as f32);
        Fab { ball, steps: params.steps, classes, restarts: params.restarts, alpha, eta, beta }
    }

    /// How many rounds it takes.
    pub fn rounds(&self, targeted: bool) -> usize {
        self.restarts * if targeted { 1 } else { self.classes.min(CLASSES - 1) }
    }

    pub fn start(self) -> Boundary {
        Boundary { params: self, left: 0, aim: 0, from: 0, phase: Phase::Start }
    }
}

impl Boundary {
    /// Draws a point half the ball's radius away, in a random direction.
    fn scatter(&self, image: &Image, point: &mut [f32], random: &mut Streams) {
        let Ball { norm, eps } = self.params.ball;
        for point in point.iter_mut() {
            *point = match norm {
                Norm::Linf => 2.0 * random.start.uniform() - 1.0,
                _ => random.start.normal(),
            };
        }
        let scale = 0.5 * eps / norm.of(point).max(f32::MIN_POSITIVE);
        for (point, clean) in point.iter_mut().zip(image.clean) {
            *point = clean + scale * *point;
        }
    }

    /// One iteration: algorithm 1, lines 8 to 12.
    fn step(&self, clean: &Row, normal: &Row, lead: f32, point: &mut Row) {
        let Fab { ball: Ball { norm, .. }, alpha, eta, .. } = self.params;
        // The lead, taken for linear, is 0 on the border; at the image it is that of the point and
        // what lies between.
        let lead_at_image = lead + product_of_difference(normal, clean, point);
        let (mut ours, mut images) = ([0.0; PIXELS], [0.0; PIXELS]);
        let size = project(norm, normal, lead, point, &mut ours).max(1e-8);
        let images_size = project(norm, normal, lead_at_image, clean, &mut images).max(1e-8);
        let bias = (size / (size + images_size)).min(alpha);
        for index in 0..PIXELS {
            let ours = point[index] + eta * ours[index];
            let images = clean[index] + eta * images[index];
            point[index] = ours * (1.0 - bias) + images * bias;
        }
    }
}

impl Attack for Boundary {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        let label = usize::from(image.goal.label);
        let ranking = loss::ranking(image.logits).map(usize::from);
        let mut wrong = ranking.into_iter().filter(|class| *class != label);
        let rank = image.round / self.params.restarts;
        self.aim = match image.goal.target {
            Some(target) => usize::from(target),
            None => wrong.nth(rank).unwrap_or(label),
        };
        // To read the label in its own image nothing has to be done.
        self.left = if self.aim == label { 0 } else { self.params.steps };
        self.phase = if self.left == 0 { Phase::Stepped } else { Phase::Start };
        if !image.round.is_multiple_of(self.params.restarts) {
            self.scatter(image, point, random);
        }
    }

    fn ask(&mut self, image: &Image, _: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.left == 0 {
            return Next::Done;
        }
        if self.phase == Phase::Stepped && image.goal.is_reached(argmax(logits) as u8) {
            self.phase = Phase::Fooled;
            return Next::Look;
        }
        self.phase = Phase::Start;
        self.left -= 1;
        let mut derivatives = [0.0; CLASSES];
        self.from = match image.goal.target {
            Some(_) => loss::strongest_but(self.aim, logits),
            None => usize::from(image.goal.label),
        };
        loss::difference(self.aim, self.from, logits, &mut derivatives);
        wanted.push(derivatives);
        Next::Look
    }

    fn go(&mut self, image: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        if self.phase == Phase::Fooled {
            for (point, clean) in point.iter_mut().zip(image.clean) {
                *point = clean + (*point - clean) * self.params.beta;
            }
            self.phase = Phase::Start;
            return;
        }
        let lead = seen.logits[self.aim] - seen.logits[self.from];
        let (Ok(point), Some(clean), Some(normal)) =
            (point.try_into(), row(image.clean), row(seen.gradient()))
        else {
            return;
        };
        self.step(clean, normal, lead, point);
        self.phase = Phase::Stepped;
    }
}
