//! Python, in virtual environments of its own: nothing is installed anywhere else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::debian;
use crate::paths::Paths;
use crate::problem::Outcome;
use crate::stamp::{Inputs, Stamp};
use crate::tool::{Tool, on_path};

const SYSTEMS: &str = if cfg!(windows) { "python" } else { "python3" };

/// A virtual environment, and what is in it.
pub struct Environment {
    /// Its folder below `target`.
    pub folder: &'static str,
    /// The pinned packages, all of them: nothing is looked for that they depend on.
    pub requirements: &'static str,
    /// What is said while they are installed.
    pub news: &'static str,
}

/// What exported networks are opened with.
pub const READERS: Environment = Environment {
    folder: "readers-python",
    requirements: "tests/python/requirements.txt",
    news: "Installing NumPy, safetensors, ONNX and its runtime.",
};

/// The benchmark's peers.
pub const PEERS: Environment = Environment {
    folder: "bench-python",
    requirements: "benches/python/requirements.txt",
    news: "Installing PyTorch, torchattacks, AutoAttack and NumPy: about 3 GB, because of CUDA.",
};

impl Environment {
    /// Its Python, with everything installed.
    pub fn python(&self, paths: &Paths) -> Outcome<PathBuf> {
        let requirements = paths.root.join(self.requirements);
        let environment = paths.target.join(self.folder);
        let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let python = environment.join(inside);
        // Kept inside what it tells about, it goes when that goes.
        let stamp = Stamp::at(environment.join(".secateurs"));
        let hash = Inputs::default().path(&requirements)?.hash();
        if stamp.is(&hash) {
            return Ok(python);
        }
        println!("{}", self.news);
        let _ = fs::remove_dir_all(&environment);
        make(&environment)?;
        Tool::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--requirement"])
            .arg(&requirements)
            .named("pip install")
            .run()?;
        stamp.set(&hash)?;
        Ok(python)
    }
}

/// Whether there is a Python that can make virtual environments.
pub fn here() -> bool {
    let within = std::time::Duration::from_secs(20);
    on_path(&[SYSTEMS]).is_some()
        && Tool::new(SYSTEMS).args(["-c", "import venv, ensurepip"]).succeeds_within(within)
}

fn make(environment: &Path) -> Outcome {
    if !here() && debian::here() {
        debian::install(&["python3-venv"])?;
    }
    let advice = "install Python 3.11 or newer, with its venv module";
    let make = Tool::new(SYSTEMS).or(advice).args(["-m", "venv"]).arg(environment);
    make.named("python3 -m venv").run()
}
