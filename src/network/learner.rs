//! The network while it is trained: forward, backward to every weight, and the optimiser's step,
//! which is taken as each gradient leaves its product.

use super::activation::{add_bias, add_biases, load, through_relu};
use super::compact::{Kept, acting};
use super::first::First;
use super::{Mlp, Optimiser, loss};
use crate::data::CLASSES;
use crate::kernel::{LANES, Lanes, Left, Panels, Right, SparseRows, Wide, product, product_into};

/// A network in training, what is pruned left out.
#[derive(Debug, Clone)]
pub struct Learner {
    kept: Kept,
    pub(super) first: First,
    later: Vec<Later>,
    biases: Vec<Vec<[f32; LANES]>>,
    /// Outputs of each layer (`images × outputs`), and the loss's gradient by its pre-activation.
    outputs: Vec<Right>,
    gradients: Vec<Right>,
}

/// A later layer.
#[derive(Debug, Clone, Default)]
struct Later {
    /// Outputs × inputs.
    weights: Left,
    mask: Option<Left>,
    /// Inputs × outputs: the weights again, for the way back.
    turned: Left,
    /// Inputs × images.
    inputs: Left,
    /// Outputs × images.
    gradient: Right,
    /// The weights' gradient of eight outputs (outputs × inputs).
    some: Left,
}

impl Learner {
    /// The part of a network that acts.
    pub fn new(network: &Mlp) -> Self {
        let kept = Kept::of(network);
        let mut learner = Learner {
            first: First::default(),
            later: Vec::new(),
            biases: Vec::new(),
            outputs: vec![Right::default(); network.layers.len()],
            gradients: vec![Right::default(); network.layers.len()],
            kept,
        };
        for (index, layer) in network.layers.iter().enumerate() {
            let places = learner.kept.places(network, index);
            let (outputs, inputs) = (places.0.len(), places.1.len());
            let mask = |output: usize, input: usize| {
                f32::from(u8::from(layer.keeps_weight(places.0[output], places.1[input])))
            };
            let masked = layer.has_mask();
            if index == 0 {
                let weights = Wide::filled(outputs, inputs, &acting(layer, &places));
                learner.first =
                    First::new(weights, masked.then(|| Wide::filled(outputs, inputs, &mask)));
            } else {
                let mut later = Later::default();
                later.weights.fill(outputs, inputs, &acting(layer, &places));
                later.turned.transpose_from(&later.weights);
                later.mask = masked.then(|| Left::filled(outputs, inputs, &mask));
                learner.later.push(later);
            }
            let bias = |place| places.0.get(place).map_or(0.0, |output| layer.biases[*output]);
            let four = |first: usize| std::array::from_fn(|lane| bias(first + lane));
            learner.biases.push((0..outputs).step_by(LANES).map(four).collect());
        }
        learner
    }

    /// Lengths of the tensors that an optimiser updates, in fours: weights and biases of each
    /// layer in turn.
    pub fn tensors(&self) -> impl Iterator<Item = usize> {
        let later = self.later.iter().map(|layer| layer.weights.rows().len());
        let weights = std::iter::once(self.first.fours().len()).chain(later);
        weights.zip(&self.biases).flat_map(|(weights, biases)| [weights, biases.len()])
    }

    /// Runs a batch forward and takes the mean loss's gradient by the logits. Returns the sum of
    /// the losses.
    pub fn forward(&mut self, pixels: &SparseRows, label: &dyn Fn(usize) -> usize) -> f64 {
        self.run(pixels);
        self.cross_entropy(label, 1.0 / pixels.rows() as f32)
    }

    /// Runs a batch forward, to the logits.
    pub fn run(&mut self, pixels: &SparseRows) {
        let Learner { first, later, biases, outputs, .. } = self;
        first.run(pixels, &mut outputs[0]);
        let last = later.len();
        add_biases(&mut outputs[0], biases[0].as_flattened(), last > 0);
        for (index, layer) in (1..).zip(later) {
            let (before, after) = outputs.split_at_mut(index);
            let biases = biases[index].as_flattened();
            product_into(&layer.weights, &before[index - 1], &mut after[0], |unit, _, sums| {
                add_bias(sums, biases[unit], index < last)
            });
        }
    }

    /// Sets the loss's gradient by the logits: `scale` times that of the cross-entropy to each
    /// image's label. Returns the sum of the cross-entropies.
    pub fn cross_entropy(&mut self, label: &dyn Fn(usize) -> usize, scale: f32) -> f64 {
        self.cross_entropy_from(0, label, scale)
    }

