//! The network with everything pruned left out: what is trained, attacked and measured.
//!
//! Leaving out a pruned unit skips terms that are exactly zero, so the bits are those of the
//! masked network (see [`crate::kernel`]).

use super::{Layer, Mlp};
use crate::kernel::{Left, Right, SparseRows, product, sparse_product};
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, ShapeBuilder, Zip, s};

/// A batch of inputs.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// Images as they are in the data: mostly black.
    Pixels(&'a SparseRows),
    /// Any values, `images × 784`.
    Values(ArrayView2<'a, f32>),
}

impl Input<'_> {
    fn rows(&self) -> usize {
        match self {
            Input::Pixels(pixels) => pixels.rows(),
            Input::Values(values) => values.nrows(),
        }
    }
}

#[derive(Debug, Clone)]
struct CompactLayer {
    /// `out × in`, the outputs of one input side by side in memory.
    weights: Array2<f32>,
    biases: Array1<f32>,
    /// Which of the weights are kept, in memory order; `None` when all are.
    kept: Option<Vec<bool>>,
    /// The weights packed for outputs = inputs · weightsᵀ.
    forward: Right,
    /// The weights packed for input gradients = output gradients · weights.
    backward: Right,
}

/// A network without its pruned units.
#[derive(Debug, Clone)]
pub struct Compact {
    layers: Vec<CompactLayer>,
    /// For each hidden layer, the units that are kept, ascending.
    units: Vec<Vec<usize>>,
}

/// Memory of a forward and backward pass, kept from one batch to the next.
#[derive(Debug, Default, Clone)]
pub struct Pass {
    rows: usize,
    /// Outputs of each layer, post-ReLU for hidden ones, logits for the last.
    outputs: Vec<Array2<f32>>,
    /// Gradient of the loss by each layer's pre-activation.
    gradients: Vec<Array2<f32>>,
    input_gradient: Array2<f32>,
    left: Left,
    right: Right,
    pixels_by_column: SparseRows,
}

impl Pass {
    /// Outputs of a layer (`images × kept units`, post-ReLU; logits for the last layer).
    pub fn outputs(&self, layer: usize) -> ArrayView2<'_, f32> {
        self.outputs[layer].slice(s![..self.rows, ..])
    }

    /// The logits, `images × 10`.
    pub fn logits(&self) -> ArrayView2<'_, f32> {
        self.outputs(self.outputs.len() - 1)
    }

    /// Where the loss's gradient by the logits goes before a backward pass, `images × 10`.
    pub fn logit_gradients(&mut self) -> ArrayViewMut2<'_, f32> {
        let last = self.gradients.len() - 1;
        self.gradients[last].slice_mut(s![..self.rows, ..])
    }

    /// Gradient by the input after [`Compact::input_gradient`], `images × 784`.
    pub fn input_gradient(&self) -> ArrayView2<'_, f32> {
        self.input_gradient.slice(s![..self.rows, ..])
    }

    /// Drops all rows but these, given in ascending order: what was computed for them stays.
    pub fn keep_rows(&mut self, rows: &[usize]) {
        for array in &mut self.outputs {
            for (to, from) in rows.iter().enumerate().filter(|(to, from)| to != *from) {
                let (mut to, from) = array.multi_slice_mut((s![to, ..], s![*from, ..]));
                to.assign(&from);
            }
        }
        self.rows = rows.len();
    }

    /// Makes room for a batch; memory only grows.
    fn fit(&mut self, network: &Compact, rows: usize) {
        self.rows = rows;
        let fits = |array: &Array2<f32>, layer: &CompactLayer| {
            array.nrows() >= rows && array.ncols() == layer.weights.nrows()
        };
        let all_fit = self.outputs.len() == network.layers.len()
            && self.outputs.iter().zip(&network.layers).all(|(array, layer)| fits(array, layer));
        if !all_fit {
            let room = |layer: &CompactLayer| Array2::zeros((rows, layer.weights.nrows()));
            self.outputs = network.layers.iter().map(room).collect();
            self.gradients = self.outputs.clone();
        }
    }
}

