//! Adam and stochastic gradient descent.

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

/// Moments of one tensor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Moments {
    first: Vec<f32>,
    second: Vec<f32>,
}

/// An optimiser with its memory; tensors are told apart by their order of update within a step.
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

    /// Begins a step: the tensors are then updated in the same order in every step.
    pub fn begin_step(&mut self) {
        self.powers.0 *= BETA1;
        self.powers.1 *= BETA2;
    }

    /// Updates weights, with the L2 penalty. `tensor` is the tensor's place in the step.
    pub fn update_weights(&mut self, tensor: usize, weights: &mut [f32], gradient: &[f32]) {
        self.update(tensor, weights, gradient, self.decay);
    }

    /// Updates biases. `tensor` is the tensor's place in the step.
    pub fn update_biases(&mut self, tensor: usize, biases: &mut [f32], gradient: &[f32]) {
        self.update(tensor, biases, gradient, 0.0);
    }

    fn update(&mut self, tensor: usize, values: &mut [f32], gradient: &[f32], decay: f32) {
        if self.moments.len() <= tensor {
            self.moments.resize(tensor + 1, Moments::default());
        }
        let moments = &mut self.moments[tensor];
        moments.first.resize(values.len(), 0.0);
        let rate = self.rate;
        match self.rule {
            Rule::Sgd { momentum } => {
                for ((value, gradient), moment) in
                    values.iter_mut().zip(gradient).zip(&mut moments.first)
                {
                    *moment = flushed(momentum * *moment + (gradient + decay * *value));
                    *value -= rate * *moment;
                }
            }
            Rule::Adam => {
                moments.second.resize(values.len(), 0.0);
                let step = (f64::from(rate) / (1.0 - self.powers.0)) as f32;
                let scale = (1.0 / (1.0 - self.powers.1).sqrt()) as f32;
                let (keep1, take1) = (BETA1 as f32, (1.0 - BETA1) as f32);
                let (keep2, take2) = (BETA2 as f32, (1.0 - BETA2) as f32);
                for (((value, gradient), first), second) in
                    values.iter_mut().zip(gradient).zip(&mut moments.first).zip(&mut moments.second)
                {
                    let gradient = gradient + decay * *value;
                    *first = flushed(keep1 * *first + take1 * gradient);
                    *second = flushed(keep2 * *second + take2 * (gradient * gradient));
                    *value -= step * *first / (second.sqrt() * scale + EPSILON);
                }
            }
        }
    }
}

fn flushed(value: f32) -> f32 {
    if value.abs() < FLUSH { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs three steps on one weight and returns its values.
    fn run(rule: Rule, decay: f32, gradients: [f32; 3]) -> [f64; 3] {
        let mut optimiser = Optimiser::new(rule, 0.1, decay);
        let mut weight = [1.0f32];
        gradients.map(|gradient| {
            optimiser.begin_step();
            optimiser.update_weights(0, &mut weight, &[gradient]);
            f64::from(weight[0])
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
        let mut weight = [1.0f32];
        for step in 0..2000 {
            optimiser.begin_step();
            optimiser.update_weights(0, &mut weight, &[if step == 0 { 1e-3 } else { 0.0 }]);
        }
        assert_eq!(optimiser.moments[0].first[0], 0.0);
    }
}
