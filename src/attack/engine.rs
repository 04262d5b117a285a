//! The engine: runs an attack on a block of images, step by step.

use super::{Attack, Streams, Valid};
use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::network::{Compact, Input, Pass};
use crate::rng;
use ndarray::{Array2, ArrayView2, s};
use std::ops::Range;

/// Images crafted together: the size of a block for whoever splits a set.
pub const BLOCK: usize = 128;

/// What the adversarial images are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To know which images are fooled: an image that is leaves the batch at once.
    Evaluate,
    /// To have them: every image is attacked at full strength to the end.
    Craft,
}

impl Purpose {
    /// Images that are attacked together. Where fooled images leave, more begin: a batch of few
    /// takes nearly as long as a full one, because the weights are read anew for each.
    pub fn together(self) -> usize {
        match self {
            Purpose::Craft => BLOCK,
            Purpose::Evaluate => 4 * BLOCK,
        }
    }
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

/// A stepper: an attack on a block of images of one network, and on the next one after it.
#[derive(Debug)]
pub struct Run {
    attack: Box<dyn Attack>,
    valid: Valid,
    seed: u32,
    purpose: Purpose,
    /// Places in the block of the images still attacked, in order; `points` holds them so.
    active: Vec<usize>,
    clean: Array2<f32>,
    adversarial: Array2<f32>,
    /// Points of the active images, row by row, and the gradient there.
    points: Array2<f32>,
    gradient: Array2<f32>,
    verdicts: Vec<Verdict>,
    streams: Vec<Streams>,
    steps_done: usize,
    pass: Pass,
    /// What the network reads in the points just run, and the rows of those not yet fooled.
    read: Vec<u8>,
    kept: Vec<usize>,
}

impl std::fmt::Debug for dyn Attack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Attack")
    }
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
        let mut run = Run {
            attack: valid.attack(),
            valid,
            seed,
            purpose,
            active: Vec::new(),
            clean: Array2::default((0, PIXELS)),
            adversarial: Array2::default((0, PIXELS)),
            points: Array2::default((0, PIXELS)),
            gradient: Array2::default((0, PIXELS)),
            verdicts: Vec::new(),
            streams: Vec::new(),
            steps_done: 0,
            pass: Pass::default(),
            read: Vec::new(),
            kept: Vec::new(),
        };
        run.begin(network, images, range);
        run
    }

    /// Begins the same attack on other images, in the memory of those before.
    pub fn begin(&mut self, network: &Compact, images: &Images, range: Range<usize>) {
        let count = range.len();
        // A last block that is smaller takes the first rows.
        if self.clean.nrows() < count {
            self.clean = Array2::zeros((count, PIXELS));
            self.adversarial = self.clean.clone();
            self.points = self.clean.clone();
            self.gradient = self.clean.clone();
        }
        for (mut row, index) in self.clean.rows_mut().into_iter().zip(range.clone()) {
            for (value, byte) in row.iter_mut().zip(images.image(index)) {
                *value = PIXEL_VALUE[usize::from(*byte)];
            }
        }
        self.adversarial.assign(&self.clean);
        self.steps_done = 0;
        self.streams.clear();
        let stream = |purpose, index| rng::Stream::new(self.seed, purpose, &[index as u64]);
        self.streams.extend(range.clone().map(|index| Streams {
            start: stream(rng::Purpose::Attack, index),
            noise: stream(rng::Purpose::Noise, index),
        }));
        network.forward(Input::Values(self.clean.slice(s![..count, ..])), &mut self.pass);
        self.pass.predictions(&mut self.read);
        self.active.clear();
        self.verdicts.clear();
        for (place, (index, clean)) in range.zip(&self.read).enumerate() {
            let (label, clean) = (images.label(index), *clean);
            self.verdicts.push(Verdict { label, clean, attacked: clean, norm: 0.0 });
            // An image that is misread already need not be attacked to know that it is not robust.
            if self.purpose == Purpose::Craft || clean == label {
                self.active.push(place);
            }
        }
        for (row, place) in self.active.iter().enumerate() {
            let clean = self.clean.row(*place);
            let mut point = self.points.row_mut(row);
            point.assign(&clean);
            if let (Some(point), Some(clean)) = (point.as_slice_mut(), clean.as_slice()) {
                self.attack.start(point, &mut self.streams[*place]);
                confine(point, clean, self.valid.eps());
            }
        }
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
            let numbers = self.active.len() * PIXELS;
            if let Some(gradient) = self.gradient.as_slice_mut() {
                self.pass.write_input_gradient(&mut gradient[..numbers]);
            }
        }
        self.move_points();
        self.steps_done += 1;
        false
    }

    /// Sets the logits' gradients to the direction in which what the attacker wants grows.
    fn loss_gradients(&mut self) {
        let Run { pass, active, verdicts, valid, .. } = self;
        match valid.target() {
            None => {
                let label = |row: usize| usize::from(verdicts[active[row]].label);
                pass.cross_entropy(label, 1.0, |_, _| {});
            }
            // Towards the target the loss has to fall.
            Some(target) => pass.cross_entropy(|_| target, -1.0, |_, _| {}),
        }
    }

    fn move_points(&mut self) {
        let Run { attack, points, gradient, clean, active, streams, valid, .. } = self;
        for (row, place) in active.iter().enumerate() {
            let (mut point, clean) = (points.row_mut(row), clean.row(*place));
            let direction = gradient.row(row);
            if let (Some(point), Some(clean), Some(direction)) =
                (point.as_slice_mut(), clean.as_slice(), direction.as_slice())
            {
                attack.step(clean, point, direction, &mut streams[*place]);
                confine(point, clean, valid.eps());
            }
        }
    }

    /// Takes the images out that the network misreads at the point just run.
    fn drop_fooled(&mut self) {
        self.pass.predictions(&mut self.read);
        self.kept.clear();
        for row in 0..self.read.len() {
            let (place, read) = (self.active[row], self.read[row]);
            let wanted = match self.valid.target() {
                None => read != self.verdicts[place].label,
                Some(target) => usize::from(read) == target,
            };
            if wanted {
                self.settle(place, row, read);
            } else {
                let to = self.kept.len();
                if to != row {
                    let (mut to, from) = self.points.multi_slice_mut((s![to, ..], s![row, ..]));
                    to.assign(&from);
                }
                self.active[to] = place;
                self.kept.push(row);
            }
        }
        if self.kept.len() < self.read.len() {
            self.active.truncate(self.kept.len());
            self.pass.keep_images(&self.kept);
        }
    }

    /// Looks at the last points of all images still attacked.
    fn conclude(&mut self) {
        self.pass.predictions(&mut self.read);
        for row in 0..self.read.len() {
            self.settle(self.active[row], row, self.read[row]);
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
        verdict.norm =
            changes.map(|(a, b)| (a - b).abs()).fold(0.0, |a, b| if b > a { b } else { a });
    }

    /// What was seen of each image; final once the run is done.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The clean images.
    pub fn clean(&self) -> ArrayView2<'_, f32> {
        self.clean.slice(s![..self.verdicts.len(), ..])
    }

    /// The adversarial images; final once the run is done.
    pub fn adversarial(&self) -> ArrayView2<'_, f32> {
        self.adversarial.slice(s![..self.verdicts.len(), ..])
    }
}

/// Clips a point to the ball around the clean image and to [0, 1].
fn confine(point: &mut [f32], clean: &[f32], eps: f32) {
    for (point, clean) in point.iter_mut().zip(clean) {
        // Written so that even a NaN ends inside, and that the compiler can spread it over lanes.
        let (low, high) = (clean - eps, clean + eps);
        let low = if low > 0.0 { low } else { 0.0 };
        let high = if high < 1.0 { high } else { 1.0 };
        let inside = if *point > low { *point } else { low };
        *point = if inside < high { inside } else { high };
    }
}
