//! The network with everything pruned left out, packed for measuring: what is run forward, and
//! backward to the input.
//!
//! Leaving out a pruned unit or weight skips terms that are exactly zero, so the bits are those
//! of the masked network (see [`crate::kernel`]).

use super::weights::{InputWeights, Weights};
use super::{Layer, Mlp};
use crate::kernel::Left;

/// Which units of each hidden layer are kept, ascending.
#[derive(Debug, Clone)]
pub(super) struct Kept(Vec<Vec<usize>>);

impl Kept {
    pub(super) fn of(network: &Mlp) -> Self {
        let kept = |mask: &Vec<bool>| (0..mask.len()).filter(|unit| mask[*unit]).collect();
        Kept(network.kept_units.iter().map(kept).collect())
    }

    /// Which outputs and inputs of a layer of the whole network are left.
    pub(super) fn places(&self, network: &Mlp, layer: usize) -> (Vec<usize>, Vec<usize>) {
        let (outputs, inputs) = network.layers[layer].weights.dim();
        let all = |count: usize| (0..count).collect();
        let hidden = |index: usize| self.0.get(index).cloned();
        let kept_inputs = layer.checked_sub(1).and_then(hidden);
        (hidden(layer).unwrap_or_else(|| all(outputs)), kept_inputs.unwrap_or_else(|| all(inputs)))
    }
}

/// The weight between two places among those that are left, zero if it is masked.
pub(super) fn acting(
    layer: &Layer,
    (outputs, inputs): &(Vec<usize>, Vec<usize>),
) -> impl Fn(usize, usize) -> f32 {
    |output, input| layer.acting_weight(outputs[output], inputs[input])
}

/// A layer without what is pruned.
#[derive(Debug, Clone)]
pub(super) struct CompactLayer {
    pub(super) biases: Vec<f32>,
    /// For the outputs (outputs × inputs); the first layer's stand apart.
    pub(super) forward: Weights,
    /// For the gradient by the inputs (inputs × outputs).
    pub(super) backward: Weights,
}

/// A network without what is pruned.
#[derive(Debug, Clone)]
pub struct Compact {
    pub(super) first: InputWeights,
    pub(super) layers: Vec<CompactLayer>,
    kept: Kept,
}

impl Compact {
    /// The part of the network that acts.
    pub fn new(network: &Mlp) -> Self {
        let kept = Kept::of(network);
        let mut first = Left::default();
        let layers = network.layers.iter().enumerate().map(|(index, layer)| {
            let places = kept.places(network, index);
            let mut whole = Left::filled(places.0.len(), places.1.len(), &acting(layer, &places));
            let mut turned = Left::default();
            turned.transpose_from(&whole);
            if index == 0 {
                first = std::mem::take(&mut whole);
            }
            CompactLayer {
                biases: places.0.iter().map(|output| layer.biases[*output]).collect(),
                forward: Weights::new(whole, layer.has_mask()),
                backward: Weights::new(turned, layer.has_mask()),
            }
        });
        let layers = layers.collect();
        let first = InputWeights::new(first, network.layers[0].has_mask());
        Compact { first, layers, kept }
    }

    /// Number of layers, the output layer included.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The kept units of each hidden layer, ascending: what the columns of a pass stand for.
    pub fn units(&self) -> &[Vec<usize>] {
        &self.kept.0
    }
}
