//! The fast gradient sign method (Goodfellow, Shlens & Szegedy 2015, “Explaining and harnessing
//! adversarial examples”, section 4): one step of size ε along the sign of the gradient.

use super::{Attack, Streams, sign};

#[derive(Debug)]
pub(super) struct Fgsm {
    pub eps: f32,
}

impl Attack for Fgsm {
    fn steps(&self) -> usize {
        1
    }

    fn step(&self, clean: &[f32], point: &mut [f32], direction: &[f32], _: &mut Streams) {
        for ((point, clean), direction) in point.iter_mut().zip(clean).zip(direction) {
            *point = clean + self.eps * sign(*direction);
        }
    }
}
