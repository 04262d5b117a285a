//! The network: a multilayer perceptron with ReLU units, and masks for what is pruned.

mod activation;
mod compact;
mod contributions;
mod difference;
mod divergence;
mod first;
mod init;
mod learner;
mod loss;
mod masking;
mod masks;
mod optimiser;
mod pass;
mod patterns;
mod perturbed;
mod reach;
mod stored;
mod weights;

pub(crate) use activation::{add_bias, load, outputs_from};
pub use compact::Compact;
pub use contributions::{Contributions, Term, contributions};
pub use difference::{Difference, Pruned, difference};
pub use divergence::divergence;
pub use init::Init;
pub use learner::Learner;
pub use loss::{argmax, cross_entropy, softmax};
pub use masking::{
    Cut, Highest, add_factor_gradients, distortion_loss, multiply, multiply_columns,
};
pub use optimiser::{Optimiser, Rule, Update};
pub use pass::{Input, Pass};
pub use patterns::{patterns, patterns_through};
pub use perturbed::{Perturbed, confine_linf};
pub(crate) use weights::{InputWeights, Weights};

use crate::data::{CLASSES, PIXELS, hex};
use crate::limits::{HIDDEN_LAYERS, HIDDEN_UNITS};
use crate::rng::{Purpose, Stream};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ShapeBuilder};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

/// One layer's weights, biases and weight mask.
#[derive(Debug, Clone)]
pub struct Layer {
    /// `out × in`, as PyTorch's `nn.Linear.weight`. In memory the outputs of one input lie side by
    /// side, as the kernels want them.
    weights: Array2<f32>,
    biases: Array1<f32>,
    /// Which weights are kept, laid out as the weights; `None` when all are.
    kept: Option<Array2<bool>>,
    /// SHA-256 of all of the above, once it was asked for: masks of units change often, and
    /// layers hardly ever.
    hash: OnceLock<[u8; 32]>,
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        (&self.weights, &self.biases, &self.kept) == (&other.weights, &other.biases, &other.kept)
    }
}

impl Layer {
    /// A layer of `out × in` weights and `out` biases, nothing pruned.
    ///
    /// # Errors
    /// A sentence when the shapes do not fit together or a value is not finite.
    pub fn new(weights: ArrayView2<f32>, biases: Array1<f32>) -> Result<Self, String> {
        if weights.nrows() != biases.len() {
            return Err(format!(
                "A layer has {} rows of weights but {} biases.",
                weights.nrows(),
                biases.len()
            ));
        }
        if !weights.iter().chain(&biases).all(|value| value.is_finite()) {
            return Err("A weight or bias is not a finite number.".into());
        }
        let mut own = Array2::zeros(weights.dim().f());
        own.assign(&weights);
        Ok(Layer { weights: own, biases, kept: None, hash: OnceLock::new() })
    }

    /// The weights, `out × in`, without any mask applied.
    pub fn weights(&self) -> ArrayView2<'_, f32> {
        self.weights.view()
    }

    /// The biases, one for each output.
    pub fn biases(&self) -> &Array1<f32> {
        &self.biases
    }

    /// Whether the weight mask keeps the weight from `input` to `output`.
    pub fn keeps_weight(&self, output: usize, input: usize) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept[[output, input]])
    }

    /// The weight from `input` to `output`, zero if the mask prunes it.
    pub fn acting_weight(&self, output: usize, input: usize) -> f32 {
        if self.keeps_weight(output, input) { self.weights[[output, input]] } else { 0.0 }
    }

    /// Whether there is a weight mask.
    pub fn has_mask(&self) -> bool {
        self.kept.is_some()
    }

    /// Whether the weight mask keeps everything.
    fn is_whole(&self) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept.iter().all(|kept| *kept))
    }

    /// SHA-256 of the shape, the weights and mask row by row, and the biases.
    fn hash(&self) -> &[u8; 32] {
        self.hash.get_or_init(|| {
            let (outputs, inputs) = self.weights.dim();
            let mut bytes = Vec::with_capacity(4 * (outputs * inputs + outputs) + 17);
            bytes.extend((outputs as u64).to_le_bytes());
            bytes.extend((inputs as u64).to_le_bytes());
            // Row by row: the hash does not depend on how weights lie in memory.
            bytes.extend(self.weights.iter().flat_map(|weight| weight.to_le_bytes()));
            bytes.extend(self.biases.iter().flat_map(|bias| bias.to_le_bytes()));
            // A mask that keeps everything is no mask.
            if let Some(kept) = self.kept.as_ref().filter(|_| !self.is_whole()) {
                bytes.extend(kept.iter().map(|kept| u8::from(*kept)));
            }
            Sha256::digest(bytes).into()
        })
    }
}

