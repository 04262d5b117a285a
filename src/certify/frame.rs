//! The network in the forms in which bounds need it, with everything pruned left out.

use crate::data::{CLASSES, PIXELS};
use crate::kernel::Left;
use crate::network::{Mlp, Weights};
use ndarray::Array2;

/// A hidden layer.
#[derive(Debug)]
pub(super) struct Hidden {
    /// The weights, `units × inputs`.
    pub forward: Weights,
    /// Their magnitudes.
    pub magnitudes: Weights,
    /// The weights turned, `inputs × units`.
    pub backward: Weights,
    /// The weights once more, where bounds begin from them: in all layers but the first.
    pub rows: Left,
    pub biases: Vec<f64>,
    pub inputs: usize,
}

impl Hidden {
    /// Units that are not pruned.
    pub fn units(&self) -> usize {
        self.biases.len()
    }
}

/// A network to be bounded.
#[derive(Debug)]
pub(super) struct Frame {
    pub hidden: Vec<Hidden>,
    /// Weights of the last layer, `10 × units`.
    pub output: Array2<f64>,
    pub output_biases: Vec<f64>,
}

impl Frame {
    pub fn new(network: &Mlp) -> Self {
        let kept: Vec<Vec<usize>> = network
            .kept_units()
            .iter()
            .map(|kept| (0..kept.len()).filter(|unit| kept[*unit]).collect())
            .collect();
        let (pixels, classes): (Vec<_>, Vec<_>) = ((0..PIXELS).collect(), (0..CLASSES).collect());
        let mut frame = Frame {
            hidden: Vec::with_capacity(kept.len()),
            output: Array2::default((0, 0)),
            output_biases: Vec::new(),
        };
        for (index, layer) in network.layers().iter().enumerate() {
            let below = index.checked_sub(1).and_then(|below| kept.get(below));
            let inputs = below.unwrap_or(&pixels);
            let outputs = kept.get(index).unwrap_or(&classes);
            let weight =
                |output: usize, input: usize| layer.acting_weight(outputs[output], inputs[input]);
            let biases =
                outputs.iter().map(|output| f64::from(layer.biases()[*output])).collect::<Vec<_>>();
            if index == kept.len() {
                let shape = (outputs.len(), inputs.len());
                frame.output = Array2::from_shape_fn(shape, |(o, i)| f64::from(weight(o, i)));
                frame.output_biases = biases;
                continue;
            }
            let whole = Left::filled(outputs.len(), inputs.len(), &weight);
            let magnitudes = Left::filled(outputs.len(), inputs.len(), &|output, input| {
                weight(output, input).abs()
            });
            let mut turned = Left::default();
            turned.transpose_from(&whole);
            let masked = layer.has_mask();
            frame.hidden.push(Hidden {
                rows: if index == 0 { Left::default() } else { whole.clone() },
                forward: Weights::new(whole, masked),
                magnitudes: Weights::new(magnitudes, masked),
                backward: Weights::new(turned, masked),
                biases,
                inputs: inputs.len(),
            });
        }
        frame
    }
}
