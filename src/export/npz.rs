//! NumPy's `.npz` archives: arrays `w1, b1, w2, b2, …` in `f32`.

use crate::network::{Layer, Mlp};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;
use std::io::{Read, Seek};

/// How a file lays its weights out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `in × out`: outputs = inputs · w.
    InOut,
    /// `out × in`, as PyTorch does.
    OutIn,
}

/// Reads a network. The layout has to be given only where the shapes do not tell.
///
/// # Errors
/// A sentence that says what the archive lacks or where its shapes do not fit.
pub fn read_npz(file: impl Read + Seek, layout: Option<Layout>) -> Result<Mlp, String> {
    /// One more than the layers a network may have.
    const MOST_LAYERS: usize = crate::network::MOST_HIDDEN + 1;
    let mut archive =
        NpzReader::new(file).map_err(|error| format!("This is no npz archive: {error}."))?;
    let names = archive.names().map_err(|error| format!("This is no npz archive: {error}."))?;
    let has = |name: &str| names.iter().any(|known| known.trim_end_matches(".npy") == name);
    let count = (1..).take_while(|layer| has(&format!("w{layer}"))).count();
    if count == 0 {
        return Err("The archive has no array w1; its arrays must be w1, b1, w2, b2, ….".into());
    }
    if count > MOST_LAYERS {
        return Err(format!(
            "The archive has {count} layers, but at most {MOST_LAYERS} are allowed."
        ));
    }
    let mut layers = Vec::new();
    for layer in 1..=count {
        let unreadable = |name: &str, error: ndarray_npy::ReadNpzError| {
            format!("The array {name} cannot be read as f32: {error}.")
        };
        let (w, b) = (format!("w{layer}"), format!("b{layer}"));
        let weights: Array2<f32> = archive.by_name(&w).map_err(|error| unreadable(&w, error))?;
        let biases: Array1<f32> = archive.by_name(&b).map_err(|error| unreadable(&b, error))?;
        let layout = match (layout, weights.dim()) {
            (Some(layout), _) => layout,
            (None, (rows, columns)) if rows == columns => {
                return Err(format!(
                    "{w} is {rows} × {columns}: say by --layout in-out or out-in which way it lies."
                ));
            }
            (None, (_, columns)) if columns == biases.len() => Layout::InOut,
            _ => Layout::OutIn,
        };
        let weights = if layout == Layout::InOut { weights.reversed_axes() } else { weights };
        layers.push(Layer::new(weights.view(), biases).map_err(|why| format!("{w}: {why}"))?);
    }
    Mlp::from_layers(layers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray_npy::NpzWriter;
    use std::io::Cursor;

    fn archive(network: &Mlp, layout: Layout) -> Cursor<Vec<u8>> {
        let mut writer = NpzWriter::new(Cursor::new(Vec::new()));
        for (index, layer) in network.layers().iter().enumerate() {
            let weights = layer.weights().as_standard_layout().into_owned();
            let weights = if layout == Layout::InOut { weights.reversed_axes() } else { weights };
            writer.add_array(format!("w{}", index + 1), &weights).unwrap();
            writer.add_array(format!("b{}", index + 1), layer.biases()).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn reads_both_layouts_and_asks_where_shapes_do_not_tell() {
        let network = Mlp::he_normal(&[12, 12], 0);
        for layout in [Layout::InOut, Layout::OutIn] {
            let read = read_npz(archive(&network, layout), Some(layout)).unwrap();
            assert_eq!(read.digest(), network.digest());
            assert!(read_npz(archive(&network, layout), None).unwrap_err().contains("--layout"));
        }
        let tellable = Mlp::he_normal(&[12], 0);
        for layout in [Layout::InOut, Layout::OutIn] {
            let read = read_npz(archive(&tellable, layout), None).unwrap();
            assert_eq!(read.digest(), tellable.digest());
        }
    }

    #[test]
    fn wrong_files_get_a_sentence() {
        assert!(read_npz(Cursor::new(b"no archive".to_vec()), None).unwrap_err().contains("npz"));
        let empty = NpzWriter::new(Cursor::new(Vec::new())).finish().unwrap();
        assert!(read_npz(empty, None).unwrap_err().contains("w1"));
    }
}
