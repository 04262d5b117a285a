//! Hugging Face's safetensors: eight bytes with the length of a JSON header, the header, the bytes
//! of the tensors (<https://github.com/huggingface/safetensors>, “Format”).

use super::called;
use super::tensor::{Content, Form, Tensor};
use crate::limits::{FILE_ARRAYS, NAME_BYTES, SAFETENSORS_HEADER_BYTES, SAFETENSORS_HEADER_DEPTH};
use serde_json::Value;

const NOT_ONE: &str = "This is neither a safetensors nor an npz file.";

/// The tensors of a file.
pub(super) fn tensors(
    bytes: &[u8],
    json: fn(&str) -> Result<Value, String>,
) -> Result<Vec<Tensor<'_>>, String> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(NOT_ONE)?;
    if rest.first() != Some(&b'{') {
        return Err(NOT_ONE.into());
    }
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > SAFETENSORS_HEADER_BYTES {
        return Err(format!(
            "The safetensors header is said to be {length} bytes long, but at most \
             {SAFETENSORS_HEADER_BYTES} are read."
        ));
    }
    let (header, data) =
        rest.split_at_checked(length).ok_or("The safetensors file ends within its header.")?;
    let header = std::str::from_utf8(header).ok().filter(|text| is_shallow(text));
    let header = header.ok_or("The safetensors header is damaged.")?;
    let header = json(header).map_err(|_| "The safetensors header is damaged: it is no JSON.")?;
    let entries = header.as_object().ok_or("The safetensors header is no list of tensors.")?;
    let entries = entries.iter().filter(|(name, _)| *name != "__metadata__");
    // One more, so that whoever counts them sees that there are too many.
    entries.take(FILE_ARRAYS + 1).map(|(name, entry)| tensor(name, entry, data)).collect()
}

fn tensor<'a>(name: &str, entry: &Value, data: &'a [u8]) -> Result<Tensor<'a>, String> {
    if name.len() > NAME_BYTES {
        return Err(format!(
            "The name {} is {} bytes long, but at most {NAME_BYTES} are read.",
            called(name),
            name.len()
        ));
    }
    let damaged =
        || format!("The safetensors header is damaged where it tells of {}.", called(name));
    let numbers = |key: &str| -> Option<Vec<usize>> {
        let items = entry[key].as_array()?.iter();
        items.map(|item| usize::try_from(item.as_u64()?).ok()).collect()
    };
    let (shape, range) = (numbers("shape"), numbers("data_offsets"));
    let (Some(shape), Some([from, to])) = (shape, range.as_deref()) else {
        return Err(damaged());
    };
    let form = match entry["dtype"].as_str().ok_or_else(damaged)? {
        "F16" => Form::F16,
        "BF16" => Form::Bf16,
        "F32" => Form::F32,
        "F64" => Form::F64,
        "BOOL" | "U8" => Form::Byte,
        other => Form::Other(other.into()),
    };
    let bytes = data.get(*from..*to).ok_or_else(|| {
        format!("The file ends within {}: it is damaged or cut short.", called(name))
    })?;
    let (name, content) = (name.to_owned(), Content::Here(bytes));
    Ok(Tensor { name, shape, form, by_columns: false, content })
}

/// Whether brackets are nested no deeper than a header's: readers of JSON may use the stack.
fn is_shallow(text: &str) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in text.bytes() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > SAFETENSORS_HEADER_DEPTH {
            return false;
        }
    }
    true
}
