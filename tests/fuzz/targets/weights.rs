//! Networks from files: archives of NumPy's, safetensors, and which of their arrays make a network.

use super::archive::{damaged, zip};
use super::values::{anything, one, rarely, text};
use super::{Watch, refused};
use arbitrary::{Result, Unstructured};
use secateurs::import::{How, network};
use serde_json::{Map, Value, json};

/// An array as a file tells of it.
struct Array {
    name: String,
    shape: Vec<usize>,
    /// Bytes of a number, and how many numbers there are.
    size: usize,
    count: usize,
}

/// Has a file read as a network; what is accepted must be one.
fn read(bytes: &[u8], how: How, watch: Watch) {
    let json = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    let mut brought = None;
    watch(&mut || brought = Some(network(bytes, how, json)));
    match brought {
        Some(Ok(brought)) => {
            let (network, sentence) = (&brought.network, brought.sentence());
            assert!(sentence.ends_with('.'), "{sentence}");
            assert!(brought.zeros <= network.weight_count());
            assert!(network.pruned_weight_count() <= brought.zeros);
            let values = network.layers().iter().flat_map(|layer| layer.weights().to_owned());
            assert!(values.into_iter().all(f32::is_finite));
        }
        Some(Err(sentence)) => refused(&sentence),
        None => {}
    }
}

fn how(u: &mut Unstructured) -> Result<How> {
    Ok(How { zeros_pruned: u.arbitrary()?, normalised: u.arbitrary()? })
}

/// Sizes of arrays that a chain is made of, and some that none is.
fn size(u: &mut Unstructured) -> Result<usize> {
    if rarely(u, 12)? {
        return one(u, &[0, 1025, 1 << 20, 1 << 31, 1 << 40, usize::MAX / 2, usize::MAX]);
    }
    one(u, &[784, 10, 1, 2, 3, 3, 784, 10])
}

/// A name as tools write it, or any.
fn name(u: &mut Unstructured, layer: usize, role: &str) -> Result<String> {
    if rarely(u, 24)? {
        return text(u);
    }
    Ok(match u.int_in_range(0..=3)? {
        0 => format!("layers.{layer}.{role}"),
        1 => format!("fc{layer}.{role}"),
        2 => format!("dense_{layer}/{role}:0"),
        _ => format!("{}{layer}", &role[..1]),
    })
}

/// The arrays of a network, mostly with something that does not fit.
fn arrays(u: &mut Unstructured) -> Result<Vec<Array>> {
    let mut arrays = Vec::new();
    let hidden = u.int_in_range(1..=2)?;
    let (style, transposed) = (u.arbitrary::<u32>()?, rarely(u, 4)?);
    let mut inputs = 784;
    for layer in 0..=hidden {
        let large = rarely(u, 250)?;
        let most = if large { 150 } else { 3 };
        let outputs = if layer == hidden { 10 } else { u.int_in_range(1..=most)? };
        let styled = |u: &mut Unstructured, role: &str| {
            if style % 8 == 0 { name(u, layer, role) } else { Ok(format!("l{layer}.{role}")) }
        };
        let mut add = |u: &mut Unstructured, name: String, shape: Vec<usize>| -> Result<()> {
            let count = shape.iter().product();
            arrays.push(Array { name, shape, size: one(u, &[2, 2, 4, 8])?, count });
            Ok(())
        };
        let shape = if transposed { vec![inputs, outputs] } else { vec![outputs, inputs] };
        let pruned = style & 64 != 0;
        let end = if pruned { "_orig" } else { "" };
        let name = styled(u, "weight")? + end;
        add(u, name, shape.clone())?;
        if pruned {
            add(u, format!("l{layer}.weight_mask"), shape)?;
        }
        if style & 128 == 0 {
            let name = styled(u, "bias")?;
            add(u, name, vec![outputs])?;
        }
        inputs = outputs;
    }
    for _ in 0..(if rarely(u, 3)? { u.int_in_range(0..=3)? } else { 0 }) {
        let at = u.choose_index(arrays.len() + 1)?;
        let array = other(u)?;
        arrays.insert(at, array);
    }
    if rarely(u, 4)? {
        let at = u.choose_index(arrays.len())?;
        arrays[at] = other(u)?;
    }
    Ok(arrays)
}

/// An array of any shape.
fn other(u: &mut Unstructured) -> Result<Array> {
    let role =
        one(u, &["weight", "bias", "weight_mask", "kernel", "weight_orig", "x", "bias_mask"])?;
    let layer = u.int_in_range(0..=3)?;
    let name = name(u, layer, role)?;
    let shape: Vec<usize> = (0..u.int_in_range(0..=3)?).map(|_| size(u)).collect::<Result<_>>()?;
    let whole = shape.iter().try_fold(1usize, |count, size| count.checked_mul(*size));
    let count = whole.filter(|count| *count <= 4000).unwrap_or(3);
    Ok(Array { name, shape, size: one(u, &[1, 2, 4, 8, 0])?, count })
}

/// Numbers: of one pattern of bits, or all zeros, or no numbers at all.
fn content(u: &mut Unstructured, array: &Array) -> Result<Vec<u8>> {
    let pattern: [u8; 8] = match u.int_in_range(0..=3)? {
        0 => [0; 8],
        1 => [0, 0x38, 0, 0x38, 0, 0x38, 0, 0x38],
        2 => one(u, &[[0xff; 8], [0, 0, 0x80, 0x7f, 0, 0, 0x80, 0x7f]])?,
        _ => u.arbitrary()?,
    };
    let mut content = pattern.repeat(array.size * array.count / 8 + 1);
    content.truncate(array.size * array.count);
    Ok(content)
}

