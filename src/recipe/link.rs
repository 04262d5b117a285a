//! A recipe as a readable link: what differs from the defaults, as
//! `v=1&hidden=256-128&train=epochs:5&prune=amount:20&digest=0123456789abcdef`.

use super::check::typed;
use super::cost::{Work, work};
use super::properties;
use super::table::{Group, Kind, Property};
use super::teaching::{TaskParams, check_task};
use super::{Recipe, Step, VERSION, check_recipe, of_version};
use crate::limits::LINK_BYTES;
use crate::words::{self, shorten};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What the page looks at; it changes no figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default)]
pub struct View {
    /// The test image shown.
    pub image: usize,
    /// The finding shown, or `none`.
    pub finding: String,
    /// The lesson that is open, or `none`.
    pub lesson: String,
    /// Which of its steps, from 1 on.
    pub step: usize,
    /// Names of parts of the page and of controls that are not shown.
    pub hide: Vec<String>,
    /// Names of parts of the page and of controls that are shown but stay as set.
    pub lock: Vec<String>,
    /// Whether the page is shown to a room.
    pub present: bool,
    /// The score that its sender claims, in test images; 0 for none.
    pub score: usize,
    /// The task that is set.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub task: Option<TaskParams>,
}

impl Default for View {
    fn default() -> Self {
        View {
            image: 0,
            finding: "none".into(),
            lesson: "none".into(),
            step: 1,
            hide: Vec::new(),
            lock: Vec::new(),
            present: false,
            score: 0,
            task: None,
        }
    }
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ParsedLink {
    /// The recipe.
    pub recipe: Recipe,
    /// What its sender looked at.
    pub view: View,
    /// The digest its sender saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub digest: Option<String>,
    /// The digest of the verdict its sender saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub verdict: Option<String>,
    /// The work that opening it starts.
    pub work: Work,
}

/// The measures of a recipe, each under its group's name.
const MEASURES: [Group; 3] = [properties::ATTACK, properties::MEASURE, properties::DISTORTION];

/// Writes a link's fragment, without `#`.
pub fn format_link(recipe: &Recipe, view: &View, digest: Option<&str>) -> String {
    let json = serde_json::to_value(recipe).unwrap_or_default();
    let mut parts = vec![format!("v={VERSION}")];
    parts.extend(recipe.data.iter().map(|digest| format!("data={digest}")));
    parts.extend(differences(&properties::NETWORK, &json["network"], "="));
    for (step, value) in recipe.steps.iter().zip(json["steps"].as_array().into_iter().flatten()) {
        parts.push(match step {
            Step::File { digest } => format!("file={digest}"),
            Step::Train(_) => named(&properties::TRAIN, value),
            Step::Prune(_) => named(&properties::PRUNE, value),
            Step::Learn(_) => named(&properties::LEARN, value),
            Step::Cut { units, pixels } => format!("cut={}", pack_cut(units, pixels)),
        });
    }
    for group in MEASURES {
        let part = named(&group, &json[group.name]);
        if part.contains('=') {
            parts.push(part);
        }
    }
    let view = serde_json::to_value(view).unwrap_or_default();
    parts.extend(differences(&properties::VIEW, &view, "="));
    if view["task"].is_object() {
        parts.push(named(&properties::TASK, &view["task"]));
    }
    parts.extend(digest.map(|digest| format!("digest={digest}")));
    parts.join("&")
}

/// Adds to a link the digest of the verdict that its sender saw.
pub fn with_verdict(link: &str, verdict: &str) -> String {
    format!("{link}&verdict={verdict}")
}

/// `name=key:value,key:value`, or the name alone where nothing differs.
fn named(group: &Group, values: &Value) -> String {
    let differences = differences(group, values, ":").join(",");
    if differences.is_empty() { group.name.into() } else { format!("{}={differences}", group.name) }
}

fn differences(group: &Group, values: &Value, joint: &str) -> Vec<String> {
    let none = Map::new();
    let object = values.as_object().unwrap_or(&none);
    let differing = group.properties.iter().filter(|property| {
        let usual = properties::default_in(group, property, object);
        property.check(&values[property.key]).is_ok_and(|value| value != usual)
    });
    differing
        .map(|property| format!("{}{joint}{}", property.key, written(&values[property.key])))
        .collect()
}

/// A property's value as links write it.
pub(crate) fn written(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.into(),
        Value::Array(items) => {
            let joint = if items.iter().any(Value::is_string) { "," } else { "-" };
            items.iter().map(written).collect::<Vec<_>>().join(joint)
        }
        // Rust writes an f64 as the shortest decimal that reads back as the same number.
        number => number.as_f64().map_or_else(String::new, words::number),
    }
}