impl Compact {
    /// The part of the network that acts.
    pub fn new(network: &Mlp) -> Self {
        let kept = |mask: &Vec<bool>| (0..mask.len()).filter(|unit| mask[*unit]).collect();
        let units: Vec<Vec<usize>> = network.kept_units.iter().map(kept).collect();
        let mut compact = Compact { layers: Vec::new(), units };
        for (index, layer) in network.layers.iter().enumerate() {
            let (outputs, inputs) = compact.places(network, index);
            compact.layers.push(CompactLayer::new(layer, &outputs, &inputs));
        }
        compact.repack();
        compact
    }

    /// Which outputs and inputs of a layer of the whole network this one holds.
    pub(super) fn places(&self, network: &Mlp, layer: usize) -> (Vec<usize>, Vec<usize>) {
        let (outputs, inputs) = network.layers[layer].weights.dim();
        let all = |count: usize| (0..count).collect();
        let hidden = |index: usize| self.units.get(index).cloned();
        let kept_inputs = layer.checked_sub(1).and_then(hidden);
        (hidden(layer).unwrap_or_else(|| all(outputs)), kept_inputs.unwrap_or_else(|| all(inputs)))
    }

    /// Writes the weights and biases back; what is pruned keeps the values it had.
    pub fn write_back(&self, network: &mut Mlp) {
        for (index, own) in self.layers.iter().enumerate() {
            let (outputs, inputs) = self.places(network, index);
            let layer = network.layer_mut(index);
            for (row, output) in outputs.iter().enumerate() {
                layer.biases[*output] = own.biases[row];
                for (column, input) in inputs.iter().enumerate() {
                    if layer.keeps_weight(*output, *input) {
                        layer.weights[[*output, *input]] = own.weights[[row, column]];
                    }
                }
            }
        }
    }

    /// Number of layers, the output layer included.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The kept units of each hidden layer, ascending: what the columns of a pass stand for.
    pub fn units(&self) -> &[Vec<usize>] {
        &self.units
    }

    /// Runs a batch through the network.
    pub fn forward(&self, input: Input, pass: &mut Pass) {
        pass.fit(self, input.rows());
        self.forward_from(0, Some(input), pass);
    }

    /// Runs the layers from `first` on; without an input, from the outputs already in the pass.
    fn forward_from(&self, first: usize, mut input: Option<Input>, pass: &mut Pass) {
        let rows = pass.rows;
        for (index, layer) in self.layers.iter().enumerate().skip(first) {
            let (before, after) = pass.outputs.split_at_mut(index);
            let mut out = after[0].slice_mut(s![..rows, ..]);
            let values = match input.take() {
                Some(Input::Pixels(pixels)) => {
                    sparse_product(pixels, &layer.forward, out.view_mut());
                    None
                }
                Some(Input::Values(values)) => Some(values),
                None => before.last().map(|array| array.slice(s![..rows, ..])),
            };
            if let Some(values) = values {
                pass.left.pack(values);
                product(&pass.left, &layer.forward, out.view_mut());
            }
            add_biases(&mut out, &layer.biases, index + 1 < self.layers.len());
        }
    }

    /// Carries the logits' gradients ([`Pass::logit_gradients`]) back to the first hidden layer.
    fn backward(&self, pass: &mut Pass) {
        let rows = pass.rows;
        for index in (1..self.layers.len()).rev() {
            let (before, after) = pass.gradients.split_at_mut(index);
            let mut gradient = before[index - 1].slice_mut(s![..rows, ..]);
            pass.left.pack(after[0].slice(s![..rows, ..]));
            product(&pass.left, &self.layers[index].backward, gradient.view_mut());
            // The derivative of ReLU is taken as 0 at 0.
            Zip::from(&mut gradient)
                .and(pass.outputs[index - 1].slice(s![..rows, ..]))
                .for_each(|gradient, z| *gradient = if *z > 0.0 { *gradient } else { 0.0 });
        }
    }

    /// From the logits' gradients to the gradient by the input ([`Pass::input_gradient`]).
    pub fn input_gradient(&self, pass: &mut Pass) {
        self.backward(pass);
        let inputs = self.layers[0].weights.ncols();
        if pass.input_gradient.nrows() < pass.rows {
            pass.input_gradient = Array2::zeros((pass.rows, inputs));
        }
        pass.left.pack(pass.gradients[0].slice(s![..pass.rows, ..]));
        let out = pass.input_gradient.slice_mut(s![..pass.rows, ..]);
        product(&pass.left, &self.layers[0].backward, out);
    }

