//! NumPy's archives of arrays: a zip of `.npy` files (NumPy Enhancement Proposal 1).

use super::About;
use super::arrays::{Named, Values, acting, masks};
use super::zip::{Entry, zip};
use crate::network::Mlp;

/// The arrays begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// A network's arrays and masks (`bool`), and `metadata`: one text, a JSON object.
pub(super) fn write(network: &Mlp, about: &About) -> Vec<u8> {
    let arrays = acting(network).into_iter().chain(masks(network));
    let mut entries: Vec<Entry> = arrays.map(entry).collect();
    let text: Vec<char> = crate::recipe::json_text(&about.json()).chars().collect();
    let dtype = format!("<U{}", text.len());
    let letters = text.into_iter().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    entries.push(file("metadata", &dtype, &[], letters));
    zip(&entries)
}

fn entry(array: Named) -> Entry {
    let dtype = match array.values {
        Values::Float(_) => "<f4",
        Values::Bool(_) => "|b1",
    };
    file(&array.name, dtype, &array.shape, array.values.bytes())
}

/// An array as a file, row by row.
fn file(name: &str, dtype: &str, shape: &[usize], values: Vec<u8>) -> Entry {
    // Python writes a tuple of one with a comma behind it.
    let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut header = format!(
        "{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({}), }}",
        shape.trim_end()
    );
    const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
    // The length of the header stands in two bytes, and a line's end closes it.
    while !(MAGIC.len() + 2 + header.len() + 1).is_multiple_of(ALIGNMENT) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.into_bytes());
    bytes.extend(values);
    Entry { name: format!("{name}.npy"), bytes }
}
