//! Networks as files of other tools, and the experiment as a script for them.
//!
//! Masks are applied in what is written: a pruned weight is 0, and so are a pruned unit's bias and
//! every weight into and out of it. The masks themselves come along as `masks.…` where the format
//! holds arrays by name.

mod about;
mod arrays;
mod figures;
mod npy;
mod onnx;
mod safetensors;
mod script;
mod zip;

pub use about::About;
pub use figures::Figures;
pub use script::{Experiment, Weights};
pub use zip::{Entry, zip};

use crate::network::Mlp;
use serde::{Deserialize, Serialize};

/// The formats that a network is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Hugging Face's safetensors.
    Safetensors,
    /// NumPy's archive of arrays.
    Npz,
    /// The Open Neural Network Exchange.
    Onnx,
}

impl Format {
    /// A network as a file of this format.
    pub fn write(self, network: &Mlp, about: &About) -> Vec<u8> {
        match self {
            Format::Safetensors => safetensors::write(network, about),
            Format::Npz => npy::write(network, about),
            Format::Onnx => onnx::write(network, about),
        }
    }
}

#[cfg(test)]
mod tests;
