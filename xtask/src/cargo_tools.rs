//! Programs that are crates: the one on the PATH, or one of our own.

use std::path::PathBuf;

use crate::paths::Paths;
use crate::problem::Outcome;
use crate::tool::{Tool, on_path};

/// Finds a program; where there is none, installs this version of it, without touching what is
/// installed for everything else.
pub fn find(paths: &Paths, name: &str, version: &str) -> Outcome<PathBuf> {
    if let Some(installed) = on_path(&[name]) {
        return Ok(installed);
    }
    let root = paths.target.join("tools");
    let own = root.join(format!("bin/{name}{}", std::env::consts::EXE_SUFFIX));
    if !own.is_file() {
        println!("Installing {name}.");
        let install = ["install", name, "--locked", "--quiet", "--version", version];
        Tool::cargo().args(install).args(["--root"]).arg(&root).named("cargo install").run()?;
    }
    Ok(own)
}
