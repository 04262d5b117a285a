//! A network as plain vectors: what crosses between workers and into checkpoints.

use super::{Layer, Mlp};
use ndarray::{Array1, Array2, ShapeBuilder};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct StoredLayer {
    outputs: usize,
    inputs: usize,
    /// In memory order: the outputs of one input side by side.
    weights: Vec<f32>,
    biases: Vec<f32>,
    kept: Option<Vec<bool>>,
}

impl Serialize for Layer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (outputs, inputs) = self.weights.dim();
        let stored = StoredLayer {
            outputs,
            inputs,
            weights: self.weights.t().iter().copied().collect(),
            biases: self.biases.to_vec(),
            kept: self.kept.as_ref().map(|kept| kept.t().iter().copied().collect()),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredLayer::deserialize(deserializer)?;
        let shape = (stored.outputs, stored.inputs).f();
        let weights = Array2::from_shape_vec(shape, stored.weights).map_err(D::Error::custom)?;
        let kept = stored.kept.map(|kept| Array2::from_shape_vec(shape, kept)).transpose();
        let mut layer =
            Layer::new(weights.view(), Array1::from(stored.biases)).map_err(D::Error::custom)?;
        layer.kept = kept.map_err(D::Error::custom)?;
        Ok(layer)
    }
}

#[derive(Serialize, Deserialize)]
struct StoredMlp {
    layers: Vec<Layer>,
    pruned: Vec<Vec<usize>>,
}

impl Serialize for Mlp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = StoredMlp {
            layers: self.layers.iter().map(|layer| (**layer).clone()).collect(),
            pruned: self.pruned_units(),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Mlp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = StoredMlp::deserialize(deserializer)?;
        let mut network = Mlp::from_layers(stored.layers).map_err(D::Error::custom)?;
        network.set_pruned_units(&stored.pruned).map_err(D::Error::custom)?;
        Ok(network)
    }
}
