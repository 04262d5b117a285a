//! Projected gradient descent (Madry et al. 2018, “Towards deep learning models resistant to
//! adversarial attacks”, section 2.1), and BIM (Kurakin, Goodfellow & Bengio 2017, “Adversarial
//! examples in the physical world”, section 2.2), which is the same from the image itself.
//!
//! The engine projects onto the ball. In L1 a step is that of SLIDE (see `l1`).

use super::{Attack, Ball, Image, Logits, Next, Norm, Seen, Streams, Wanted, l1, sign};

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pgd {
    pub ball: Ball,
    pub steps: usize,
    pub step: f32,
    pub random_start: bool,
}

pub(super) struct Descent {
    params: Pgd,
    left: usize,
}

impl Pgd {
    pub fn start(self) -> Descent {
        Descent { params: self, left: 0 }
    }
}

impl Attack for Descent {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        self.left = self.params.steps;
        if self.params.random_start {
            random_point(self.params.ball, image.clean, point, random);
        }
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
        let Pgd { ball: Ball { norm, .. }, step, .. } = self.params;
        match norm {
            Norm::L1 => l1::sparse_step(step, seen.gradient(), point),
            _ => steepest(norm, step, seen.gradient(), point),
        }
    }
}

/// Adds the perturbation of this length along which a function with this gradient grows most.
pub(super) fn steepest(norm: Norm, length: f32, gradient: &[f32], point: &mut [f32]) {
    match norm {
        Norm::Linf => {
            for (point, gradient) in point.iter_mut().zip(gradient) {
                *point += length * sign(*gradient);
            }
        }
        Norm::L1 => l1::steepest(length, gradient, point),
        Norm::L2 => {
            let size = Norm::L2.of(gradient);
            if size > 0.0 {
                let scale = length / size;
                for (point, gradient) in point.iter_mut().zip(gradient) {
                    *point += scale * gradient;
                }
            }
        }
    }
}

/// A random point of the ball: in L∞ uniform, in L2 and L1 a random direction (normal draws, for L1
/// exponential ones with random signs) at a uniform share of the radius, as torchattacks draws it.
pub(super) fn random_point(ball: Ball, clean: &[f32], point: &mut [f32], random: &mut Streams) {
    let eps = ball.eps;
    if ball.norm == Norm::Linf {
        for point in point {
            *point += eps * (2.0 * random.start.uniform() - 1.0);
        }
        return;
    }
    for point in point.iter_mut() {
        *point = match ball.norm {
            Norm::L1 => {
                let draw = 2.0 * f64::from(random.start.uniform()) - 1.0;
                (libm::log((1.0 - draw.abs()).max(1e-9)) as f32).copysign(draw as f32)
            }
            _ => random.start.normal(),
        };
    }
    let scale = eps * random.start.uniform() / ball.norm.of(point).max(f32::MIN_POSITIVE);
    for (point, clean) in point.iter_mut().zip(clean) {
        *point = clean + scale * *point;
    }
}
