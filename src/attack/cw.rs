//! The L2 attack of Carlini & Wagner (2017), “Towards evaluating the robustness of neural
//! networks”, section VI.A, as Foolbox 3.3.4's `L2CarliniWagnerAttack`.
//!
//! It minimises ‖x′ − x‖² + c·max(0, z(label) − max z(others) + κ) by Adam, with x′ written as
//! ½ tanh(w) + ½ so that no step leaves [0, 1], and searches for the smallest constant c with
//! which this still fools the network. Unlike Foolbox, which looks at the loss of a whole batch,
//! it stops a search early by the image's own loss: what is found for an image must not depend on
//! the images beside it. Its usual step is longer than Foolbox's 0.01, which is meant for 10,000
//! steps: with 200 it does not get there.

use super::{Attack, AttackParams, Image, Logits, Next, Seen, Streams, Wanted, loss};
use crate::data::CLASSES;
use crate::kernel::exp;
use crate::network::argmax;

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cw {
    /// Steps of Adam in each search.
    pub steps: usize,
    pub step: f32,
    /// How many constants are tried.
    pub searches: usize,
    /// The first of them.
    pub constant: f64,
    /// By how much the wrong logit is to lead (κ).
    pub confidence: f32,
}

pub(super) struct Search {
    params: Cw,
    /// Searches begun, and steps begun in the one under way.
    search: usize,
    step: usize,
    /// The constant, and bounds of the smallest that fools.
    constant: f64,
    bounds: (f64, f64),
    /// Whether this search has fooled the network.
    found: bool,
    /// The loss when last checked for progress.
    checked: f32,
    /// β₁ᵗ and β₂ᵗ.
    decays: (f32, f32),
    /// By pixels.
    variables: Vec<Variable>,
}

/// What Adam minimises over: one pixel.
#[derive(Debug, Clone, Copy)]
struct Variable {
    /// The pixel in the tanh space, where the image is and where the point is.
    home: f32,
    here: f32,
    /// The clean pixel as that space gives it back.
    clean: f32,
    mean: f32,
    square: f32,
}

/// So that black and white stay finite in the tanh space (Foolbox's value).
const SHRINK: f64 = 0.999_999;

/// The share of the loss that must be left at most after a tenth of the steps.
const PROGRESS: f32 = 0.9999;

/// From this number of searches on, the last repeats the best constant (Foolbox's value).
const MANY: usize = 10;

impl Cw {
    /// As the parameters have it.
    pub fn new(params: &AttackParams) -> Self {
        let tuning = params.tuning;
        Cw {
            steps: params.steps,
            step: if params.step == 0.0 { 0.05 } else { params.step as f32 },
            searches: tuning.searches,
            constant: tuning.constant,
            confidence: tuning.confidence as f32,
        }
    }

    pub fn start(self) -> Search {
        Search {
            params: self,
            search: 0,
            step: 0,
            constant: 0.0,
            bounds: (0.0, 0.0),
            found: false,
            checked: 0.0,
            decays: (1.0, 1.0),
            variables: Vec::new(),
        }
    }
}

/// ½ tanh(w) + ½.
fn pixel(w: f32) -> f32 {
    let tail = exp(-2.0 * w.abs());
    let small = tail / (1.0 + tail);
    if w > 0.0 { 1.0 - small } else { small }
}

/// The classes whose logits are to fall and to rise.
fn classes(image: &Image, logits: &Logits) -> (usize, usize) {
    match image.goal.target.map(usize::from) {
        Some(target) => (loss::strongest_but(target, logits), target),
        None => {
            let label = usize::from(image.goal.label);
            (label, loss::strongest_but(label, logits))
        }
    }
}

impl Search {
    /// Begins the next search, or says that there is none.
    fn next_search(&mut self) -> Next {
        let (mut low, mut high) = self.bounds;
        if self.found {
            high = self.constant;
        } else {
            low = self.constant;
        }
        self.bounds = (low, high);
        self.search += 1;
        let is_last = self.search + 1 == self.params.searches;
        self.begin_search(if is_last && self.params.searches >= MANY {
            high.min(1e10)
        } else if high.is_infinite() {
            10.0 * self.constant
        } else {
            0.5 * (low + high)
        });
        if self.search < self.params.searches { Next::Look } else { Next::Done }
    }

