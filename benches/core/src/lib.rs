//! What the benchmark measures of the core beside whole jobs: how fast this machine multiplies and
//! adds at all, and which share of that each product of the usual network reaches.

mod products;
mod roofline;

#[cfg(target_arch = "wasm32")]
mod browser;

use products::Product;
use serde_json::{Map, Value, json};

/// How often each thing is timed; the fastest time counts, because whatever disturbs a loop of
/// arithmetic only ever makes it slower.
const TRIES: usize = 7;

/// Seconds that one timing lasts: long against a browser's coarse clock.
const LONG: f64 = 0.02;

/// Measures the machine's own speed and that of every product, in GFLOP/s, by a clock in seconds.
pub fn speeds(now: impl Fn() -> f64) -> Value {
    let mut products = products::of_the_usual_network();
    let mut roofline = roofline::Roofline::default();
    let mut fastest = vec![0.0_f64; 1 + products.len()];
    // One after the other, over and over: a slow moment of the machine then hits all alike.
    for _ in 0..TRIES {
        fastest[0] = fastest[0].max(speed(&now, || roofline.run()));
        for (fastest, product) in fastest[1..].iter_mut().zip(&mut products) {
            *fastest = fastest.max(speed(&now, || product.run()));
        }
    }
    let named = products.iter().map(Product::name).zip(&fastest[1..]);
    let mut figures: Map<String, Value> =
        named.map(|(name, speed)| (name.to_owned(), json!(speed))).collect();
    figures.insert("roofline".to_owned(), json!(fastest[0]));
    Value::Object(figures)
}

/// GFLOP/s of a piece of work that returns how many operations it did.
fn speed(now: &impl Fn() -> f64, mut work: impl FnMut() -> f64) -> f64 {
    let begin = now();
    let mut operations = 0.0;
    loop {
        operations += work();
        let seconds = now() - begin;
        if seconds >= LONG {
            return operations / seconds / 1e9;
        }
    }
}
