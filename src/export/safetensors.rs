//! Safetensors: the length of a header, the header as JSON, and the arrays one after the other
//! (<https://github.com/huggingface/safetensors>, “Format”).

use super::About;
use super::arrays::{Values, acting, masks};
use crate::network::Mlp;
use serde_json::{Map, json};

/// The header is filled up with spaces, so that the arrays begin at a multiple of this.
const ALIGNMENT: usize = 8;

/// A network's arrays and masks (`BOOL`); what it is stands under `__metadata__`.
pub(super) fn write(network: &Mlp, about: &About) -> Vec<u8> {
    let mut described = about.json();
    // Whoever reads it for PyTorch asks for this word.
    described["format"] = json!("pt");
    let mut header = Map::new();
    header.insert("__metadata__".into(), described);
    let mut body = Vec::new();
    for array in acting(network).into_iter().chain(masks(network)) {
        let begin = body.len();
        body.extend(array.values.bytes());
        let dtype = match array.values {
            Values::Float(_) => "F32",
            Values::Bool(_) => "BOOL",
        };
        let offsets = [begin, body.len()];
        let entry = json!({ "dtype": dtype, "shape": array.shape, "data_offsets": offsets });
        header.insert(array.name, entry);
    }
    let mut head = crate::recipe::json_text(&header);
    while !head.len().is_multiple_of(ALIGNMENT) {
        head.push(' ');
    }
    let mut file = (head.len() as u64).to_le_bytes().to_vec();
    file.extend(head.into_bytes());
    file.append(&mut body);
    file
}