    /// [`Learner::cross_entropy`] of the batch's images from `first` on: those before, which need
    /// labels as well, do not count in the loss.
    pub fn cross_entropy_from(
        &mut self,
        first: usize,
        label: &dyn Fn(usize) -> usize,
        scale: f32,
    ) -> f64 {
        let last = self.later.len();
        let mut sum = 0.0;
        let add = &mut |image, loss| {
            if image >= first {
                sum += f64::from(loss);
            }
        };
        let gradient = &mut self.gradients[last];
        loss::cross_entropy_of_batch(&self.outputs[last], gradient, label, scale, add);
        for image in 0..first {
            (0..CLASSES).for_each(|class| gradient.set(image, class, 0.0));
        }
        sum
    }

    /// The logits of one image of the batch just run.
    pub fn logits_of(&self, image: usize) -> [f32; CLASSES] {
        let logits = self.outputs.last();
        std::array::from_fn(|class| logits.map_or(0.0, |logits| logits.get(image, class)))
    }

    /// Sets the loss's gradient by the logits: `derivative(image, class)`.
    pub fn set_logit_gradients(&mut self, images: usize, derivative: &dyn Fn(usize, usize) -> f32) {
        if let Some(gradient) = self.gradients.last_mut() {
            gradient.fill(images, CLASSES, derivative);
        }
    }

    /// Outputs of a layer for the batch just run (`images × kept units`, post-ReLU; logits for the
    /// last layer).
    pub fn outputs(&self, layer: usize) -> &Right {
        &self.outputs[layer]
    }

    /// The loss's gradient by a layer's pre-activations (`images × kept units`), after
    /// [`Learner::carry_back`]; where a unit speaks it is the one by its output.
    pub fn gradients(&self, layer: usize) -> &Right {
        &self.gradients[layer]
    }

    /// Carries the gradient by the logits back to every layer's pre-activations.
    ///
    /// `extra` is empty, or holds for each hidden layer what is to be added to the gradient by its
    /// outputs (`images × kept units`): that of a part of the loss that looks at them directly.
    pub fn carry_back(&mut self, extra: &[Right]) {
        let Learner { later, outputs, gradients, .. } = self;
        for index in (1..=later.len()).rev() {
            let (before, after) = gradients.split_at_mut(index);
            let (z, turned) = (&outputs[index - 1], &later[index - 1].turned);
            let extra = extra.get(index - 1);
            product_into(turned, &after[0], &mut before[index - 1], |unit, panel, sums| {
                let sums = match extra {
                    None => sums,
                    Some(extra) => {
                        let [low, high] = load(&extra.panel(panel)[unit]);
                        [sums[0] + low, sums[1] + high]
                    }
                };
                through_relu(sums, &z.panel(panel)[unit])
            });
        }
    }

    /// Carries the gradient back through the batch just run forward, and lets the optimiser
    /// change every weight and bias.
    pub fn backward(&mut self, pixels: &SparseRows, optimiser: &mut Optimiser) {
        // All gradients by pre-activations first: they need the weights as they were.
        self.carry_back(&[]);
        self.update(pixels, optimiser);
    }

    /// After [`Learner::carry_back`]: hands every gradient of a weight or bias to the optimiser.
    ///
    /// With [`super::Rule::Sum`] it keeps them and changes nothing.
    pub fn update(&mut self, pixels: &SparseRows, optimiser: &mut Optimiser) {
        optimiser.begin_step();
        let Learner { first, later, biases, outputs, gradients, .. } = self;
        let gradient = first.update(pixels, &gradients[0], optimiser);
        update_biases(gradient, &mut biases[0], 1, optimiser);
        for (index, layer) in (1..).zip(later) {
            layer.gradient.transpose_from(&gradients[index]);
            layer.inputs.transpose_from(&outputs[index - 1]);
            layer.update(2 * index, optimiser);
            update_biases(&layer.gradient, &mut biases[index], 2 * index + 1, optimiser);
        }
    }

    /// After [`Learner::carry_back`]: writes the gradient by the input, 784 numbers an image.
    ///
    /// [`Learner::turn`] must have been called since the weights last changed.
    pub fn input_gradient(&mut self, gradient: &mut [f32]) {
        self.first.input_gradient(&self.gradients[0], gradient);
    }

    /// Makes the first layer ready for [`Learner::input_gradient`].
    pub fn turn(&mut self) {
        self.first.turn();
    }

