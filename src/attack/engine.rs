//! The engine: runs an attack on a block of images, step by step.

use super::{Attack, Streams, Valid};
use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::network::{Compact, Input, Pass, argmax, cross_entropy};
use crate::rng;
use ndarray::{Array2, ArrayView1, ArrayView2, s};
use std::ops::Range;

/// Images attacked together: the size of a block for whoever splits a set.
pub const BLOCK: usize = 128;

/// What the adversarial images are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To know which images are fooled: an image that is leaves the batch at once.
    Evaluate,
    /// To have them: every image is attacked at full strength to the end.
    Craft,
}

/// What the engine saw of one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// What the clean image shows.
    pub label: u8,
    /// What the network reads in the clean image.
    pub clean: u8,
    /// What it reads in the adversarial image.
    pub attacked: u8,
    /// L∞ norm of the perturbation.
    pub norm: f32,
}

impl Verdict {
    /// Whether the network reads the label in both: the image counts as robust.
    pub fn is_robust(&self) -> bool {
        self.clean == self.label && self.attacked == self.label
    }
}

/// A stepper: an attack on a block of images of one network.
#[derive(Debug)]
pub struct Run {
    attack: Box<dyn Attack>,
    valid: Valid,
    purpose: Purpose,
    /// Places in the block of the images still attacked, in order; `points` holds them so.
    active: Vec<usize>,
    clean: Array2<f32>,
    adversarial: Array2<f32>,
    /// Points of the active images, row by row.
    points: Array2<f32>,
    verdicts: Vec<Verdict>,
    streams: Vec<Streams>,
    steps_done: usize,
    pass: Pass,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Streams")
    }
}

impl Run {
    /// Prepares the attack on images `range`, which must be here.
    ///
    /// Random draws belong to an image, so any split into blocks gives the same result.
    pub fn new(
        network: &Compact,
        images: &Images,
        range: Range<usize>,
        valid: Valid,
        seed: u32,
        purpose: Purpose,
    ) -> Self {
        let count = range.len();
        let mut clean = Array2::zeros((count, PIXELS));
        for (mut row, index) in clean.rows_mut().into_iter().zip(range.clone()) {
            for (value, byte) in row.iter_mut().zip(images.image(index)) {
                *value = PIXEL_VALUE[usize::from(*byte)];
            }
        }
        let stream = |purpose, index| rng::Stream::new(seed, purpose, &[index as u64]);
        let mut run = Run {
            attack: valid.attack(),
            valid,
            purpose,
            active: Vec::new(),
            adversarial: clean.clone(),
            points: clean.clone(),
            clean,
            verdicts: Vec::new(),
            streams: range
                .clone()
                .map(|index| Streams {
                    start: stream(rng::Purpose::Attack, index),
                    noise: stream(rng::Purpose::Noise, index),
                })
                .collect(),
            steps_done: 0,
            pass: Pass::default(),
        };
        network.forward(Input::Values(run.clean.view()), &mut run.pass);
        let read = run.pass.logits().rows().into_iter().map(prediction).collect::<Vec<_>>();
        for (place, (index, clean)) in range.zip(read).enumerate() {
            let label = images.label(index);
            run.verdicts.push(Verdict { label, clean, attacked: clean, norm: 0.0 });
            // An image that is misread already need not be attacked to know that it is not robust.
            if purpose == Purpose::Craft || clean == label {
                run.active.push(place);
            }
        }
        for (row, place) in run.active.iter().enumerate() {
            let clean = run.clean.row(*place);
            let mut point = run.points.row_mut(row);
            point.assign(&clean);
            if let (Some(point), Some(clean)) = (point.as_slice_mut(), clean.as_slice()) {
                run.attack.start(point, &mut run.streams[*place]);
                confine(point, clean, valid.eps());
            }
        }
        run
    }

    /// Replaces the attack, to see what the engine does with one that lies.
    #[cfg(test)]
    pub(super) fn set_attack(&mut self, attack: Box<dyn Attack>) {
        self.attack = attack;
    }

    /// Steps still to be done at the most.
    pub fn steps_left(&self) -> usize {
        if self.active.is_empty() { 0 } else { self.attack.steps() + 1 - self.steps_done }
    }

