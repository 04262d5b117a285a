//! What the core has to reach.

use serde_json::{Value, json};

use super::results::Results;
use super::works::{
    AUTOATTACK, BURN, LARGE, LESSONS, OURS, OURS_TWICE, TFJS_WASM, TORCH, TORCHATTACKS, pruned,
};
use crate::size::{MODULE_BUDGET, kilobytes};

/// One thing to reach.
pub struct Bar {
    /// What it is.
    pub what: String,
    /// What is needed.
    pub need: Need,
    /// What was found.
    pub found: f64,
    /// What both are counted in.
    pub unit: &'static str,
}

/// How much is needed.
#[derive(Clone, Copy)]
pub enum Need {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

impl Bar {
    /// Whether it was reached.
    pub fn is_met(&self) -> bool {
        match self.need {
            Need::AtLeast(least) => self.found >= least,
            Need::AtMost(most) => self.found <= most,
        }
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let (kind, limit) = match self.need {
            Need::AtLeast(least) => ("at least", least),
            Need::AtMost(most) => ("at most", most),
        };
        json!({
            "what": self.what, kind: limit, "found": self.found, "unit": self.unit,
            "met": self.is_met(),
        })
    }
}

/// What the figures of `frames` are called.
const FRAME_RATE: &str = ", frames/s";
const IDLE_RATE: &str = "idle, frames/s";
const LONGEST: &str = ", longest task";

/// Every bar that this run measured; `module` is the size of the core in bytes, both halves.
pub fn bars(results: &Results, module: u64) -> Vec<Bar> {
    use Need::{AtLeast, AtMost};
    let mut bars = Vec::new();
    let mut bar = |what: &str, need, found: Option<f64>, unit| {
        let what = what.to_owned();
        bars.extend(found.map(|found| Bar { what, need, found, unit }));
    };
    let median = |work: &str, row: &str, figure: &str| results.median(work, row, figure);
    let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b?);

    let training = |peer| ratio(median("train", OURS, "rate"), median("train", peer, "rate"));
    bar("training, of PyTorch's speed", AtLeast(1.7), training(TORCH), "×");
    bar("training, of TensorFlow.js's speed in wasm", AtLeast(25.0), training(TFJS_WASM), "×");
    bar("training, of Burn's speed in wasm", AtLeast(3.5), training(BURN), "×");

    let steps = ratio(median("pgd", OURS, "rate"), median("pgd", TORCH, "rate"));
    bar("PGD steps, of PyTorch's speed", AtLeast(0.8), steps, "×");
    let seconds = |row| median("robust", row, "seconds");
    let robust = ratio(seconds(TORCHATTACKS), seconds(OURS));
    bar("robust accuracy, of torchattacks's speed", AtLeast(3.0), robust, "×");
    let twice = ratio(seconds(OURS), seconds(OURS_TWICE));
    bar("robust accuracy, two workers, of one's speed", AtLeast(1.8), twice, "×");

    let seconds = |row| median("autoattack", row, "seconds");
    let robust = ratio(seconds(AUTOATTACK), seconds(OURS));
    bar("AutoAttack, of its own package's speed", AtLeast(1.0), robust, "×");

    let speed = |figure| median("kernel", "Chromium", figure);
    let products = results.figures("kernel", "Chromium").into_iter().filter(|name| is_large(name));
    let shares = products.filter_map(|product| ratio(speed(product), speed("roofline")));
    let least = shares.map(|share| 100.0 * share).reduce(f64::min);
    bar("slowest large product, of the register loop", AtLeast(85.0), least, "%");

    let layers = ["unit of layer 1", "unit of layer 2"];
    let worst = layers.into_iter().filter_map(|figure| median("slider", OURS, figure));
    bar("slider, one more unit", AtMost(3.0), worst.reduce(f64::max), "ms");
    bar("slider, any other cut", AtMost(33.0), median("slider", OURS, "jump"), "ms");

    let seconds = |figure| median("mask", OURS, figure);
    let times = ratio(seconds("mask, s"), seconds("five epochs, s"));
    bar("learning a mask of 80 %, of five standard epochs' time", AtMost(1.0), times, "×");

