//! Attacks, and the engine that runs them without trusting them.
//!
//! An attack only proposes where to look next. The engine keeps it in the ball and in [0, 1],
//! runs the network there, and reports what it saw (the habit of Foolbox's `attacks/base.py`,
//! Rauber et al. 2017).
//!
//! Conventions: images in [0, 1], logits in, ε absolute.

mod apgd;
mod apgd_l1;
mod ball;
mod blocks;
mod cw;
mod deepfool;
mod engine;
mod fab;
mod fgsm;
mod hyperplane;
mod l1;
mod loss;
mod methods;
mod mifgsm;
mod noise;
mod params;
mod pgd;
mod plan;
mod progress;
mod square;
mod trajectory;
mod verdict;

pub use ball::{Ball, Norm};
pub use blocks::Blocks;
pub use engine::Run;
pub use methods::{Family, METHODS, Method, MethodFacts};
pub use params::{AttackParams, Start, Tuning, Valid};
pub use trajectory::{Following, MOST_LOOKS, Trajectory};
pub use verdict::{BLOCK, Purpose, Verdict};

use crate::data::CLASSES;
use crate::rng::Stream;

/// What a network puts out for one image.
type Logits = [f32; CLASSES];

/// What an attacker wants of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Goal {
    /// What the image shows.
    label: u8,
    /// What the network is to read; without it anything but the label.
    target: Option<u8>,
}

impl Goal {
    fn is_reached(self, read: u8) -> bool {
        match self.target {
            None => read != self.label,
            Some(target) => read == target,
        }
    }
}

/// The image an attack works at.
struct Image<'a> {
    /// Its pixels.
    clean: &'a [f32],
    goal: Goal,
    /// What the network puts out for it.
    logits: &'a Logits,
    /// Which of the attack's rounds this is among those of its kind: a restart, or the rank of
    /// the class that a targeted surrogate aims at.
    round: usize,
}

/// Most gradients an attack may ask for at one point: one for each wrong class.
const MOST_WANTED: usize = CLASSES - 1;

/// The gradients an attack asks for at a point: each of a function of the logits, given by its
/// derivatives by them.
#[derive(Debug, Default)]
struct Wanted {
    rows: [Logits; MOST_WANTED],
    count: usize,
}

impl Wanted {
    /// Asks for the gradient of the function with these derivatives by the logits.
    fn push(&mut self, derivatives: Logits) {
        debug_assert!(self.count < MOST_WANTED);
        if let Some(row) = self.rows.get_mut(self.count) {
            *row = derivatives;
            self.count += 1;
        }
    }

    /// Asks for the gradient of the cross-entropy that the goal wants to rise.
    fn push_cross_entropy(&mut self, goal: Goal, logits: &Logits) {
        let mut derivatives = *logits;
        loss::cross_entropy(goal, logits, &mut derivatives);
        self.push(derivatives);
    }
}

/// What the network answered at a point.
struct Seen<'a> {
    logits: &'a Logits,
    /// The gradients asked for, in the order they were asked for, 784 numbers each.
    gradients: &'a [&'a [f32]],
}

impl Seen<'_> {
    /// The first gradient asked for.
    fn gradient(&self) -> &[f32] {
        self.gradients.first().copied().unwrap_or_default()
    }
}

/// What an attack says after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// It will move the point once it has the gradients it asked for.
    Look,
    /// Nothing is left to be tried; the point just seen is its last word.
    Done,
}

/// One image's attack, a stepper: proposes a point, is told what the network answers there,
/// proposes the next. Where an image is fooled the engine stops asking.
///
/// One value serves one image after the other, in the memory of those before.
trait Attack {
    /// Begins on an image, with its pixels in `point`; leaves there where to look first.
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams);

    /// Is told the logits at the point; asks for gradients there if it needs any, or says that it
    /// is done.
    fn ask(&mut self, image: &Image, point: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next;

    /// Whether a point that fools the network, with these logits, counts: an attack may hold out
    /// for more than that. Asked before [`Attack::ask`].
    fn counts(&self, _image: &Image, _logits: &Logits) -> bool {
        true
    }

    /// Moves the point to where it wants to look next.
    fn go(&mut self, image: &Image, seen: &Seen, point: &mut [f32], random: &mut Streams);
}

/// The random streams of one image.
struct Streams {
    start: Stream,
    noise: Stream,
}

/// The sign of a number, 0 for 0.
fn sign(value: f32) -> f32 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests;
