//! What is brought in from files: read by a worker of its own, whose end would harm nobody.

use super::lab::stored;
use super::{parse, thrown};
use crate::data::{Images, Set};
use crate::import::{self, How};
use js_sys::Uint8Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// What was read of a network's file.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct NetworkFile {
    /// Digest of the network.
    pub digest: String,
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    /// Names of the weights, input side first.
    pub weights: Vec<String>,
    /// How many biases there were.
    pub biases: usize,
    /// Weights that are exactly zero, or zero by a mask of the file.
    pub zeros: usize,
    /// Weights in all.
    pub parameters: usize,
    /// Whether the weights lay `in × out`.
    pub transposed: bool,
    /// Whether the file had masks of its own.
    pub masks: bool,
    /// Arrays that were left aside.
    pub aside: Vec<String>,
    /// The network for a Lab.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint8Array")]
    pub bytes: Uint8Array,
}

/// Images from files, as a Lab takes them.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ImageFiles {
    /// What stands for all of them.
    pub digest: String,
    /// Whether there was one set alone, of which every sixth image is now for testing.
    pub split: bool,
    /// Pixels to train on, 784 bytes an image.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint8Array")]
    pub train: Uint8Array,
    /// Their labels.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint8Array")]
    pub train_labels: Uint8Array,
    /// Pixels to test on.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint8Array")]
    pub test: Uint8Array,
    /// Their labels.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint8Array")]
    pub test_labels: Uint8Array,
}

/// Reads a network from a safetensors or npz file.
///
/// # Errors
/// One sentence that says what does not fit.
#[wasm_bindgen(js_name = readNetworkFile)]
pub fn read_network_file(
    bytes: &[u8],
    zeros_pruned: bool,
    normalised: bool,
) -> Result<Ts<NetworkFile>, JsError> {
    let json = |text: &str| parse(text).map_err(|_| String::new());
    let how = How { zeros_pruned, normalised };
    let brought = import::network(bytes, how, json).map_err(thrown)?;
    let network = &brought.network;
    NetworkFile {
        digest: network.digest(),
        hidden: network.hidden(),
        biases: brought.biases,
        zeros: brought.zeros,
        parameters: network.weight_count(),
        transposed: brought.transposed,
        masks: brought.masks,
        bytes: Uint8Array::from(&stored(network)?[..]),
        weights: brought.weights,
        aside: brought.aside,
    }
    .into_ts()
    .map_err(thrown)
}

/// Reads one or two sets of images from IDX files.
///
/// # Errors
/// One sentence that says what is missing or does not fit.
#[wasm_bindgen(js_name = readImageFiles)]
pub fn read_image_files(
    names: Vec<String>,
    files: Vec<Uint8Array>,
) -> Result<Ts<ImageFiles>, JsError> {
    let bytes: Vec<_> = files.iter().map(Uint8Array::to_vec).collect();
    let given: Vec<_> = names.into_iter().zip(bytes.iter().map(Vec::as_slice)).collect();
    let brought = import::images(&given).map_err(thrown)?;
    let data = &brought.data;
    let [train, test] = [Set::Train, Set::Test].map(|set| pixels_of(data.set(set)));
    let [train_labels, test_labels] = [Set::Train, Set::Test].map(|set| {
        let images = data.set(set);
        let labels: Vec<u8> = (0..images.len()).map(|index| images.label(index)).collect();
        Uint8Array::from(&labels[..])
    });
    ImageFiles {
        digest: data.digest.clone().unwrap_or_default(),
        split: brought.split,
        train,
        train_labels,
        test,
        test_labels,
    }
    .into_ts()
    .map_err(thrown)
}

/// All pixels of a set, image by image into the browser's own memory.
fn pixels_of(images: &Images) -> Uint8Array {
    let size = crate::data::PIXELS as u32;
    let all = Uint8Array::new_with_length(images.len() as u32 * size);
    for index in 0..images.len() {
        let from = index as u32 * size;
        all.subarray(from, from + size).copy_from(images.image(index));
    }
    all
}
