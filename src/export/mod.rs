//! Networks in files of other tools.

mod npz;

pub use npz::{Layout, read_npz};
