//! A network as named arrays, in the order and under the names that PyTorch has for an
//! `nn.ModuleList` of `nn.Linear` called `layers`.

use crate::network::Mlp;

/// What an array holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// Numbers.
    Float(Vec<f32>),
    /// Whether something acts.
    Bool(Vec<bool>),
}

/// An array in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Values,
}

impl Values {
    /// The values one after the other, little-endian.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Values::Float(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::Bool(values) => values.iter().map(|value| u8::from(*value)).collect(),
        }
    }
}

/// `layers.0.weight` (out × in), `layers.0.bias`, `layers.1.weight`, …, all masks applied.
pub(super) fn acting(network: &Mlp) -> Vec<Named> {
    let mut arrays = Vec::new();
    for (index, layer) in network.layers().iter().enumerate() {
        let kept = network.kept_units().get(index);
        let weights = layer.weights();
        // Row by row, however they lie in memory.
        let acting = weights.indexed_iter().map(|((output, input), weight)| {
            if network.acts(index, output, input) { *weight } else { 0.0 }
        });
        let biases = layer.biases().iter().enumerate();
        let biases =
            biases.map(|(unit, bias)| if kept.is_none_or(|kept| kept[unit]) { *bias } else { 0.0 });
        let (outputs, inputs) = weights.dim();
        arrays.push(Named {
            name: format!("layers.{index}.weight"),
            shape: vec![outputs, inputs],
            values: Values::Float(acting.collect()),
        });
        arrays.push(Named {
            name: format!("layers.{index}.bias"),
            shape: vec![outputs],
            values: Values::Float(biases.collect()),
        });
    }
    arrays
}

/// `masks.0.weight` and so on, one for each array of [`acting`] and of its shape: whether the
/// weight acts, and whether the unit is kept. None where nothing is pruned.
pub(super) fn masks(network: &Mlp) -> Vec<Named> {
    let units_kept = network.kept_units().iter().flatten().all(|kept| *kept);
    if units_kept && network.pruned_weight_count() == 0 {
        return Vec::new();
    }
    let mut arrays = Vec::new();
    for (index, layer) in network.layers().iter().enumerate() {
        let (outputs, inputs) = layer.weights().dim();
        let places = (0..outputs * inputs).map(|place| (place / inputs, place % inputs));
        let acts = places.map(|(output, input)| network.acts(index, output, input));
        arrays.push(Named {
            name: format!("masks.{index}.weight"),
            shape: vec![outputs, inputs],
            values: Values::Bool(acts.collect()),
        });
        let kept = network.kept_units().get(index).cloned();
        arrays.push(Named {
            name: format!("masks.{index}.bias"),
            shape: vec![outputs],
            values: Values::Bool(kept.unwrap_or_else(|| vec![true; outputs])),
        });
    }
    arrays
}
