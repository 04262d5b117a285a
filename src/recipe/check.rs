//! The door: whatever comes from a link, a file or the page becomes a valid recipe or a sentence.

use super::properties;
use super::reading::read;
use super::table::{Group, brief, json_text};
use super::{NetworkParams, Recipe, Step, VERSION, of_version};
use crate::data::PIXELS;
use crate::learn::LearnParams;
use crate::limits::RECIPE_STEPS;
use crate::prune::{PruneParams, Rewind};
use crate::train::Origin;
use crate::words::shorten;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Checks a recipe in its JSON form; what is missing takes its default.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub fn check_recipe(value: &Value) -> Result<Recipe, String> {
    let object = object(value, "A recipe")?;
    let parts = ["version", "data", "network", "steps", "attack", "measure", "distortion"];
    known_keys(object, "A recipe", &parts)?;
    let version = object.get("version").cloned().unwrap_or(json!(VERSION));
    if version != json!(VERSION) {
        return Err(of_version("recipe", &json_text(&version)));
    }
    let data = match object.get("data").unwrap_or(&Value::Null) {
        Value::Null => None,
        data => Some(check_digest("data", data)?),
    };
    let empty = json!({});
    let part = |group: &Group| fill(group, object.get(group.name).unwrap_or(&empty));
    let network: NetworkParams = typed(part(&properties::NETWORK)?)?;
    let steps = object.get("steps").cloned().unwrap_or(json!([{ "step": "train" }]));
    let steps = steps.as_array().ok_or("A recipe's steps must be a list.")?;
    if steps.len() > RECIPE_STEPS {
        return Err(format!(
            "A recipe has at most {RECIPE_STEPS} steps, but this one has {}.",
            steps.len()
        ));
    }
    let steps = steps.iter().map(|step| check_step(step, &network.hidden));
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    check_beginning(&steps)?;
    check_rewinds(&steps)?;
    let recipe = Recipe {
        version: VERSION,
        data,
        steps,
        network,
        attack: typed(part(&properties::ATTACK)?)?,
        measure: typed(part(&properties::MEASURE)?)?,
        distortion: typed(part(&properties::DISTORTION)?)?,
    };
    // Which norms and sizes are allowed depends on the method.
    recipe.attack.check()?;
    recipe.measured_attack().check()?;
    Ok(recipe)
}

/// Checks the parameters of a pruning of a network with these hidden layers; what is missing takes
/// its default.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub fn check_prune(value: &Value, hidden: &[usize]) -> Result<PruneParams, String> {
    let params: PruneParams = typed(fill(&properties::PRUNE, value)?)?;
    params.check(hidden)?;
    Ok(params)
}

/// A digest of something that is brought in beside the recipe.
fn check_digest(what: &str, value: &Value) -> Result<String, String> {
    let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digest = value.as_str().filter(|text| text.len() == 16 && text.bytes().all(digit));
    digest.map(str::to_owned).ok_or_else(|| {
        format!(
            "The {what} of a recipe is a digest of 16 hexadecimal digits, but it was {}.",
            brief(value)
        )
    })
}

/// A network from a file is where a recipe begins: nothing can come before it.
fn check_beginning(steps: &[Step]) -> Result<(), String> {
    let is_file = |step: &Step| matches!(step, Step::File { .. });
    if steps.iter().skip(1).any(is_file) {
        return Err("A network from a file can only be the first of a recipe's steps.".into());
    }
    Ok(())
}

/// Early weights are those after the first epoch of a training from scratch: there must be one.
fn check_rewinds(steps: &[Step]) -> Result<(), String> {
    let from_scratch =
        |step: &Step| matches!(step, Step::Train(params) if params.from == Origin::Scratch);
    let to_early =
        |step: &Step| matches!(step, Step::Prune(params) if params.rewind == Rewind::Early);
    let first = steps.iter().position(from_scratch).unwrap_or(steps.len());
    let rewinds = |step: &Step| matches!(step, Step::Prune(params) if params.rewind != Rewind::No);
    if matches!(steps.first(), Some(Step::File { .. })) && steps[..first].iter().any(rewinds) {
        return Err("A pruning rewinds to earlier weights, but of a network from a file none are \
                    known; put a training from fresh weights before it, or rewind to no."
            .into());
    }
    if steps[..first].iter().any(to_early) {
        return Err(
            "A pruning rewinds to the weights after one epoch, but no training from fresh \
                    weights comes before it; put one there, or rewind to initial or no."
                .into(),
        );
    }
    Ok(())
}

