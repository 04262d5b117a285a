//! Oracles: what the fast kernels must equal bit for bit. Only tests use them.

use ndarray::{Array2, ArrayView2};

/// `a · b`, one sum at a time, k ascending.
pub fn product(a: ArrayView2<f32>, b: ArrayView2<f32>) -> Array2<f32> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        let mut sum = 0.0;
        for k in 0..a.ncols() {
            sum += a[[i, k]] * b[[k, j]];
        }
        sum
    })
}
