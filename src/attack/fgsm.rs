//! The fast gradient sign method (Goodfellow, Shlens & Szegedy 2015, “Explaining and harnessing
//! adversarial examples”, section 4): one step of size ε along the sign of the gradient; in L2
//! and L1 the step of that length along which the linear loss grows most (“FGM”).

use super::pgd::steepest;
use super::{Attack, Ball, Image, Logits, Next, Seen, Streams, Wanted};

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fgsm {
    pub ball: Ball,
}

pub(super) struct OneStep {
    params: Fgsm,
    done: bool,
}

impl Fgsm {
    pub fn start(self) -> OneStep {
        OneStep { params: self, done: false }
    }
}

impl Attack for OneStep {
    fn begin(&mut self, _: &Image, _: &mut [f32], _: &mut Streams) {
        self.done = false;
    }

    fn ask(&mut self, image: &Image, _: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.done {
            return Next::Done;
        }
        self.done = true;
        wanted.push_cross_entropy(image.goal, logits);
        Next::Look
    }

    fn go(&mut self, _: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        let Ball { norm, eps } = self.params.ball;
        steepest(norm, eps, seen.gradient(), point);
    }
}
