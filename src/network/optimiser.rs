//! Adam and stochastic gradient descent.

use crate::kernel::{LANES, Lanes};
use serde::{Deserialize, Serialize};

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// Adam (Kingma & Ba 2015, algorithm 1) with β₁ 0.9, β₂ 0.999, ε 1e-8.
    Adam,
    /// Gradient descent with momentum as PyTorch's `SGD`: `b ← momentum·b + g`, `w ← w − rate·b`.
    Sgd {
        /// Share of the last step that is kept, in `[0, 1)`.
        momentum: f32,
    },
    /// Nothing moves: gradients are summed up, see [`Optimiser::sums`].
    Sum,
}

/// Moments of one tensor, in the tensor's own layout.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Moments {
    first: Vec<[f32; LANES]>,
    second: Vec<[f32; LANES]>,
}

/// An optimiser with its memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Optimiser {
    rule: Rule,
    rate: f32,
    /// L2 penalty added to the gradient.
    decay: f32,
    /// β₁ᵗ and β₂ᵗ, by repeated product: the platform's `pow` is not the same everywhere.
    powers: (f64, f64),
    moments: Vec<Moments>,
}

/// One tensor's update within a step.
pub struct Update<'a> {
    rule: Rule,
    decay: Lanes,
    rate: Lanes,
    flush: Lanes,
    adam: Adam,
    moments: &'a mut Moments,
}

/// What Adam's formula needs, four times each. As fields they stay in registers in a loop; V8 makes
/// constants anew for every four weights, which takes as long as the formula.
#[derive(Clone, Copy)]
struct Adam {
    keep_first: Lanes,
    take_first: Lanes,
    keep_second: Lanes,
    take_second: Lanes,
    /// Rate and scale of the second moment, with the bias corrected.
    step: Lanes,
    scale: Lanes,
    epsilon: Lanes,
}

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f32 = 1e-8;
/// Moments smaller than this become zero. Wasm cannot flush denormals, and the moments of pixels
/// that are rarely lit decay into them, where arithmetic is a hundred times slower.
const FLUSH: f32 = 1e-30;

impl Optimiser {
    /// A fresh optimiser; `decay` is the L2 penalty of weights (biases have none).
    pub fn new(rule: Rule, rate: f32, decay: f32) -> Self {
        Optimiser { rule, rate, decay, powers: (1.0, 1.0), moments: Vec::new() }
    }

    /// Makes room for tensors of these lengths, in fours; what is there already stays.
    pub fn fit(&mut self, fours: impl Iterator<Item = usize>) {
        let adam = matches!(self.rule, Rule::Adam);
        for (tensor, fours) in fours.enumerate() {
            if self.moments.len() <= tensor {
                self.moments.push(Moments::default());
            }
            let moments = &mut self.moments[tensor];
            moments.first.resize(fours, [0.0; LANES]);
            moments.second.resize(if adam { fours } else { 0 }, [0.0; LANES]);
        }
    }

    /// The summed gradients of a tensor, in its own layout; only of [`Rule::Sum`].
    pub fn sums(&self, tensor: usize) -> &[[f32; LANES]] {
        &self.moments[tensor].first
    }

    /// Whether it changes nothing.
    pub(super) fn only_sums(&self) -> bool {
        self.rule == Rule::Sum
    }

    /// Goes on with another learning rate.
    pub fn set_rate(&mut self, rate: f32) {
        self.rate = rate;
    }

    /// Begins to sum gradients anew.
    pub fn forget_sums(&mut self) {
        self.moments.iter_mut().for_each(|moments| moments.first.fill([0.0; LANES]));
    }

    /// Begins a step: then every tensor is updated once.
    pub fn begin_step(&mut self) {
        self.powers.0 *= BETA1;
        self.powers.1 *= BETA2;
    }

    /// The update of a tensor of weights, with the L2 penalty.
    pub fn weights(&mut self, tensor: usize) -> Update<'_> {
        self.update(tensor, self.decay)
    }

    /// The update of a tensor of biases.
    pub fn biases(&mut self, tensor: usize) -> Update<'_> {
        self.update(tensor, 0.0)
    }

    fn update(&mut self, tensor: usize, decay: f32) -> Update<'_> {
        let step = f64::from(self.rate) / (1.0 - self.powers.0);
        let scale = 1.0 / (1.0 - self.powers.1).sqrt();
        let four = |value: f64| Lanes::splat(value as f32);
        let adam = Adam {
            keep_first: four(BETA1),
            take_first: four(1.0 - BETA1),
            keep_second: four(BETA2),
            take_second: four(1.0 - BETA2),
            step: four(step),
            scale: four(scale),
            epsilon: Lanes::splat(EPSILON),
        };
        Update {
            rule: self.rule,
            decay: Lanes::splat(decay),
            rate: Lanes::splat(self.rate),
            flush: Lanes::splat(FLUSH),
            adam,
            moments: &mut self.moments[tensor],
        }
    }
}

