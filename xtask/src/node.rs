//! Node, npm, and the tools of the page that npm installs.

use std::path::{Path, PathBuf};

use crate::paths::Paths;
use crate::problem::{Outcome, Problem, problem};
use crate::stamp::{Inputs, Stamp};
use crate::tool::Tool;

const ADVICE: &str = "install Node 20.19 or newer";

/// The page's tools, installed.
pub struct Node {
    modules: PathBuf,
    www: PathBuf,
}

impl Node {
    /// Installs the page's dependencies when the lock file has changed since the last time.
    pub fn installed(paths: &Paths) -> Outcome<Self> {
        let node = Self { modules: paths.modules(), www: paths.www.clone() };
        // Kept inside what it tells about, it goes when that goes.
        let stamp = Stamp::at(node.modules.join(".secateurs"));
        let mut inputs = Inputs::default();
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            inputs = inputs.path(&paths.www.join(name))?;
        }
        let hash = inputs.hash();
        if stamp.is(&hash) {
            return Ok(node);
        }
        check_version()?;
        println!("Installing the page's dependencies.");
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let npm = Tool::new(npm).or(ADVICE).args(["ci", "--ignore-scripts", "--no-fund"]);
        npm.args(["--no-audit", "--prefer-offline"]).within(&paths.www).named("npm ci").run()?;
        stamp.set(&hash)?;
        Ok(node)
    }

    /// A tool of the page, by its script's path under `node_modules`. Started by Node itself, it
    /// runs alike on every system.
    pub fn tool(&self, script: &str) -> Tool {
        self.file(&self.modules.join(script))
    }

    /// A script of our own.
    pub fn file(&self, script: &Path) -> Tool {
        let name = script.file_stem().unwrap_or(script.as_os_str());
        let node = Tool::new("node").or(ADVICE).arg(script);
        node.named(&name.to_string_lossy()).within(&self.www)
    }

    /// A few words of JavaScript, which may require what npm installed.
    pub fn script(&self, code: &str) -> Tool {
        Tool::new("node").or(ADVICE).args(["-e", code]).within(&self.www)
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
