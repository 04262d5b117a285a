//! Backward linear bounds: CROWN (Zhang et al. 2018, “Efficient neural network robustness
//! certification with general activation functions”, theorem 3.2) for ReLU, which is DeepPoly
//! (Singh et al. 2019, “An abstract domain for certifying neural networks”, section 2).
//!
//! A unit whose sign is not settled, l < y < u, lies between two lines: ReLU(y) ≤ u/(u − l)·(y − l)
//! above, and ReLU(y) ≥ α·y below with α = 1 if u > −l, else 0: the choice that leaves the smaller
//! area, called adaptive (CROWN, section 3.2 and table 3; DeepPoly, figure 4 and after it). What
//! is to be bounded from below, Σ aₖ·ReLU(yₖ), takes the lower line where aₖ ≥ 0 and the upper
//! one elsewhere, and so on down to the pixels, where the worst corner of the box is taken.

use super::frame::{Frame, Hidden};
use super::ibp::{Bounds, Boxes, Intervals, evaluation_error, logit_errors, margins};
use super::rounding::{SPARE, TINIEST, gamma};
use crate::data::CLASSES;
use crate::kernel::{Right, Wide, as_is};

/// Units that are bounded together, from below and from above: what one step of work is.
const TOGETHER: usize = 64;

/// Pixels whose products are summed in `f32` before they are added to a sum in `f64`.
const PIXELS_TOGETHER: usize = 28;

/// A unit between its two lines.
#[derive(Debug, Clone, Copy)]
struct Line {
    lower_slope: f32,
    upper_slope: f32,
    /// What the upper line is at 0; the lower one goes through 0.
    intercept: f64,
    bias: f64,
    /// What a coefficient of 1 on this unit can make a bound be off by: its own evaluation in
    /// `f32`, and that of the coefficients below it.
    error: f64,
}

impl Line {
    /// The lines for a pre-activation from `low` to `high`.
    fn new(low: f64, high: f64, bias: f64, error: f64) -> Self {
        let (lower_slope, upper_slope, intercept) = if low >= 0.0 {
            (1.0, 1.0, 0.0)
        } else if high <= 0.0 {
            (0.0, 0.0, 0.0)
        } else {
            // Any slope will do if the line lies above both ends: ReLU is convex. Its own rounding
            // is covered so.
            let slope = ((high / (high - low)) as f32).max(1e-30);
            let (at_low, at_high) = (-f64::from(slope) * low, (1.0 - f64::from(slope)) * high);
            let intercept = if at_low > at_high { at_low } else { at_high };
            (if high > -low { 1.0 } else { 0.0 }, slope, intercept * (1.0 + 1e-14))
        };
        Line { lower_slope, upper_slope, intercept, bias, error }
    }
}

/// A hidden layer whose bounds are known.
#[derive(Debug, Default)]
struct Relaxed {
    lines: Vec<Line>,
    /// What products too small for `f32` can make a bound be off by.
    tiny: f64,
}

/// A stepper: tries to prove one image at one size, and the next one after it.
#[derive(Debug, Default)]
pub(super) struct Crown {
    label: usize,
    /// The box of pixels.
    low: Vec<f32>,
    high: Vec<f32>,
    relaxed: Vec<Relaxed>,
    /// The layer under way: bounds are known for good below it.
    layer: usize,
    /// No less than the sum of what the outputs below it can be.
    most_below: f64,
    /// Bounds of the layer under way, and a box around its inputs.
    bounds: Bounds,
    boxes: Boxes,
    /// Units of it whose sign the intervals leave open, and how many of them are done.
    open: Vec<usize>,
    done: usize,
    /// Coefficients of the rows being bounded: rows × units.
    rows: Right,
    next: Right,
    /// What stands beside the coefficients, a number for each row.
    constants: Vec<f64>,
    intervals: Intervals,
    room: Wide,
}

