//! What the pixels of an image are worth: how bright each is on average, and who reads it.

use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::network::Mlp;

/// Images that are added up in one step.
const TOGETHER: usize = 500;

/// A stepper that adds up images.
#[derive(Debug)]
pub struct Brightness {
    /// Sums of bytes, so that no order of adding them matters.
    sums: Vec<u64>,
    images: usize,
    done: usize,
}

impl Brightness {
    /// Prepares to add up the first `images` images.
    pub fn new(images: usize) -> Self {
        Brightness { sums: vec![0; PIXELS], images, done: 0 }
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        self.done as f64 / self.images.max(1) as f64
    }

    /// Adds some images, which must be here. Returns whether all are done.
    pub fn step(&mut self, images: &Images) -> bool {
        let end = self.images.min(self.done + TOGETHER);
        for index in self.done..end {
            for (sum, byte) in self.sums.iter_mut().zip(images.image(index)) {
                *sum += u64::from(*byte);
            }
        }
        self.done = end;
        self.done == self.images
    }

    /// The mean image, 784 values from 0 to 1.
    pub fn mean(&self) -> Vec<f64> {
        let white = (PIXEL_VALUE.len() - 1) as f64 * self.done.max(1) as f64;
        self.sums.iter().map(|sum| *sum as f64 / white).collect()
    }
}

/// How many weights read each pixel: neither they nor their units are pruned. 784 numbers.
pub fn readers(network: &Mlp) -> Vec<u32> {
    let units = network.hidden().first().copied().unwrap_or(0);
    let reads = |pixel: usize| (0..units).filter(|unit| network.acts(0, *unit, pixel)).count();
    (0..PIXELS).map(|pixel| reads(pixel) as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_that_of_all_images() {
        let pixels: Vec<u8> = (0..1203 * PIXELS).map(|place| (place * 7 % 251) as u8).collect();
        let images = Images::new(pixels.clone(), vec![0; 1203]).unwrap();
        let mut brightness = Brightness::new(1203);
        let mut steps = 1;
        while !brightness.step(&images) {
            steps += 1;
        }
        assert_eq!((steps, brightness.fraction()), (3, 1.0));
        let mean = brightness.mean();
        for pixel in [0, 300, 783] {
            let values = pixels.iter().skip(pixel).step_by(PIXELS);
            let sum: f64 = values.map(|byte| f64::from(*byte) / 255.0).sum();
            assert!((mean[pixel] - sum / 1203.0).abs() < 1e-12);
        }
        assert_eq!(Brightness::new(0).mean(), vec![0.0; PIXELS]);
    }

    #[test]
    fn readers_are_the_weights_that_act() {
        let mut network = Mlp::he_normal(&[4, 3], 0);
        network.set_pruned_units(&[vec![2], vec![0, 1]]).unwrap();
        (0..4).for_each(|unit| network.prune_weight(0, unit, 10));
        network.prune_weight(0, 1, 20);
        network.prune_weight(0, 2, 30);
        let readers = readers(&network);
        assert_eq!((readers[10], readers[20], readers[30], readers[40]), (0, 2, 3, 3));
    }
}
