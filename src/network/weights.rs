//! A layer's weights in the form in which their products are fastest.

use crate::kernel::{
    Lanes, Left, Right, SparseRows, Wide, as_is, product_into, sparse_product_into,
    sparse_product_rows,
};

/// A sparse product is taken when fewer than this share of a matrix's elements are not zero:
/// measured, see `cargo xtask bench`.
const SPARSE_BELOW: f64 = 0.5;

/// The same for images that are mostly black: leaving out their black pixels saves more.
const SPARSE_BELOW_FOR_PIXELS: f64 = 0.2;

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
        let density = density(&dense, masked);
        Self::of_density(dense, density)
    }

    fn of_density(dense: Left, density: f64) -> Self {
        if density < SPARSE_BELOW {
            Weights::Sparse(entries(&dense))
        } else {
            Weights::Dense(dense)
        }
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
    /// For images that are mostly black.
    pixels: PixelWeights,
}

/// What is left out of a product with images that are mostly black.
#[derive(Debug, Clone)]
enum PixelWeights {
    /// The black pixels: all weights are here.
    All(Wide),
    /// The weights that are zero.
    Kept(SparseRows),
}

/// The elements that are not zero.
fn entries(matrix: &Left) -> SparseRows {
    let mut sparse = SparseRows::default();
    sparse.clear(matrix.depth());
    for line in 0..matrix.lines() {
        let panel = matrix.panel(line / Left::LINES).iter();
        sparse.push_row(panel.map(|[four]| four[line % Left::LINES]));
    }
    sparse
}

/// Share of the elements that are not zero; looks for zeros only if there may be any.
fn density(matrix: &Left, masked: bool) -> f64 {
    if !masked {
        return 1.0;
    }
    let elements = matrix.rows().as_flattened().as_flattened().iter();
    let count = elements.filter(|value| **value != 0.0).count();
    count as f64 / (matrix.lines() * matrix.depth()).max(1) as f64
}

impl InputWeights {
    /// Takes an `n × 784` matrix; looks for zeros only if there may be any.
    pub(crate) fn new(dense: Left, masked: bool) -> Self {
        let density = density(&dense, masked);
        if density < SPARSE_BELOW_FOR_PIXELS {
            let kept = entries(&dense);
            return InputWeights {
                any: Weights::Sparse(kept.clone()),
                pixels: PixelWeights::Kept(kept),
            };
        }
        let mut wide = Wide::default();
        wide.regroup_from(&dense);
        InputWeights { any: Weights::of_density(dense, density), pixels: PixelWeights::All(wide) }
    }

    /// Multiplies images (`images × 784`) with these weights into `out` (`images × n`).
    pub(crate) fn times_pixels(&self, pixels: &SparseRows, room: &mut Wide, out: &mut Right) {
        match &self.pixels {
            PixelWeights::All(weights) => sparse_product_rows(pixels, weights, out),
            PixelWeights::Kept(weights) => {
                room.scatter_from(pixels);
                sparse_product_into(weights, room, out, as_is);
            }
        }
    }
}