/// An `.npy` of an array, with more zeros behind it than are written.
fn npy(u: &mut Unstructured, array: &Array) -> Result<(Vec<u8>, usize)> {
    let kind = match array.size {
        1 => one(u, &["|b1", "|u1", "|S1"])?,
        2 => "<f2",
        4 => one(u, &["<f4", "<f4", "<f4", "<i4", ">f4"])?,
        8 => one(u, &["<f8", "<f8", "<f8", "<c8", "|O"])?,
        _ => "[('a', '<f4')]",
    };
    let sizes: Vec<_> = array.shape.iter().map(usize::to_string).collect();
    let order = if u.arbitrary()? { "True" } else { "False" };
    let sizes = sizes.join(", ");
    let mut header = match u.int_in_range(0..=7)? {
        0 => format!("{{\"descr\":\"{kind}\",\"fortran_order\":{order},\"shape\":({sizes})}}"),
        1 => text(u)?,
        _ => format!("{{'descr': '{kind}', 'fortran_order': {order}, 'shape': ({sizes},), }}"),
    };
    if rarely(u, 8)? {
        header.push_str(&" ".repeat(u.int_in_range(0..=5000)?));
    }
    let version = if rarely(u, 12)? { u.arbitrary()? } else { u.int_in_range(1..=3)? };
    let length = if rarely(u, 24)? { u.arbitrary()? } else { header.len() as u32 };
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    match version {
        1 => bytes.extend((length as u16).to_le_bytes()),
        _ => bytes.extend(length.to_le_bytes()),
    }
    bytes.extend(header.as_bytes());
    // Large arrays are zeros in a few packed bytes: bombs, where nobody looks at the shape.
    let whole = array.shape.iter().try_fold(array.size, |all, size| all.checked_mul(*size));
    let zeros = match whole {
        Some(all @ 4000..=200_000_000) if rarely(u, 3)? => all,
        _ if rarely(u, 40)? => u.int_in_range(0..=400_000)?,
        _ => 0,
    };
    if zeros == 0 {
        bytes.extend(content(u, array)?);
    }
    // No more than a reader has to unpack to find out that it is too much.
    Ok((bytes, zeros.min(1_200_000)))
}

pub fn npz(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let how = how(u)?;
    if rarely(u, 6)? {
        let bytes = u.bytes(u.len())?;
        read(bytes, how, watch);
        return Ok(());
    }
    let mut entries = Vec::new();
    for array in arrays(u)? {
        let (bytes, zeros) = npy(u, &array)?;
        let end =
            if rarely(u, 30)? { one(u, &["", ".txt", ".npy.npy", "data.pkl"])? } else { ".npy" };
        entries.push((array.name + end, bytes, zeros));
    }
    let bytes = zip(u, &entries)?;
    let bytes = damaged(u, bytes)?;
    read(&bytes, how, watch);
    Ok(())
}

/// A safetensors file of arrays, which may lie over each other.
fn container(u: &mut Unstructured, arrays: &[Array]) -> Result<Vec<u8>> {
    let (mut header, mut data) = (Map::new(), Vec::new());
    for array in arrays {
        let dtype = match array.size {
            1 => one(u, &["BOOL", "U8"])?,
            2 => one(u, &["F16", "BF16"])?,
            4 => one(u, &["F32", "F32", "F32", "I32"])?,
            8 => one(u, &["F64", "F64", "F64", "C64"])?,
            _ => "NONE",
        };
        let length = array.size * array.count;
        let from = if rarely(u, 6)? { 0 } else { data.len() };
        if from + length > data.len() {
            data.extend(content(u, array)?);
        }
        let offsets = if rarely(u, 30)? { anything(u, 2)? } else { json!([from, from + length]) };
        let entry = json!({ "dtype": dtype, "shape": array.shape, "data_offsets": offsets });
        header.insert(array.name.clone(), entry);
    }
    if rarely(u, 8)? {
        header.insert("__metadata__".into(), anything(u, 3)?);
    }
    if rarely(u, 24)? {
        header.insert(text(u)?, anything(u, 3)?);
    }
    let mut header = Value::Object(header).to_string();
    if rarely(u, 60)? {
        header = one(u, &["{", "{}", "{\"a\":[[[[[[[[[", "{\"a\":1e999}"])?.to_owned();
    }
    let length = if rarely(u, 40)? { u.arbitrary()? } else { header.len() as u64 };
    Ok([&length.to_le_bytes()[..], header.as_bytes(), &data].concat())
}

pub fn safetensors(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let how = how(u)?;
    if rarely(u, 6)? {
        let bytes = u.bytes(u.len())?;
        read(bytes, how, watch);
        return Ok(());
    }
    let arrays = arrays(u)?;
    let bytes = container(u, &arrays)?;
    let bytes = damaged(u, bytes)?;
    read(&bytes, how, watch);
    Ok(())
}

/// Names and shapes of any kind in a container that is sound.
pub fn chain(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let how = how(u)?;
    let mut list = if u.arbitrary()? { arrays(u)? } else { Vec::new() };
    let most = if rarely(u, 60)? { 1100 } else { 9 };
    for _ in 0..u.int_in_range(0..=most)? {
        list.push(other(u)?);
    }
    let (mut header, mut end) = (Map::new(), 0);
    for array in list {
        let length = array.size * array.count;
        end = end.max(length);
        let dtype = match array.size {
            0 => "I8",
            1 => "BOOL",
            2 => "F16",
            4 => "F32",
            _ => "F64",
        };
        // All lie at the file's beginning.
        let entry = json!({ "dtype": dtype, "shape": array.shape, "data_offsets": [0, length] });
        header.insert(array.name, entry);
    }
    let header = Value::Object(header).to_string();
    let data = vec![if u.arbitrary()? { 0x38 } else { 0 }; end];
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat();
    read(&bytes, how, watch);
    Ok(())
}
