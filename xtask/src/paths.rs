//! Where everything is.

use std::path::{Path, PathBuf};

/// The places of one checkout.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The repository's top folder.
    pub root: PathBuf,
    /// The page's sources.
    pub www: PathBuf,
    /// Everything built; never committed.
    pub target: PathBuf,
}

impl Paths {
    /// The checkout this program was started from by `cargo xtask`.
    pub fn find() -> Self {
        // Cargo says at run time where the package is, so a moved checkout still works.
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        Self { www: root.join("www"), target: root.join("target"), root }
    }

    /// wasm-bindgen's output, and whatever else the page imports that Rust wrote.
    pub fn generated(&self) -> PathBuf {
        self.www.join("src/generated")
    }

    /// The packed images.
    pub fn data(&self) -> PathBuf {
        self.target.join("data")
    }

    /// The finished static site.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Which of the site's chunks imports which.
    pub fn chunks(&self) -> PathBuf {
        self.target.join("xtask/chunks.json")
    }

    /// What is installed by npm.
    pub fn modules(&self) -> PathBuf {
        self.www.join("node_modules")
    }
}
