//! A batch of images that are moved within L∞ balls while a network learns.
//!
//! The loops over all pixels are never inlined: their callers are compiled for size.

use super::Learner;
use crate::data::{PIXEL_VALUE, PIXELS};
use crate::kernel::SparseRows;
use crate::rng::Stream;

/// Images, and for each a point of the L∞ ball around it and of [0, 1].
///
/// Its memory is kept from one batch to the next.
#[derive(Debug, Clone, Default)]
pub struct Perturbed {
    eps: f32,
    /// `images × 784` each.
    clean: Vec<f32>,
    points: Vec<f32>,
    gradient: Vec<f32>,
    /// What the learner is run on.
    pixels: SparseRows,
}

impl Perturbed {
    /// Begins a batch without images, with balls of this size.
    pub fn begin(&mut self, eps: f32) {
        self.eps = eps;
        self.clean.clear();
        self.points.clear();
    }

    /// Appends an image of 784 bytes; its point is the image itself.
    #[inline(never)]
    pub fn push(&mut self, image: &[u8]) {
        self.clean.extend(image.iter().map(|byte| PIXEL_VALUE[usize::from(*byte)]));
        self.points.extend_from_slice(&self.clean[self.points.len()..]);
    }

    /// Number of images.
    pub fn images(&self) -> usize {
        self.clean.len() / PIXELS
    }

    /// The images, 784 numbers each.
    pub fn clean(&self) -> &[f32] {
        &self.clean
    }

    /// The points, 784 numbers each.
    pub fn points(&self) -> &[f32] {
        &self.points
    }

    /// Moves every point to a uniformly drawn place of the ball; without `clip` it may lie outside
    /// of [0, 1] until [`Perturbed::climb`] clips it.
    #[inline(never)]
    pub fn start_uniform(&mut self, clip: bool, random: &mut Stream) {
        let eps = self.eps;
        for (point, clean) in self.points.iter_mut().zip(&self.clean) {
            *point = clean + eps * (2.0 * random.uniform() - 1.0);
        }
        if clip {
            confine_linf(&mut self.points, &self.clean, eps);
        }
    }

    /// Moves every point away from its image by normal draws of this deviation, clipped to the
    /// ball and to [0, 1].
    #[inline(never)]
    pub fn start_normal(&mut self, deviation: f32, random: &mut Stream) {
        for (point, clean) in self.points.iter_mut().zip(&self.clean) {
            *point = clean + deviation * random.normal();
        }
        confine_linf(&mut self.points, &self.clean, self.eps);
    }

    /// Runs the learner on the images.
    pub fn run_clean(&mut self, learner: &mut Learner) -> &SparseRows {
        self.run(learner, [true, false])
    }

    /// Runs the learner on the points.
    pub fn run_points(&mut self, learner: &mut Learner) -> &SparseRows {
        self.run(learner, [false, true])
    }

    /// Runs the learner on the images, followed by the points.
    pub fn run_both(&mut self, learner: &mut Learner) -> &SparseRows {
        self.run(learner, [true, true])
    }

    /// Returns what the learner was run on, for its [`Learner::backward`].
    #[inline(never)]
    fn run(&mut self, learner: &mut Learner, [clean, points]: [bool; 2]) -> &SparseRows {
        self.pixels.clear(PIXELS);
        self.pixels.make_room((usize::from(clean) + usize::from(points)) * self.clean.len());
        for (wanted, images) in [(clean, &self.clean), (points, &self.points)] {
            if wanted {
                images.chunks_exact(PIXELS).for_each(|image| self.pixels.push_values(image));
            }
        }
        learner.run(&self.pixels);
        &self.pixels
    }

    /// After [`Perturbed::run_points`], with the gradient by the logits set: moves every pixel of
    /// every point by `step` along the sign of its gradient, clipped to the ball and to [0, 1].
    ///
    /// [`Learner::turn`] must have been called since the weights last changed.
    #[inline(never)]
    pub fn climb(&mut self, learner: &mut Learner, step: f32) {
        learner.carry_back(&[]);
        self.gradient.resize(self.points.len(), 0.0);
        learner.input_gradient(&mut self.gradient);
        for (point, gradient) in self.points.iter_mut().zip(&self.gradient) {
            // A NaN moves nothing.
            let up = if *gradient > 0.0 { step } else { 0.0 };
            let down = if *gradient < 0.0 { step } else { 0.0 };
            *point += up - down;
        }
        confine_linf(&mut self.points, &self.clean, self.eps);
    }
}

