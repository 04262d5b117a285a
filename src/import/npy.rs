//! NumPy's arrays (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>,
//! versions 1 to 3) and archives of them.

use super::called;
use super::tensor::{Content, Form, Tensor};
use super::zip::{self, Entry};
use crate::limits::NPY_HEADER_BYTES;

/// How an array begins.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// What stands before a header, at most.
const BEFORE_HEADER: usize = 12;

/// The arrays of an `.npz`.
pub(super) fn archive(bytes: &[u8]) -> Result<Vec<Tensor<'_>>, String> {
    let entries = zip::entries(bytes)?;
    if entries.iter().any(|entry| entry.name.ends_with("data.pkl")) {
        return Err("This is PyTorch's own format, a pickle, which can hold programs and is not \
                    read; save the weights by \
                    safetensors.torch.save_file(model.state_dict(), \"net.safetensors\")."
            .into());
    }
    let arrays = entries.iter().filter_map(|entry| Some((entry.name.strip_suffix(".npy")?, entry)));
    let arrays = arrays.map(|(name, entry)| array(name, entry)).collect::<Result<Vec<_>, _>>()?;
    if arrays.is_empty() {
        return Err("The archive holds no NumPy array (.npy), so there are no weights.".into());
    }
    Ok(arrays)
}

/// One array, of which only the header is unpacked yet.
fn array<'a>(name: &str, entry: &Entry<'a>) -> Result<Tensor<'a>, String> {
    let content = entry.beginning(BEFORE_HEADER + NPY_HEADER_BYTES)?;
    let damaged = || format!("The array {} is damaged: it has no header of NumPy's.", called(name));
    if !content.starts_with(MAGIC) {
        return Err(damaged());
    }
    let from = content.get(8..).ok_or_else(damaged)?;
    let (length, start) = match content.get(6) {
        Some(1) => (from.first_chunk::<2>().map(|two| u32::from(u16::from_le_bytes(*two))), 10),
        Some(2 | 3) => (from.first_chunk::<4>().map(|four| u32::from_le_bytes(*four)), 12),
        _ => (None, 0),
    };
    let length = length.map(|length| length as usize).filter(|length| *length <= NPY_HEADER_BYTES);
    let length = length.ok_or_else(damaged)?;
    let header = content.get(start..start + length).and_then(|text| std::str::from_utf8(text).ok());
    let header = header.ok_or_else(damaged)?;
    let order = value(header, "fortran_order").ok_or_else(damaged)?;
    let by_columns = order.starts_with("True");
    let shape = value(header, "shape").and_then(shape).ok_or_else(damaged)?;
    let form = form(value(header, "descr").ok_or_else(damaged)?);
    let content = Content::Archived { entry: entry.clone(), start: start + length };
    Ok(Tensor { name: name.into(), shape, form, by_columns, content })
}

/// What stands behind a key in the header, which is a dictionary as Python writes it.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let at = ['\'', '"'].iter().find_map(|quote| {
        let quoted = format!("{quote}{key}{quote}");
        header.find(&quoted).map(|at| at + quoted.len())
    })?;
    Some(header[at..].trim_start().strip_prefix(':')?.trim_start())
}

/// `(300, 784)` and so on.
fn shape(text: &str) -> Option<Vec<usize>> {
    let inside = text.strip_prefix('(')?;
    let inside = &inside[..inside.find(')')?];
    let sizes = inside.split(',').map(str::trim).filter(|size| !size.is_empty());
    // Python 2 wrote an L behind long numbers.
    sizes.map(|size| size.trim_end_matches('L').parse().ok()).collect()
}

/// `'<f4'` and so on.
fn form(text: &str) -> Form {
    let quoted = text.strip_prefix(['\'', '"']).unwrap_or("a structure");
    let name = quoted.split(['\'', '"']).next().unwrap_or_default();
    match name {
        "<f2" => Form::F16,
        "<f4" => Form::F32,
        "<f8" => Form::F64,
        "|b1" | "|u1" => Form::Byte,
        other => Form::Other(other.into()),
    }
}
