//! The core of Secateurs: a recipe goes in, a network and its measures come out, the same bits
//! natively and in every browser.
//!
//! A file uses only modules below its own: `recipe` over `train`, `prune`, `evaluate` and
//! `export`, over `attack` and `distortion`, over `network`, over `kernel`, `data` and `rng`.
//! `wasm` is the only place that knows JavaScript.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod attack;
pub mod data;
pub mod distortion;
pub mod evaluate;
#[cfg(not(target_arch = "wasm32"))]
pub mod export;
pub mod kernel;
pub mod network;
pub mod prune;
pub mod recipe;
pub mod rng;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
