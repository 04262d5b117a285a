//! Backward linear bounds: CROWN (Zhang et al. 2018, “Efficient neural network robustness
//! certification with general activation functions”, theorem 3.2) for ReLU, which is DeepPoly
//! (Singh et al. 2019, “An abstract domain for certifying neural networks”, section 2).
//!
//! A unit whose sign is not settled, l < y < u, lies between two lines: ReLU(y) ≤ u/(u − l)·(y − l)
//! above, and ReLU(y) ≥ α·y below with α = 1 if u > −l, else 0: the choice that leaves the smaller
//! area, called adaptive (CROWN, section 3.2 and table 3; DeepPoly, figure 4 and after it). What
//! is to be bounded from below, Σ aₖ·ReLU(yₖ), takes the lower line where aₖ ≥ 0 and the upper
//! one elsewhere, and so on down to the pixels, where the worst corner of the box is taken.
//!
//! The bounds l and u of a hidden layer that the lines need come from intervals first (CROWN-IBP,
//! Zhang et al. 2020, “Towards stable and efficient training of verifiably robust neural
//! networks”, section 3.2), which costs little and often is enough; where it is not, they come
//! from backward linear bounds of their own, layer by layer, the tighter of the two unit by unit.

use super::frame::{Frame, Hidden};
use super::ibp::{Bounds, Boxes, Intervals, evaluation_error, interval_margins, logit_errors};
use super::rounding::{SPARE, TINIEST, gamma};
use crate::data::CLASSES;
use crate::kernel::{Left, Right, Wide, as_is, product_into};
use crate::network::Weights;

/// Units that are bounded together, from below and from above: what one step of work is.
const TOGETHER: usize = 64;

/// Pixels whose products are summed in `f32` before they are added to a sum in `f64`.
const PIXELS_TOGETHER: usize = 28;

/// A unit between its two lines.
#[derive(Debug, Clone, Copy)]
struct Line {
    unit: usize,
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
    fn new(unit: usize, [low, high]: [f64; 2], bias: f64, error: f64) -> Self {
        let (lower_slope, upper_slope, intercept) = if low >= 0.0 {
            (1.0, 1.0, 0.0)
        } else {
            // Any slope will do if the line lies above both ends: ReLU is convex. Its own rounding
            // is covered so.
            let slope = ((high / (high - low)) as f32).max(1e-30);
            let (at_low, at_high) = (-f64::from(slope) * low, (1.0 - f64::from(slope)) * high);
            let intercept = if at_low > at_high { at_low } else { at_high };
            (if high > -low { 1.0 } else { 0.0 }, slope, intercept * (1.0 + 1e-14))
        };
        Line { unit, lower_slope, upper_slope, intercept, bias, error }
    }
}

/// A hidden layer whose bounds are known.
#[derive(Debug, Default)]
struct Relaxed {
    /// Of the units that are not 0 everywhere: only they count.
    lines: Vec<Line>,
    /// The weights turned, of those units alone, unless zero weights are left out instead.
    backward: Option<Left>,
    /// What products too small for `f32` can make a bound be off by.
    tiny: f64,
}

impl Relaxed {
    /// Takes the weights of the units that count.
    fn gather(&mut self, whole: &Weights, units: usize) {
        let Weights::Dense(whole) = whole else { return };
        if self.lines.len() == units {
            self.backward = None;
            return;
        }
        let backward = self.backward.get_or_insert_default();
        backward.reshape(whole.lines(), self.lines.len());
        for panel in 0..whole.panels() {
            let from = whole.panel(panel);
            for (to, line) in backward.panel_mut(panel).iter_mut().zip(&self.lines) {
                *to = from[line.unit];
            }
        }
    }