    /// From the logits' gradients to those of every weight and bias, handed layer by layer to
    /// `update(layer, weights, weight gradient, biases, bias gradient)`, all in memory order;
    /// the weights may be changed.
    pub fn weight_gradients(
        &mut self,
        pixels: &SparseRows,
        pass: &mut Pass,
        gradients: &mut [(Array2<f32>, Array1<f32>)],
    ) {
        self.backward(pass);
        let rows = pass.rows;
        for (index, layer) in self.layers.iter().enumerate() {
            let (weights, biases) = &mut gradients[index];
            let delta = pass.gradients[index].slice(s![..rows, ..]);
            pass.right.pack(delta);
            if index == 0 {
                pass.pixels_by_column.transpose_from(pixels);
                sparse_product(&pass.pixels_by_column, &pass.right, weights.view_mut());
            } else {
                pass.left.pack(pass.outputs[index - 1].slice(s![..rows, ..]).reversed_axes());
                product(&pass.left, &pass.right, weights.view_mut());
            }
            if let (Some(kept), Some(weights)) = (&layer.kept, weights.as_slice_mut()) {
                // A pruned weight gets no gradient, so it stays exactly zero.
                for (gradient, kept) in weights.iter_mut().zip(kept) {
                    *gradient = if *kept { *gradient } else { 0.0 };
                }
            }
            biases.fill(0.0);
            for row in delta.rows() {
                *biases += &row;
            }
        }
    }

    /// Room for [`Compact::weight_gradients`]: for each layer `in × out`, the weights' memory
    /// order, and the biases.
    pub fn gradient_room(&self) -> Vec<(Array2<f32>, Array1<f32>)> {
        let room = |layer: &CompactLayer| {
            (Array2::zeros(layer.weights.t().dim()), Array1::zeros(layer.biases.len()))
        };
        self.layers.iter().map(room).collect()
    }

    /// Lets `change(layer, weights, biases)` alter every layer's values (in memory order), then
    /// packs them anew for the kernels. Pruned weights must stay zero.
    pub fn update(&mut self, mut change: impl FnMut(usize, &mut [f32], &mut [f32])) {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let weights = layer.weights.as_slice_memory_order_mut();
            if let (Some(weights), Some(biases)) = (weights, layer.biases.as_slice_mut()) {
                change(index, weights, biases);
            }
        }
        self.repack_for_training();
    }

    /// Packs what a training step reads: an input gradient is not part of it.
    fn repack_for_training(&mut self) {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            layer.forward.pack(layer.weights.t());
            if index > 0 {
                layer.backward.pack(layer.weights.view());
            }
        }
    }

    fn repack(&mut self) {
        self.repack_for_training();
        if let Some(first) = self.layers.first_mut() {
            first.backward.pack(first.weights.view());
        }
    }
}

impl CompactLayer {
    fn new(layer: &Layer, outputs: &[usize], inputs: &[usize]) -> Self {
        let shape = (outputs.len(), inputs.len()).f();
        let kept = |(row, column): (usize, usize)| layer.keeps_weight(outputs[row], inputs[column]);
        let weights = Array2::from_shape_fn(shape, |(row, column)| {
            let value = layer.weights[[outputs[row], inputs[column]]];
            if kept((row, column)) { value } else { 0.0 }
        });
        let mask = layer.kept.as_ref().map(|_| {
            let mask = Array2::from_shape_fn(shape, kept);
            mask.t().iter().copied().collect()
        });
        CompactLayer {
            weights,
            biases: outputs.iter().map(|output| layer.biases[*output]).collect(),
            kept: mask,
            forward: Right::default(),
            backward: Right::default(),
        }
    }
}

/// Adds a layer's biases to its products, then applies ReLU if it is a hidden layer.
pub(crate) fn add_biases(out: &mut ArrayViewMut2<f32>, biases: &Array1<f32>, relu: bool) {
    // Slices, because a view's iterators are several times slower.
    let Some(biases) = biases.as_slice() else { return };
    for mut row in out.rows_mut() {
        let Some(row) = row.as_slice_mut() else { continue };
        for (value, bias) in row.iter_mut().zip(biases) {
            let sum = *value + bias;
            // Written so that a NaN stays one, and divergence is noticed.
            *value = if relu && sum < 0.0 { 0.0 } else { sum };
        }
    }
}
