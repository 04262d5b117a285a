//! The dev server: Vite reloads the page when it changes, and the wasm is rebuilt when the core
//! changes.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::browser;
use crate::data;
use crate::node::Node;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::stamp::Inputs;
use crate::wasm::{self, Care};

/// Serves the page's sources until Vite ends.
pub fn serve(paths: &Paths, own_images: Option<&Path>, port: Option<u16>, open: bool) -> Outcome {
    wasm::build(paths, Care::Draft)?;
    data::properties(paths)?;
    data::pack(paths, own_images)?;
    let mut vite = Node::installed(paths)?.tool("vite/bin/vite.js");
    if let Some(port) = port {
        vite = vite.args(["--port".to_owned(), port.to_string()]);
    }
    if open && browser::opener().is_some() {
        vite = vite.args(["--open"]);
    }
    let mut vite = vite.spawn()?;
    let mut built = core(paths)?;
    // Looking at a few dozen small files twice a second is cheap, and the same on every system.
    while vite.try_wait().explain("cannot wait for Vite")?.is_none() {
        sleep(Duration::from_millis(500));
        let now = core(paths)?;
        if now != built {
            built = now;
            // The compiler has said what is wrong; the next change is the next try.
            if let Err(problem) = wasm::build(paths, Care::Draft) {
                println!("{problem}");
            }
        }
    }
    Ok(())
}

fn core(paths: &Paths) -> Outcome<String> {
    Ok(Inputs::default()
        .path(&paths.root.join("src"))?
        .path(&paths.root.join("crates"))?
        .path(&paths.root.join("Cargo.toml"))?
        .hash())
}
