//! Projected gradient descent in the L∞ ball (Madry et al. 2018, “Towards deep learning models
//! resistant to adversarial attacks”, section 2.1). The engine does the projection.

use super::{Attack, Streams, sign};

#[derive(Debug)]
pub(super) struct Pgd {
    pub eps: f32,
    pub steps: usize,
    pub step: f32,
    pub random_start: bool,
}

impl Attack for Pgd {
    fn steps(&self) -> usize {
        self.steps
    }

    fn start(&self, point: &mut [f32], random: &mut Streams) {
        if self.random_start {
            for point in point {
                *point += self.eps * (2.0 * random.start.uniform() - 1.0);
            }
        }
    }

    fn step(&self, _: &[f32], point: &mut [f32], direction: &[f32], _: &mut Streams) {
        for (point, direction) in point.iter_mut().zip(direction) {
            *point += self.step * sign(*direction);
        }
    }
}
