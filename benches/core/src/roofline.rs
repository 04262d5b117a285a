//! The most multiplications and additions a core does when nothing has to be fetched.
//!
//! Every term is one multiplication and one addition of four lanes, never fused, as in the matrix
//! kernels. Thirteen chains of them hide each other's latency (three cycles and three, two of each
//! begun in a cycle, on the processors this was tried on) and just fit a browser's registers.

use std::hint::black_box;

/// Passes over the chains in one run: about two milliseconds.
const PASSES: u32 = 1_000_000;

/// Chains, of four lanes each.
const CHAINS: usize = 13;

/// The loop, with where its chains have come.
pub struct Roofline([Lanes; CHAINS]);

impl Default for Roofline {
    fn default() -> Self {
        Self([splat(1.0); CHAINS])
    }
}

impl Roofline {
    /// Runs the loop and returns how many operations it did.
    pub fn run(&mut self) -> f64 {
        // Every chain settles at 2: neither infinities nor denormals come up.
        let (factor, term) = black_box((splat(0.5), splat(1.0)));
        let mut chains = self.0;
        for _ in 0..PASSES {
            for chain in &mut chains {
                *chain = add(multiply(*chain, factor), term);
            }
        }
        self.0 = black_box(chains);
        f64::from(PASSES) * (CHAINS * 4 * 2) as f64
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
