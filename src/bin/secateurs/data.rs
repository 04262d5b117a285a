//! The images that are measured on.

use crate::options::Options;
use secateurs::data::{Dataset, pack};
use std::path::{Path, PathBuf};

/// The images: from the folder given, or those that the build packed.
pub fn data(options: &Options) -> Result<Dataset, String> {
    let read = |folder: &Path| {
        if folder.join("manifest.json").exists() {
            pack::read_packed_folder(folder)
        } else {
            pack::read_idx_folder(folder)
        }
    };
    if let Some(folder) = &options.data {
        return read(folder);
    }
    // Beside the program (target/release/secateurs) or below the folder one stands in.
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(2).map(|folder| folder.join("data"));
    let found = [PathBuf::from("target/data")].into_iter().chain(beside.take(2));
    match found.into_iter().find(|folder| folder.join("manifest.json").exists()) {
        Some(folder) => read(&folder),
        None => Err("There is no packed data yet: run cargo xtask build, or give --data DIR with \
                     MNIST's four IDX files."
            .into()),
    }
}