/// Clips points to the L∞ balls of size `eps` around clean ones and to [0, 1].
#[inline(never)]
pub fn confine_linf(points: &mut [f32], clean: &[f32], eps: f32) {
    for (point, clean) in points.iter_mut().zip(clean) {
        // Written so that even a NaN ends inside, and that the compiler can spread it over lanes.
        let (low, high) = (clean - eps, clean + eps);
        let low = if low > 0.0 { low } else { 0.0 };
        let high = if high < 1.0 { high } else { 1.0 };
        let inside = if *point > low { *point } else { low };
        *point = if inside < high { inside } else { high };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mlp;
    use super::*;
    use crate::rng::Purpose;
    use proptest::prelude::*;

    fn batch(eps: f32, images: &[Vec<u8>]) -> Perturbed {
        let mut batch = Perturbed::default();
        // Whatever a batch before has left must not be seen.
        batch.begin(0.5);
        (0..3).for_each(|_| batch.push(&[200; PIXELS]));
        batch.begin(eps);
        images.iter().for_each(|image| batch.push(image));
        batch
    }

    fn is_inside(batch: &Perturbed) -> bool {
        let pairs = batch.points().iter().zip(batch.clean());
        batch.points().len() == batch.clean().len()
            && pairs.into_iter().all(|(point, clean)| {
                (0.0..=1.0).contains(point) && (point - clean).abs() <= batch.eps + 1e-6
            })
    }

    fn image() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![3 => Just(0u8), 1 => Just(255u8), 2 => any::<u8>()];
        prop::collection::vec(byte, PIXELS)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn points_never_leave_the_ball_or_the_box(
            images in prop::collection::vec(image(), 1..6),
            eps in 0.0f32..=1.0,
            step in 0.0f32..2.0,
            [normal, clip] in any::<[bool; 2]>(),
        ) {
            let mut learner = Learner::new(&Mlp::he_normal(&[9], 3));
            learner.turn();
            let mut batch = batch(eps, &images);
            prop_assert_eq!(batch.points(), batch.clean());
            let mut random = Stream::new(0, Purpose::TrainingAttack, &[]);
            if normal {
                batch.start_normal(0.3, &mut random);
            } else {
                batch.start_uniform(clip, &mut random);
            }
            for look in 0..3 {
                prop_assert!(is_inside(&batch) || (look == 0 && !normal && !clip));
                batch.run_points(&mut learner);
                learner.cross_entropy(&|image| image, 1.0);
                batch.climb(&mut learner, step);
            }
            prop_assert!(is_inside(&batch));
        }
    }

    #[test]
    fn a_uniform_start_fills_the_ball() {
        let mut batch = batch(0.25, &vec![vec![128; PIXELS]; 4]);
        batch.start_uniform(true, &mut Stream::new(1, Purpose::TrainingAttack, &[]));
        let changes: Vec<_> = batch.points().iter().map(|point| point - 128.0 / 255.0).collect();
        let mean = changes.iter().sum::<f32>() / changes.len() as f32;
        let share = |low: f32, high: f32| {
            let inside = changes.iter().filter(|change| (low..high).contains(change)).count();
            inside as f32 / changes.len() as f32
        };
        assert!(mean.abs() < 0.01, "{mean}");
        for quarter in 0..4 {
            let low = 0.125 * quarter as f32 - 0.25;
            assert!((share(low, low + 0.125) - 0.25).abs() < 0.04);
        }
    }

    #[test]
    fn a_climb_goes_along_the_signs_of_the_gradient() {
        let network = Mlp::he_normal(&[12, 7], 5);
        let mut learner = Learner::new(&network);
        learner.turn();
        let images: Vec<_> = (0..3).map(|image| vec![100 + image as u8; PIXELS]).collect();
        let mut batch = batch(0.1, &images);
        batch.run_points(&mut learner);
        let before = learner.cross_entropy(&|image| image, 1.0);
        batch.climb(&mut learner, 0.02);
        let mut moved = 0;
        for ((point, clean), gradient) in
            batch.points().iter().zip(batch.clean()).zip(&batch.gradient)
        {
            let expected = if *gradient == 0.0 { 0.0 } else { 0.02f32.copysign(*gradient) };
            assert!((point - clean - expected).abs() < 1e-6);
            moved += usize::from(expected != 0.0);
        }
        assert!(moved > 2000, "{moved}");
        batch.run_points(&mut learner);
        assert!(learner.cross_entropy(&|image| image, 1.0) > before);
    }

    #[test]
    fn images_come_before_their_points() {
        let mut learner = Learner::new(&Mlp::he_normal(&[5], 5));
        let images: Vec<_> = (0..3).map(|image| vec![40 * image as u8; PIXELS]).collect();
        let mut batch = batch(0.1, &images);
        batch.start_uniform(true, &mut Stream::new(1, Purpose::TrainingAttack, &[]));
        let mut logits = |which: fn(&mut Perturbed, &mut Learner) -> usize| {
            let rows = which(&mut batch, &mut learner);
            (0..rows).map(|row| learner.logits_of(row)).collect::<Vec<_>>()
        };
        let clean = logits(|batch, learner| batch.run_clean(learner).rows());
        let points = logits(|batch, learner| batch.run_points(learner).rows());
        let both = logits(|batch, learner| batch.run_both(learner).rows());
        assert_ne!(clean, points);
        assert_eq!(both, [clean, points].concat());
    }
}
