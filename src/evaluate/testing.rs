//! What the tests here share: pictures, and a network that reads them.

use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::SparseRows;
use crate::network::{Learner, Mlp, Optimiser, Rule};
use crate::rng::{Purpose, Stream};

/// Noisy pictures of ten kinds: digit d lights the rows 2d and 2d + 1 a little.
pub fn images() -> Images {
    let mut stream = Stream::new(9, Purpose::Noise, &[]);
    let mut pixels = Vec::new();
    for image in 0..300 {
        for pixel in 0..PIXELS {
            let lit = if pixel / 56 == image % 10 { 0.35 } else { 0.0 };
            let value = (1.3 * stream.uniform() - 0.6).max(0.0) + lit * stream.uniform();
            pixels.push((255.0 * value.min(1.0)) as u8);
        }
    }
    Images::new(pixels, (0..300).map(|image| (image % 10) as u8).collect()).unwrap()
}

/// A network that reads most of them.
pub fn trained() -> Mlp {
    let images = images();
    let mut network = Mlp::he_normal(&[16], 1);
    let mut learner = Learner::new(&network);
    let mut optimiser = Optimiser::new(Rule::Adam, 2e-3, 0.0);
    optimiser.fit(learner.tensors());
    let mut pixels = SparseRows::default();
    pixels.clear(PIXELS);
    for image in 0..300 {
        pixels.push_bytes(images.image(image), &PIXEL_VALUE);
    }
    for _ in 0..40 {
        learner.forward(&pixels, &|image| image % 10);
        learner.backward(&pixels, &mut optimiser);
    }
    learner.write_back(&mut network);
    network
}
