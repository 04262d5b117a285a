//! Hostile links and files, made by libFuzzer: `tests/fuzz`.

use std::path::{Path, PathBuf};

use crate::cargo_tools;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, Problem, problem};
use crate::tool::{Tool, on_path};
use secateurs::data::hex;

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
    /// Whether what is found is to be read again in every test run.
    pub keep: bool,
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
    let (fuzzer, runs) =
        (cargo_tools::find(paths, "cargo-fuzz", VERSION)?, choice.runs.unwrap_or(RUNS));
    let all = choice.targets.is_empty();
    for target in TARGETS {
        if !all && !choice.targets.iter().any(|named| named == target) {
            continue;
        }
        println!("\n{target}: {runs} runs");
        let fuzzed = Fuzzed::new(paths, &fuzzer, target)?;
        fuzzed.search(runs)?;
        if choice.keep {
            fuzzed.keep()?;
        }
    }
    Ok(())
}

/// One target's inputs: those that are committed, and those that were found since.
struct Fuzzed<'a> {
    paths: &'a Paths,
    fuzzer: &'a Path,
    target: &'a str,
    /// Where libFuzzer keeps what it finds from one run to the next, …
    found: PathBuf,
    /// … the committed ones, a file each as it wants them, and those that break something.
    kept: PathBuf,
    broken: PathBuf,
}

impl<'a> Fuzzed<'a> {
    fn new(paths: &'a Paths, fuzzer: &'a Path, target: &'a str) -> Outcome<Self> {
        let folder = paths.target.join("fuzz");
        let (found, kept) = (folder.join("corpus").join(target), folder.join("kept").join(target));
        let broken = folder.join("broken");
        empty(&kept)?;
        for folder in [&found, &broken] {
            std::fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))?;
        }
        let fuzzed = Self { paths, fuzzer, target, found, kept, broken };
        let list = fuzzed.list();
        let text =
            std::fs::read_to_string(&list).explain(format!("cannot read {}", list.display()))?;
        for (at, line) in text.lines().enumerate() {
            let bytes = unwritten(line).ok_or_else(|| {
                Problem(format!("line {} of {} is no input", at + 1, list.display()))
            })?;
            let file = fuzzed.kept.join(format!("{at:04}"));
            std::fs::write(&file, bytes).explain(format!("cannot write {}", file.display()))?;
        }
        Ok(fuzzed)
    }

    /// The committed inputs, each a line in hexadecimal digits: as files they would be a thousand.
    fn list(&self) -> PathBuf {
        self.paths.root.join("tests/fuzz/corpus").join(format!("{}.txt", self.target))
    }

    /// Looks for inputs that reach what no other one did, or break something.
    fn search(&self, runs: u64) -> Outcome {
        let broken = format!("-artifact_prefix={}/{}-", self.broken.display(), self.target);
        let search = self.libfuzzer(&[&self.found, &self.kept]);
        search.args([format!("-runs={runs}"), broken]).run()
    }

    /// Commits the fewest inputs that reach what all of them do.
    fn keep(&self) -> Outcome {
        let fewest = self.paths.target.join("fuzz/fewest");
        empty(&fewest)?;
        self.libfuzzer(&[&fewest, &self.kept, &self.found]).args(["-merge=1"]).run()?;
        let mut inputs = Vec::new();
        let unread = || format!("cannot read {}", fewest.display());
        for entry in std::fs::read_dir(&fewest).explain(unread())? {
            inputs.push(std::fs::read(entry.explain(unread())?.path()).explain(unread())?);
        }
        inputs.sort_by_key(|input| (input.len(), input.clone()));
        let lines: String = inputs.iter().map(|input| hex(input) + "\n").collect();
        let list = self.list();
        std::fs::write(&list, lines).explain(format!("cannot write {}", list.display()))?;
        println!("{} inputs are kept in {}", inputs.len(), list.display());
        Ok(())
    }

    fn libfuzzer(&self, folders: &[&Path]) -> Tool {
        let here = self.paths.root.join("tests/fuzz");
        // Without a sanitizer, which needs a nightly Rust: nothing here is unsafe, and bounds,
        // overflows and memory are checked by the code itself.
        // Following compared values would take more than half of the time.
        let options = ["run", "--sanitizer", "none", "--no-trace-compares", "--fuzz-dir"];
        let mut tool = Tool::cargos(self.fuzzer).args(["fuzz"]).args(options).arg(&here);
        tool = tool.args(["--target-dir"]).arg(&self.paths.target.join("fuzz/build"));
        tool = tool.args([self.target]);
        for folder in folders {
            tool = tool.arg(folder);
        }
        // What code is reached is enough: how often would take half of the time to count.
        tool.args(["--", LONGEST, "-timeout=10", "-print_final_stats=1", "-verbosity=1"])
            .args(["-entropic=0", "-use_counters=0"])
            .within(&here)
            .named(&format!("fuzzing {}", self.target))
    }
}

/// Makes a folder that holds nothing.
fn empty(folder: &Path) -> Outcome {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))
}

/// The bytes that hexadecimal digits stand for.
fn unwritten(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}
