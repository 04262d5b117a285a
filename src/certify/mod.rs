//! Certified accuracy: how many images are proven to be read right everywhere in an L∞ ball,
//! whatever an attack may try. It stands below every robust accuracy.
//!
//! Two bounds are taken: intervals ([`ibp`], cheap), and backward linear bounds ([`crown`]) for
//! what the intervals leave open. An image is proven at a size if either proves it, and then at
//! every smaller size as well, because the smaller ball lies in the larger.
//!
//! # Why a proof holds for the network that is run
//!
//! What is proven is that the network *as it is evaluated in `f32`* reads every `f32` image of the
//! ball right, not only the network of real numbers.
//!
//! - A unit is evaluated as a sum of n products and a bias, in a fixed order. Rounding makes it
//!   differ from the exact sum over the same inputs by at most γₙ₊₁ times the sum of the
//!   magnitudes (Higham 2002, section 3.1; the inputs are outputs of ReLU or pixels, so their upper
//!   bounds give the magnitudes), and by n times the smallest `f32` where products underflow. So
//!   the evaluated network *is* an exact one with a bounded error added to every pre-activation,
//!   ReLU and its comparison of logits being exact; both bounds are computed for this one.
//! - Where magnitudes come near the largest `f32` nothing is proven, so nothing overflows.
//! - The bounds' own products are computed in `f32` too: what they are off by is bounded in the
//!   same way and taken off. All else is in `f64`, whose rounding is covered by the few operations
//!   in `f32` that every margin counts too many ([`rounding::SPARE`]).
//! - Attacks clip to clean ± ε in `f32`, which can lie a little outside the ball: ε is taken
//!   larger by more than that.

mod crown;
mod frame;
mod ibp;
mod rounding;

use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::Right;
use crate::network::{Compact, Input, Mlp, Pass};
use crate::words::list;
use crown::Crown;
use frame::Frame;
use ibp::{Bounds, Boxes, Intervals};
use ndarray::Array2;
use std::ops::Range;

/// What was proven of a range of images.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certified {
    /// Images looked at.
    pub total: usize,
    /// Images that are read right as they are.
    pub clean_correct: usize,
    /// For each size, the images proven at it.
    pub proven: Vec<usize>,
    /// For each size, the images that intervals alone prove.
    pub by_intervals: Vec<usize>,
    /// For each image in order, the largest size at which it is proven, by its index.
    pub largest: Vec<Option<usize>>,
}

/// An image that is read right, and between which sizes its proofs are still looked for.
#[derive(Debug)]
struct Candidate {
    /// Its place in the range.
    place: usize,
    label: usize,
    /// Sizes at which it is proven, counted from the smallest.
    proven: usize,
    /// Of these, how many by intervals.
    by_intervals: usize,
    /// No proof is to be expected from this many sizes on.
    limit: usize,
}

impl Candidate {
    /// The size to be tried next: in the middle of what is left.
    fn query(&self) -> Option<usize> {
        (self.proven < self.limit).then(|| (self.proven + self.limit) / 2)
    }

    /// Takes in whether the image is proven at the size that was asked for.
    fn answer(&mut self, size: usize, proven: bool) {
        if proven {
            self.proven = size + 1;
        } else {
            self.limit = size;
        }
    }
}

/// A candidate's place in the group, and the size it is asked about, by its index.
type Query = (usize, usize);

/// A stepper: looks for the largest size at which each image of a range is proven, by bisection.
#[derive(Debug)]
pub struct Certifying {
    network: Compact,
    frame: Frame,
    sizes: Vec<f64>,
    range: Range<usize>,
    /// First image that is in no group yet.
    next: usize,
    group: Vec<Candidate>,
    /// Clean images of the group, row by row, and the loss's gradients there.
    clean: Array2<f32>,
    gradients: Array2<f32>,
    /// Places in the group of those that are tried at a size next, and how many of them are done.
    round: Vec<usize>,
    done: usize,
    /// Boxes of the pixels of those, and bounds of the first layer for them.
    pixels: Boxes,
    first: Bounds,
    running: bool,
    intervals: Intervals,
    crown: Crown,
    pass: Pass,
    read: Vec<u8>,
    certified: Certified,
}