    /// From coefficients on the layer's outputs to those on its pre-activations, of the units that
    /// the weights are of.
    fn apply(&self, outputs: &Right, out: &mut Right, constants: &mut [f64]) {
        let gathered = self.backward.is_some();
        out.reshape(outputs.lines(), if gathered { self.lines.len() } else { outputs.depth() });
        if !gathered {
            out.zero();
        }
        let panels = constants.as_chunks_mut::<{ Right::LINES }>().0.iter_mut();
        for (panel, constants) in panels.enumerate() {
            let (from, to) = (outputs.panel(panel), out.panel_mut(panel));
            for (place, line) in self.lines.iter().enumerate() {
                let from = from[line.unit].as_flattened();
                let to = to[if gathered { place } else { line.unit }].as_flattened_mut();
                for ((from, to), constant) in from.iter().zip(to).zip(&mut *constants) {
                    let below = *from < 0.0;
                    let slope = if below { line.upper_slope } else { line.lower_slope };
                    let intercept = if below { line.intercept } else { 0.0 };
                    *to = from * slope;
                    let after = f64::from(*to);
                    *constant +=
                        f64::from(*from) * intercept + after * line.bias - after.abs() * line.error;
                }
            }
            constants.iter_mut().for_each(|constant| *constant -= self.tiny);
        }
    }
}