/// A multilayer perceptron 784 → hidden layers → 10 with ReLU after every hidden layer.
///
/// What is pruned keeps its values under a mask, so that it can be restored.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp {
    /// Shared between the networks of a history, which mostly differ in masks alone.
    layers: Vec<Arc<Layer>>,
    /// Which units of each hidden layer are kept.
    kept_units: Vec<Vec<bool>>,
}

impl Mlp {
    /// A network drawn from the seed: weights normal with variance 2/in (He et al. 2015, eq. 10),
    /// biases zero. `hidden` holds the units of each hidden layer.
    pub fn he_normal(hidden: &[usize], seed: u32) -> Self {
        Self::drawn(hidden, seed, Init::He)
    }

    /// A network drawn from the seed. `hidden` holds the units of each hidden layer.
    pub fn drawn(hidden: &[usize], seed: u32, init: Init) -> Self {
        let mut stream = Stream::new(seed, Purpose::Init, &[]);
        let sizes = [&[PIXELS], hidden, &[CLASSES]].concat();
        let layers = sizes.windows(2).map(|pair| {
            let (inputs, outputs) = (pair[0], pair[1]);
            let mut weights = Array2::zeros((outputs, inputs).f());
            // Row by row, so that the draws do not depend on how weights lie in memory.
            for weight in weights.iter_mut() {
                *weight = init.weight(inputs, outputs, &mut stream);
            }
            let biases = Array1::from_shape_simple_fn(outputs, || init.bias(inputs, &mut stream));
            Arc::new(Layer { weights, biases, kept: None, hash: OnceLock::new() })
        });
        Mlp {
            layers: layers.collect(),
            kept_units: hidden.iter().map(|units| vec![true; *units]).collect(),
        }
    }

    /// A network of given layers, nothing pruned.
    ///
    /// # Errors
    /// A sentence when the layers do not make a network this playground can hold.
    pub fn from_layers(layers: Vec<Layer>) -> Result<Self, String> {
        let hidden: Vec<usize> =
            layers.iter().rev().skip(1).rev().map(|layer| layer.biases.len()).collect();
        check_hidden(&hidden)?;
        let sizes = [&[PIXELS], &hidden[..], &[CLASSES]].concat();
        for (index, (layer, pair)) in layers.iter().zip(sizes.windows(2)).enumerate() {
            if layer.weights.dim() != (pair[1], pair[0]) {
                let (rows, columns) = layer.weights.dim();
                return Err(format!(
                    "Layer {} has weights of {rows} × {columns}, but {} × {} are needed.",
                    index + 1,
                    pair[1],
                    pair[0]
                ));
            }
        }
        let kept_units = hidden.iter().map(|units| vec![true; *units]).collect();
        Ok(Mlp { layers: layers.into_iter().map(Arc::new).collect(), kept_units })
    }

    /// The layers, input side first; the last one makes the logits.
    pub fn layers(&self) -> &[Arc<Layer>] {
        &self.layers
    }

    /// Units of each hidden layer.
    pub fn hidden(&self) -> Vec<usize> {
        self.kept_units.iter().map(Vec::len).collect()
    }

    /// Which units of each hidden layer are kept.
    pub fn kept_units(&self) -> &[Vec<bool>] {
        &self.kept_units
    }

    /// Indices of the pruned units of each hidden layer, ascending.
    pub fn pruned_units(&self) -> Vec<Vec<usize>> {
        let pruned = |kept: &Vec<bool>| (0..kept.len()).filter(|unit| !kept[*unit]).collect();
        self.kept_units.iter().map(pruned).collect()
    }