    /// Looks for zeros among the first layer's weights, and leaves them out of its products until
    /// weights change, if it saves time. No bit changes (see [`crate::kernel`]).
    pub fn leave_out_zeros(&mut self) {
        self.first.leave_out_zeros();
    }

    /// The numbers of a tensor (see [`Learner::tensors`]) as they lie in memory; what they stand
    /// for is told by [`Learner::places`].
    pub fn tensor(&self, tensor: usize) -> &[[f32; LANES]] {
        match (tensor / 2, tensor % 2) {
            (layer, 1) => &self.biases[layer],
            (0, _) => self.first.fours(),
            (layer, _) => self.later[layer - 1].weights.rows().as_flattened(),
        }
    }

    /// Changes a tensor's numbers; what the way back needs of them is made anew.
    pub fn change_tensor(&mut self, tensor: usize, change: impl FnOnce(&mut [[f32; LANES]])) {
        match (tensor / 2, tensor % 2) {
            (layer, 1) => change(&mut self.biases[layer]),
            (0, _) => change(self.first.fours_mut()),
            (layer, _) => {
                let Later { weights, turned, .. } = &mut self.later[layer - 1];
                let panels = 0..weights.panels();
                change(weights.part_mut(panels).as_flattened_mut());
                turned.transpose_from(weights);
            }
        }
    }

    /// For every number of a layer's weights in the order of [`Learner::tensor`], which of the
    /// whole network's outputs and inputs it connects; none where it is padding.
    pub fn places(&self, network: &Mlp, layer: usize) -> Vec<Option<(usize, usize)>> {
        let (outputs, inputs) = self.kept.places(network, layer);
        let lines = if layer == 0 { Wide::LINES } else { Left::LINES };
        let first_lines = (0..outputs.len()).step_by(lines);
        let panel = |first: usize| {
            let (outputs, inputs) = (&outputs, &inputs);
            inputs.iter().flat_map(move |input| {
                let output = move |line| outputs.get(first + line).map(|output| (*output, *input));
                (0..lines).map(output)
            })
        };
        first_lines.flat_map(panel).collect()
    }

    /// Writes the weights and biases back; what is pruned keeps the values it had.
    pub fn write_back(&self, network: &mut Mlp) {
        for index in 0..network.layers.len() {
            let (outputs, inputs) = self.kept.places(network, index);
            let layer = network.layer_mut(index);
            for (row, output) in outputs.iter().enumerate() {
                layer.biases[*output] = self.biases[index].as_flattened()[row];
                for (column, input) in inputs.iter().enumerate() {
                    if layer.keeps_weight(*output, *input) {
                        layer.weights[[*output, *input]] = match index.checked_sub(1) {
                            None => self.first.weight(row, column),
                            Some(later) => self.later[later].weights.get(row, column),
                        };
                    }
                }
            }
        }
    }
}

impl Later {
    fn update(&mut self, tensor: usize, optimiser: &mut Optimiser) {
        let Later { weights, mask, turned, inputs, gradient, some } = self;
        let mut update = optimiser.weights(tensor);
        let depth = weights.depth();
        some.reshape(Right::LINES, depth);
        product(inputs, gradient, |input, output, tile| {
            let end = depth.min(input + LANES);
            // Four outputs to a panel of weights, eight to a tile.
            for half in 0..2 {
                let targets = some.panel_mut(half)[input..end].iter_mut();
                targets.zip(tile).for_each(|(to, row)| *to = [row[half].to_array()]);
            }
            if end == depth {
                let panel = output / LANES;
                let panels = panel..weights.panels().min(panel + 2);
                let mask = mask.as_ref().map(|mask| mask.part(panels.clone()).as_flattened());
                let values = weights.part_mut(panels).as_flattened_mut();
                update.apply(panel * depth, values, some.rows().as_flattened(), mask);
            }
        });
        turned.transpose_from(weights);
    }
}

/// A bias's gradient is the sum of its unit's (`outputs × images`) over the images.
fn update_biases<const M: usize>(
    gradient: &Panels<M>,
    biases: &mut [[f32; LANES]],
    tensor: usize,
    optimiser: &mut Optimiser,
) {
    let mut update = optimiser.biases(tensor);
    for (place, biases) in biases.iter_mut().enumerate() {
        let rows = gradient.panel(place / M).iter();
        let sum = rows.fold(Lanes::zero(), |sum, row| sum + Lanes::load(&row[place % M]));
        update.apply(place, std::slice::from_mut(biases), &[sum.to_array()], None);
    }
}
