//! Interval bound propagation (Gowal et al. 2018, “On the effectiveness of interval bound
//! propagation for training verifiably robust models”, equations 6 to 9; Mirman, Gehr & Vechev
//! 2018, “Differentiable abstract interpretation for provably robust neural networks”): a box
//! around what the units can be, carried from layer to layer. The last layer is folded into the
//! margins between the label's logit and the others, as Gowal et al. do in section 3.

use super::frame::{Frame, Hidden};
use super::rounding::{LARGEST, SPARE, TINIEST, UNIT, down, gamma, up};
use crate::data::CLASSES;
use crate::kernel::{Right, Wide, as_is};

/// A box around the inputs of a layer for every line: none of them is below 0.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    pub low: Right,
    pub high: Right,
}

impl Boxes {
    /// Gives the boxes a shape; what they then are is not said.
    pub fn reshape(&mut self, lines: usize, inputs: usize) {
        self.low.reshape(lines, inputs);
        self.high.reshape(lines, inputs);
    }

    /// Sets one side of a box, a little wider if `f32` wants it so, and cut off at 0: the outputs
    /// of a ReLU from bounds on its pre-activation.
    pub fn set(&mut self, line: usize, input: usize, low: f64, high: f64) {
        self.low.set(line, input, down(low));
        self.high.set(line, input, up(high));
    }
}

/// Bounds on the pre-activations of a layer, line by line.
#[derive(Debug, Default, Clone)]
pub(super) struct Bounds {
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// No less than the sum of the magnitudes that are added up for a unit, its bias included.
    pub magnitude: Vec<f64>,
}

impl Bounds {
    fn clear(&mut self) {
        self.low.clear();
        self.high.clear();
        self.magnitude.clear();
    }
}

/// How far a unit's pre-activation as it is evaluated can lie from the exact one: the products,
/// as many additions less one, and the bias.
pub(super) fn evaluation_error(inputs: usize, magnitude: f64) -> f64 {
    gamma(inputs + 1 + SPARE) * magnitude + inputs as f64 * TINIEST
}

/// Carries boxes through layers. Its memory is kept.
#[derive(Debug, Default)]
pub(super) struct Intervals {
    centre: Right,
    radius: Right,
    /// Weights times centres, magnitudes times radii, magnitudes times upper ends.
    sums: [Right; 3],
    room: Wide,
    boxes: Boxes,
    bounds: Bounds,
}

impl Intervals {
    /// Bounds on the pre-activations of a layer, as they are evaluated, from boxes around its
    /// inputs.
    pub fn pre_activations(&mut self, layer: &Hidden, boxes: &Boxes, bounds: &mut Bounds) {
        let Intervals { centre, radius, sums: [middles, radii, sizes], room, .. } = self;
        split(boxes, centre, radius);
        layer.forward.times(centre, room, middles, as_is);
        layer.magnitudes.times(radius, room, radii, as_is);
        layer.magnitudes.times(&boxes.high, room, sizes, as_is);
        bounds.clear();
        let (inputs, lines) = (layer.inputs, boxes.low.lines());
        // What the three sums themselves are off by.
        let (off, tiny) = (gamma(inputs + SPARE), inputs as f64 * TINIEST);
        for line in 0..lines {
            let mut fits = true;
            for (unit, bias) in layer.biases.iter().enumerate() {
                let sum = |sums: &Right| f64::from(sums.get(line, unit));
                let size = sum(sizes) * (1.0 + 2.0 * off) + tiny;
                let radius = sum(radii) * (1.0 + 2.0 * off) + tiny;
                let magnitude = size + bias.abs();
                let reach = radius + off * size + tiny + evaluation_error(inputs, magnitude);
                let middle = sum(middles) + bias;
                bounds.low.push(middle - reach);
                bounds.high.push(middle + reach);
                bounds.magnitude.push(magnitude);
                fits &= magnitude < LARGEST;
            }
            if !fits {
                // A sum may overflow: from here on nothing is known of this line.
                let units = line * layer.units()..;
                bounds.low[units.clone()].fill(f64::NEG_INFINITY);
                bounds.high[units.clone()].fill(f64::INFINITY);
                bounds.magnitude[units].fill(f64::INFINITY);
            }
        }
    }

