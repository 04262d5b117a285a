//! Files as other tools write them, made by hand for the tests.

use super::inflate::crc32;
use crate::network::Mlp;
use serde_json::{Map, Value, json};

/// An array to be written.
pub struct Array {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

pub fn array(name: &str, shape: &[usize], value: impl Fn(usize) -> f32) -> Array {
    let values = (0..shape.iter().product()).map(value).collect();
    Array { name: name.into(), shape: shape.to_vec(), values }
}

/// A network's arrays, under names such as `layers.{}.weight` and `layers.{}.bias`.
pub fn arrays(network: &Mlp, weight: &str, bias: &str, transposed: bool) -> Vec<Array> {
    let layers = network.layers().iter().enumerate();
    let layers = layers.map(|(index, layer)| {
        let name = |pattern: &str| pattern.replace("{}", &index.to_string());
        let weights = if transposed { layer.weights().reversed_axes() } else { layer.weights() };
        let (rows, columns) = weights.dim();
        [
            Array {
                name: name(weight),
                shape: vec![rows, columns],
                values: weights.iter().copied().collect(),
            },
            Array {
                name: name(bias),
                shape: vec![layer.biases().len()],
                values: layer.biases().to_vec(),
            },
        ]
    });
    layers.flatten().collect()
}

pub fn safetensors(arrays: &[Array], dtype: &str) -> Vec<u8> {
    let (mut header, mut data) = (Map::new(), Vec::new());
    header.insert("__metadata__".into(), json!({ "format": "pt" }));
    for Array { name, shape, values } in arrays {
        let from = data.len();
        for value in values {
            match dtype {
                "F64" => data.extend(f64::from(*value).to_le_bytes()),
                "BF16" => data.extend(((value.to_bits() >> 16) as u16).to_le_bytes()),
                _ => data.extend(value.to_le_bytes()),
            }
        }
        let entry = json!({ "dtype": dtype, "shape": shape, "data_offsets": [from, data.len()] });
        header.insert(name.clone(), entry);
    }
    with_header(&Value::Object(header).to_string(), &data)
}

pub fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// An `.npy`, as NumPy's format 1 and 2 have it.
pub fn npy(array: &Array, descr: &str, by_columns: bool, version: u8) -> Vec<u8> {
    let shape: Vec<_> = array.shape.iter().map(|size| format!("{size},")).collect();
    let order = if by_columns { "True" } else { "False" };
    let mut header = format!(
        "{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({}), }}",
        shape.join(" ")
    );
    header += &" ".repeat(63 - (header.len() + 10) % 64);
    header.push('\n');
    let mut bytes = vec![0x93, b'N', b'U', b'M', b'P', b'Y', version, 0];
    match version {
        1 => bytes.extend((header.len() as u16).to_le_bytes()),
        _ => bytes.extend((header.len() as u32).to_le_bytes()),
    }
    bytes.extend(header.as_bytes());
    let mut values = array.values.clone();
    if let (true, [rows, columns]) = (by_columns, &array.shape[..]) {
        values =
            (0..values.len()).map(|at| array.values[at % rows * columns + at / rows]).collect();
    }
    for value in values {
        match descr {
            "<f8" => bytes.extend(f64::from(value).to_le_bytes()),
            _ => bytes.extend(value.to_le_bytes()),
        }
    }
    bytes
}

/// A ZIP archive; deflated entries are real ones.
pub fn zip(entries: &[(String, Vec<u8>)], deflated: bool) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let packed = match deflated {
            true => miniz_oxide::deflate::compress_to_vec(content, 6),
            false => content.clone(),
        };
        let at = bytes.len() as u32;
        let method = if deflated { 8u16 } else { 0 };
        // As NumPy writes it: the sizes in place are in an extra field of ZIP64's.
        bytes.extend(b"PK\x03\x04\x2d\0\0\0");
        bytes.extend(method.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(crc32(content).to_le_bytes());
        bytes.extend([0xff; 8]);
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend(20u16.to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend([1, 0, 16, 0]);
        bytes.extend((content.len() as u64).to_le_bytes());
        bytes.extend((packed.len() as u64).to_le_bytes());
        bytes.extend(&packed);
        list.extend(b"PK\x01\x02\x2d\x03\x2d\0\0\0");
        list.extend(method.to_le_bytes());
        list.extend([0; 4]);
        list.extend(crc32(content).to_le_bytes());
        list.extend((packed.len() as u32).to_le_bytes());
        list.extend((content.len() as u32).to_le_bytes());
        list.extend((name.len() as u16).to_le_bytes());
        list.extend([0; 12]);
        list.extend(at.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let from = bytes.len() as u32;
    bytes.extend(&list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend((list.len() as u32).to_le_bytes());
    bytes.extend(from.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

pub fn npz(arrays: &[Array], descr: &str, by_columns: bool, deflated: bool) -> Vec<u8> {
    let entry = |array: &Array| {
        (format!("{}.npy", array.name), npy(array, descr, by_columns && array.shape.len() == 2, 1))
    };
    zip(&arrays.iter().map(entry).collect::<Vec<_>>(), deflated)
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let packed = miniz_oxide::deflate::compress_to_vec(content, 6);
    // With a name, as gzip writes it.
    let head = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03images\0";
    let (sum, size) = (crc32(content).to_le_bytes(), (content.len() as u32).to_le_bytes());
    [&head[..], &packed, &sum, &size].concat()
}

/// An IDX file of bytes.
pub fn idx(sizes: &[u32], content: &[u8]) -> Vec<u8> {
    let head = [0, 0, 8, sizes.len() as u8].into_iter();
    head.chain(sizes.iter().flat_map(|size| size.to_be_bytes()))
        .chain(content.iter().copied())
        .collect()
}
