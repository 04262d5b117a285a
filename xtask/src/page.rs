//! Builds the static site.

use std::path::Path;

use crate::data;
use crate::node::Node;
use crate::paths::Paths;
use crate::problem::Outcome;
use crate::size;
use crate::stamp::{Inputs, Stamp};
use crate::supply;
use crate::wasm::{self, Care};

/// Builds everything that the page is made of, and the page, unless it is there already.
pub fn build(paths: &Paths, own_images: Option<&Path>, care: Care) -> Outcome {
    wasm::build(paths, care)?;
    data::properties(paths)?;
    data::pack(paths, own_images)?;
    let node = Node::installed(paths)?;
    supply::write(paths, own_images.is_none())?;

    let mut inputs = Inputs::default();
    for name in [
        "src",
        "public",
        "build",
        "words",
        "index.html",
        "package-lock.json",
        "tsconfig.json",
        "vite.config.ts",
    ] {
        inputs = inputs.path(&paths.www.join(name))?;
    }
    // The manifest names the hash of every chunk.
    inputs = inputs.path(&paths.data().join("manifest.json"))?;
    let hash = inputs.path(&supply::folder(paths))?.hash();
    let stamp = Stamp::at(paths.target.join("xtask/site"));
    let complete = paths.site().join("index.html").is_file() && paths.chunks().is_file();
    if complete && stamp.is(&hash) {
        return Ok(());
    }
    println!("Building the page.");
    stamp.clear();
    node.tool("vite/bin/vite.js").args(["build", "--logLevel", "warn"]).run()?;
    stamp.set(&hash)
}

/// Builds the site and prints what a visitor downloads.
pub fn build_and_weigh(paths: &Paths, own_images: Option<&Path>, care: Care) -> Outcome {
    build(paths, own_images, care)?;
    size::report(&paths.site(), &paths.chunks())
}
