//! Sums over images, and the means that come of them.

use super::Level;
use crate::kernel::Right;

/// Sums over images at places side by side: the pixels, or the kept units of a layer.
#[derive(Debug, Clone)]
pub(super) struct Sums(Level);

/// A value on a clean image and on its adversarial example.
pub(super) type Pair = (f32, f32);

impl Sums {
    /// Nothing summed yet at so many places.
    pub fn new(places: usize) -> Self {
        let zeros = vec![0.0; places];
        Sums(Level {
            mean: zeros.clone(),
            square: zeros.clone(),
            silent: zeros.clone(),
            distance: zeros.clone(),
            distance_square: zeros.clone(),
            pre: zeros.clone(),
            fooled: zeros,
        })
    }

    /// Adds what one clean image shows at a place.
    pub fn add(&mut self, place: usize, value: f32) {
        let (level, value) = (&mut self.0, f64::from(value));
        level.mean[place] += value;
        level.square[place] += value * value;
        level.silent[place] += f64::from(u8::from(value == 0.0));
    }

    /// Adds the same, and how far an attack moved it after and before ReLU.
    pub fn add_attacked(&mut self, place: usize, after: Pair, before: Pair, fooled: bool) {
        self.add(place, after.0);
        let apart = |(clean, attacked): Pair| (f64::from(clean) - f64::from(attacked)).abs();
        let (level, distance) = (&mut self.0, apart(after));
        level.distance[place] += distance;
        level.distance_square[place] += distance * distance;
        level.pre[place] += apart(before);
        level.fooled[place] += if fooled { distance } else { 0.0 };
    }

    /// Adds a whole batch of clean outputs (`images × places`).
    pub fn add_batch(&mut self, outputs: &Right) {
        for image in 0..outputs.lines() {
            (0..outputs.depth()).for_each(|place| self.add(place, outputs.get(image, place)));
        }
    }

    /// The means over so many images, of which so many were fooled, for `all` places; the sums
    /// stand for those at `places`, the others are 0.
    pub fn means(&self, places: &[usize], all: usize, images: usize, fooled: usize) -> Level {
        let mean = |sums: &Vec<f64>, count: usize| spread(sums, places, all, count);
        let sums = &self.0;
        Level {
            mean: mean(&sums.mean, images),
            square: mean(&sums.square, images),
            silent: mean(&sums.silent, images),
            distance: mean(&sums.distance, images),
            distance_square: mean(&sums.distance_square, images),
            pre: mean(&sums.pre, images),
            fooled: mean(&sums.fooled, fooled),
        }
    }
}

/// Sums at some of `all` places, as means over so many images; 0 elsewhere.
pub(super) fn spread(sums: &[f64], places: &[usize], all: usize, images: usize) -> Vec<f64> {
    let mut means = vec![0.0; all];
    for (sum, place) in sums.iter().zip(places) {
        means[*place] = sum / images.max(1) as f64;
    }
    means
}