impl Certifying {
    /// Prepares to prove images `range` at these sizes, radii of L∞ balls in pixel values.
    ///
    /// # Errors
    /// One sentence with what sizes are allowed.
    pub fn new(network: &Mlp, sizes: &[f64], range: Range<usize>) -> Result<Self, String> {
        let allowed = sizes.iter().all(|size| (0.0..=1.0).contains(size));
        if sizes.is_empty() || !allowed || !sizes.is_sorted_by(|a, b| a < b) {
            return Err(format!(
                "Certificates take sizes from 0 to 1, at least one and ascending, not {}.",
                list(sizes)
            ));
        }
        Ok(Certifying {
            network: Compact::new(network),
            frame: Frame::new(network),
            sizes: sizes.to_vec(),
            next: range.start,
            group: Vec::new(),
            clean: Array2::default((0, PIXELS)),
            gradients: Array2::default((0, PIXELS)),
            round: Vec::new(),
            done: 0,
            pixels: Boxes::default(),
            first: Bounds::default(),
            running: false,
            intervals: Intervals::default(),
            crown: Crown::default(),
            pass: Pass::default(),
            read: Vec::new(),
            certified: Certified {
                proven: vec![0; sizes.len()],
                by_intervals: vec![0; sizes.len()],
                largest: vec![None; range.len()],
                ..Certified::default()
            },
            range,
        })
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.certified.total as f64 / self.range.len().max(1) as f64
    }

    /// Does a small part of the work; the images must be here. Returns whether all of it is done.
    pub fn step(&mut self, images: &Images) -> bool {
        if self.running {
            if let Some(proven) = self.crown.step(&self.frame) {
                self.answer(proven);
            }
        } else if self.done < self.round.len() {
            self.try_next();
        } else if self.group.iter().any(|candidate| candidate.query().is_some()) {
            self.begin_round();
        } else {
            self.end_group();
            if self.next >= self.range.end {
                return true;
            }
            self.begin_group(images);
        }
        false
    }

    /// What is known so far; final once [`Certifying::step`] said that it is done.
    pub fn counts(&self) -> Certified {
        self.certified.clone()
    }

    /// Takes the next images, proves by intervals what they can, and leaves out what a step of an
    /// attack shows to be hopeless.
    fn begin_group(&mut self, images: &Images) {
        let range = self.next..self.range.end.min(self.next + Right::LINES);
        self.next = range.end;
        let count = range.len();
        self.clean = Array2::from_shape_fn((count, PIXELS), |(line, pixel)| {
            PIXEL_VALUE[usize::from(images.image(range.start + line)[pixel])]
        });
        self.network.forward(Input::Values(self.clean.view()), &mut self.pass);
        self.pass.predictions(&mut self.read);
        let read_right: Vec<usize> = (0..count)
            .filter(|line| self.read[*line] == images.label(range.start + line))
            .collect();
        let label = |line: usize| usize::from(images.label(range.start + line));
        self.clean = self.clean.select(ndarray::Axis(0), &read_right);
        self.pass.keep_images(&read_right);
        let first = range.start - self.range.start;
        let sizes = self.sizes.len();
        self.group.extend(read_right.iter().map(|line| Candidate {
            place: first + line,
            label: label(*line),
            proven: 0,
            by_intervals: 0,
            limit: sizes,
        }));
        self.certified.clean_correct += self.group.len();
        self.find_gradients();
        self.bisect(Self::prove_by_intervals);
        for candidate in &mut self.group {
            candidate.by_intervals = candidate.proven;
            candidate.limit = sizes;
        }
        self.bisect(Self::withstand);
        for candidate in &mut self.group {
            // What was withstood is not proven, but what was not cannot be.
            candidate.limit = candidate.proven;
            candidate.proven = candidate.by_intervals;
        }
    }

    /// The gradients of cross-entropy by the group's images, which were just run.
    fn find_gradients(&mut self) {
        let group = &self.group;
        self.pass.cross_entropy(|line| group[line].label, 1.0, |_, _| {});
        self.network.input_gradient(&mut self.pass);
        self.gradients = Array2::zeros((group.len(), PIXELS));
        if let Some(gradients) = self.gradients.as_slice_mut() {
            self.pass.write_input_gradient(gradients);
        }
    }

    /// What is to be asked next about those of the group that are not settled.
    fn queries(&self) -> Vec<Query> {
        let query = |(place, candidate): (usize, &Candidate)| Some((place, candidate.query()?));
        self.group.iter().enumerate().filter_map(query).collect()
    }

