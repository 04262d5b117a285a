//! Hostile links and files, made by libFuzzer: `tests/fuzz`.

use std::path::{Path, PathBuf};

use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};
use crate::tool::{Tool, on_path};

/// Every target, as `tests/fuzz/targets` names them.
const TARGETS: [&str; 9] =
    ["link", "recipe", "masks", "npz", "safetensors", "chain", "idx", "chunk", "stored"];

/// Runs of each target in the thorough test: about a minute each. What is reported of ten million
/// is made by `cargo xtask fuzz --runs 10000000`.
const RUNS: u64 = 1_000_000;

/// The version of cargo-fuzz that is installed where there is none.
const VERSION: &str = "=0.13.2";
/// Longest input, in bytes: what is made of it may be longer.
const LONGEST: &str = "-max_len=2048";

/// What to run.
#[derive(Debug, Default)]
pub struct Choice {
    /// If any are named, only these.
    pub targets: Vec<String>,
    /// How often each.
    pub runs: Option<u64>,
}

/// Runs all targets, if this machine can.
pub fn stage(paths: &Paths) -> Outcome {
    if cfg!(windows) || on_path(&["c++", "g++", "clang++"]).is_none() {
        println!("Skipped: libFuzzer is built by a C++ compiler, and this machine has none.");
        return Ok(());
    }
    run(paths, &Choice::default())
}

/// Runs some targets.
pub fn run(paths: &Paths, choice: &Choice) -> Outcome {
    if let Some(unknown) = choice.targets.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        return problem(format!("there is no target “{unknown}”: they are {}", TARGETS.join(", ")));
    }
    let (fuzzer, runs) = (cargo_fuzz(paths)?, choice.runs.unwrap_or(RUNS));
    let all = choice.targets.is_empty();
    for target in TARGETS {
        if !all && !choice.targets.iter().any(|named| named == target) {
            continue;
        }
        println!("\n{target}: {runs} runs");
        fuzz(paths, &fuzzer, target, runs)?;
    }
    Ok(())
}

/// cargo-fuzz: the one on the PATH, or one of our own.
fn cargo_fuzz(paths: &Paths) -> Outcome<PathBuf> {
    if let Some(installed) = on_path(&["cargo-fuzz"]) {
        return Ok(installed);
    }
    let root = paths.target.join("tools");
    let own = root.join(format!("bin/cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    if !own.is_file() {
        println!("Installing cargo-fuzz.");
        let install = ["install", "cargo-fuzz", "--locked", "--quiet", "--version", VERSION];
        Tool::cargo().args(install).args(["--root"]).arg(&root).named("cargo install").run()?;
    }
    Ok(own)
}

fn fuzz(paths: &Paths, fuzzer: &Path, target: &str, runs: u64) -> Outcome {
    let folder = paths.target.join("fuzz");
    // What is found on the way is kept from one run to the next, but apart from what is committed.
    let (found, broken) = (folder.join("corpus").join(target), folder.join("broken"));
    for folder in [&found, &broken] {
        std::fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))?;
    }
    let here = paths.root.join("tests/fuzz");
    let kept = here.join("corpus").join(target);
    // Without a sanitizer, which needs a nightly Rust: nothing here is unsafe, and bounds,
    // overflows and memory are checked by the code itself.
    // Following compared values would take more than half of the time.
    let options = ["run", "--sanitizer", "none", "--no-trace-compares", "--fuzz-dir"];
    Tool::cargos(fuzzer)
        .args(["fuzz"])
        .args(options)
        .arg(&here)
        .args(["--target-dir"])
        .arg(&folder.join("build"))
        .args([target])
        .arg(&found)
        .arg(&kept)
        .args(["--", LONGEST, "-timeout=10", "-print_final_stats=1", "-verbosity=1"])
        // What code is reached is enough: how often would take half of the time to count.
        .args(["-entropic=0", "-use_counters=0"])
        .args([format!("-runs={runs}"), format!("-artifact_prefix={}/{target}-", broken.display())])
        .within(&here)
        .named(&format!("fuzzing {target}"))
        .run()
}