impl Update<'_> {
    /// Updates the numbers from the `at`-th four on by their gradients, which count as zero where
    /// `mask` is: what is pruned stays exactly zero.
    ///
    /// Never inlined: it is called for a few hundred numbers at a time.
    #[inline(never)]
    pub fn apply(
        &mut self,
        at: usize,
        values: &mut [[f32; LANES]],
        gradients: &[[f32; LANES]],
        mask: Option<&[[f32; LANES]]>,
    ) {
        if let Some(mask) = mask {
            let masked = gradients
                .iter()
                .zip(mask)
                .map(|(gradient, mask)| Lanes::load(gradient).where_positive(Lanes::load(mask)));
            self.apply_each(at, values, masked);
        } else {
            self.apply_each(at, values, gradients.iter().map(Lanes::load));
        }
    }

    #[inline(always)]
    fn apply_each(
        &mut self,
        at: usize,
        values: &mut [[f32; LANES]],
        gradients: impl Iterator<Item = Lanes>,
    ) {
        let (decay, flush) = (self.decay, self.flush);
        let moments = self.moments.first[at..].iter_mut();
        match self.rule {
            Rule::Sgd { momentum } => {
                let (momentum, rate) = (Lanes::splat(momentum), self.rate);
                for ((value, gradient), moment) in values.iter_mut().zip(gradients).zip(moments) {
                    let before = Lanes::load(value);
                    let gradient = gradient + decay * before;
                    let now = (momentum * Lanes::load(moment) + gradient).flushed(flush);
                    *moment = now.to_array();
                    *value = (before - rate * now).to_array();
                }
            }
            Rule::Sum => {
                for (gradient, moment) in gradients.zip(moments) {
                    *moment = (Lanes::load(moment) + gradient).to_array();
                }
            }
            Rule::Adam => {
                let adam = self.adam;
                let moments = moments.zip(&mut self.moments.second[at..]);
                for ((value, gradient), (first, second)) in
                    values.iter_mut().zip(gradients).zip(moments)
                {
                    let before = Lanes::load(value);
                    let gradient = gradient + decay * before;
                    let m = adam.keep_first * Lanes::load(first) + adam.take_first * gradient;
                    let v = adam.keep_second * Lanes::load(second)
                        + adam.take_second * (gradient * gradient);
                    let (m, v) = (m.flushed(flush), v.flushed(flush));
                    *first = m.to_array();
                    *second = v.to_array();
                    let root = v.sqrt() * adam.scale + adam.epsilon;
                    *value = (before - adam.step * m / root).to_array();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(optimiser: &mut Optimiser, weights: &mut [[f32; LANES]; 1], gradient: f32) {
        optimiser.begin_step();
        optimiser.weights(0).apply(0, weights, &[[gradient; LANES]], None);
    }

    /// Runs three steps on one weight and returns its values.
    fn run(rule: Rule, decay: f32, gradients: [f32; 3]) -> [f64; 3] {
        let mut optimiser = Optimiser::new(rule, 0.1, decay);
        optimiser.fit([1].into_iter());
        let mut weights = [[1.0; LANES]];
        gradients.map(|gradient| {
            step(&mut optimiser, &mut weights, gradient);
            f64::from(weights[0][0])
        })
    }

    fn close(values: [f64; 3], expected: [f64; 3]) {
        assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{values:?}");
    }

    #[test]
    fn adam_follows_its_algorithm() {
        // Worked in f64 from the algorithm as published.
        let mut expected = [0.0; 3];
        let (mut w, mut m, mut v) = (1.0f64, 0.0f64, 0.0f64);
        for (t, gradient) in [0.5f64, -0.25, 2.0].into_iter().enumerate() {
            let g = gradient + 0.01 * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            let power = t as i32 + 1;
            let (m_hat, v_hat) = (m / (1.0 - 0.9f64.powi(power)), v / (1.0 - 0.999f64.powi(power)));
            w -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
            expected[t] = w;
        }
        close(run(Rule::Adam, 0.01, [0.5, -0.25, 2.0]), expected);
    }

    #[test]
    fn sgd_keeps_momentum() {
        // b: 1, 0.5+1, 0.75+1; w: 1 − 0.1·b each time.
        close(run(Rule::Sgd { momentum: 0.5 }, 0.0, [1.0; 3]), [0.9, 0.75, 0.575]);
    }

    #[test]
    fn moments_never_stay_denormal() {
        let mut optimiser = Optimiser::new(Rule::Adam, 1e-3, 0.0);
        optimiser.fit([1].into_iter());
        let mut weights = [[1.0; LANES]];
        for index in 0..2000 {
            step(&mut optimiser, &mut weights, if index == 0 { 1e-3 } else { 0.0 });
        }
        assert_eq!(optimiser.moments[0].first[0], [0.0; LANES]);
    }
}
