//! Matrix kernels whose bits are the same everywhere.
//!
//! Every output element is one `f32` sum that starts at +0 and runs over *k* in ascending order,
//! multiply then add, never fused. SIMD runs across outputs, so tile shapes and vector widths
//! cannot change a bit. A sum that starts at +0 never becomes −0 in round-to-nearest, so leaving
//! out terms that are ±0 (a black pixel, a pruned unit) cannot change a bit either: this is what
//! lets pixels be skipped and pruned units be left out, exactly.

mod exp;
mod lanes;
mod panels;
mod product;
mod sparse;
mod sparse_rows;
mod spectrum;

#[cfg(test)]
mod naive;

pub use exp::exp;
pub use lanes::{LANES, Lanes};
pub use panels::{Left, Panels, Right, Row, Wide};
pub use product::{Tile, as_is, product, product_into};
pub use sparse::{
    sparse_product, sparse_product_into, sparse_product_rows, transposed_sparse_product,
};
pub use sparse_rows::SparseRows;
pub use spectrum::Spectrum;
