//! The most multiplications and additions a core does when nothing has to be fetched.
//!
//! Eight accumulators of four lanes, as the matrix kernels keep them; every term is one
//! multiplication and one addition, never fused.

use std::hint::black_box;

/// Passes over the accumulators in one run: about two milliseconds.
const PASSES: u32 = 1_000_000;

/// Accumulators, of four lanes each.
const ACCUMULATORS: usize = 8;

/// The loop, with what it adds up.
pub struct Roofline {
    sums: [Lanes; ACCUMULATORS],
    factors: [Lanes; 4],
}

impl Default for Roofline {
    fn default() -> Self {
        // So small that no sum ever moves: neither infinities nor denormals come up.
        Self { sums: [splat(1.0); ACCUMULATORS], factors: [1e-9, 2e-9, 3e-9, 4e-9].map(splat) }
    }
}

impl Roofline {
    /// Runs the loop and returns how many operations it did.
    pub fn run(&mut self) -> f64 {
        let factors = black_box(self.factors);
        let mut sums = black_box(self.sums);
        // Each pass multiplies by what two sums were a pass ago: no product can be taken out of
        // the loop, and no addition has to wait for one.
        let mut by = [sums[0], sums[1]];
        for _ in 0..PASSES {
            let before = [sums[0], sums[1]];
            for (place, sum) in sums.iter_mut().enumerate() {
                *sum = add(*sum, multiply(by[place / 4], factors[place % 4]));
            }
            by = before;
        }
        self.sums = black_box(sums);
        f64::from(PASSES) * (ACCUMULATORS * 4 * 2) as f64
    }
}

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f32x4_add as add, f32x4_mul as multiply, f32x4_splat as splat, v128 as Lanes,
};

#[cfg(not(target_arch = "wasm32"))]
use portable::{Lanes, add, multiply, splat};

/// Four lanes that every compiler makes one register of.
#[cfg(not(target_arch = "wasm32"))]
mod portable {
    pub type Lanes = [f32; 4];

    #[inline(always)]
    pub fn splat(value: f32) -> Lanes {
        [value; 4]
    }

    #[inline(always)]
    pub fn add(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    pub fn multiply(a: Lanes, b: Lanes) -> Lanes {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }
}