    /// Does one step; the last one only looks at the result. Returns whether the run is done.
    pub fn step(&mut self, network: &Compact) -> bool {
        if self.steps_left() == 0 {
            return true;
        }
        let last = self.steps_done == self.attack.steps();
        if last || self.attack.needs_gradient() {
            let points = self.points.slice(s![..self.active.len(), ..]);
            network.forward(Input::Values(points), &mut self.pass);
        }
        if last {
            self.conclude();
            return true;
        }
        if self.attack.needs_gradient() {
            if self.purpose == Purpose::Evaluate {
                self.drop_fooled();
                if self.active.is_empty() {
                    return true;
                }
            }
            self.loss_gradients();
            network.input_gradient(&mut self.pass);
        }
        self.move_points();
        self.steps_done += 1;
        false
    }

    /// Sets the logits' gradients to the direction in which what the attacker wants grows.
    fn loss_gradients(&mut self) {
        let Run { pass, active, verdicts, valid, .. } = self;
        let logits = pass.logits().to_owned();
        for ((mut gradient, logits), place) in
            pass.logit_gradients().rows_mut().into_iter().zip(logits.rows()).zip(active.iter())
        {
            gradient.assign(&logits);
            let Some(values) = gradient.as_slice_mut() else {
                continue;
            };
            match valid.target() {
                None => {
                    cross_entropy(values, usize::from(verdicts[*place].label));
                }
                Some(target) => {
                    // Towards the target the loss has to fall.
                    cross_entropy(values, target);
                    values.iter_mut().for_each(|value| *value = -*value);
                }
            }
        }
    }

    fn move_points(&mut self) {
        let Run { attack, pass, points, clean, active, streams, valid, .. } = self;
        let gradients = attack.needs_gradient().then(|| pass.input_gradient());
        for (row, place) in active.iter().enumerate() {
            let mut point = points.row_mut(row);
            let clean = clean.row(*place);
            let gradient = gradients.as_ref().map(|gradients| gradients.row(row));
            let direction = gradient.as_ref().and_then(|row| row.as_slice()).unwrap_or(&[]);
            if let (Some(point), Some(clean)) = (point.as_slice_mut(), clean.as_slice()) {
                attack.step(clean, point, direction, &mut streams[*place]);
                confine(point, clean, valid.eps());
            }
        }
    }

    /// Takes the images out that the network misreads at the point just run.
    fn drop_fooled(&mut self) {
        let read: Vec<u8> = self.pass.logits().rows().into_iter().map(prediction).collect();
        let mut kept = Vec::with_capacity(read.len());
        for (row, read) in read.iter().enumerate() {
            let place = self.active[row];
            let wanted = match self.valid.target() {
                None => *read != self.verdicts[place].label,
                Some(target) => usize::from(*read) == target,
            };
            if wanted {
                self.settle(place, row, *read);
            } else {
                if kept.len() != row {
                    let (mut to, from) =
                        self.points.multi_slice_mut((s![kept.len(), ..], s![row, ..]));
                    to.assign(&from);
                }
                self.active[kept.len()] = place;
                kept.push(row);
            }
        }
        self.active.truncate(kept.len());
        self.pass.keep_rows(&kept);
    }

    /// Looks at the last points of all images still attacked.
    fn conclude(&mut self) {
        let read: Vec<u8> = self.pass.logits().rows().into_iter().map(prediction).collect();
        for (row, read) in read.into_iter().enumerate() {
            self.settle(self.active[row], row, read);
        }
        self.active.clear();
    }

    /// Writes down what became of an image.
    fn settle(&mut self, place: usize, row: usize, read: u8) {
        let mut adversarial = self.adversarial.row_mut(place);
        adversarial.assign(&self.points.row(row));
        let changes = adversarial.iter().zip(self.clean.row(place));
        let verdict = &mut self.verdicts[place];
        verdict.attacked = read;
        verdict.norm = changes.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    }

    /// What was seen of each image; final once the run is done.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The clean images.
    pub fn clean(&self) -> ArrayView2<'_, f32> {
        self.clean.view()
    }

    /// The adversarial images; final once the run is done.
    pub fn adversarial(&self) -> ArrayView2<'_, f32> {
        self.adversarial.view()
    }
}

fn prediction(logits: ArrayView1<f32>) -> u8 {
    logits.as_slice().map_or(0, |logits| argmax(logits) as u8)
}

/// Clips a point to the ball around the clean image and to [0, 1].
fn confine(point: &mut [f32], clean: &[f32], eps: f32) {
    for (point, clean) in point.iter_mut().zip(clean) {
        let low = (clean - eps).max(0.0);
        let high = (clean + eps).min(1.0);
        // Written so that even a NaN ends inside.
        *point = point.max(low).min(high);
    }
}
