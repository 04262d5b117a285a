//! The networks and the images that are measured.

use crate::options::Options;
use secateurs::data::Dataset;
use secateurs::export::read_npz;
use secateurs::network::Mlp;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

/// Reads a network from a file.
pub fn read(path: &Path, options: &Options) -> Result<Mlp, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}.", path.display()))?;
    read_npz(file, options.layout)
        .map_err(|why| format!("{} cannot be used: {why}", path.display()))
}

/// The test images asked for; all where nothing was said.
pub fn images(options: &Options, data: &Dataset) -> Result<Range<usize>, String> {
    let images = options.images.clone().unwrap_or(0..data.test.len());
    if images.end > data.test.len() {
        return Err(format!("There are {} test images.", data.test.len()));
    }
    Ok(images)
}
