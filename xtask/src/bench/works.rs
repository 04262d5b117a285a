//! What is measured, and who takes part.

use serde_json::{Value, json};

/// A program that does the works it is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contender {
    /// The module that users get, in workers of a Chromium page.
    Ours,
    /// The core natively, on one thread.
    Native,
    /// The core's kernel by itself, in a worker of a Chromium page.
    Kernel,
    /// The finished page.
    Site,
    /// TensorFlow.js on WebAssembly, in Chromium.
    TfjsWasm,
    /// TensorFlow.js on plain JavaScript, in Chromium.
    TfjsCpu,
    /// ConvNetJS, in Chromium.
    ConvNetJs,
    /// Burn on ndarray, compiled to WebAssembly, in Chromium.
    Burn,
    /// PyTorch and torchattacks, on one thread.
    Torch,
    /// NumPy, on one thread.
    NumPy,
}

/// One work, done by several.
pub struct Work {
    /// What selects it on the command line.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Who does it.
    pub entries: Vec<Entry>,
}

/// One contender's part in a work.
pub struct Entry {
    /// What its row is called.
    pub label: String,
    /// Who.
    pub contender: Contender,
    /// What it is asked.
    pub request: Value,
}

/// Row of the core in one worker: what the others are compared with.
pub const OURS: &str = "Secateurs, Chromium, one worker";
/// Row of the core in two workers.
pub const OURS_TWICE: &str = "Secateurs, Chromium, two workers";
/// Row of the core natively.
pub const NATIVE: &str = "Secateurs, native, one thread";
/// Row of TensorFlow.js.
pub const TFJS_WASM: &str = "TensorFlow.js, wasm";
/// Row of Burn.
pub const BURN: &str = "Burn, ndarray, wasm";
/// Row of PyTorch.
pub const TORCH: &str = "PyTorch, one thread";
/// Row of torchattacks.
pub const TORCHATTACKS: &str = "torchattacks, one thread";
/// Row of AutoAttack's own package.
pub const AUTOATTACK: &str = "autoattack, PyTorch, one thread";

/// Row of the page with a large network.
pub const LARGE: &str = "large network";
/// Row of the page while lessons are gone through.
pub const LESSONS: &str = "lessons 1, 4 and 5";

/// Shares that are pruned, in percent.
pub const PRUNED: [u32; 5] = [0, 50, 75, 90, 95];

/// The row of what is pruned by this much.
pub fn pruned(what: &str, amount: u32) -> String {
    format!("{amount} % of {what}")
}