    let measured = [("train", "training"), ("pgd", "PGD"), ("evaluate", "evaluation")];
    for (what, amount, least, skip) in [("units", 90, 5.0, ""), ("weights", 95, 3.0, "train")] {
        for (figure, name) in measured.into_iter().filter(|(figure, _)| *figure != skip) {
            let of = |amount| median("prune", &pruned(what, amount), figure);
            let faster = ratio(of(amount), of(0));
            let told = format!("{name} without {}, of the speed before", pruned(what, amount));
            bar(&told, AtLeast(least), faster, "×");
        }
    }

    let opening = |figure| median("load", "nothing cached", figure);
    bar("first contentful paint over 10 Mbit/s", AtMost(800.0), opening("paint"), "ms");
    bar("first button answers over 10 Mbit/s", AtMost(1500.0), opening("interactive"), "ms");
    bar("layout shifts until the first network is there", AtMost(0.01), opening("shift"), "");

    // The least of what the screen shows, and the longest that anything waits.
    let worst = |row, ending: &str, worse: fn(f64, f64) -> f64| {
        let figures = results.figures("frames", row).into_iter();
        let found =
            figures.filter(|figure| figure.ends_with(ending) && !figure.starts_with("idle"));
        found.filter_map(|figure| median("frames", row, figure)).reduce(worse)
    };
    // A machine that does not reach 60 with an idle page cannot tell.
    let rate = ratio(worst(LARGE, FRAME_RATE, f64::min), median("frames", LARGE, IDLE_RATE));
    bar("slowest gesture on a large network, of an idle page", AtLeast(58.0 / 60.0), rate, "×");
    let longest = |row| worst(row, LONGEST, f64::max);
    bar("longest task with a large network, CPU", AtMost(50.0), longest(LARGE), "ms");
    bar("longest task of lessons 1, 4 and 5, CPU", AtMost(50.0), longest(LESSONS), "ms");

    let most = AtMost(kilobytes(MODULE_BUDGET));
    bar("core before compression, both halves", most, Some(kilobytes(module as usize)), "KB");
    let memory = median("memory", OURS, "loaded").map(|bytes| bytes / 1024.0 / 1024.0);
    bar("memory of one core with 70,000 images", AtMost(128.0), memory, "MB");
    bars
}

/// Whether no side of a product `m×k×n` is small: the last layer's have a side of 10.
pub fn is_large(product: &str) -> bool {
    let sizes = product.rsplit(' ').next().unwrap_or_default().split('×').map(str::parse::<u32>);
    let sizes: Vec<_> = sizes.flatten().collect();
    sizes.len() == 3 && sizes.iter().all(|size| *size >= 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_measured_is_judged() {
        let mut results = Results::default();
        assert_eq!(bars(&results, 0).len(), 1);
        results.add("pgd", OURS, &json!({ "rate": 9.0 }));
        results.add("pgd", TORCH, &json!({ "rate": 10.0 }));
        let over = MODULE_BUDGET + 1024;
        let bars = bars(&results, over as u64);
        let found: Vec<_> = bars.iter().map(|bar| (bar.found, bar.is_met())).collect();
        assert_eq!(found, [(0.9, true), (kilobytes(over), false)]);
    }

    #[test]
    fn the_worst_gesture_counts_and_an_idle_page_is_none() {
        let mut results = Results::default();
        results.add(
            "frames",
            LARGE,
            &json!({
                "idle, frames/s": 60.0, "idle, longest task": 70.0,
                "hovering, frames/s": 60.0, "hovering, longest task": 12.0,
                "panning, frames/s": 30.0, "panning, longest task": 20.0,
            }),
        );
        let found: Vec<_> = bars(&results, 0).iter().map(|bar| (bar.found, bar.is_met())).collect();
        assert_eq!(found, [(0.5, false), (20.0, true), (0.0, true)]);
    }

    #[test]
    fn the_last_layers_products_are_small() {
        assert!(is_large("weight gradient 2 256×128×128"));
        assert!(!is_large("forward 3 128×128×10"));
        assert!(!is_large("roofline"));
    }
}
