//! The nine products of one training step of 784-256-128-10 at batch 128, by the core's kernel.
//!
//! The only place of the benchmark that calls the kernel itself. Operands are packed beforehand,
//! and every one is dense: this measures the kernel, not what is gained by leaving zeros out.

use secateurs::kernel::{Left, Panels, Right, as_is, product_into};

const BATCH: usize = 128;
const SIZES: [usize; 4] = [784, 256, 128, 10];

/// A product `m × k` by `k × n`, with its operands: the batch or the outputs fill the lanes.
pub struct Product {
    name: String,
    operations: f64,
    left: Left,
    right: Right,
    out: Right,
}

impl Product {
    /// `sides`: lines of the operand that is spread over the lanes, of the one that fills them.
    fn new(what: &str, (m, k, n): (usize, usize, usize), sides: (usize, usize)) -> Self {
        Self {
            name: format!("{what} {m}×{k}×{n}"),
            operations: (2 * m * k * n) as f64,
            left: numbers(sides.0, k),
            right: numbers(sides.1, k),
            out: Right::default(),
        }
    }

    /// What it is for, and its sizes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Multiplies once and returns how many operations that were.
    pub fn run(&mut self) -> f64 {
        product_into(&self.left, &self.right, &mut self.out, as_is);
        std::hint::black_box(&self.out);
        self.operations
    }
}

/// Every product of a training step, and the input gradient of an attack's step.
pub fn of_the_usual_network() -> Vec<Product> {
    let layers = SIZES.windows(2).enumerate().flat_map(|(index, pair)| {
        let (inputs, outputs, layer) = (pair[0], pair[1], index + 1);
        [
            Product::new(&format!("forward {layer}"), (BATCH, inputs, outputs), (outputs, BATCH)),
            Product::new(
                &format!("weight gradient {layer}"),
                (inputs, BATCH, outputs),
                (inputs, outputs),
            ),
            Product::new(
                &format!("input gradient {layer}"),
                (BATCH, outputs, inputs),
                (inputs, BATCH),
            ),
        ]
    });
    layers.collect()
}

/// Numbers of usual size, none of them zero.
fn numbers<const M: usize>(lines: usize, depth: usize) -> Panels<M> {
    Panels::filled(lines, depth, &|line, k| 0.01 + ((line * 31 + k * 17) % 97) as f32 / 97.0)
}
