//! What the page of the benchmark calls.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// See [`crate::speeds`]; as JSON.
#[wasm_bindgen]
pub fn speeds() -> String {
    crate::speeds(|| now() / 1000.0).to_string()
}
