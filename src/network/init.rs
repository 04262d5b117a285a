//! How a network's first weights are drawn.

use crate::rng::Stream;
use serde::{Deserialize, Serialize};

/// A rule by which first weights are drawn; biases are zero unless said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// Normal with variance 2/in (He et al. 2015, “Delving deep into rectifiers”, eq. 10).
    He,
    /// Uniform with the same variance.
    HeUniform,
    /// Normal with variance 2/(in + out) (Glorot & Bengio 2010, “Understanding the difficulty of
    /// training deep feedforward neural networks”, eq. 12).
    Glorot,
    /// Uniform with the same variance (the same paper, eq. 16).
    GlorotUniform,
    /// Weights and biases uniform in ±1/√in, as PyTorch's `nn.Linear` draws them.
    Torch,
}

impl Init {
    /// One weight of a layer of so many inputs and outputs.
    pub(super) fn weight(self, inputs: usize, outputs: usize, stream: &mut Stream) -> f32 {
        let (inputs, outputs) = (inputs as f64, outputs as f64);
        let variance = match self {
            Init::He | Init::HeUniform => 2.0 / inputs,
            Init::Glorot | Init::GlorotUniform => 2.0 / (inputs + outputs),
            Init::Torch => 1.0 / (3.0 * inputs),
        };
        match self {
            Init::He | Init::Glorot => variance.sqrt() as f32 * stream.normal(),
            // Uniform in ±a has the variance a²/3.
            _ => (3.0 * variance).sqrt() as f32 * (2.0 * stream.uniform() - 1.0),
        }
    }

    /// One bias of a layer of so many inputs.
    pub(super) fn bias(self, inputs: usize, stream: &mut Stream) -> f32 {
        match self {
            Init::Torch => (1.0 / inputs as f64).sqrt() as f32 * (2.0 * stream.uniform() - 1.0),
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Mlp;

    #[test]
    fn weights_have_the_variance_of_their_rule() {
        let rules = [
            (Init::He, 2.0 / 784.0),
            (Init::HeUniform, 2.0 / 784.0),
            (Init::Glorot, 2.0 / 984.0),
            (Init::GlorotUniform, 2.0 / 984.0),
            (Init::Torch, 1.0 / 2352.0),
        ];
        for (init, variance) in rules {
            let network = Mlp::drawn(&[200], 3, init);
            let weights = network.layers()[0].weights();
            let squares: f64 = weights.iter().map(|w| f64::from(*w).powi(2)).sum();
            let measured = squares / weights.len() as f64;
            assert!((measured / variance - 1.0).abs() < 0.02, "{init:?}: {measured} {variance}");
            let biased = network.layers()[0].biases().iter().any(|bias| *bias != 0.0);
            assert_eq!(biased, init == Init::Torch);
        }
    }
}
