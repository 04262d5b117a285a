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
    /// Adam's rate and scale of the second moment, with the bias corrected.
    step: Lanes,
    scale: Lanes,
    moments: &'a mut Moments,
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
        let step = (f64::from(self.rate) / (1.0 - self.powers.0)) as f32;
        let scale = (1.0 / (1.0 - self.powers.1).sqrt()) as f32;
        Update {
            rule: self.rule,
            decay: Lanes::splat(decay),
            rate: Lanes::splat(self.rate),
            step: Lanes::splat(step),
            scale: Lanes::splat(scale),
            moments: &mut self.moments[tensor],
        }
    }
}

impl Update<'_> {
    /// Updates the numbers from the `at`-th four on by their gradients.
    #[inline(always)]
    pub fn apply<'a>(
        &mut self,
        at: usize,
        values: impl Iterator<Item = &'a mut [f32; LANES]>,
        gradients: impl Iterator<Item = Lanes>,
    ) {
        let flush = Lanes::splat(FLUSH);
        let moments = self.moments.first[at..].iter_mut();
        match self.rule {
            Rule::Sgd { momentum } => {
                let momentum = Lanes::splat(momentum);
                for ((value, gradient), moment) in values.zip(gradients).zip(moments) {
                    let before = Lanes::load(value);
                    let gradient = gradient + self.decay * before;
                    let now = (momentum * Lanes::load(moment) + gradient).flushed(flush);
                    *moment = now.to_array();
                    *value = (before - self.rate * now).to_array();
                }
            }
            Rule::Adam => {
                let [keep1, take1, keep2, take2] =
                    [BETA1, 1.0 - BETA1, BETA2, 1.0 - BETA2].map(|beta| Lanes::splat(beta as f32));
                let epsilon = Lanes::splat(EPSILON);
                let moments = moments.zip(&mut self.moments.second[at..]);
                for ((value, gradient), (first, second)) in values.zip(gradients).zip(moments) {
                    let before = Lanes::load(value);
                    let gradient = gradient + self.decay * before;
                    let m = (keep1 * Lanes::load(first) + take1 * gradient).flushed(flush);
                    let v = keep2 * Lanes::load(second) + take2 * (gradient * gradient);
                    let v = v.flushed(flush);
                    *first = m.to_array();
                    *second = v.to_array();
                    let root = v.sqrt() * self.scale + epsilon;
                    *value = (before - self.step * m / root).to_array();
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
        let gradients = [Lanes::splat(gradient)].into_iter();
        optimiser.weights(0).apply(0, weights.iter_mut(), gradients);
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