fn check_step(step: &Value, hidden: &[usize]) -> Result<Step, String> {
    let (kind, mut settings) = (&step["step"], Map::new());
    for (key, value) in object(step, "A recipe's step")? {
        if key != "step" {
            settings.insert(key.clone(), value.clone());
        }
    }
    let settings = Value::Object(settings);
    match kind.as_str() {
        Some("file") => {
            known_keys(object(&settings, "A file")?, "A file", &["digest"])?;
            Ok(Step::File { digest: check_digest("file", &settings["digest"])? })
        }
        Some("train") => Ok(Step::Train(typed(fill(&properties::TRAIN, &settings)?)?)),
        Some("prune") => Ok(Step::Prune(check_prune(&settings, hidden)?)),
        Some("learn") => {
            let params: LearnParams = typed(fill(&properties::LEARN, &settings)?)?;
            params.check()?;
            Ok(Step::Learn(params))
        }
        Some("cut") => {
            known_keys(object(&settings, "A cut")?, "A cut", &["units", "pixels"])?;
            let (units, pixels) = (cut_units(&settings, hidden)?, cut_pixels(&settings)?);
            Ok(Step::Cut { units, pixels })
        }
        _ => Err(format!(
            "A recipe's step must be one of file, train, prune, learn, cut, but it was {}.",
            brief(kind)
        )),
    }
}

/// The units of a cut by hand: sorted, without repetition, and all of them there.
fn cut_units(settings: &Value, hidden: &[usize]) -> Result<Vec<Vec<usize>>, String> {
    let layers = settings.get("units").and_then(Value::as_array);
    let layers = layers.ok_or("A cut must list the units of every hidden layer.")?;
    if layers.len() != hidden.len() {
        return Err(format!(
            "A cut names {} hidden layers, but the network has {}.",
            layers.len(),
            hidden.len()
        ));
    }
    let mut checked = Vec::new();
    for (index, (layer, size)) in layers.iter().zip(hidden).enumerate() {
        let items = layer.as_array().ok_or("A cut must list the units of every hidden layer.")?;
        checked.push(ascending(items, *size, |item| {
            format!(
                "Hidden layer {} has {size} units, counted from 0; there is no unit {}.",
                index + 1,
                brief(item)
            )
        })?);
    }
    Ok(checked)
}

/// The pixels of a cut by hand, of which it may say nothing.
fn cut_pixels(settings: &Value) -> Result<Vec<usize>, String> {
    let Some(pixels) = settings.get("pixels") else { return Ok(Vec::new()) };
    let items = pixels.as_array().ok_or("A cut's pixels must be a list.")?;
    ascending(items, PIXELS, |item| {
        format!("An image has {PIXELS} pixels, counted from 0; there is no pixel {}.", brief(item))
    })
}

/// Indices below `size`, each once and ascending; `refuse` is what is said of any other.
fn ascending(
    items: &[Value],
    size: usize,
    refuse: impl Fn(&Value) -> String,
) -> Result<Vec<usize>, String> {
    let mut named = vec![false; size];
    for item in items {
        let index = item.as_u64().filter(|index| *index < size as u64);
        named[index.ok_or_else(|| refuse(item))? as usize] = true;
    }
    Ok((0..size).filter(|index| named[*index]).collect())
}

/// A group's object with every property checked and every missing one at its default.
pub(super) fn fill(group: &Group, given: &Value) -> Result<Value, String> {
    let given = object(given, &format!("The {} part of a recipe", group.name))?;
    let keys: Vec<_> = group.properties.iter().map(|property| property.key).collect();
    known_keys(given, &format!("The {} part of a recipe", group.name), &keys)?;
    let mut filled = Map::new();
    for property in group.properties {
        let value = match given.get(property.key) {
            Some(value) => property.check(value)?,
            None => properties::default_in(group, property, given),
        };
        filled.insert(property.key.into(), value);
    }
    Ok(Value::Object(filled))
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| format!("{what} must be an object, but it was {}.", brief(value)))
}

fn known_keys(object: &Map<String, Value>, what: &str, known: &[&str]) -> Result<(), String> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            Err(format!("{what} has no “{}”; it may have {}.", shorten(key), known.join(", ")))
        }
    }
}

/// From checked JSON to the type: nothing can go wrong any more that a visitor could mend.
pub(super) fn typed<T: for<'read> Deserialize<'read>>(value: Value) -> Result<T, String> {
    read(&value).map_err(|error| format!("The recipe cannot be read: {error}."))
}
