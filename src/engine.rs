//! What Secateurs computes with: networks, attacks on them, measures of them.
//!
//! A crate of its own because it is compiled for speed, and what stands over it for size.
//!
//! A file uses only modules below its own: `evaluate` over `attack` and `certify`, which stand side
//! by side over `network`, over `kernel`, `data`, `rng`, `limits` and `words`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod attack;
pub mod certify;
pub mod data;
pub mod evaluate;
pub mod kernel;
pub mod limits;
pub mod network;
pub mod rng;
pub mod words;