    /// Asks `test` about the group's images at their sizes until all are settled.
    fn bisect(&mut self, test: fn(&mut Self, &[Query]) -> Vec<bool>) {
        loop {
            let queries = self.queries();
            if queries.is_empty() {
                return;
            }
            let answers = test(self, &queries);
            for ((place, size), answer) in queries.into_iter().zip(answers) {
                self.group[place].answer(size, answer);
            }
        }
    }

    /// Whether intervals prove images of the group at sizes.
    fn prove_by_intervals(&mut self, queries: &[Query]) -> Vec<bool> {
        self.set_pixels(queries);
        let labels: Vec<_> = queries.iter().map(|(place, _)| self.group[*place].label).collect();
        self.intervals.prove(&self.frame, &self.pixels, &labels)
    }

    /// Whether images of the group are still read right after one step of a size along the signs
    /// of the gradient (Goodfellow et al. 2015). It is there to save time: such a step costs a
    /// hundredth of a proof that would fail.
    fn withstand(&mut self, queries: &[Query]) -> Vec<bool> {
        let points = Array2::from_shape_fn((queries.len(), PIXELS), |(line, pixel)| {
            let (place, size) = queries[line];
            let (clean, gradient) = (self.clean[[place, pixel]], self.gradients[[place, pixel]]);
            let size = self.sizes[size] as f32;
            let step = if gradient > 0.0 {
                size
            } else if gradient < 0.0 {
                -size
            } else {
                0.0
            };
            (clean + step).clamp(0.0, 1.0)
        });
        self.network.forward(Input::Values(points.view()), &mut self.pass);
        self.pass.predictions(&mut self.read);
        let label = |place: usize| self.group[place].label;
        let lines = queries.iter().zip(&self.read);
        lines.map(|((place, _), read)| usize::from(*read) == label(*place)).collect()
    }

    /// Sets the boxes of pixels for images of the group at sizes: what `f32` can reach by adding
    /// and taking off ε, cut off at 0 and 1.
    fn set_pixels(&mut self, queries: &[Query]) {
        self.pixels.reshape(queries.len(), PIXELS);
        for (line, (place, size)) in queries.iter().enumerate() {
            let eps = widened(self.sizes[*size]);
            for (pixel, clean) in self.clean.row(*place).iter().enumerate() {
                let clean = f64::from(*clean);
                self.pixels.set(line, pixel, clean - eps, clean + eps);
                if clean + eps >= 1.0 {
                    self.pixels.high.set(line, pixel, 1.0);
                }
            }
        }
    }

    /// Bounds the first layer for all images of the group that are not settled.
    fn begin_round(&mut self) {
        let queries = self.queries();
        self.set_pixels(&queries);
        if let Some(layer) = self.frame.hidden.first() {
            self.intervals.pre_activations(layer, &self.pixels, &mut self.first);
        }
        self.round.clear();
        self.round.extend(queries.iter().map(|(place, _)| *place));
        self.done = 0;
    }

    /// Begins with the next image of the round.
    fn try_next(&mut self) {
        let label = self.group[self.round[self.done]].label;
        self.crown.begin(&self.frame, &self.pixels, &self.first, self.done, label);
        self.running = true;
    }

    /// Takes in whether the image under way was proven.
    fn answer(&mut self, proven: bool) {
        let candidate = &mut self.group[self.round[self.done]];
        if let Some(size) = candidate.query() {
            candidate.answer(size, proven);
        }
        self.done += 1;
        self.running = false;
    }

    /// Writes down what came of the group.
    fn end_group(&mut self) {
        let Certifying { certified, group, .. } = self;
        for candidate in group.drain(..) {
            let add = |counts: &mut [usize]| counts.iter_mut().for_each(|count| *count += 1);
            add(&mut certified.proven[..candidate.proven]);
            add(&mut certified.by_intervals[..candidate.by_intervals]);
            certified.largest[candidate.place] = candidate.proven.checked_sub(1);
        }
        certified.total = self.next - self.range.start;
    }
}

/// A size, larger by more than `f32` can leave a ball of it: by rounding the size, by adding it
/// to a pixel, and by halves of the last place of numbers up to 2.
fn widened(size: f64) -> f64 {
    size * (1.0 + 4.0 * rounding::UNIT) + 4.0 * rounding::UNIT
}

#[cfg(test)]
mod tests;
