//! Attacks, and the engine that runs them without trusting them.
//!
//! An attack only proposes where each image goes next. The engine keeps it in the ball and in
//! [0, 1], runs the network again, and reports what it saw (the habit of Foolbox's
//! `attacks/base.py`, Rauber et al. 2017).

mod blocks;
mod engine;
mod fgsm;
mod noise;
mod pgd;

pub use blocks::Blocks;
pub use engine::{BLOCK, Purpose, Run, Verdict};

use crate::data::CLASSES;
use crate::rng::Stream;
use fgsm::Fgsm;
use noise::Noise;
use pgd::Pgd;
use serde::{Deserialize, Serialize};

/// The attacks there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Projected gradient descent (Madry et al. 2018).
    Pgd,
    /// The fast gradient sign method (Goodfellow et al. 2015).
    Fgsm,
    /// Random signs of the same size: the control that knows nothing of the network.
    Noise,
}

/// Where PGD starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// At a point of the ball drawn uniformly, then clipped to [0, 1].
    Random,
    /// At the image itself.
    Image,
}

/// An attack's parameters as they come from outside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AttackParams {
    /// Which attack.
    pub method: Method,
    /// Size of the L∞ ball, in pixel values (pixels run from 0 to 1).
    pub eps: f64,
    /// Gradient steps of PGD.
    pub steps: usize,
    /// How far a step moves a pixel; 0 stands for 2.5·eps/steps.
    pub step: f64,
    /// Where PGD starts.
    pub start: Start,
    /// The digit to be read, or -1 for any wrong one.
    pub target: i64,
}

impl AttackParams {
    /// The attack of this method, size and number of steps, all else as usual.
    pub fn usual(method: Method, eps: f64, steps: usize) -> Self {
        AttackParams { method, eps, steps, step: 0.0, start: Start::Random, target: -1 }
    }

    /// Checks the parameters once; past this point there are no surprises.
    ///
    /// # Errors
    /// One sentence with what is allowed.
    pub fn check(&self) -> Result<Valid, String> {
        if !(0.0..=1.0).contains(&self.eps) {
            return Err(format!("An attack's ε must lie from 0 to 1, but it was {}.", self.eps));
        }
        if !(1..=1000).contains(&self.steps) {
            return Err(format!("PGD takes 1 to 1000 steps, but {} were asked for.", self.steps));
        }
        if !(0.0..=1.0).contains(&self.step) {
            return Err(format!("An attack's step must lie from 0 to 1, not at {}.", self.step));
        }
        let target = match self.target {
            -1 => None,
            digit @ 0..=9 => Some(digit as usize),
            other => return Err(format!("A target is a digit or -1 for none, not {other}.")),
        };
        Ok(Valid { params: *self, target })
    }
}

/// Checked parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valid {
    params: AttackParams,
    target: Option<usize>,
}

impl Valid {
    /// Radius of the ball.
    pub fn eps(&self) -> f32 {
        self.params.eps as f32
    }

    /// The digit that is to be read, if it matters which.
    pub fn target(&self) -> Option<usize> {
        debug_assert!(self.target.is_none_or(|target| target < CLASSES));
        self.target
    }

    /// The attack itself.
    fn attack(&self) -> Box<dyn Attack> {
        let eps = self.eps();
        match self.params.method {
            Method::Fgsm => Box::new(Fgsm { eps }),
            Method::Noise => Box::new(Noise { eps }),
            Method::Pgd => {
                let steps = self.params.steps;
                // 2.5·ε/steps lets PGD reach the ball's border from anywhere in it
                // (Madry et al. 2018, section 5).
                let usual = 2.5 * self.params.eps / steps as f64;
                let step = if self.params.step == 0.0 { usual } else { self.params.step } as f32;
                let random_start = self.params.start == Start::Random;
                Box::new(Pgd { eps, steps, step, random_start })
            }
        }
    }
}

/// Proposes where images go. Pixels lie side by side, 784 to an image.
trait Attack {
    /// How many times [`Attack::step`] is called.
    fn steps(&self) -> usize;

    /// Whether `step` reads the gradient; without it, no network is run.
    fn needs_gradient(&self) -> bool {
        true
    }

    /// The first point, from the image already in `point`.
    fn start(&self, point: &mut [f32], random: &mut Streams) {
        let _ = (point, random);
    }

    /// The next point, from the clean image, the point now and the direction in which what the
    /// attacker wants grows.
    fn step(&self, clean: &[f32], point: &mut [f32], direction: &[f32], random: &mut Streams);
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
