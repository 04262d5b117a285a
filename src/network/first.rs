//! The first layer of a network in training, whose inputs are mostly black pixels.
//!
//! What is run for every batch is never inlined: callers may be compiled for size.

use super::Optimiser;
use crate::kernel::{
    LANES, Right, Row, SparseRows, Wide, as_is, sparse_product, sparse_product_into,
    sparse_product_rows, transposed_sparse_product,
};

/// The first layer.
#[derive(Debug, Clone, Default)]
pub(super) struct First {
    /// Outputs × pixels.
    weights: Wide,
    mask: Option<Wide>,
    pixels_by_column: SparseRows,
    /// Outputs × images.
    gradient: Wide,
    /// The weights' gradient (outputs × pixels), where it is not used up at once.
    few: Wide,
    back: Back,
    thin: Thin,
}

/// The way back to the input, where it was asked for.
#[derive(Debug, Clone, Default)]
struct Back {
    /// Pixels × outputs: the weights turned round.
    weights: Wide,
    /// Gradients by the pre-activations (`images × outputs`): about half of them are zero, because
    /// their units are silent.
    rows: Vec<f32>,
    by_image: SparseRows,
}

/// The weights that are not zero, where few are left.
#[derive(Debug, Clone, Default)]
struct Thin {
    /// Whether they are used.
    used: bool,
    by_output: SparseRows,
    by_pixel: SparseRows,
    /// Room for one side of their products, for what comes of it, and for the weights of a pixel.
    room: Wide,
    gradient: Right,
    column: Vec<f32>,
}

impl First {
    /// Takes weights and, if there is one, their mask (outputs × pixels both).
    pub fn new(weights: Wide, mask: Option<Wide>) -> Self {
        First { weights, mask, ..First::default() }
    }

    /// One weight.
    pub fn weight(&self, output: usize, pixel: usize) -> f32 {
        self.weights.get(output, pixel)
    }

    /// All weights as they lie in memory, in fours.
    pub fn fours(&self) -> &[[f32; LANES]] {
        self.weights.rows().as_flattened()
    }

    /// All weights, to be changed.
    pub fn fours_mut(&mut self) -> &mut [[f32; LANES]] {
        self.thin.used = false;
        let panels = 0..self.weights.panels();
        self.weights.part_mut(panels).as_flattened_mut()
    }

    /// The products of a batch of images with the weights (`images × outputs`).
    #[inline(never)]
    pub fn run(&mut self, pixels: &SparseRows, out: &mut Right) {
        let First { weights, thin, .. } = self;
        if thin.used {
            thin.room.scatter_from(pixels);
            sparse_product_into(&thin.by_output, &thin.room, out, as_is);
        } else {
            sparse_product_rows(pixels, weights, out);
        }
    }

    /// Hands the gradients of all weights to the optimiser; returns those by the pre-activations
    /// (outputs × images).
    pub fn update(
        &mut self,
        pixels: &SparseRows,
        gradients: &Right,
        optimiser: &mut Optimiser,
    ) -> &Wide {
        let First { weights, mask, pixels_by_column, gradient, few, thin, .. } = self;
        thin.used &= optimiser.only_sums();
        gradient.transpose_from(gradients);
        let mut update = optimiser.weights(0);
        let inputs = weights.depth();
        let mut change = |input: usize, output: usize, gradients: &[Row<8>]| {
            let panel = output / Wide::LINES;
            let inputs_now = input..input + gradients.len();
            let mask =
                mask.as_ref().map(|mask| mask.panel(panel)[inputs_now.clone()].as_flattened());
            let values = weights.panel_mut(panel)[inputs_now].as_flattened_mut();
            let at = (panel * inputs + input) * Wide::LINES / LANES;
            update.apply(at, values, gradients.as_flattened(), mask);
        };
        if gradient.lines() == 0 {
            // Every unit is pruned: no weight is left to be changed.
        } else if gradient.lines() <= Wide::LINES {
            transposed_sparse_product(pixels, gradient, few);
            change(0, 0, few.rows());
        } else {
            pixels_by_column.transpose_from(pixels);
            sparse_product(pixels_by_column, gradient, change);
        }
        gradient
    }

    /// Makes the weights ready for [`First::input_gradient`].
    #[inline(never)]
    pub fn turn(&mut self) {
        if !self.thin.used {
            self.back.weights.transpose_from(&self.weights);
        }
    }

    /// From the gradients by the pre-activations (`images × outputs`) to those by the input, 784
    /// numbers an image.
    #[inline(never)]
    pub fn input_gradient(&mut self, gradients: &Right, by_input: &mut [f32]) {
        if self.thin.used {
            let Thin { room, by_pixel, gradient, .. } = &mut self.thin;
            room.regroup_from(gradients);
            sparse_product_into(by_pixel, room, gradient, as_is);
            gradient.unpack(by_input);
            return;
        }
        let Back { weights, rows, by_image } = &mut self.back;
        let (images, units) = (gradients.lines(), gradients.depth());
        rows.resize(images * units, 0.0);
        gradients.unpack(rows);
        by_image.clear(units);
        by_image.make_room(rows.len());
        (0..images).for_each(|image| by_image.push_values(&rows[image * units..][..units]));
        let pixels = weights.lines();
        sparse_product(by_image, weights, |first, pixel, sums| {
            let count = Wide::LINES.min(pixels - pixel);
            for (image, sums) in (first..).zip(sums) {
                let sums = &sums.as_flattened()[..count];
                by_input[image * pixels + pixel..][..count].copy_from_slice(sums);
            }
        });
    }

    /// Looks for zeros among the weights, and leaves them out of all products until weights
    /// change, if it saves time. No bit changes (see [`crate::kernel`]).
    #[inline(never)]
    pub fn leave_out_zeros(&mut self) {
        /// Share of weights that are not zero below which it does, also for images that are black
        /// for four fifths.
        const BELOW: f64 = 0.4;
        let First { weights, thin: Thin { used, by_output, by_pixel, column, .. }, .. } = self;
        let (outputs, inputs) = (weights.lines(), weights.depth());
        column.resize(weights.panels() * Wide::LINES, 0.0);
        by_pixel.clear(outputs);
        for pixel in 0..inputs {
            for (panel, to) in column.chunks_exact_mut(Wide::LINES).enumerate() {
                to.copy_from_slice(weights.panel(panel)[pixel].as_flattened());
            }
            by_pixel.push_values(&column[..outputs]);
        }
        *used = (by_pixel.count() as f64) < BELOW * (outputs * inputs) as f64;
        if *used {
            by_output.transpose_from(by_pixel);
        }
    }

    /// Whether zeros are left out.
    #[cfg(test)]
    pub fn is_thin(&self) -> bool {
        self.thin.used
    }
}
