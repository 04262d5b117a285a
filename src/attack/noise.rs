//! Random noise as large as an attack: every pixel moves by +ε or −ε, blindly. What fools a
//! network no better than this is no attack.

use super::{Attack, Streams};

#[derive(Debug)]
pub(super) struct Noise {
    pub eps: f32,
}

impl Attack for Noise {
    fn steps(&self) -> usize {
        1
    }

    fn needs_gradient(&self) -> bool {
        false
    }

    fn step(&self, clean: &[f32], point: &mut [f32], _: &[f32], random: &mut Streams) {
        for (point, clean) in point.iter_mut().zip(clean) {
            let up = random.noise.uniform() < 0.5;
            *point = if up { clean + self.eps } else { clean - self.eps };
        }
    }
}
