//! Auto-PGD (Croce & Hein 2020, “Reliable evaluation of adversarial robustness with an ensemble of
//! diverse parameter-free attacks”, Algorithm 1): projected gradient steps with momentum whose
//! length starts at 2ε and is halved at checkpoints where it no longer pays. On the cross-entropy,
//! on the difference of logits ratio, and on its targeted form towards one wrong class after the
//! other. In L1 it is the attack of `apgd_l1.rs`.
//!
//! Agrees with the authors' `autopgd_base.py` (AutoAttack): the same starts, steps, momentum and
//! checkpoints. Where several points of an image were fooling, the one of largest loss is the last
//! word; the authors return the latest.

use super::apgd_l1::SparseAscent;
use super::progress::Progress;
use super::{Attack, Ball, Goal, Image, Logits, Next, Norm, Seen, Streams, Wanted, loss, sign};
use crate::network::argmax;

/// What is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surrogate {
    CrossEntropy,
    /// The difference of logits ratio.
    Ratio,
    /// Its targeted form. The round tells the target: so many rounds in a row aim at the same,
    /// the first ones at the strongest wrong class of the clean image.
    TargetedRatio {
        restarts: usize,
    },
}

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Apgd {
    pub ball: Ball,
    pub steps: usize,
    /// Share of a period's steps that must raise the loss to keep the step size (ρ).
    pub rho: f32,
    pub surrogate: Surrogate,
}

/// Weight of the new step against the last one (α, section 3.1).
const MOMENTUM: f32 = 0.75;

/// The attack in L∞ and L2; that in L1 is another.
struct Ascent {
    params: Apgd,
    /// Nothing before the first look.
    progress: Option<Progress>,
    left: usize,
    /// Length of a step.
    step: f32,
    /// What the look just taken told to do: remember its gradient, go back to the best point.
    improved: bool,
    halve: bool,
    /// Whether the point looked at is the one where all ends.
    last: bool,
    best: Best,
    /// The point before this one.
    before: Vec<f32>,
    /// Room for a step in L2.
    stepped: Vec<f32>,
}

/// The best points seen.
#[derive(Debug, Default)]
pub(super) struct Best {
    /// The point of largest loss, that loss, and the gradient there.
    point: Vec<f32>,
    loss: Option<f32>,
    gradient: Vec<f32>,
    /// The fooling point of largest loss, and that loss. An image that only has to be fooled
    /// leaves before there is one.
    fooling: Vec<f32>,
    fooling_loss: Option<f32>,
}

impl Best {
    /// Before anything is seen.
    pub fn forget(&mut self) {
        (self.loss, self.fooling_loss) = (None, None);
    }

    /// Takes down a point; whether it is the best.
    pub fn see(&mut self, point: &[f32], loss: f32) -> bool {
        let improved = self.loss.is_none_or(|best| loss > best);
        if improved {
            self.loss = Some(loss);
            copy(point, &mut self.point);
        }
        improved
    }

    /// Takes down a point if it fools; whether it is the best that does.
    pub fn see_fooling(&mut self, goal: Goal, logits: &Logits, point: &[f32], loss: f32) -> bool {
        let fools = goal.is_reached(argmax(logits) as u8);
        let improved = fools && self.fooling_loss.is_none_or(|best| loss > best);
        if improved {
            self.fooling_loss = Some(loss);
            copy(point, &mut self.fooling);
        }
        improved
    }

    /// Takes down the gradient at the best point.
    pub fn keep_gradient(&mut self, gradient: &[f32]) {
        copy(gradient, &mut self.gradient);
    }

    /// The point of largest loss.
    pub fn point(&self) -> &[f32] {
        &self.point
    }

    /// The gradient there.
    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    /// Whether a point that fools was seen.
    pub fn fools(&self) -> bool {
        self.fooling_loss.is_some()
    }

    /// The best point that fools, or else the best.
    pub fn last_word(&self) -> &[f32] {
        if self.fools() { &self.fooling } else { &self.point }
    }
}

impl Apgd {
    /// One image's attack.
    pub fn start(self) -> Box<dyn Attack> {
        if self.ball.norm == Norm::L1 {
            return Box::new(SparseAscent::new(self));
        }
        Box::new(Ascent {
            params: self,
            progress: None,
            left: 0,
            step: 0.0,
            improved: false,
            halve: false,
            last: false,
            best: Best::default(),
            before: Vec::new(),
            stepped: Vec::new(),
        })
    }

