//! Every attack's figures against those of the reference tools, on networks trained there.
//!
//! `tests/fixtures/attacks.json` holds what AutoAttack, torchattacks and Foolbox found: of the
//! first 1000 test images so many stay robust, and half of what fools the others is at most as large
//! as `median`. An entry with `seeds` 0 takes too long even for the stage `outcomes`; `cargo test
//! --test agreement -- --ignored` measures all, each under three seeds.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{fixture, mnist, read_network, reference_folder};
use secateurs::attack::{AttackParams, Blocks, METHODS, Norm, Purpose};
use secateurs::data::Dataset;
use secateurs::network::Mlp;
use serde_json::Value;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const IMAGES: usize = 1000;

/// How near medians have to be, as a share.
const NEAR: f64 = 0.03;

/// One of the reference networks.
fn network(folder: &Path, name: &str) -> Mlp {
    read_network(&folder.join(format!("{name}_784-128-64-10.npz")))
}

fn params(entry: &Value) -> AttackParams {
    let name = entry["method"].as_str().unwrap();
    let facts = METHODS.iter().find(|facts| facts.name == name).unwrap();
    let norms = [Norm::Linf, Norm::L2, Norm::L1];
    let norm = norms.into_iter().find(|norm| entry["norm"] == norm.name()).unwrap();
    let steps = entry["steps"].as_u64().unwrap() as usize;
    let eps = entry["eps"].as_f64().unwrap();
    let usual = AttackParams::usual(facts.method, eps, steps);
    AttackParams { norm, step: entry["step"].as_f64().unwrap_or(usual.step), ..usual }
}

/// How many images stay robust, and the median size of what fooled the others.
fn measure(network: &Mlp, data: &Dataset, params: AttackParams, seed: u32) -> (usize, f64) {
    let valid = params.check().unwrap();
    let mut blocks = Blocks::new(network, valid, seed, 0..IMAGES, Purpose::Evaluate);
    let (mut robust, mut norms) = (0, Vec::new());
    while !blocks.is_done() {
        if let Some((_, run)) = blocks.step(&data.test) {
            robust += run.verdicts().iter().filter(|verdict| verdict.robust).count();
            let right = run.verdicts().iter().filter(|verdict| verdict.clean == verdict.label);
            norms.extend(right.filter(|verdict| !verdict.robust).map(|verdict| verdict.norm));
        }
    }
    norms.sort_by(f32::total_cmp);
    // As PyTorch has it: of an even number the lower.
    (robust, norms.get(norms.len().saturating_sub(1) / 2).map_or(0.0, |norm| f64::from(*norm)))
}

/// One line on an entry, and whether the mean over the seeds is as near as it has to be.
fn compare(folder: &Path, data: &Dataset, entry: &Value, seeds: u32) -> (String, bool) {
    let network = network(folder, entry["network"].as_str().unwrap());
    let params = params(entry);
    let found = (0..seeds).map(|seed| measure(&network, data, params, seed));
    let (counts, medians): (Vec<_>, Vec<_>) = found.unzip();
    let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let reference = entry["robust"].as_f64().unwrap();
    let points = |images: f64| 100.0 * images / IMAGES as f64;
    let mut line = format!(
        "{} {} {} {}: {:.1} % robust ({counts:?} of {IMAGES} images), {} {:.1} %",
        entry["network"].as_str().unwrap(),
        entry["method"].as_str().unwrap(),
        params.norm.name(),
        params.eps,
        points(mean),
        entry["source"].as_str().unwrap(),
        points(reference),
    );
    let mut agrees = points((mean - reference).abs()) <= entry["within"].as_f64().unwrap() + 1e-9;
    if let Some(reference) = entry["median"].as_f64() {
        line += &format!(", median norm {medians:.5?}, there {reference}");
        agrees &= medians.iter().all(|median| (median / reference - 1.0).abs() <= NEAR);
    }
    (line, agrees)
}

/// Compares every entry that `seeds` has seeds for, two at a time.
fn compare_all(seeds: impl Fn(&Value) -> u64 + Sync) {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return;
    };
    let entries = fixture("attacks.json");
    let entries: Vec<&Value> =
        entries.as_array().unwrap().iter().filter(|entry| seeds(entry) > 0).collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let data = mnist();
    let data: &Dataset = &data;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (line, agrees) = compare(&folder, data, entry, seeds(entry) as u32);
                    println!("{line}");
                    if !agrees {
                        wrong.lock().unwrap().push(line);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn attacks_agree_with_the_reference_tools() {
    compare_all(|entry| entry["seeds"].as_u64().unwrap());
}

#[test]
#[ignore = "takes minutes"]
fn attacks_agree_with_the_reference_tools_under_three_seeds() {
    compare_all(|_| 3);
}
