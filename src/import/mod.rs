//! Bringing things in: networks and images from files of other tools.
//!
//! Every file is a stranger's: what it promises is checked before memory is asked for, and what
//! does not fit is said in one sentence.

mod chain;
mod idx;
mod inflate;
mod names;
mod npy;
mod safetensors;
mod source;
mod tensor;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod zip;

pub use idx::{BroughtImages, images};

use crate::limits::{FILE_ARRAYS, FILE_BYTES};
use crate::network::Mlp;
use crate::words::shorten;
use chain::{Chain, Link};
use ndarray::{Array1, Array2};
use serde_json::Value;
use tensor::Tensor;

/// Mean and standard deviation by which PyTorch's examples normalise MNIST's pixels.
const NORMALISED: (f64, f64) = (0.1307, 0.3081);

/// How a file's weights are to be understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// Weights of exactly zero are pruned by a mask, so that they stay zero and count as sparse.
    pub zeros_pruned: bool,
    /// The network was trained on pixels x of which (x − 0.1307) / 0.3081 was taken: the same is
    /// then done by its first layer, as the images here run from 0 to 1.
    pub normalised: bool,
}

/// A network from a file, and what was read.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The network.
    pub network: Mlp,
    /// The weights' names, input side first.
    pub weights: Vec<String>,
    /// How many biases there were; missing ones are zero.
    pub biases: usize,
    /// Weights that are exactly zero, or zero by a mask of the file.
    pub zeros: usize,
    /// Whether the weights lay `in × out`.
    pub transposed: bool,
    /// Whether the file had masks of its own.
    pub masks: bool,
    /// Arrays that no network is made of, and that were left aside.
    pub aside: Vec<String>,
}

impl Brought {
    /// What was read, in one sentence.
    pub fn sentence(&self) -> String {
        let hidden = self.network.hidden();
        let sizes: Vec<_> =
            [784].iter().chain(&hidden).chain(&[10]).map(usize::to_string).collect();
        let (weights, biases) = (self.weights.len(), self.biases);
        // In whole numbers: 64 bits hold a hundred times any number of weights.
        let percent =
            (100 * self.zeros + self.network.weight_count() / 2) / self.network.weight_count();
        let biases = match biases {
            1 => "1 bias".into(),
            _ => format!("{biases} biases"),
        };
        format!("{}, {weights} weights and {biases}, {percent} % zeros.", sizes.join("-"))
    }
}

/// Reads a network from the bytes of a safetensors or npz file; `json` reads JSON, which a browser
/// can do itself.
///
/// # Errors
/// One sentence that says what the file lacks, or where it does not fit.
pub fn network(
    bytes: &[u8],
    how: How,
    json: fn(&str) -> Result<Value, String>,
) -> Result<Brought, String> {
    if bytes.len() > FILE_BYTES {
        return Err(format!(
            "The file is {} MiB long, but at most {} are read.",
            bytes.len() >> 20,
            FILE_BYTES >> 20
        ));
    }
    let tensors = if bytes.starts_with(zip::MAGIC) {
        npy::archive(bytes)?
    } else if bytes.starts_with(npy::MAGIC) {
        return Err(
            "This is a single NumPy array; a network's arrays come together in an .npz.".into()
        );
    } else if bytes.starts_with(b"\x89HDF") {
        return Err(
            "This is an HDF5 file; save the weights as .safetensors or .npz, for example by \
                    numpy.savez(\"net.npz\", *model.get_weights())."
                .into(),
        );
    } else {
        safetensors::tensors(bytes, json)?
    };
    if tensors.len() > FILE_ARRAYS {
        return Err(format!(
            "The file holds {} arrays, but at most {FILE_ARRAYS} are looked at.",
            tensors.len()
        ));
    }
    let chain = chain::of(tensors)?;
    made(chain, how)
}

/// The network of a chain of weights that fit.
fn made(chain: Chain, how: How) -> Result<Brought, String> {
    let mut layers = Vec::new();
    let mut cuts = Vec::new();
    let (mut zeros, mut biases) = (0, 0);
    let masks = chain.links.iter().any(|link| link.mask.is_some());
    for (index, link) in chain.links.iter().enumerate() {
        let mut weights = link.weights(chain.transposed)?;
        let mask = link.mask(chain.transposed)?;
        let mut bias = link.biases(chain.transposed)?;
        let kept = |place: (usize, usize)| mask.as_ref().is_none_or(|mask| mask[place] != 0.0);
        let is_zero = |(place, weight): &((usize, usize), &f32)| **weight == 0.0 || !kept(*place);
        zeros += weights.indexed_iter().filter(is_zero).count();
        biases += usize::from(link.bias.is_some());
        let is_cut = |place| !kept(place) || how.zeros_pruned && weights[place] == 0.0;
        // A byte a weight: a list of places would be larger than the weights themselves.
        cuts.push(Array2::from_shape_fn(weights.dim(), is_cut));
        if index == 0 && how.normalised {
            normalise(&mut weights, &mut bias, kept);
        }
        let layer = crate::network::Layer::new(weights.view(), bias);
        layers.push(layer.map_err(|why| format!("{}: {why}", link.name()))?);
    }
    let mut network = Mlp::from_layers(layers)?;
    if !network.is_within_reach() {
        return Err("The weights are so large that the network’s outputs may leave the range of \
                    numbers."
            .into());
    }
    for (layer, cut) in cuts.iter().enumerate() {
        let places = cut.indexed_iter().filter(|(_, cut)| **cut).map(|(place, _)| place);
        network.prune_weights(layer, places);
    }
    Ok(Brought {
        network,
        weights: chain.links.iter().map(Link::name).collect(),
        biases,
        zeros,
        transposed: chain.transposed,
        masks,
        aside: chain.aside,
    })
}

/// Has a first layer do to pixels what was done to them before it was trained.
fn normalise(
    weights: &mut Array2<f32>,
    bias: &mut Array1<f32>,
    kept: impl Fn((usize, usize)) -> bool,
) {
    let (mean, deviation) = NORMALISED;
    for (output, mut row) in weights.rows_mut().into_iter().enumerate() {
        let mut shift = 0.0;
        for (input, weight) in row.iter_mut().enumerate() {
            if kept((output, input)) {
                shift += f64::from(*weight) * mean / deviation;
            }
            *weight = (f64::from(*weight) / deviation) as f32;
        }
        bias[output] = (f64::from(bias[output]) - shift) as f32;
    }
}

/// A name short enough for a sentence, whatever a stranger's file held.
fn called(name: &str) -> String {
    format!("`{}`", shorten(name))
}

/// A shape as one writes it: `300 × 784`.
fn shape_words(tensor: &Tensor) -> String {
    const MOST: usize = 8;
    let sizes = tensor.shape.iter().take(MOST).map(usize::to_string);
    sizes.collect::<Vec<_>>().join(" × ")
}
