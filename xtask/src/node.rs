//! Node, npm, and the tools of the page that npm installs.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::paths::Paths;
use crate::problem::{Outcome, Problem, problem};
use crate::stamp::{Inputs, Stamp};
use crate::tool::Tool;

const ADVICE: &str = "install Node 20.19 or newer";

static INSTALLING: Mutex<()> = Mutex::new(());

/// What a folder's lock file names, installed.
pub struct Node {
    modules: PathBuf,
    folder: PathBuf,
}

impl Node {
    /// The page's dependencies and tools.
    pub fn installed(paths: &Paths) -> Outcome<Self> {
        Self::installed_in(&paths.www, "the page's dependencies")
    }

    /// Installs a folder's dependencies when its lock file has changed since the last time.
    pub fn installed_in(folder: &Path, what: &str) -> Outcome<Self> {
        // Two at once would be in each other's way.
        let _alone = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        let node = Self { modules: folder.join("node_modules"), folder: folder.to_path_buf() };
        // Kept inside what it tells about, it goes when that goes.
        let stamp = Stamp::at(node.modules.join(".secateurs"));
        let mut inputs = Inputs::default();
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            inputs = inputs.path(&folder.join(name))?;
        }
        let hash = inputs.hash();
        if stamp.is(&hash) {
            return Ok(node);
        }
        check_version()?;
        println!("Installing {what}.");
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let npm = Tool::new(npm).or(ADVICE).args(["ci", "--ignore-scripts", "--no-fund"]);
        npm.args(["--no-audit", "--prefer-offline"]).within(folder).named("npm ci").run()?;
        stamp.set(&hash)?;
        Ok(node)
    }

    /// A tool, by its script's path under `node_modules`. Started by Node itself, it runs alike on
    /// every system.
    pub fn tool(&self, script: &str) -> Tool {
        self.file(&self.modules.join(script))
    }

    /// A file that was installed, by its path under `node_modules`.
    pub fn file_of(&self, path: &str) -> PathBuf {
        self.modules.join(path)
    }

    /// A script of our own.
    pub fn file(&self, script: &Path) -> Tool {
        let name = script.file_stem().unwrap_or(script.as_os_str());
        let node = Tool::new("node").or(ADVICE).arg(script);
        node.named(&name.to_string_lossy()).within(&self.folder)
    }

    /// A few words of JavaScript, which may require what npm installed.
    pub fn script(&self, code: &str) -> Tool {
        Tool::new("node").or(ADVICE).args(["-e", code]).within(&self.folder)
    }
}

fn check_version() -> Outcome {
    let said = Tool::new("node").or(ADVICE).args(["--version"]).read()?;
    match version(&said) {
        Some(found) if found >= (20, 19) => Ok(()),
        Some(_) => problem(format!("Node {} is too old: {ADVICE}", said.trim())),
        None => Err(Problem(format!("Node's version cannot be read from “{}”", said.trim()))),
    }
}

fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(version("v20.19.5\n"), Some((20, 19)));
        assert!(version("v20.9.0") < Some((20, 19)));
        assert!(version("v100.0.0") > Some((20, 19)));
        assert_eq!(version("node"), None);
    }
}
