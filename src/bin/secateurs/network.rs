//! The networks and the images that are measured.

use crate::options::Options;
use secateurs::data::Dataset;
use secateurs::import::{Brought, network};
use secateurs::limits::FILE_BYTES;
use secateurs::network::Mlp;
use secateurs::recipe::Replayer;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// Reads a file that may be hostile: no more of it than is allowed, and one byte that tells.
pub fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let say = |error: std::io::Error| format!("{}: {error}.", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(say)?;
    file.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(say)?;
    Ok(bytes)
}

/// Reads a network from a file.
pub fn read(path: &Path, options: &Options) -> Result<Mlp, String> {
    let brought = brought(path, options)?;
    if !options.json {
        eprintln!("{}: {}", path.display(), brought.sentence());
    }
    Ok(brought.network)
}

fn brought(path: &Path, options: &Options) -> Result<Brought, String> {
    let json = |text: &str| {
        serde_json::from_str::<Value>(text).map_err(|error: serde_json::Error| error.to_string())
    };
    network(&bytes(path)?, options.how, json)
        .map_err(|why| format!("{} cannot be used: {why}", path.display()))
}

/// The networks given, from any of which a recipe may begin.
pub fn given(options: &Options) -> Result<Vec<Mlp>, String> {
    options.networks.iter().map(|path| Ok(brought(path, options)?.network)).collect()
}

/// Hands networks to a replayer.
pub fn bring(networks: &[Mlp], replayer: &mut Replayer) {
    for network in networks {
        replayer.bring(network.clone());
    }
}

/// The test images asked for; all where nothing was said.
pub fn images(options: &Options, data: &Dataset) -> Result<Range<usize>, String> {
    let images = options.images.clone().unwrap_or(0..data.test.len());
    if images.end > data.test.len() {
        return Err(format!("There are {} test images.", data.test.len()));
    }
    Ok(images)
}
