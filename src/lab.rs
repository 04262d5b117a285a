//! What Secateurs does with its engine: training, distortion, pruning, recipes, and the face for
//! the browser.
//!
//! A crate of its own because it is compiled for size: its loops only call the engine's.
//!
//! A file uses only modules below its own: `wasm`, the only place that knows JavaScript, over
//! `findings`, over `sweep`, over `trial`, over `export`, over `recipe`, `import` and `alarms`, over
//! `learn`, over `prune` and `train`, over `laboratory`, over `distortion`, over `profile`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod alarms;
pub mod distortion;
pub mod export;
pub mod findings;
pub mod import;
pub mod laboratory;
pub mod learn;
pub mod profile;
pub mod prune;
pub mod recipe;
pub mod sweep;
pub mod train;
pub mod trial;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

// Under the names they have in the core.
use secateurs_engine::*;