/// Reads a link: a whole address, its fragment with or without `#`, or nothing at all, which is
/// the default recipe.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub fn parse_link(link: &str) -> Result<ParsedLink, String> {
    parse_link_with(link, |text| text.parse().ok())
}

/// [`parse_link`] with a reader of decimal numbers: a browser has one already, and the standard
/// library's is as large as all of this file's code and more. `number` is asked for texts of
/// digits, signs, points and the letter e only; to others the answer is none.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub fn parse_link_with(link: &str, number: fn(&str) -> Option<f64>) -> Result<ParsedLink, String> {
    if link.len() > LINK_BYTES {
        return Err(format!(
            "This link is {} characters long, but at most {LINK_BYTES} are read.",
            link.len()
        ));
    }
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment).trim();
    let mut recipe = Map::new();
    let mut steps = Vec::new();
    let mut view = Map::new();
    let mut task = None;
    let (mut digest, mut verdict) = (None, None);
    let mut version = None;
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        let (key, text) = part.split_once('=').unwrap_or((part, ""));
        let (key, text) = (decoded(key)?, decoded(text)?);
        if version.is_none() && key != "v" {
            return Err("This is no Secateurs link: one begins with v=1.".into());
        }
        match key.as_str() {
            "v" if text == VERSION.to_string() && version.is_none() => version = Some(VERSION),
            "v" if text == VERSION.to_string() => return Err("This link sets v twice.".into()),
            "v" => return Err(of_version("link", &text)),
            "train" | "prune" | "learn" => {
                let groups = [properties::TRAIN, properties::PRUNE, properties::LEARN];
                let Some(group) = groups.into_iter().find(|group| group.name == key) else {
                    continue;
                };
                let mut step = settings(&group, &text, number)?;
                step.insert("step".into(), json!(key));
                steps.push(Value::Object(step));
            }
            "file" => {
                let digest = checked_digest("digest of a file", &text)?;
                steps.push(json!({ "step": "file", "digest": digest }));
            }
            // What a link is of where it says nothing.
            "data" if text == "mnist" => {}
            "data" => {
                once(&mut recipe, &key, json!(checked_digest("digest of images", &text)?))?;
            }
            "cut" => steps.push(unpack_cut(&text)?),
            "digest" => digest = Some(checked_digest("digest", &text)?),
            "verdict" => verdict = Some(checked_digest("verdict", &text)?),
            "task" => task = Some(check_task(settings(&properties::TASK, &text, number)?)?),
            _ => {
                if let Some(group) = MEASURES.iter().find(|group| group.name == key) {
                    once(&mut recipe, &key, Value::Object(settings(group, &text, number)?))?;
                } else if let Some(property) = find(&properties::NETWORK, &key) {
                    let network = recipe.entry("network").or_insert(json!({}));
                    if let Some(network) = network.as_object_mut() {
                        once(network, &key, read(property, &text, number)?)?;
                    }
                } else if let Some(property) = find(&properties::VIEW, &key) {
                    view.insert(key, property.check(&read(property, &text, number)?)?);
                } else {
                    return Err(format!("A link has no “{}”.", shorten(&key)));
                }
            }
        }
    }
    if fragment.is_empty() {
        steps.push(json!({ "step": "train" }));
    }
    recipe.insert("steps".into(), Value::Array(steps));
    let view = View { task, ..typed(Value::Object(view))? };
    let recipe = check_recipe(&Value::Object(recipe))?;
    Ok(ParsedLink { work: work(&recipe), recipe, view, digest, verdict })
}

