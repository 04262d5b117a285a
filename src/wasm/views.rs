//! What the page looks at: weights, and attacks on single images.

use super::lab::Lab;
use super::messages::{GalleryItem, ImageAttack, LayerOutputs};
use super::{read, thrown};
use crate::attack::{AttackParams, Purpose, Run};
use crate::network::{Compact, Input, Mlp, Pass, patterns, softmax};
use tsify::{Ts, Tsify};
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

    /// Attacks one test image and tells everything about it.
    ///
    /// # Errors
    /// One sentence when there is no network or no such image.
    #[wasm_bindgen(js_name = attackImage)]
    pub fn attack_image(
        &self,
        attack: Ts<AttackParams>,
        seed: u32,
        index: usize,
    ) -> Result<Ts<ImageAttack>, JsError> {
        let network = self.bench.network(None).map_err(thrown)?;
        let compact = Compact::new(&network);
        let run = self.attacked(&compact, attack, seed, index, 1)?;
        let mut pass = Pass::default();
        let mut look = |values| {
            compact.forward(Input::Values(values), &mut pass);
            let mut logits: Vec<f32> = pass.logits().iter().copied().collect();
            softmax(&mut logits);
            let spread = |layer: usize| {
                // Pruned units, which the compact network leaves out, put out zero.
                let mut all = vec![0.0; network.hidden()[layer]];
                for (place, unit) in compact.units()[layer].iter().enumerate() {
                    all[*unit] = pass.outputs(layer).get(0, place);
                }
                all
            };
            let layers: Vec<_> = (0..compact.units().len()).map(spread).collect();
            (logits, layers)
        };
        let (clean, clean_layers) = look(run.clean());
        let (attacked, attacked_layers) = look(run.adversarial());
        let verdict = run.verdicts()[0];
        let layers = clean_layers.into_iter().zip(attacked_layers);
        ImageAttack {
            index,
            label: verdict.label,
            image: run.clean().iter().copied().collect(),
            adversarial: run.adversarial().iter().copied().collect(),
            clean,
            attacked,
            layers: layers.map(|(clean, attacked)| LayerOutputs { clean, attacked }).collect(),
            norm: verdict.norm,
            iterations: verdict.iterations,
            queries: verdict.queries,
            fooled: verdict.is_fooled(),
        }
        .into_ts()
        .map_err(thrown)
    }

    /// Attacks `count` test images (at most 64) from `from` on.
    ///
    /// # Errors
    /// One sentence when there is no network or an image is not here.
    pub fn gallery(
        &self,
        attack: Ts<AttackParams>,
        seed: u32,
        from: usize,
        count: usize,
    ) -> Result<Vec<Ts<GalleryItem>>, JsError> {
        const MOST: usize = 64;
        let compact = Compact::new(&self.bench.network(None).map_err(thrown)?);
        let run = self.attacked(&compact, attack, seed, from, count.min(MOST))?;
        let adversarial = run.adversarial();
        let items = run.verdicts().iter().zip(adversarial.rows()).enumerate();
        items
            .map(|(place, (verdict, pixels))| {
                let item = GalleryItem {
                    index: from + place,
                    label: verdict.label,
                    clean: verdict.clean,
                    attacked: verdict.attacked,
                    pixels: pixels.iter().map(|value| (255.0 * value + 0.5) as u8).collect(),
                };
                item.into_ts().map_err(thrown)
            })
            .collect()
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

    /// Attacks a few test images to the end.
    fn attacked(
        &self,
        compact: &Compact,
        attack: Ts<AttackParams>,
        seed: u32,
        from: usize,
        count: usize,
    ) -> Result<Run, JsError> {
        let valid = read(attack)?.check().map_err(thrown)?;
        let images = &self.bench.data.test;
        let end = from.saturating_add(count);
        if end > images.len() {
            return Err(thrown(format!("Test image {end} is not here yet.")));
        }
        let mut run = Run::new(compact, images, from..end, valid, seed, Purpose::Craft);
        while !run.step(compact) {}
        Ok(run)
    }
}
