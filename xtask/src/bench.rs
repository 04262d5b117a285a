//! Benchmarks in a real Chromium, on the module that users get.

use std::fs;
use std::path::Path;

use crate::browser;
use crate::data;
use crate::node::Node;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};
use crate::serve::Server;
use crate::stamp::files;
use crate::wasm::{self, Care};

/// Measures training, attack, and how long a network takes to be scored again after a unit is
/// removed.
pub fn run(paths: &Paths, which: Option<&str>) -> Outcome {
    if let Some(other) = which.filter(|which| *which != "prune") {
        return problem(format!("there is no benchmark “{other}”: there is only “prune”"));
    }
    wasm::build(paths, Care::Finished)?;
    data::pack(paths, None)?;
    let node = Node::installed(paths)?;
    let chromium = browser::chromium(&node)?;

    let folder = paths.target.join("bench");
    let _ = fs::remove_dir_all(&folder);
    copy(&paths.generated(), &folder)?;
    copy(&paths.www.join("bench"), &folder)?;
    copy(&paths.data(), &folder.join("data"))?;
    let server = Server::bind(&folder, "/", 0)?;
    let address = server.address()?;
    server.serve_aside();
    node.file(&paths.www.join("bench/drive.js"))
        .env("SECATEURS_URL", address)
        .env("SECATEURS_CHROMIUM", chromium)
        .named("the benchmark")
        .run()
}

fn copy(from: &Path, to: &Path) -> Outcome {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))?;
        }
        fs::copy(&file, &target).explain(format!("cannot write {}", target.display()))?;
    }
    Ok(())
}