/// A stepper: tries to prove one image at one size, and the next one after it.
#[derive(Debug, Default)]
pub(super) struct Crown {
    label: usize,
    /// Classes whose margins are not proven yet.
    classes: Vec<usize>,
    /// The best lower bounds on the margins to the other classes.
    pub margins: [f64; CLASSES],
    /// Whether the hidden layers' bounds are intervals alone.
    quick: bool,
    /// The box of pixels.
    low: Vec<f32>,
    high: Vec<f32>,
    relaxed: Vec<Relaxed>,
    /// The layer under way: bounds are known for good below it.
    layer: usize,
    /// No less than the sum of what the outputs below it can be.
    most_below: f64,
    /// Bounds of every hidden layer as far as they are known.
    pub bounds: Vec<Bounds>,
    /// A box around the inputs of the layer under way.
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
        self.classes.clear();
        self.classes.extend((0..CLASSES).filter(|class| *class != label));
        let pixel = |ends: &Right| (0..ends.depth()).map(|k| ends.get(line, k)).collect();
        (self.low, self.high) = (pixel(&pixels.low), pixel(&pixels.high));
        let units = frame.hidden.first().map_or(0, Hidden::units);
        let units = line * units..(line + 1) * units;
        self.margins = [f64::NEG_INFINITY; CLASSES];
        self.bounds.resize_with(frame.hidden.len(), Bounds::default);
        self.bounds[0] = Bounds {
            low: first.low[units.clone()].to_vec(),
            high: first.high[units.clone()].to_vec(),
            magnitude: first.magnitude[units].to_vec(),
        };
        self.relaxed.resize_with(frame.hidden.len(), Relaxed::default);
        self.begin_pass(true);
    }

    /// Begins at the first layer, whose intervals are as tight as can be: nothing is open in it.
    pub fn begin_pass(&mut self, quick: bool) {
        self.quick = quick;
        self.most_below = self.low.len() as f64;
        (self.layer, self.done) = (0, 0);
        self.open.clear();
    }

    /// Does a small part of the work. Returns whether the image is proven once that is known.
    pub fn step(&mut self, frame: &Frame) -> Option<bool> {
        if self.layer >= frame.hidden.len() {
            let proven = self.prove(frame);
            // A single layer has no bounds that could be tighter.
            if proven || !self.quick || frame.hidden.len() == 1 {
                return Some(proven);
            }
            self.begin_pass(false);
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

    /// Goes on to the end of this pass, whether or not another one follows it.
    #[cfg(test)]
    pub fn finish_pass(&mut self, frame: &Frame) -> bool {
        while self.layer < frame.hidden.len() {
            self.step(frame);
        }
        self.prove(frame)
    }

    /// Takes the lines of the layer under way from its bounds, which are known for good.
    fn relax(&mut self, frame: &Frame) {
        let Crown { bounds, relaxed, layer, boxes, .. } = self;
        let (hidden, relaxed, bounds) =
            (&frame.hidden[*layer], &mut relaxed[*layer], &bounds[*layer]);
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
            let is_zero = high <= 0.0;
            if !is_zero {
                relaxed.lines.push(Line::new(unit, [low, high], *bias, error));
            }
            boxes.set(0, unit, low, high);
            most += magnitude;
        }
        relaxed.gather(&hidden.backward, hidden.units());
        // A coefficient below is off by no more than TINIEST for each of its terms; what it is
        // multiplied with is at most 1 in the first layer, and the outputs of the layer below.
        relaxed.tiny = TINIEST * most;
        relaxed.tiny += TINIEST * (hidden.units() + 2) as f64 * self.most_below;
        self.most_below = (0..hidden.units()).map(|unit| f64::from(boxes.high.get(0, unit))).sum();
    }

    /// Begins a layer: intervals from the bounds below, and which units they leave open.
    fn open_layer(&mut self, frame: &Frame) {
        let hidden = &frame.hidden[self.layer];
        let Crown { intervals, boxes, open, .. } = self;
        let bounds = &mut self.bounds[self.layer];
        intervals.pre_activations(hidden, boxes, bounds);
        open.clear();
        self.done = 0;
        if self.quick {
            return;
        }
        // Where the sign is settled, tighter bounds would change nothing but what rounding costs.
        let is_open = |unit: &usize| bounds.low[*unit] < 0.0 && bounds.high[*unit] > 0.0;
        open.extend((0..hidden.units()).filter(is_open));
    }

    /// Bounds the next open units of the layer under way, from below and from above.
    fn bound_units(&mut self, frame: &Frame) {
        let hidden = &frame.hidden[self.layer];
        let end = self.open.len().min(self.done + TOGETHER);
        let Crown { rows, open, done, constants, bounds, .. } = self;
        let bounds = &bounds[self.layer];
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
        let Crown { open, done, constants, .. } = self;
        let bounds = &mut self.bounds[self.layer];
        for (unit, ends) in open[*done..end].iter().zip(constants.as_chunks::<2>().0) {
            bounds.low[*unit] = bounds.low[*unit].max(ends[0]);
            bounds.high[*unit] = bounds.high[*unit].min(-ends[1]);
        }
        *done = end;
    }

    /// Whether every margin is above 0, by the tighter of the intervals and the lines.
    fn prove(&mut self, frame: &Frame) -> bool {
        let Crown { classes, rows, constants, bounds, label, margins, .. } = self;
        let bounds = &bounds[frame.hidden.len() - 1];
        let raise = |margins: &mut [f64; CLASSES], class: usize, bound: f64| {
            // A NaN is never the larger one.
            margins[class] = margins[class].max(bound);
        };
        let by_intervals = interval_margins(frame, &bounds.low, &bounds.high, *label);
        classes.iter().for_each(|class| raise(margins, *class, by_intervals[*class]));
        classes.retain(|class| margins[*class] <= 0.0);
        let errors = logit_errors(frame, &bounds.high);
        let units = frame.output.ncols();
        rows.reshape(classes.len(), units);
        constants.clear();
        for (row, class) in classes.iter().enumerate() {
            for unit in 0..units {
                let weight = frame.output[[*label, unit]] - frame.output[[*class, unit]];
                rows.set(row, unit, weight as f32);
            }
            let bias = frame.output_biases[*label] - frame.output_biases[*class];
            constants.push(bias - errors[*label] - errors[*class]);
        }
        self.bound_rows(frame, frame.hidden.len());
        let Crown { classes, constants, margins, .. } = self;
        let bounds = classes.iter().zip(constants);
        bounds.for_each(|(class, bound)| raise(margins, *class, *bound));
        classes.retain(|class| margins[*class] <= 0.0);
        classes.is_empty()
    }

    /// Lower bounds of all rows, whose coefficients are on the outputs of the last of `layers`
    /// hidden layers; they end in `constants`, where what stands beside the coefficients was.
    fn bound_rows(&mut self, frame: &Frame, layers: usize) {
        let Crown { rows, next, constants, relaxed, room, low, high, .. } = self;
        let count = rows.lines();
        constants.resize(rows.panels() * Right::LINES, 0.0);
        for (hidden, relaxed) in frame.hidden.iter().zip(relaxed).take(layers).rev() {
            relaxed.apply(rows, next, constants);
            match &relaxed.backward {
                Some(backward) => product_into(backward, next, rows, as_is),
                None => hidden.backward.times(next, room, rows, as_is),
            }
        }
        add_corners(rows, low, high, constants);
        constants.truncate(count);
        // What overflowed says nothing.
        let overflowed = |constant: &&mut f64| !constant.is_finite();
        constants.iter_mut().filter(overflowed).for_each(|constant| *constant = f64::NEG_INFINITY);
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
