//! Random noise as large as an attack, blind to the network: the control. What fools a network no
//! better than this is no attack.

use super::{Attack, Ball, Image, Logits, Next, Norm, Seen, Streams, Wanted};

/// How noise is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every pixel moves as far as it may, up or down (in L2 and L1: all equally far).
    Signs,
    /// Every pixel moves by a uniform draw; in L2 and L1 stretched to the ball's border.
    Uniform,
    /// Every pixel moves by a normal draw, stretched to the ball's border (L∞: with standard
    /// deviation ε/2, clipped).
    Gaussian,
}

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    pub ball: Ball,
    pub kind: Kind,
}

pub(super) struct Draw(Noise);

impl Noise {
    pub fn start(self) -> Draw {
        Draw(self)
    }
}

impl Attack for Draw {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        let Noise { ball: Ball { norm, eps }, kind } = self.0;
        let noise = &mut random.noise;
        for point in point.iter_mut() {
            *point = match kind {
                Kind::Signs if noise.uniform() < 0.5 => 1.0,
                Kind::Signs => -1.0,
                Kind::Uniform => 2.0 * noise.uniform() - 1.0,
                Kind::Gaussian => noise.normal(),
            };
        }
        let scale = match (norm, kind) {
            (Norm::Linf, Kind::Gaussian) => 0.5 * eps,
            (Norm::Linf, _) => eps,
            _ => eps / norm.of(point).max(f32::MIN_POSITIVE),
        };
        for (point, clean) in point.iter_mut().zip(image.clean) {
            *point = clean + scale * *point;
        }
    }

    fn ask(&mut self, _: &Image, _: &[f32], _: &Logits, _: &mut Wanted) -> Next {
        Next::Done
    }

    fn go(&mut self, _: &Image, _: &Seen, _: &mut [f32], _: &mut Streams) {}
}
