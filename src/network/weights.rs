//! A layer's weights in the form in which their products are fastest.

use crate::kernel::{
    Lanes, Left, Right, SparseRows, Wide, as_is, product_into, sparse_product_into,
    sparse_product_rows,
};

/// A sparse product is taken when fewer than this share of a matrix's elements are not zero:
/// measured, see `cargo xtask bench`.
const SPARSE_BELOW: f64 = 0.5;

/// A matrix that batches are multiplied with.
#[derive(Debug, Clone)]
pub(crate) enum Weights {
    /// All elements.
    Dense(Left),
    /// Those that are not zero.
    Sparse(SparseRows),
}

impl Default for Weights {
    fn default() -> Self {
        Weights::Dense(Left::default())
    }
}

impl Weights {
    /// Takes an `n × k` matrix; looks for zeros only if there may be any.
    pub(crate) fn new(dense: Left, masked: bool) -> Self {
        let (lines, depth) = (dense.lines(), dense.depth());
        let elements = dense.rows().as_flattened().as_flattened().iter();
        let dense_enough = SPARSE_BELOW * (lines * depth) as f64;
        if !masked || elements.filter(|value| **value != 0.0).count() as f64 >= dense_enough {
            return Weights::Dense(dense);
        }
        let mut sparse = SparseRows::default();
        sparse.clear(depth);
        for line in 0..lines {
            sparse.push_row((0..depth).map(|k| dense.get(line, k)));
        }
        Weights::Sparse(sparse)
    }

    /// Multiplies a batch (`images × k`) with these weights (`n × k`) into `out` (`images × n`),
    /// changed by `change(n, panel of images, sums)`. `room` is memory for the sparse product.
    #[inline(never)]
    pub(crate) fn times(
        &self,
        batch: &Right,
        room: &mut Wide,
        out: &mut Right,
        change: impl Fn(usize, usize, [Lanes; 2]) -> [Lanes; 2],
    ) {
        match self {
            Weights::Dense(weights) => product_into(weights, batch, out, change),
            Weights::Sparse(weights) => {
                room.regroup_from(batch);
                sparse_product_into(weights, room, out, change);
            }
        }
    }
}

/// The first layer's weights, whose batches may be images that are mostly black.
#[derive(Debug, Clone)]
pub(crate) struct InputWeights {
    /// For any batch.
    pub(crate) any: Weights,
    /// For images that are mostly black, unless zeros of the weights are left out.
    pixels: Wide,
}

impl InputWeights {
    /// Takes an `n × 784` matrix; looks for zeros only if there may be any.
    pub(crate) fn new(dense: Left, masked: bool) -> Self {
        let any = Weights::new(dense, masked);
        let mut pixels = Wide::default();
        if let Weights::Dense(dense) = &any {
            pixels.regroup_from(dense);
        }
        InputWeights { any, pixels }
    }

    /// Multiplies images (`images × 784`) with these weights into `out` (`images × n`).
    pub(crate) fn times_pixels(&self, pixels: &SparseRows, room: &mut Wide, out: &mut Right) {
        match &self.any {
            Weights::Dense(_) => sparse_product_rows(pixels, &self.pixels, out),
            Weights::Sparse(weights) => {
                room.scatter_from(pixels);
                sparse_product_into(weights, room, out, as_is);
            }
        }
    }
}
