//! How a 28 × 28 picture's energy spreads over spatial frequencies.

/// Pixels along one side.
const SIDE: usize = 28;

/// The discrete Fourier transform of 28 × 28 real numbers, as power.
#[derive(Debug, Clone)]
pub struct Spectrum {
    /// cos and sin of 2π k / 28.
    turns: [(f64, f64); SIDE],
}

impl Default for Spectrum {
    fn default() -> Self {
        let turn = |k: usize| {
            let angle = std::f64::consts::TAU * k as f64 / SIDE as f64;
            (libm::cos(angle), libm::sin(angle))
        };
        Spectrum { turns: std::array::from_fn(turn) }
    }
}

impl Spectrum {
    /// |F(a, b)|² of a picture of 784 values, row by row, for a down and b across from 0 to 27
    /// cycles per 28 pixels; from 15 on they are the negative frequencies a − 28. Divided by 784,
    /// so that the powers add up to the picture's energy, the sum of its squares (Parseval).
    pub fn powers(&self, picture: &[f32]) -> Vec<f64> {
        // Rows first: a row's transform at b, real and imaginary part.
        let mut rows = vec![(0.0, 0.0); SIDE * SIDE];
        for (row, values) in rows.chunks_exact_mut(SIDE).zip(picture.chunks_exact(SIDE)) {
            for (b, place) in row.iter_mut().enumerate() {
                for (x, value) in values.iter().enumerate() {
                    let (cos, sin) = self.turns[b * x % SIDE];
                    place.0 += f64::from(*value) * cos;
                    place.1 -= f64::from(*value) * sin;
                }
            }
        }
        let mut powers = Vec::with_capacity(SIDE * SIDE);
        for a in 0..SIDE {
            for b in 0..SIDE {
                let (mut real, mut imaginary) = (0.0, 0.0);
                for y in 0..SIDE {
                    let ((cos, sin), (re, im)) = (self.turns[a * y % SIDE], rows[y * SIDE + b]);
                    real += re * cos + im * sin;
                    imaginary += im * cos - re * sin;
                }
                powers.push((real * real + imaginary * imaginary) / (SIDE * SIDE) as f64);
            }
        }
        powers
    }

    /// The energy of a picture's waves shorter than four pixels, and that of all of them.
    ///
    /// A wave's frequency is √(fx² + fy²) with fx and fy in cycles per pixel; “shorter than four
    /// pixels” is a frequency above 0.25. The mean of the picture, frequency 0, counts as energy.
    pub fn short_waves(&self, picture: &[f32]) -> (f64, f64) {
        /// 0.25 cycles per pixel, in cycles per 28 pixels.
        const BORDER: usize = SIDE / 4;
        let (mut short, mut all) = (0.0, 0.0);
        for (place, power) in self.powers(picture).into_iter().enumerate() {
            // The negative frequencies are as short as the positive ones.
            let frequency = |k: usize| k.min(SIDE - k);
            let (a, b) = (frequency(place / SIDE), frequency(place % SIDE));
            all += power;
            if a * a + b * b > BORDER * BORDER {
                short += power;
            }
        }
        (short, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    /// A wave of a cycles down and b across.
    fn wave(a: usize, b: usize) -> Vec<f32> {
        let value = |place: usize| {
            let turns = (a * (place / SIDE) + b * (place % SIDE)) as f64 / SIDE as f64;
            (std::f64::consts::TAU * turns + 0.4).cos() as f32
        };
        (0..SIDE * SIDE).map(value).collect()
    }

    #[test]
    fn a_wave_has_its_power_at_its_frequency() {
        let spectrum = Spectrum::default();
        for (a, b) in [(1, 0), (0, 3), (7, 0), (5, 5), (3, 11), (13, 13)] {
            let powers = spectrum.powers(&wave(a, b));
            let all: f64 = powers.iter().sum();
            let there = a * SIDE + b;
            let mirrored = (SIDE - a) % SIDE * SIDE + (SIDE - b) % SIDE;
            assert!((powers[there] / all - 0.5).abs() < 1e-6, "{a} {b}");
            assert!((powers[mirrored] / all - 0.5).abs() < 1e-6, "{a} {b}");
        }
    }

    #[test]
    fn waves_are_short_beyond_the_circle() {
        let spectrum = Spectrum::default();
        let share = |picture: &[f32]| {
            let (short, all) = spectrum.short_waves(picture);
            short / all
        };
        for (a, b) in [(0, 0), (1, 2), (7, 0), (0, 7), (4, 5)] {
            assert!(share(&wave(a, b)) < 1e-9, "{a} {b}");
        }
        // Outside of the circle, though within the square.
        for (a, b) in [(8, 0), (0, 14), (5, 5), (7, 1), (14, 14)] {
            assert!(share(&wave(a, b)) > 1.0 - 1e-9, "{a} {b}");
        }
        let both: Vec<f32> = wave(2, 1).iter().zip(wave(9, 3)).map(|(x, y)| 3.0 * x + y).collect();
        assert!((share(&both) - 0.1).abs() < 1e-6);
    }

    #[test]
    fn powers_add_up_to_the_energy() {
        let mut stream = Stream::new(3, Purpose::Init, &[]);
        let picture: Vec<f32> = (0..SIDE * SIDE).map(|_| stream.normal() + 0.3).collect();
        let energy: f64 = picture.iter().map(|value| f64::from(*value).powi(2)).sum();
        let powers = Spectrum::default().powers(&picture);
        assert!((powers.iter().sum::<f64>() / energy - 1.0).abs() < 1e-12);
        let mean = picture.iter().map(|value| f64::from(*value)).sum::<f64>();
        assert!((powers[0] - mean * mean / 784.0).abs() < 1e-9 * energy);
    }

    #[test]
    fn noise_is_as_short_as_its_share_of_the_frequencies() {
        // 149 of the 784 frequencies lie within the circle.
        let spectrum = Spectrum::default();
        let mut stream = Stream::new(4, Purpose::Init, &[]);
        let mut sum = 0.0;
        for _ in 0..64 {
            let noise: Vec<f32> = (0..SIDE * SIDE).map(|_| stream.normal()).collect();
            let (short, all) = spectrum.short_waves(&noise);
            sum += short / all / 64.0;
        }
        assert!((sum - 635.0 / 784.0).abs() < 0.01, "{sum}");
    }
}