/// Everything there is to measure; `standard` is a file with the default recipe's network.
pub fn works(all: bool, standard: &str) -> Vec<Work> {
    use Contender::{ConvNetJs, Kernel, Native, NumPy, Ours, Site, TfjsCpu, TfjsWasm, Torch};
    let entry =
        |label: &str, contender, request| Entry { label: label.to_owned(), contender, request };
    // Slow contenders do less of the same, so that a round takes a minute and not an hour.
    let mut peers = vec![
        (OURS, Ours, 60_000, 10_000),
        (NATIVE, Native, 60_000, 10_000),
        (TORCH, Torch, 60_000, 10_000),
        ("NumPy, one thread", NumPy, 60_000, 10_000),
        (TFJS_WASM, TfjsWasm, 12_800, 10_000),
        ("TensorFlow.js, cpu", TfjsCpu, 1280, 1280),
        ("ConvNetJS, Adadelta", ConvNetJs, 1280, 1280),
    ];
    if all {
        peers.push((BURN, Contender::Burn, 12_800, 10_000));
    }
    let each = |work: &str, images: fn(&(i32, i32)) -> i32| {
        let entries = peers.iter().map(|(label, contender, train, test)| {
            let images = images(&(*train, *test));
            entry(label, *contender, json!({ "work": work, "images": images }))
        });
        entries.collect::<Vec<_>>()
    };
    let pgd = json!({ "work": "pgd", "images": 1024, "attack": { "eps": 0.1, "steps": 100 } });
    let network = json!({ "file": standard, "hidden": [128, 64] });
    let robust = |workers: u32| {
        json!({
            "work": "robust", "images": 10_000, "workers": workers,
            "attack": { "eps": 0.1, "steps": 40 }, "network": network,
        })
    };
    let autoattack = |workers: u32| {
        json!({
            "work": "autoattack", "images": 1000, "workers": workers,
            "attack": { "method": "autoattack", "eps": 0.05 }, "network": network,
        })
    };
    let prune = ["units", "weights"].into_iter().flat_map(|what| {
        PRUNED.into_iter().map(move |amount| {
            let request = json!({
                "work": "prune", "what": what, "amount": amount, "images": 60_000,
                "attacked": 512, "attack": { "eps": 0.1, "steps": 40 },
            });
            Entry { label: pruned(what, amount), contender: Ours, request }
        })
    });
    vec![
        Work {
            name: "train",
            title: "Training, 784-256-128-10, batch 128, Adam: images/s",
            entries: each("train", |(train, _)| *train),
        },
        Work {
            name: "pgd",
            title: "PGD steps, 784-256-128-10, batch 128: image-steps/s",
            entries: [(OURS, Ours), (NATIVE, Native), (TORCH, Torch), ("NumPy, one thread", NumPy)]
                .map(|(label, contender)| entry(label, contender, pgd.clone()))
                .into(),
        },
        Work {
            name: "robust",
            title: "Robust accuracy, PGD-40, ε 0.1, 10,000 images, default recipe's 784-128-64-10: s",
            entries: vec![
                entry(OURS, Ours, robust(1)),
                entry(OURS_TWICE, Ours, robust(2)),
                entry(NATIVE, Native, robust(1)),
                entry(TORCHATTACKS, Torch, robust(1)),
            ],
        },
        Work {
            name: "autoattack",
            title: "Robust accuracy, AutoAttack standard, L∞, ε 0.05, 1,000 images, same network: s",
            entries: vec![
                entry(OURS, Ours, autoattack(1)),
                entry(OURS_TWICE, Ours, autoattack(2)),
                entry(NATIVE, Native, autoattack(1)),
                entry(AUTOATTACK, Torch, autoattack(1)),
            ],
        },
        Work {
            name: "evaluate",
            title: "Clean accuracy of a network just loaded, 784-256-128-10: images/s",
            entries: each("evaluate", |(_, test)| *test),
        },
        Work {
            name: "slider",
            title: "Slider, scoring 20,000 images anew, default recipe's network: ms",
            entries: vec![entry(OURS, Ours, json!({ "work": "slider" }))],
        },
        Work {
            name: "mask",
            title: "Learning a mask of 80 % on FGSM images, beside five standard epochs, default network",
            entries: vec![entry(OURS, Ours, json!({ "work": "mask" }))],
        },
        Work {
            name: "prune",
            title: "Cost after pruning 784-256-128-10, one Chromium worker: images/s, image-steps/s",
            entries: prune.collect(),
        },
        Work {
            name: "kernel",
            title: "Matrix products (m×k×n, operands packed) and a register loop: GFLOP/s",
            entries: vec![
                entry("Chromium", Kernel, json!({ "work": "speeds" })),
                entry("native", Native, json!({ "work": "speeds" })),
            ],
        },
        Work {
            name: "start",
            title: "From opening the page to the first trained batch",
            entries: vec![entry(
                "default recipe, nothing cached",
                Site,
                json!({ "work": "start" }),
            )],
        },
        Work {
            name: "load",
            title: "Opening the page over 10 Mbit/s, 20 ms away, and training: ms; sum of layout shifts",
            entries: vec![entry("nothing cached", Site, json!({ "work": "load" }))],
        },
        Work {
            name: "frames",
            title: "The page in use, 784-512-256-10: frames/s, main thread's CPU in ms",
            entries: vec![
                entry(LARGE, Site, json!({ "work": "frames", "of": "large" })),
                entry(LESSONS, Site, json!({ "work": "frames", "of": "lessons" })),
            ],
        },
        Work {
            name: "memory",
            title: "WebAssembly memory of one core",
            entries: vec![entry(OURS, Ours, json!({ "work": "memory" }))],
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burn_takes_part_only_when_asked() {
        let burns = |all| {
            let entries = works(all, "").into_iter().flat_map(|work| work.entries);
            entries.filter(|entry| entry.contender == Contender::Burn).count()
        };
        assert_eq!((burns(false), burns(true)), (0, 2));
    }

    #[test]
    fn names_are_distinct() {
        let works = works(true, "");
        let mut names: Vec<_> = works.iter().map(|work| work.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), works.len());
    }
}
