//! What the page looks at of a network: weights and patterns.

use super::lab::Lab;
use super::thrown;
use crate::network::{Mlp, patterns};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Lab {
    /// Weights of a hidden layer, units × inputs, pruned weights zero.
    ///
    /// # Errors
    /// One sentence when there is no such layer.
    pub fn weights(&self, layer: usize) -> Result<Vec<f32>, JsError> {
        let network = self.hidden_layer(layer)?;
        let layer = &network.layers()[layer];
        let (outputs, inputs) = layer.weights().dim();
        let places = (0..outputs * inputs).map(|place| (place / inputs, place % inputs));
        Ok(places.map(|(output, input)| layer.acting_weight(output, input)).collect())
    }

    /// What each unit of a hidden layer looks for in the image, units × 784: layer 0's weights,
    /// deeper the product of the weights through the units that are not pruned.
    ///
    /// # Errors
    /// One sentence when there is no such layer.
    pub fn patterns(&self, layer: usize) -> Result<Vec<f32>, JsError> {
        Ok(patterns(&self.hidden_layer(layer)?, layer))
    }
}

impl Lab {
    fn hidden_layer(&self, layer: usize) -> Result<Mlp, JsError> {
        let network = self.bench.network(None).map_err(thrown)?;
        let layers = network.hidden().len();
        if layer >= layers {
            return Err(thrown(format!("There is no hidden layer {layer}; there are {layers}.")));
        }
        Ok(network)
    }
}
