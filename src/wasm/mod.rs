//! The browser's face of the core: one [`Lab`] per worker. The only place that knows JavaScript.

mod files;
mod findings;
mod imports;
mod jobs;
mod lab;
mod laboratory;
mod looks;
mod messages;
mod ranged;
mod results;
mod sweeps;
mod views;

pub use lab::Lab;

use crate::alarms::{Check, Evidence};
use crate::data;
use crate::limits::RECIPE_BYTES;
use crate::recipe::{self, ParsedLink, Recipe, View};
use js_sys::{Array, Number, Object, Reflect};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// A sentence as a JavaScript error.
fn thrown(sentence: impl ToString) -> JsError {
    JsError::new(&sentence.to_string())
}

/// What the page handed over, as JSON's `Value`.
fn value(given: impl Into<JsValue>) -> Result<Value, JsError> {
    plain(&given.into())
}

/// By hand, because the general reader brings code for far more than JSON.
fn plain(given: &JsValue) -> Result<Value, JsError> {
    if given.is_null() || given.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(truth) = given.as_bool() {
        return Ok(Value::Bool(truth));
    }
    if let Some(number) = given.as_f64() {
        let whole = Number::is_safe_integer(given);
        return Ok(if whole { Value::from(number as i64) } else { Value::from(number) });
    }
    if let Some(text) = given.as_string() {
        return Ok(Value::String(text));
    }
    if let Some(items) = given.dyn_ref::<Array>() {
        let mut list = Vec::new();
        for item in items.iter() {
            list.push(plain(&item)?);
        }
        return Ok(Value::Array(list));
    }
    let Some(object) = given.dyn_ref::<Object>() else {
        return Err(thrown("Only what JSON can hold is read."));
    };
    let mut map = Map::new();
    for key in Object::keys(object).iter() {
        let entry = Reflect::get(object, &key).map_err(|_| thrown("An object cannot be read."))?;
        map.insert(key.as_string().unwrap_or_default(), plain(&entry)?);
    }
    Ok(Value::Object(map))
}

/// What the page handed over.
///
/// By way of `Value`: what is read from one form only has its code in the module only once.
fn read<T: Tsify + DeserializeOwned>(given: Ts<T>) -> Result<T, JsError> {
    recipe::read(&value(given)?).map_err(thrown)
}

/// JSON from its text, read by the browser, which has a reader already.
fn parse(json: &str) -> Result<Value, JsError> {
    let parsed = js_sys::JSON::parse(json);
    value(parsed.map_err(|error| thrown(js_sys::Error::from(error).message()))?)
}

/// A decimal number from its text, read by the browser.
fn number(text: &str) -> Option<f64> {
    Some(JsValue::from(text).unchecked_into_f64())
}

/// Prints a panic's last words to the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

#[wasm_bindgen]
extern "C" {
    /// Fetches the second half of this module at once; the worker defines it.
    #[wasm_bindgen(js_name = loadSecondHalf)]
    fn load_second_half();
}

/// Makes sure that the second half of this module is there.
///
/// Also keeps the import, which is called wherever something of the second half is: see
/// `xtask/src/split.rs`.
#[wasm_bindgen(js_name = secondHalf)]
pub fn second_half() {
    load_second_half();
}

/// The SHA-256 of a file, for a worker that cannot wait for the browser's.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    data::sha256(bytes).to_vec()
}

/// Reads a link's fragment.
///
/// # Errors
/// One sentence that says what was wrong.
#[wasm_bindgen(js_name = parseLink)]
pub fn parse_link(link: &str) -> Result<Ts<ParsedLink>, JsError> {
    recipe::parse_link_with(link, number).map_err(thrown)?.into_ts().map_err(thrown)
}

/// Writes a recipe as a link's fragment, without `#`.
///
/// # Errors
/// One sentence when the recipe is not valid.
#[wasm_bindgen(js_name = formatLink)]
pub fn format_link(
    recipe: Ts<Recipe>,
    view: Ts<View>,
    digest: Option<String>,
    verdict: Option<String>,
) -> Result<String, JsError> {
    let recipe = recipe::check_recipe(&value(recipe)?).map_err(thrown)?;
    let view = read(view)?;
    let link = recipe::format_link(&recipe, &view, digest.as_deref());
    Ok(match verdict {
        Some(verdict) => recipe::with_verdict(&link, &verdict),
        None => link,
    })
}

/// Checks a recipe in JSON; what is missing takes its default.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
#[wasm_bindgen(js_name = checkRecipe)]
pub fn check_recipe(json: &str) -> Result<Ts<Recipe>, JsError> {
    if json.len() > RECIPE_BYTES {
        return Err(thrown("This recipe is longer than the 1 MiB that are read."));
    }
    recipe::check_recipe(&parse(json)?).map_err(thrown)?.into_ts().map_err(thrown)
}

/// Looks at what was measured of a network for signs of masked gradients: all checks, those that
/// tripped and those that did not.
///
/// # Errors
/// One sentence when this is no evidence.
#[wasm_bindgen]
pub fn checks(evidence: Ts<Evidence>) -> Result<Vec<Ts<Check>>, JsError> {
    let checks = crate::alarms::checks(&read(evidence)?);
    checks.into_iter().map(|check| check.into_ts().map_err(thrown)).collect()
}
