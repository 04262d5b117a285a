//! Which functions of the core are in its second module, that is loaded once the page works.
//!
//! The first is for opening the page and training on clean images; what attacks, measures and cuts
//! comes with the second. A function that is named by nothing here, and called by the first, is in
//! the first: `cargo xtask build` tells how large both are.

use std::path::Path;

use crate::problem::{Explain, Outcome};
use crate::split::split;

/// The import that fetches the second module at once: see `src/wasm/mod.rs`.
const LOAD: &str = "loadSecondHalf";

/// Parts of the names of the second module's functions: the modules they are of, or also inside
/// of `<T as Trait>` and `drop_in_place<T>`.
const MODULES: [&str; 31] = [
    "secateurs_engine::attack::",
    "secateurs_engine::certify::",
    "secateurs_engine::evaluate::",
    "secateurs_engine::network::contributions::",
    "secateurs_engine::network::difference::",
    "secateurs_engine::network::divergence::",
    "secateurs_engine::network::perturbed::",
    "secateurs_lab::alarms::",
    "secateurs_lab::distortion::",
    "secateurs_lab::export::",
    "secateurs_lab::findings::",
    "secateurs_lab::import::",
    "secateurs_lab::laboratory::",
    "secateurs_lab::learn::",
    "secateurs_lab::profile::",
    "secateurs_lab::prune::",
    "secateurs_lab::sweep::",
    "secateurs_lab::train::adversary::",
    "secateurs_lab::train::watch::Watching",
    "secateurs_lab::trial::",
    "secateurs_lab::recipe::pieces::pruning",
    "secateurs_lab::recipe::work::Working::learn",
    "secateurs_lab::recipe::work::Working::prune",
    "secateurs_lab::recipe::work::Working::rewind",
    "secateurs_lab::wasm::files::",
    "secateurs_lab::wasm::findings::",
    "secateurs_lab::wasm::imports::",
    "secateurs_lab::wasm::jobs::",
    "secateurs_lab::wasm::laboratory::",
    "secateurs_lab::wasm::messages::",
    "secateurs_lab::wasm::sweeps::",
];

/// Exports of the second module: what JavaScript calls.
const EXPORTS: [&str; 27] = [
    "__wbg_lab_free",
    "checks",
    "experimentFile",
    "experimentScript",
    "findingTrials",
    "findings",
    "judge",
    "lab_attackImages",
    "lab_bringNetwork",
    "lab_candidateBytes",
    "lab_compare",
    "lab_contributions",
    "lab_loadBefore",
    "lab_loadNetwork",
    "lab_logits",
    "lab_patternsThrough",
    "lab_readImages",
    "lab_restore",
    "lab_setOldImages",
    "networkFile",
    "readImageFiles",
    "readNetworkFile",
    "sweepAreas",
    "sweepAxes",
    "sweepCells",
    "sweepSummary",
    "zipTexts",
];

/// Parts of names of what the first module needs of those modules: to read, check and write recipes
/// with any step and any attack, and to drop what it made, which may hold nothing of the second.
const KEPT: [&str; 9] = [
    "core::ptr::drop_in_place<",
    "serde_core::de::Deserialize",
    "serde_core::ser::Serialize",
    "secateurs_engine::attack::methods::",
    "secateurs_engine::attack::params::",
    "secateurs_lab::learn::LearnParams",
    "secateurs_lab::prune::check::",
    "secateurs_lab::prune::criteria::",
    "secateurs_lab::wasm::jobs::Bench::",
];

fn is_later(name: &str) -> bool {
    let any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    // wasm-bindgen's shims are called after what they wrap: “name multivalue shim”.
    let exported = name.split(' ').next().is_some_and(|name| EXPORTS.contains(&name));
    exported || (any(&MODULES) && !any(&KEPT))
}

/// Splits a module: `first` becomes the first half, and `second` is written.
pub fn halve(first: &Path, second: &Path) -> Outcome {
    let whole = std::fs::read(first).explain(format!("cannot read {}", first.display()))?;
    let halves = split(&whole, is_later, LOAD)?;
    write(first, &halves.first)?;
    write(second, &halves.second)
}

/// Writes a second half that has nothing, for a module that is left whole.
pub fn leave_whole(second: &Path) -> Outcome {
    write(second, b"\0asm\x01\0\0\0")
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    std::fs::write(path, bytes).explain(format!("cannot write {}", path.display()))
}