impl Crown {
    /// Begins with one line of boxes and of the first layer's bounds.
    pub fn begin(
        &mut self,
        frame: &Frame,
        pixels: &Boxes,
        first: &Bounds,
        line: usize,
        label: usize,
    ) {
        self.label = label;
        let pixel = |ends: &Right| (0..ends.depth()).map(|k| ends.get(line, k)).collect();
        (self.low, self.high) = (pixel(&pixels.low), pixel(&pixels.high));
        self.most_below = self.low.len() as f64;
        let units = frame.hidden.first().map_or(0, Hidden::units);
        let units = line * units..(line + 1) * units;
        self.bounds = Bounds {
            low: first.low[units.clone()].to_vec(),
            high: first.high[units.clone()].to_vec(),
            magnitude: first.magnitude[units].to_vec(),
        };
        self.relaxed.resize_with(frame.hidden.len(), Relaxed::default);
        // The first layer's intervals are as tight as can be: nothing is open in it.
        (self.layer, self.done) = (0, 0);
        self.open.clear();
    }

    /// Does a small part of the work. Returns whether the image is proven once that is known.
    pub fn step(&mut self, frame: &Frame) -> Option<bool> {
        if self.layer >= frame.hidden.len() {
            return Some(self.prove(frame));
        }
        if self.done < self.open.len() {
            self.bound_units(frame);
        }
        if self.done >= self.open.len() {
            self.relax(frame);
            self.layer += 1;
            if self.layer < frame.hidden.len() {
                self.open_layer(frame);
            }
        }
        None
    }

    /// Takes the lines of the layer under way from its bounds, which are known for good.
    fn relax(&mut self, frame: &Frame) {
        let Crown { bounds, relaxed, layer, boxes, .. } = self;
        let (Some(hidden), Some(relaxed)) = (frame.hidden.get(*layer), relaxed.get_mut(*layer))
        else {
            return;
        };
        // In the first layer's case the sum over the pixels comes after the one over the units.
        let pixels = if *layer == 0 { PIXELS_TOGETHER + 1 } else { 0 };
        // The product of coefficient and slope, and the sum of the coefficients below.
        let backward = gamma(hidden.units() + pixels + 1 + SPARE);
        boxes.reshape(1, hidden.units());
        relaxed.lines.clear();
        let mut most = 0.0;
        for (unit, bias) in hidden.biases.iter().enumerate() {
            let (low, high) = (bounds.low[unit], bounds.high[unit]);
            let magnitude = bounds.magnitude[unit];
            let error = evaluation_error(hidden.inputs, magnitude) + backward * magnitude;
            relaxed.lines.push(Line::new(low, high, *bias, error));
            boxes.set(0, unit, low, high);
            most += magnitude;
        }
        // A coefficient below is off by no more than TINIEST for each of its terms; what it is
        // multiplied with is at most 1 in the first layer, and the outputs of the layer below.
        relaxed.tiny = TINIEST * most;
        relaxed.tiny += TINIEST * (hidden.units() + 2) as f64 * self.most_below;
        self.most_below = (0..hidden.units()).map(|unit| f64::from(boxes.high.get(0, unit))).sum();
    }

    /// Begins a layer: intervals from the bounds below, and which units they leave open.
    fn open_layer(&mut self, frame: &Frame) {
        let Some(hidden) = frame.hidden.get(self.layer) else { return };
        let Crown { intervals, boxes, bounds, open, .. } = self;
        intervals.pre_activations(hidden, boxes, bounds);
        open.clear();
        // Where the sign is settled, tighter bounds would change nothing but what rounding costs.
        let is_open = |unit: &usize| bounds.low[*unit] < 0.0 && bounds.high[*unit] > 0.0;
        open.extend((0..hidden.units()).filter(is_open));
        self.done = 0;
    }

    /// Bounds the next open units of the layer under way, from below and from above.
    fn bound_units(&mut self, frame: &Frame) {
        let Some(hidden) = frame.hidden.get(self.layer) else { return };
        let end = self.open.len().min(self.done + TOGETHER);
        let Crown { rows, open, done, constants, bounds, .. } = self;
        let units = &open[*done..end];
        // An upper bound on a unit is a lower bound on its negative.
        rows.reshape(2 * units.len(), hidden.inputs);
        constants.clear();
        for (place, unit) in units.iter().enumerate() {
            for input in 0..hidden.inputs {
                let weight = hidden.rows.get(*unit, input);
                rows.set(2 * place, input, weight);
                rows.set(2 * place + 1, input, -weight);
            }
            let error = evaluation_error(hidden.inputs, bounds.magnitude[*unit]);
            let bias = hidden.biases[*unit];
            constants.extend([bias - error, -bias - error]);
        }
        self.bound_rows(frame, self.layer);
        let Crown { open, done, constants, bounds, .. } = self;
        for (unit, ends) in open[*done..end].iter().zip(constants.as_chunks::<2>().0) {
            // A sum that overflowed says nothing.
            if ends[0].is_finite() && ends[0] > bounds.low[*unit] {
                bounds.low[*unit] = ends[0];
            }
            if ends[1].is_finite() && -ends[1] < bounds.high[*unit] {
                bounds.high[*unit] = -ends[1];
            }
        }
        *done = end;
    }

