//! Iterative FGSM with momentum (Dong et al. 2018, “Boosting adversarial attacks with momentum”,
//! algorithm 1), as torchattacks' `MIFGSM`: gradients are divided by their mean magnitude rather
//! than by their L1 norm, which the sign undoes.
//!
//! Its step is ε/steps as published. It is judged by where it ends, as published and as its peers
//! do: a longer step makes it overshoot, and that is part of what it is.

use super::sign;
use super::{Attack, AttackParams, Ball, Image, Logits, Next, Norm, Seen, Streams, Wanted};
use crate::data::PIXELS;

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct MiFgsm {
    pub steps: usize,
    pub step: f32,
    /// How much of the summed gradients is kept (μ).
    pub decay: f32,
}

pub(super) struct Momentum {
    params: MiFgsm,
    left: usize,
    summed: Vec<f32>,
}

impl MiFgsm {
    /// As the parameters have it.
    pub fn new(params: &AttackParams, ball: Ball) -> Self {
        let published = f64::from(ball.eps) / params.steps as f64;
        let step = if params.step == 0.0 { published } else { params.step } as f32;
        MiFgsm { steps: params.steps, step, decay: params.tuning.decay as f32 }
    }

    pub fn start(self) -> Momentum {
        Momentum { params: self, left: 0, summed: Vec::new() }
    }
}

impl Attack for Momentum {
    fn begin(&mut self, _: &Image, _: &mut [f32], _: &mut Streams) {
        self.left = self.params.steps;
        self.summed.clear();
        self.summed.resize(PIXELS, 0.0);
    }

    fn counts(&self, _: &Image, _: &Logits) -> bool {
        self.left == 0
    }

    fn ask(&mut self, image: &Image, _: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.left == 0 {
            return Next::Done;
        }
        self.left -= 1;
        wanted.push_cross_entropy(image.goal, logits);
        Next::Look
    }

    fn go(&mut self, _: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        let MiFgsm { step, decay, .. } = self.params;
        let mean = Norm::L1.of(seen.gradient()) / PIXELS as f32;
        // Without a gradient only the momentum is left; torchattacks has 0/0 here.
        let scale = if mean > 0.0 { 1.0 / mean } else { 0.0 };
        for ((point, summed), gradient) in
            point.iter_mut().zip(&mut self.summed).zip(seen.gradient())
        {
            *summed = gradient * scale + *summed * decay;
            *point += step * sign(*summed);
        }
    }
}