    /// Sets which units are pruned: exactly these from now on.
    ///
    /// # Errors
    /// A sentence when a layer or unit does not exist.
    pub fn set_pruned_units(&mut self, pruned: &[Vec<usize>]) -> Result<(), String> {
        if pruned.len() != self.kept_units.len() {
            return Err(format!(
                "A cut names {} hidden layers, but the network has {}.",
                pruned.len(),
                self.kept_units.len()
            ));
        }
        let mut kept_units: Vec<_> = self.kept_units.iter().map(|k| vec![true; k.len()]).collect();
        for (layer, (kept, pruned)) in kept_units.iter_mut().zip(pruned).enumerate() {
            let units = kept.len();
            for unit in pruned {
                *kept.get_mut(*unit).ok_or_else(|| {
                    format!(
                        "Hidden layer {} has {units} units; there is no unit {unit}.",
                        layer + 1
                    )
                })? = false;
            }
        }
        self.kept_units = kept_units;
        Ok(())
    }

    /// A layer to be changed: a copy of its own if others share it.
    fn layer_mut(&mut self, layer: usize) -> &mut Layer {
        let layer = Arc::make_mut(&mut self.layers[layer]);
        layer.hash = OnceLock::new();
        layer
    }

    /// Prunes one weight of a layer.
    pub fn prune_weight(&mut self, layer: usize, output: usize, input: usize) {
        self.prune_weights(layer, [(output, input)]);
    }

    /// Whether the weight acts: neither it nor a unit at one of its ends is pruned.
    pub fn acts(&self, layer: usize, output: usize, input: usize) -> bool {
        let kept = |layer: usize, unit: usize| self.kept_units.get(layer).is_none_or(|k| k[unit]);
        self.layers[layer].keeps_weight(output, input)
            && kept(layer, output)
            && (layer == 0 || kept(layer - 1, input))
    }

    /// Number of weights, biases not counted.
    pub fn weight_count(&self) -> usize {
        self.layers.iter().map(|layer| layer.weights.len()).sum()
    }

    /// Number of weights that are zero by a mask.
    pub fn pruned_weight_count(&self) -> usize {
        let count = |kept: &Vec<bool>| kept.iter().filter(|kept| **kept).count();
        let acting = |(index, layer): (usize, &Arc<Layer>)| {
            let (outputs, inputs) = layer.weights.dim();
            let units = self.kept_units.get(index);
            let below = index.checked_sub(1).and_then(|below| self.kept_units.get(below));
            let Some(kept) = &layer.kept else {
                return units.map_or(outputs, count) * below.map_or(inputs, count);
            };
            let columns = kept.columns().into_iter().enumerate();
            let columns = columns.filter(|(input, _)| below.is_none_or(|below| below[*input]));
            let acting = |column: ArrayView1<bool>| match units {
                Some(units) => column.iter().zip(units).filter(|(a, b)| **a && **b).count(),
                None => column.iter().filter(|kept| **kept).count(),
            };
            columns.map(|(_, column)| acting(column)).sum()
        };
        self.weight_count() - self.layers.iter().enumerate().map(acting).sum::<usize>()
    }

    /// Sparsity: the share of weights that are zero by a mask, biases not counted.
    pub fn sparsity(&self) -> f64 {
        self.pruned_weight_count() as f64 / self.weight_count() as f64
    }

    /// Hidden layers of which no unit is left, counted from 1.
    pub fn empty_layers(&self) -> Vec<usize> {
        let empty = |(_, kept): &(usize, &Vec<bool>)| !kept.iter().any(|kept| *kept);
        self.kept_units.iter().enumerate().filter(empty).map(|(layer, _)| layer + 1).collect()
    }

    /// 64 bits that stand for every weight, bias and mask: the first half of a SHA-256, as 16
    /// hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.layers.iter().for_each(|layer| hash.update(layer.hash()));
        for kept in &self.kept_units {
            hash.update(kept.iter().map(|kept| u8::from(*kept)).collect::<Vec<_>>());
        }
        hex(&hash.finalize()[..8])
    }
}

/// Checks the units of the hidden layers.
///
/// # Errors
/// A sentence that says what is allowed.
pub fn check_hidden(hidden: &[usize]) -> Result<(), String> {
    if !(1..=HIDDEN_LAYERS).contains(&hidden.len()) {
        return Err(format!(
            "A network has 1 to {HIDDEN_LAYERS} hidden layers, but this one has {}.",
            hidden.len()
        ));
    }
    if let Some(units) = hidden.iter().find(|units| !(1..=HIDDEN_UNITS).contains(*units)) {
        return Err(format!("A hidden layer has 1 to {HIDDEN_UNITS} units, but one has {units}."));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
