//! Random numbers in named streams, all split from a recipe's one seed.
//!
//! A stream is Xoshiro256++ (Blackman & Vigna 2019) started from the SHA-256 of the seed, the
//! stream's name and its place (an image, an epoch): streams cannot overlap by accident, and what
//! one consumer draws never moves another's values.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights.
    Init,
    /// The order of training images; place: the recipe's step, the epoch.
    Shuffle,
    /// Random starts of attacks; place: the image.
    Attack,
    /// Noise as large as an attack; place: the image.
    Noise,
    /// Random pruning orders; place: the draw, the layer.
    Prune,
    /// Random starts of attacks on training images; place: the recipe's step, the epoch, the
    /// images of it that came before.
    TrainingAttack,
    /// Gates of units whose probabilities are learned; place: the recipe's step, the epoch, how
    /// much of it is done.
    Gates,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Init => "init",
            Purpose::Shuffle => "shuffle",
            Purpose::Attack => "attack",
            Purpose::Noise => "noise",
            Purpose::Prune => "prune",
            Purpose::TrainingAttack => "training attack",
            Purpose::Gates => "gates",
        }
    }
}

/// A stream of random numbers; its values are fixed for ever by golden tests.
#[derive(Debug, Clone)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of this purpose at this place.
    pub fn new(seed: u32, purpose: Purpose, place: &[u64]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"secateurs 1 ");
        hash.update(purpose.name());
        hash.update(u64::from(seed).to_le_bytes());
        place.iter().for_each(|part| hash.update(part.to_le_bytes()));
        Stream(Xoshiro256PlusPlus::from_seed(hash.finalize().into()))
    }

    /// Uniform on the 2²⁴ multiples of 2⁻²⁴ in `[0, 1)`.
    pub fn uniform(&mut self) -> f32 {
        (self.0.next_u64() >> 40) as f32 * (1.0 / 16_777_216.0)
    }

    /// Standard normal, by Box & Muller (1958).
    pub fn normal(&mut self) -> f32 {
        const TO_UNIT: f64 = 1.0 / 9_007_199_254_740_992.0; // 2⁻⁵³
        // In (0, 1], so that its logarithm is finite.
        let radius = ((self.0.next_u64() >> 11) + 1) as f64 * TO_UNIT;
        let angle = (self.0.next_u64() >> 11) as f64 * TO_UNIT;
        let length = (-2.0 * libm::log(radius)).sqrt();
        (length * libm::cos(std::f64::consts::TAU * angle)) as f32
    }

    /// Uniform on `0..bound` without bias (Lemire 2019); `bound` must not be 0.
    fn below(&mut self, bound: u64) -> u64 {
        loop {
            let wide = u128::from(self.0.next_u64()) * u128::from(bound);
            if wide as u64 >= bound.wrapping_neg() % bound {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Shuffles by Fisher & Yates: every order is equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_golden() {
        let mut stream = Stream::new(7, Purpose::Attack, &[3]);
        let uniform: Vec<u32> = (0..4).map(|_| stream.uniform().to_bits()).collect();
        let normal: Vec<u32> = (0..4).map(|_| stream.normal().to_bits()).collect();
        let mut order: Vec<u8> = (0..10).collect();
        stream.shuffle(&mut order);
        assert_eq!(uniform, GOLDEN_UNIFORM);
        assert_eq!(normal, GOLDEN_NORMAL);
        assert_eq!(order, GOLDEN_ORDER);
    }

    const GOLDEN_UNIFORM: [u32; 4] = [1061746321, 1062539369, 1060325094, 1050030056];
    const GOLDEN_NORMAL: [u32; 4] = [1062260058, 3200594077, 3173969547, 1072822333];
    const GOLDEN_ORDER: [u8; 10] = [7, 1, 3, 5, 8, 4, 6, 0, 2, 9];

    #[test]
    fn streams_differ_by_seed_purpose_and_place() {
        let first = |seed, purpose, place: &[u64]| Stream::new(seed, purpose, place).0.next_u64();
        let here = first(0, Purpose::Init, &[]);
        assert_ne!(here, first(1, Purpose::Init, &[]));
        assert_ne!(here, first(0, Purpose::Noise, &[]));
        assert_ne!(here, first(0, Purpose::Init, &[0]));
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut stream = Stream::new(0, Purpose::Init, &[]);
        let draws: Vec<f64> = (0..100_000).map(|_| f64::from(stream.normal())).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / draws.len() as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }
}
