//! A folder for one test, removed at its end.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Explain, Outcome};

/// Removes its folder when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder; `name` is unique among the tests.
    pub fn new(name: &str) -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).explain("cannot make a scratch folder")?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Outcome {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).explain("cannot make a scratch folder")?;
        }
        fs::write(path, bytes).explain("cannot write a scratch file")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
