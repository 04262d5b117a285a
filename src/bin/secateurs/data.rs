//! The images that are measured on.

use crate::network;
use crate::options::Options;
use secateurs::data::{Dataset, pack};
use secateurs::import::images;
use secateurs::recipe::Recipe;
use std::fs;
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

/// The images that a recipe is of: MNIST, or all of one's own IDX files in the folder given.
pub fn data_for(options: &Options, recipe: &Recipe) -> Result<Dataset, String> {
    const MOST_FILES: usize = 16;
    let Some(digest) = &recipe.data else { return data(options) };
    let folder = options.data.as_deref().ok_or_else(|| {
        format!(
            "This recipe is of images from files, digest {digest}: give their folder, --data DIR."
        )
    })?;
    let say = |error: std::io::Error| format!("{}: {error}.", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(say)? {
        let path = entry.map_err(say)?.path();
        if files.len() == MOST_FILES {
            return Err(format!("{} holds more than {MOST_FILES} files.", folder.display()));
        }
        if path.is_file() {
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path));
        }
    }
    let read = files.iter().map(|(name, path)| Ok((name.clone(), network::bytes(path)?)));
    let read = read.collect::<Result<Vec<_>, String>>()?;
    let given: Vec<_> = read.iter().map(|(name, bytes)| (name.clone(), &bytes[..])).collect();
    Ok(images(&given)?.data)
}