    fn begin_search(&mut self, constant: f64) {
        self.constant = constant;
        (self.step, self.found, self.checked) = (0, false, f32::INFINITY);
        self.decays = (1.0, 1.0);
        for variable in &mut self.variables {
            variable.here = variable.home;
            (variable.mean, variable.square) = (0.0, 0.0);
        }
    }

    /// The loss at a point, and the derivatives by the logits of its second part if that is not 0.
    fn loss(&self, image: &Image, point: &[f32], logits: &Logits) -> (f32, Option<Logits>) {
        let squares = point.iter().zip(&self.variables);
        let squares = squares.map(|(point, variable)| f64::from(point - variable.clean));
        let distance = squares.map(|difference| difference * difference).sum::<f64>() as f32;
        let (down, up) = classes(image, logits);
        let mut derivatives = [0.0; CLASSES];
        let gap = loss::difference(down, up, logits, &mut derivatives) + self.params.confidence;
        if gap <= 0.0 {
            return (distance, None);
        }
        let constant = self.constant as f32;
        derivatives.iter_mut().for_each(|value| *value *= constant);
        (distance + constant * gap, Some(derivatives))
    }
}

impl Attack for Search {
    fn begin(&mut self, image: &Image, point: &mut [f32], _: &mut Streams) {
        self.variables.clear();
        self.variables.extend(image.clean.iter().map(|clean| {
            let to = (2.0 * f64::from(*clean) - 1.0) * SHRINK;
            let home = (0.5 * libm::log((1.0 + to) / (1.0 - to))) as f32;
            Variable { home, here: home, clean: pixel(home), mean: 0.0, square: 0.0 }
        }));
        for (point, variable) in point.iter_mut().zip(&self.variables) {
            *point = variable.clean;
        }
        self.search = 0;
        self.bounds = (0.0, f64::INFINITY);
        self.begin_search(self.params.constant);
    }

    fn counts(&self, image: &Image, logits: &Logits) -> bool {
        let (down, up) = classes(image, logits);
        logits[up] - logits[down] >= self.params.confidence
    }

    fn ask(&mut self, image: &Image, point: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        let (loss, derivatives) = self.loss(image, point, logits);
        if self.step.is_multiple_of(self.params.steps.div_ceil(10)) {
            if loss > PROGRESS * self.checked {
                return self.next_search();
            }
            self.checked = loss;
        }
        let reached = image.goal.is_reached(argmax(logits) as u8);
        self.found |= reached && self.counts(image, logits);
        self.step += 1;
        if self.step == self.params.steps {
            return self.next_search();
        }
        if let Some(derivatives) = derivatives {
            wanted.push(derivatives);
        }
        Next::Look
    }

    fn go(&mut self, _: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        // Adam (Kingma & Ba 2015, algorithm 1) with its authors' values.
        const BETA_1: f32 = 0.9;
        const BETA_2: f32 = 0.999;
        const EPSILON: f32 = 1e-8;
        if self.step == 0 {
            // A new search begins where the first did.
            for (point, variable) in point.iter_mut().zip(&self.variables) {
                *point = variable.clean;
            }
            return;
        }
        self.decays = (self.decays.0 * BETA_1, self.decays.1 * BETA_2);
        let (mean_scale, square_scale) = (1.0 / (1.0 - self.decays.0), 1.0 / (1.0 - self.decays.1));
        let gradient = seen.gradients.first().copied();
        for (index, (point, variable)) in point.iter_mut().zip(&mut self.variables).enumerate() {
            let by_logits = gradient.and_then(|gradient| gradient.get(index)).unwrap_or(&0.0);
            let by_pixel = 2.0 * (*point - variable.clean) + by_logits;
            // The derivative of ½ tanh(w) + ½.
            let gradient = by_pixel * 2.0 * *point * (1.0 - *point);
            variable.mean = BETA_1 * variable.mean + (1.0 - BETA_1) * gradient;
            variable.square = BETA_2 * variable.square + (1.0 - BETA_2) * gradient * gradient;
            let size = (variable.square * square_scale).sqrt() + EPSILON;
            variable.here -= self.params.step * (variable.mean * mean_scale) / size;
            *point = pixel(variable.here);
        }
    }
}