    /// The loss at a point with these logits, and its derivatives by them.
    pub fn loss(&self, image: &Image, logits: &Logits, gradient: &mut Logits) -> f32 {
        let Goal { label, target } = image.goal;
        let label = usize::from(label);
        match (self.surrogate, target) {
            (Surrogate::CrossEntropy, _) => loss::cross_entropy(image.goal, logits, gradient),
            (Surrogate::Ratio, None) => loss::logit_ratio(label, logits, gradient),
            (Surrogate::Ratio, Some(target)) => {
                loss::targeted_logit_ratio(label, usize::from(target), logits, gradient)
            }
            (Surrogate::TargetedRatio { restarts }, _) => {
                let rank = image.round / restarts.max(1);
                let target = wrong_class(label, image.logits, rank);
                loss::targeted_logit_ratio(label, target, logits, gradient)
            }
        }
    }
}

/// The wrong class of this rank in the logits of the clean image, the strongest first.
fn wrong_class(label: usize, logits: &Logits, rank: usize) -> usize {
    let order = loss::ranking(logits).map(usize::from);
    order.into_iter().filter(|class| *class != label).nth(rank).unwrap_or(label)
}

impl Attack for Ascent {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        let Ball { norm, eps } = self.params.ball;
        start_on_border(norm, eps, image.clean, point, random);
        self.progress = None;
        self.left = self.params.steps;
        self.step = 2.0 * eps;
        self.last = false;
        self.best.forget();
    }

    fn ask(&mut self, image: &Image, point: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.last {
            return Next::Done;
        }
        let mut derivatives = *logits;
        let loss = self.params.loss(image, logits, &mut derivatives);
        self.improved = self.best.see(point, loss);
        let fools_best = self.best.see_fooling(image.goal, logits, point, loss);
        self.halve = match &mut self.progress {
            Some(progress) => progress.step(loss),
            None => {
                self.progress = Some(Progress::new(self.params.steps, self.params.rho, loss));
                self.before.clear();
                false
            }
        };
        if self.left > 0 {
            self.left -= 1;
            wanted.push(derivatives);
            return Next::Look;
        }
        self.last = true;
        let here = if self.best.fools() { fools_best } else { self.improved };
        if here { Next::Done } else { Next::Look }
    }

    fn go(&mut self, image: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        if self.last {
            return point.copy_from_slice(self.best.last_word());
        }
        if self.improved {
            self.best.keep_gradient(seen.gradient());
        }
        if self.halve {
            self.step /= 2.0;
            point.copy_from_slice(self.best.point());
        }
        let gradient = if self.halve { self.best.gradient() } else { seen.gradient() };
        // The first step has none before it.
        let mut keep = MOMENTUM;
        if self.before.is_empty() {
            self.before.extend_from_slice(point);
            keep = 1.0;
        }
        let Ball { norm, eps } = self.params.ball;
        let rows = Rows { point, before: &mut self.before, clean: image.clean, gradient };
        match norm {
            Norm::Linf => rows.move_linf(self.step, keep, eps),
            Norm::L2 | Norm::L1 => rows.move_l2(self.step, keep, eps, &mut self.stepped),
        }
    }
}

fn copy(from: &[f32], to: &mut Vec<f32>) {
    to.clear();
    to.extend_from_slice(from);
}

/// A random point of the ball's border, as the authors draw it: a uniform point of the cube
/// stretched until its largest change is ε, or a normal direction at length ε.
fn start_on_border(norm: Norm, eps: f32, clean: &[f32], point: &mut [f32], random: &mut Streams) {
    for point in point.iter_mut() {
        *point = match norm {
            Norm::Linf => 2.0 * random.start.uniform() - 1.0,
            Norm::L2 | Norm::L1 => random.start.normal(),
        };
    }
    let scale = eps / (norm.of(point) + TINY);
    for (point, clean) in point.iter_mut().zip(clean) {
        let value = clean + scale * *point;
        *point = value.clamp(0.0, 1.0);
    }
}

/// What the authors add to a length before they divide by it.
const TINY: f32 = 1e-12;

/// A move: of x^(k) in `point` and x^(k−1) in `before`, which become x^(k+1) and x^(k). With P the
/// projection: z = P(x^(k) + step · direction), then
/// x^(k+1) = P(x^(k) + keep · (z − x^(k)) + (1 − keep) · (x^(k) − x^(k−1))).
struct Rows<'a> {
    point: &'a mut [f32],
    before: &'a mut [f32],
    clean: &'a [f32],
    gradient: &'a [f32],
}

