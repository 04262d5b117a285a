//! The core of Secateurs: a recipe goes in, a network and its measures come out, the same bits
//! natively and in every browser.
//!
//! It is made of two crates: the [`secateurs_engine`], compiled for speed, and the
//! [`secateurs_lab`] over it, compiled for size.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub use secateurs_engine::*;
pub use secateurs_lab::*;
