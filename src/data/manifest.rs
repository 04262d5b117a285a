//! The list of chunks a page loads its images from.

use serde::{Deserialize, Serialize};

/// Which images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Set {
    /// Images to train and to score on.
    Train,
    /// Images to measure on.
    Test,
}

/// One chunk: `count` label bytes, then `count · 784` pixel bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ChunkInfo {
    /// File name beside the manifest.
    pub file: String,
    /// The set it belongs to.
    pub set: Set,
    /// Index of its first image in file order.
    pub first: usize,
    /// Number of its images.
    pub count: usize,
    /// Size of the compressed file, in bytes.
    pub bytes: usize,
    /// SHA-256 of the uncompressed bytes, in hexadecimal.
    pub sha256: String,
}

/// All chunks of a data set, in the order in which a page should load them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Manifest {
    /// Version of this form.
    pub version: u32,
    /// Name of the data set.
    pub name: String,
    /// Number of training images.
    pub train: usize,
    /// Number of test images.
    pub test: usize,
    /// The chunks.
    pub chunks: Vec<ChunkInfo>,
}
