//! One batch's way through a network and back.

use super::activation::{add_bias, add_biases, rectify, through_relu};
use super::{Compact, loss};
use crate::data::CLASSES;
use crate::kernel::{Right, SparseRows, Wide, as_is};
use ndarray::{Array2, ArrayView2};

/// A batch of inputs.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// Images as they are in the data: mostly black.
    Pixels(&'a SparseRows),
    /// Any values, `images × 784`.
    Values(ArrayView2<'a, f32>),
}

/// Memory of a forward and backward pass, kept from one batch to the next.
#[derive(Debug, Default, Clone)]
pub struct Pass {
    input: Right,
    /// Outputs of each layer, post-ReLU for hidden ones, logits for the last.
    outputs: Vec<Right>,
    /// Gradient of the loss by each layer's pre-activation.
    gradients: Vec<Right>,
    input_gradient: Right,
    room: Wide,
}

impl Pass {
    /// Outputs of a layer (`images × kept units`, post-ReLU; logits for the last layer).
    pub fn outputs(&self, layer: usize) -> &Right {
        &self.outputs[layer]
    }

    /// The logits, `images × 10`.
    pub fn logits(&self) -> Array2<f32> {
        self.outputs.last().map(Right::to_array).unwrap_or_default()
    }

    /// What the network reads in each image: the class of the largest logit, the first of equals.
    pub fn predictions(&self, read: &mut Vec<u8>) {
        read.clear();
        if let Some(logits) = self.outputs.last() {
            loss::predictions(logits, read);
        }
    }

    /// The logits of one image.
    pub fn logits_of(&self, image: usize) -> [f32; CLASSES] {
        let logits = self.outputs.last();
        std::array::from_fn(|class| logits.map_or(0.0, |logits| logits.get(image, class)))
    }

    /// Sets the gradient by the logits: `derivative(image, class)`.
    pub fn set_logit_gradients(&mut self, images: usize, derivative: &dyn Fn(usize, usize) -> f32) {
        if let Some(gradient) = self.gradients.last_mut() {
            gradient.fill(images, CLASSES, derivative);
        }
    }

    /// Sets the loss's gradient by the logits: cross-entropy to each image's `label(image)`,
    /// times `scale`. Calls `each(image, loss)` for every image in order.
    pub fn cross_entropy(
        &mut self,
        label: impl Fn(usize) -> usize,
        scale: f32,
        mut each: impl FnMut(usize, f32),
    ) {
        if let (Some(logits), Some(gradient)) = (self.outputs.last(), self.gradients.last_mut()) {
            loss::cross_entropy_of_batch(logits, gradient, &label, scale, &mut each);
        }
    }

    /// Writes the gradient by the input after [`Compact::input_gradient`]: 784 numbers an image.
    pub fn write_input_gradient(&self, gradient: &mut [f32]) {
        self.input_gradient.unpack(gradient);
    }

    /// Drops all images but these, given in ascending order: what was computed for them stays.
    pub fn keep_images(&mut self, images: &[usize]) {
        self.outputs.iter_mut().for_each(|outputs| outputs.keep_lines(images));
    }
}

impl Compact {
    /// Runs a batch through the network.
    pub fn forward(&self, input: Input, pass: &mut Pass) {
        let depth = self.depth();
        pass.outputs.resize_with(depth, Right::default);
        pass.gradients.resize_with(depth, Right::default);
        let Pass { input: batch, outputs, room, .. } = pass;
        match input {
            Input::Values(values) => {
                batch.pack(values);
                self.first.any.times(batch, room, &mut outputs[0], as_is);
            }
            Input::Pixels(pixels) => self.first.times_pixels(pixels, room, &mut outputs[0]),
        }
        add_biases(&mut outputs[0], &self.layers[0].biases, depth > 1);
        for (index, layer) in self.layers.iter().enumerate().skip(1) {
            let (before, after) = outputs.split_at_mut(index);
            layer.forward.times(&before[index - 1], room, &mut after[0], |unit, _, sums| {
                add_bias(sums, layer.biases[unit], index + 1 < depth)
            });
        }
    }

    /// Runs a batch of values through the hidden layers, and keeps their pre-activations
    /// (`images × kept units`, one matrix a layer) beside the outputs of [`Pass::outputs`].
    pub fn forward_hidden(
        &self,
        values: ArrayView2<f32>,
        pass: &mut Pass,
        before_relu: &mut Vec<Right>,
    ) {
        let hidden = self.depth() - 1;
        pass.outputs.resize_with(self.depth(), Right::default);
        before_relu.resize_with(hidden, Right::default);
        let Pass { input: batch, outputs, room, .. } = pass;
        batch.pack(values);
        for (index, layer) in self.layers[..hidden].iter().enumerate() {
            let (before, after) = outputs.split_at_mut(index);
            let (weights, inputs) = match index.checked_sub(1) {
                None => (&self.first.any, &*batch),
                Some(below) => (&layer.forward, &before[below]),
            };
            let sums = &mut before_relu[index];
            weights.times(inputs, room, sums, as_is);
            add_biases(sums, &layer.biases, false);
            rectify(sums, &mut after[0]);
        }
    }

    /// From the logits' gradients to the gradient by the input
    /// ([`Pass::write_input_gradient`]).
    pub fn input_gradient(&self, pass: &mut Pass) {
        let Pass { outputs, gradients, input_gradient, room, .. } = pass;
        for index in (1..self.depth()).rev() {
            let (before, after) = gradients.split_at_mut(index);
            let (z, backward) = (&outputs[index - 1], &self.layers[index].backward);
            backward.times(&after[0], room, &mut before[index - 1], |unit, panel, sums| {
                through_relu(sums, &z.panel(panel)[unit])
            });
        }
        self.layers[0].backward.times(&gradients[0], room, input_gradient, as_is);
    }
}