fn decoded(text: &str) -> Result<String, String> {
    let bytes = percent_encoding::percent_decode_str(text);
    let decoded = bytes.decode_utf8().map_err(|_| "This link is damaged: it is not text.")?;
    Ok(decoded.into_owned())
}

fn find(group: &Group, key: &str) -> Option<&'static Property> {
    group.properties.iter().find(|property| property.key == key)
}

fn once(object: &mut Map<String, Value>, key: &str, value: Value) -> Result<(), String> {
    match object.insert(key.into(), value) {
        None => Ok(()),
        Some(_) => Err(format!("This link sets {key} twice.")),
    }
}

/// `key:value,key:value` by a group's properties.
fn settings(
    group: &Group,
    text: &str,
    number: fn(&str) -> Option<f64>,
) -> Result<Map<String, Value>, String> {
    let mut settings = Map::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (key, text) = part.split_once(':').unwrap_or((part, ""));
        let property = find(group, key)
            .ok_or_else(|| format!("A link's {} has no “{}”.", group.name, shorten(key)))?;
        once(&mut settings, key, read(property, text, number)?)?;
    }
    Ok(settings)
}

/// A property's text as JSON; whether the value is allowed is checked with the whole recipe.
pub(crate) fn read(
    property: &Property,
    text: &str,
    number: fn(&str) -> Option<f64>,
) -> Result<Value, String> {
    let number = |text: &str| {
        let decimal = |byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let decimal = !text.is_empty() && text.bytes().all(decimal);
        let number = decimal.then(|| number(text)).flatten().filter(|number| number.is_finite());
        number.map_or_else(|| json!(text), |number| json!(number))
    };
    Ok(match property.kind {
        Kind::Whole { .. } | Kind::Real { .. } => number(text),
        Kind::Choice { .. } => json!(text),
        Kind::Flag => match text {
            "yes" => json!(true),
            "no" => json!(false),
            _ => return Err(format!("{} must be yes or no in a link.", property.label)),
        },
        Kind::List { .. } => text.split('-').map(number).collect(),
        Kind::Names { .. } => text.split(',').filter(|name| !name.is_empty()).collect(),
    })
}

fn checked_digest(what: &str, text: &str) -> Result<String, String> {
    let good = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if good {
        Ok(text.into())
    } else {
        Err(format!("A {what} is 16 hexadecimal digits, but it was “{}”.", shorten(text)))
    }
}

/// What stands before a cut's pixels.
const PIXELS: &str = ",pixels:";

/// The pruned units of each layer, and then pixels if there are any.
fn pack_cut(units: &[Vec<usize>], pixels: &[usize]) -> String {
    let layers = units.iter().map(|units| pack_bits(units)).collect::<Vec<_>>().join(".");
    if pixels.is_empty() { layers } else { [&layers, PIXELS, &pack_bits(pixels)].concat() }
}

fn unpack_cut(text: &str) -> Result<Value, String> {
    let (layers, pixels) = text.split_once(PIXELS).unwrap_or((text, ""));
    let units = layers.split('.').map(unpack_bits).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "step": "cut", "units": units, "pixels": unpack_bits(pixels)? }))
}

/// Indices as bits, least significant first, in base 64.
fn pack_bits(indices: &[usize]) -> String {
    let mut bytes = vec![0u8; indices.iter().max().map_or(0, |last| last / 8 + 1)];
    for index in indices {
        bytes[index / 8] |= 1 << (index % 8);
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn unpack_bits(text: &str) -> Result<Vec<usize>, String> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| format!("The cut “{}” in this link is damaged.", shorten(text)))?;
    let bits = bytes.iter().enumerate().flat_map(|(index, byte)| {
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| 8 * index + bit)
    });
    Ok(bits.collect())
}
