//! The nine products of one training step of 784-256-128-10 at batch 128, by the core's kernel.
//!
//! The only place of the benchmark that calls the kernel itself. Operands are packed beforehand,
//! and every one is dense: this measures the kernel, not what is gained by leaving zeros out.

use ndarray::Array2;
use secateurs::kernel::{Left, Right, product};

const BATCH: usize = 128;
const SIZES: [usize; 4] = [784, 256, 128, 10];

/// A product `m × k` by `k × n`, with its operands.
pub struct Product {
    name: String,
    operations: f64,
    left: Left,
    right: Right,
    out: Array2<f32>,
}

impl Product {
    fn new(what: &str, (m, k, n): (usize, usize, usize)) -> Self {
        let (mut left, mut right) = (Left::default(), Right::default());
        left.pack(matrix(m, k).view());
        right.pack(matrix(k, n).view());
        Self {
            name: format!("{what} {m}×{k}×{n}"),
            operations: (2 * m * k * n) as f64,
            left,
            right,
            out: Array2::zeros((m, n)),
        }
    }

    /// What it is for, and its sizes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Multiplies once and returns how many operations that were.
    pub fn run(&mut self) -> f64 {
        product(&self.left, &self.right, self.out.view_mut());
        std::hint::black_box(&self.out);
        self.operations
    }
}

/// Every product of a training step, and the input gradient of an attack's step.
pub fn of_the_usual_network() -> Vec<Product> {
    let layers = SIZES.windows(2).enumerate().flat_map(|(index, pair)| {
        let (inputs, outputs, layer) = (pair[0], pair[1], index + 1);
        [
            Product::new(&format!("forward {layer}"), (BATCH, inputs, outputs)),
            Product::new(&format!("weight gradient {layer}"), (inputs, BATCH, outputs)),
            Product::new(&format!("input gradient {layer}"), (BATCH, outputs, inputs)),
        ]
    });
    layers.collect()
}

/// Numbers of usual size, none of them zero.
fn matrix(rows: usize, columns: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        0.01 + ((row * 31 + column * 17) % 97) as f32 / 97.0
    })
}