    /// Whether every margin is above 0, by the tighter of the intervals and the lines.
    fn prove(&mut self, frame: &Frame) -> bool {
        let (label, bounds) = (self.label, &self.bounds);
        let units = frame.output.ncols();
        let by_intervals = margins(frame, &bounds.low, &bounds.high, label);
        let left = |class: &usize| !(by_intervals[*class] > 0.0);
        let classes: Vec<usize> = (0..CLASSES).filter(left).collect();
        if classes.is_empty() {
            return true;
        }
        let errors = logit_errors(frame, &bounds.high);
        self.rows.reshape(classes.len(), units);
        self.constants.clear();
        for (row, class) in classes.iter().enumerate() {
            for unit in 0..units {
                let weight = frame.output[[label, unit]] - frame.output[[*class, unit]];
                self.rows.set(row, unit, weight as f32);
            }
            let bias = frame.output_biases[label] - frame.output_biases[*class];
            self.constants.push(bias - errors[label] - errors[*class]);
        }
        self.bound_rows(frame, frame.hidden.len());
        self.constants.iter().all(|margin| margin.is_finite() && *margin > 0.0)
    }

    /// Lower bounds of all rows, whose coefficients are on the outputs of the last of `layers`
    /// hidden layers; they end in `constants`, where what stands beside the coefficients was.
    fn bound_rows(&mut self, frame: &Frame, layers: usize) {
        let Crown { rows, next, constants, relaxed, room, low, high, .. } = self;
        let count = rows.lines();
        constants.resize(rows.panels() * Right::LINES, 0.0);
        for (hidden, relaxed) in frame.hidden.iter().zip(relaxed).take(layers).rev() {
            through_lines(rows, &relaxed.lines, constants);
            constants.iter_mut().for_each(|constant| *constant -= relaxed.tiny);
            hidden.backward.times(rows, room, next, as_is);
            std::mem::swap(rows, next);
        }
        add_corners(rows, low, high, constants);
        constants.truncate(count);
    }
}

/// From coefficients on a layer's outputs to those on its pre-activations.
fn through_lines(rows: &mut Right, lines: &[Line], constants: &mut [f64]) {
    for (panel, constants) in constants.as_chunks_mut::<{ Right::LINES }>().0.iter_mut().enumerate()
    {
        for (row, line) in rows.panel_mut(panel).iter_mut().zip(lines) {
            for (coefficient, constant) in row.as_flattened_mut().iter_mut().zip(&mut *constants) {
                let before = *coefficient;
                let below = before < 0.0;
                let slope = if below { line.upper_slope } else { line.lower_slope };
                let intercept = if below { line.intercept } else { 0.0 };
                *coefficient = before * slope;
                let after = f64::from(*coefficient);
                *constant +=
                    f64::from(before) * intercept + after * line.bias - after.abs() * line.error;
            }
        }
    }
}

/// Adds the least that coefficients on the pixels can come to in the box.
fn add_corners(rows: &Right, low: &[f32], high: &[f32], constants: &mut [f64]) {
    for (panel, constants) in constants.as_chunks_mut::<{ Right::LINES }>().0.iter_mut().enumerate()
    {
        let ends = low.chunks(PIXELS_TOGETHER).zip(high.chunks(PIXELS_TOGETHER));
        for (rows, (low, high)) in rows.panel(panel).chunks(PIXELS_TOGETHER).zip(ends) {
            let mut sums = [0.0f32; Right::LINES];
            for (row, (low, high)) in rows.iter().zip(low.iter().zip(high)) {
                for (sum, coefficient) in sums.iter_mut().zip(row.as_flattened()) {
                    let end = if *coefficient < 0.0 { high } else { low };
                    *sum += coefficient * end;
                }
            }
            for (constant, sum) in constants.iter_mut().zip(sums) {
                *constant += f64::from(sum);
            }
        }
    }
}
