//! What the page looks at of a network: weights and patterns.

use super::lab::Lab;
use super::thrown;
use crate::network::{Mlp, patterns, patterns_through};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Lab {
    /// Weights of a layer, outputs × inputs, pruned weights zero. The layer behind the hidden ones
    /// is the output's.
    ///
    /// # Errors
    /// One sentence when there is no such layer.
    pub fn weights(&self, layer: usize) -> Result<Vec<f32>, JsError> {
        let network = self.bench.network(None).map_err(thrown)?;
        let layers = network.layers();
        let none = || thrown(format!("There is no layer {layer}; there are {}.", layers.len()));
        let layer = layers.get(layer).ok_or_else(none)?;
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

    /// The same through some units alone, such as those that one image makes active. `active` is
    /// not zero for those, and tells of all units of the layers below, one layer after the other.
    ///
    /// # Errors
    /// One sentence when there is no such layer, or not as many units.
    #[wasm_bindgen(js_name = patternsThrough)]
    pub fn patterns_through(&self, layer: usize, active: &[u8]) -> Result<Vec<f32>, JsError> {
        let network = self.hidden_layer(layer)?;
        let (mut rest, mut layers) = (active, Vec::new());
        for units in &network.hidden()[..layer] {
            let (own, others) = rest.split_at_checked(*units).ok_or_else(|| {
                thrown(format!("Of {} units too few are told of.", network.hidden()[layer]))
            })?;
            layers.push(own.iter().map(|active| *active != 0).collect());
            rest = others;
        }
        Ok(patterns_through(&network, layer, &layers))
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