    /// For every line, whether intervals prove that its label is read everywhere in its box of
    /// pixels. `pixels` is left as it is.
    pub fn prove(&mut self, frame: &Frame, pixels: &Boxes, labels: &[usize]) -> Vec<bool> {
        let (mut boxes, mut bounds) =
            (std::mem::take(&mut self.boxes), std::mem::take(&mut self.bounds));
        for (index, layer) in frame.hidden.iter().enumerate() {
            self.pre_activations(layer, if index == 0 { pixels } else { &boxes }, &mut bounds);
            let units = layer.units();
            boxes.reshape(labels.len(), units);
            for (place, (low, high)) in bounds.low.iter().zip(&bounds.high).enumerate() {
                boxes.set(place / units, place % units, *low, *high);
            }
        }
        let units = frame.output.ncols();
        let proven = labels.iter().enumerate().map(|(line, label)| {
            let line = line * units..(line + 1) * units;
            let margins =
                interval_margins(frame, &bounds.low[line.clone()], &bounds.high[line], *label);
            margins.iter().all(|margin| *margin > 0.0)
        });
        let proven = proven.collect();
        (self.boxes, self.bounds) = (boxes, bounds);
        proven
    }
}

/// Centres and radii of boxes, the radii a little larger.
fn split(boxes: &Boxes, centre: &mut Right, radius: &mut Right) {
    /// Far below anything that matters, and far above what `f32` cannot hold exactly any more.
    const LEAST: f32 = 1e-30;
    /// Three operations can each lose half a unit of the last place.
    const WIDER: f32 = 1.0 + 4.0 * UNIT as f32;
    let (lines, inputs) = (boxes.low.lines(), boxes.low.depth());
    centre.reshape(lines, inputs);
    radius.reshape(lines, inputs);
    for panel in 0..boxes.low.panels() {
        let ends = boxes.low.panel(panel).iter().zip(boxes.high.panel(panel));
        let targets = centre.panel_mut(panel).iter_mut().zip(radius.panel_mut(panel));
        for ((low, high), (centre, radius)) in ends.zip(targets) {
            let ends = low.as_flattened().iter().zip(high.as_flattened());
            let targets = centre.as_flattened_mut().iter_mut().zip(radius.as_flattened_mut());
            for ((low, high), (centre, radius)) in ends.zip(targets) {
                // Between the ends, because rounding keeps the order.
                *centre = 0.5 * (low + high);
                let (above, below) = (high - *centre, *centre - low);
                *radius = WIDER * (if above > below { above } else { below }) + LEAST;
            }
        }
    }
}

/// How far every logit as it is evaluated can lie from the exact one, with one unit more for the
/// rounding of differences of weights.
pub(super) fn logit_errors(frame: &Frame, high: &[f64]) -> [f64; CLASSES] {
    let mut errors = [f64::INFINITY; CLASSES];
    let rows = frame.output.rows().into_iter().zip(&frame.output_biases);
    for (error, (row, bias)) in errors.iter_mut().zip(rows) {
        let products = row.iter().zip(high).map(|(weight, high)| weight.abs() * high.max(0.0));
        let magnitude = products.sum::<f64>() + bias.abs();
        if magnitude < LARGEST {
            *error = evaluation_error(high.len() + 1, magnitude);
        }
    }
    errors
}

/// Lower bounds on the margins between the label's logit and every other, as they are evaluated,
/// from bounds on the last pre-activations; the label's own is infinite.
pub(super) fn interval_margins(
    frame: &Frame,
    low: &[f64],
    high: &[f64],
    label: usize,
) -> [f64; CLASSES] {
    let errors = logit_errors(frame, high);
    let mut margins = [f64::INFINITY; CLASSES];
    for (class, margin) in margins.iter_mut().enumerate().filter(|(class, _)| *class != label) {
        let mut sum = frame.output_biases[label] - frame.output_biases[class];
        let rows = frame.output.row(label).into_iter().zip(frame.output.row(class));
        for ((chosen, other), (low, high)) in rows.zip(low.iter().zip(high)) {
            let weight = chosen - other;
            sum += weight * if weight < 0.0 { high.max(0.0) } else { low.max(0.0) };
        }
        *margin = sum - errors[label] - errors[class];
    }
    margins
}