impl Rows<'_> {
    /// Leaves the last projection to the engine, whose is the same.
    fn move_linf(self, step: f32, keep: f32, eps: f32) {
        let rows = self.point.iter_mut().zip(self.before).zip(self.clean).zip(self.gradient);
        for (((point, before), clean), gradient) in rows {
            let here = *point;
            let low = larger(clean - eps, 0.0);
            let high = smaller(clean + eps, 1.0);
            let stepped = smaller(larger(here + step * sign(*gradient), low), high);
            *point = here + keep * (stepped - here) + (1.0 - keep) * (here - *before);
            *before = here;
        }
    }

    /// The projection shortens first and clips then, which is what the authors call one.
    fn move_l2(self, step: f32, keep: f32, eps: f32, stepped: &mut Vec<f32>) {
        let Rows { point, before, clean, gradient } = self;
        let step = step / (Norm::L2.of(gradient) + TINY);
        stepped.clear();
        stepped.extend(point.iter().zip(gradient).map(|(point, gradient)| point + step * gradient));
        project_l2(stepped, clean, eps);
        for ((point, before), stepped) in point.iter_mut().zip(before).zip(stepped) {
            let here = *point;
            *point = here + keep * (*stepped - here) + (1.0 - keep) * (here - *before);
            *before = here;
        }
        project_l2(point, clean, eps);
    }
}

/// Shortens a perturbation to ε, then clips to [0, 1].
fn project_l2(point: &mut [f32], clean: &[f32], eps: f32) {
    let distance = Norm::L2.distance(point, clean);
    let scale = smaller(eps, distance) / (distance + TINY);
    for (point, clean) in point.iter_mut().zip(clean) {
        *point = smaller(larger(clean + scale * (*point - clean), 0.0), 1.0);
    }
}

fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{AttackParams, Method, Purpose, Run, Tuning};
    use crate::data::{CLASSES, Images, PIXELS};
    use crate::network::{Compact, Layer, Mlp};
    use ndarray::{Array1, Array2};

    #[test]
    fn wrong_classes_come_by_rank() {
        let logits: Logits = std::array::from_fn(|class| class as f32);
        assert_eq!(wrong_class(9, &logits, 0), 8);
        assert_eq!(wrong_class(8, &logits, 0), 9);
        assert_eq!(wrong_class(8, &logits, 8), 0);
    }

    /// With one unit that always acts and two classes that matter, the best point of the ball is
    /// known: along the sign of the weights, or along them.
    #[test]
    fn the_best_point_of_a_linear_network_is_found() {
        let weight = |pixel: usize| ((pixel * 37 % 101) as f32 - 50.0) / 1000.0;
        let unit = Array2::from_shape_fn((1, PIXELS), |(_, pixel)| weight(pixel));
        let unit = Layer::new(unit.view(), Array1::from_elem(1, 50.0)).unwrap();
        let mut weights = Array2::zeros((CLASSES, 1));
        let mut biases = Array1::from_elem(CLASSES, -100.0);
        (weights[[0, 0]], weights[[1, 0]]) = (1.0, -1.0);
        (biases[0], biases[1]) = (-48.0, 48.0);
        let logits = Layer::new(weights.view(), biases).unwrap();
        let network = Compact::new(&Mlp::from_layers(vec![unit, logits]).unwrap());
        let images = Images::new(vec![128; PIXELS], vec![0]).unwrap();
        let size = (0..PIXELS).map(|pixel| weight(pixel).powi(2)).sum::<f32>().sqrt();
        for (norm, eps) in [(Norm::Linf, 0.1f32), (Norm::L2, 1.0)] {
            for method in [Method::ApgdCe, Method::ApgdT] {
                let usual = AttackParams::usual(method, f64::from(eps), 100);
                let tuning = Tuning { classes: 1, ..usual.tuning };
                let params = AttackParams { norm, tuning, ..usual };
                let valid = params.check().unwrap();
                let mut run = Run::new(&network, &images, 0..1, valid, 0, Purpose::Craft);
                while !run.step(&network) {}
                for (pixel, value) in run.adversarial().row(0).iter().enumerate() {
                    let best = match norm {
                        Norm::Linf => -eps * sign(weight(pixel)),
                        _ => -eps * weight(pixel) / size,
                    };
                    // A weight of zero leaves its pixel where it is.
                    let change = value - 128.0 / 255.0;
                    let expected = (change - best).abs() < 1e-4 || weight(pixel) == 0.0;
                    assert!(expected, "{norm:?} {method:?} {pixel}: {change} for {best}");
                }
            }
        }
    }
}
