//! Values that properties do not expect.

use arbitrary::{Result, Unstructured};
use secateurs::recipe::{GROUPS, Group, Kind, Property};
use serde_json::{Value, json};

/// Numbers at the ends of what anything can hold.
const NUMBERS: [f64; 12] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1e6,
    4_294_967_296.0,
    9_007_199_254_740_993.0,
    1.8e19,
    1e308,
    5e-324,
    -1e300,
];

/// The same as texts, and what only looks like a number.
const TEXTS: [&str; 16] = [
    "", "-", ".", "e", "1e999", "-1e999", "NaN", "inf", "1e-400", "0x10", "1_000", "+5", "1.",
    ".5", "00001", "９",
];

/// Short texts of all kinds, which no reader should trip over.
const WORDS: [&str; 12] = [
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "%00%0A%FF",
    "\u{202e}\u{0}\n",
    "ß😀漢",
    "__proto__",
    "constructor",
    "train",
    "none",
    "yes",
    "../../x",
    "a,b:c-d&e=f#g",
];

/// One of a list.
pub fn one<T: Copy>(u: &mut Unstructured, of: &[T]) -> Result<T> {
    Ok(of[u.choose_index(of.len())?])
}

/// Whether something that is to happen once in so many times happens.
pub fn rarely(u: &mut Unstructured, times: u8) -> Result<bool> {
    Ok(u.int_in_range(1..=times)? == times)
}

/// A group of properties.
pub fn group(u: &mut Unstructured) -> Result<Group> {
    one(u, &GROUPS)
}

/// A group by its name.
pub fn named(name: &str) -> Group {
    *GROUPS.iter().find(|group| group.name == name).unwrap()
}

/// A property of a group.
pub fn property(u: &mut Unstructured, group: &Group) -> Result<&'static Property> {
    Ok(&group.properties[u.choose_index(group.properties.len())?])
}

/// A text as it is, long or escaped.
pub fn text(u: &mut Unstructured) -> Result<String> {
    let word = match u.int_in_range(0..=3)? {
        0 => one(u, &TEXTS)?.to_owned(),
        1 => one(u, &WORDS)?.to_owned(),
        2 => one(u, &NUMBERS)?.to_string(),
        _ => u.arbitrary()?,
    };
    let times = if rarely(u, 16)? { u.int_in_range(2..=400)? } else { 1 };
    Ok(word.repeat(times))
}

/// A value of a property, mostly one that is allowed.
pub fn value(u: &mut Unstructured, property: &Property) -> Result<Value> {
    if rarely(u, 6)? {
        return anything(u, 3);
    }
    let near = u.int_in_range(-1i64..=1)?;
    let off = if rarely(u, 4)? { near } else { 0 };
    Ok(match property.kind {
        Kind::Whole { min, max, default } => match u.int_in_range(0..=3)? {
            0 => json!(min.saturating_add(off)),
            1 => json!(max.saturating_add(off)),
            2 => json!(u.int_in_range(min..=max)?),
            _ => json!(default),
        },
        Kind::Real { min, max, default, .. } => match u.int_in_range(0..=3)? {
            0 => json!(min + off as f64),
            1 => json!(max + off as f64),
            2 => json!(min + (max - min) * f64::from(u.arbitrary::<u16>()?) / 65_535.0),
            _ => json!(default),
        },
        Kind::Choice { options } => json!(options[u.choose_index(options.len())?].0),
        Kind::Flag => json!(u.arbitrary::<bool>()?),
        Kind::List { min, max, longest, .. } => {
            let count = u.int_in_range(0..=longest as i64 + off)?;
            let entry = |_| Ok(json!(u.int_in_range(min..=max.min(24))?.saturating_add(off)));
            Value::Array((0..count).map(entry).collect::<Result<_>>()?)
        }
        Kind::Names { panels, groups } => {
            let count = u.int_in_range(0..=4)?;
            let mut names = Vec::new();
            for _ in 0..count {
                names.push(if u.arbitrary()? {
                    json!(panels[u.choose_index(panels.len())?].0)
                } else {
                    let group = &groups[u.choose_index(groups.len())?];
                    json!(format!("{}.{}", group.name, property_of(u, group)?))
                });
            }
            Value::Array(names)
        }
    })
}

fn property_of(u: &mut Unstructured, group: &Group) -> Result<&'static str> {
    Ok(property(u, group)?.key)
}

/// Anything that JSON can say, nested so deep.
pub fn anything(u: &mut Unstructured, depth: usize) -> Result<Value> {
    let kinds = if depth == 0 { 5 } else { 7 };
    Ok(match u.int_in_range(0..=kinds)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(one(u, &NUMBERS)?),
        3 => json!(u.arbitrary::<i64>()?),
        4 => json!(u.arbitrary::<u64>()?),
        5 => json!(text(u)?),
        6 => {
            let count = u.int_in_range(0..=3)?;
            Value::Array((0..count).map(|_| anything(u, depth - 1)).collect::<Result<_>>()?)
        }
        _ => {
            let (key, value) = (text(u)?, anything(u, depth - 1)?);
            Value::Object([(key, value)].into_iter().collect())
        }
    })
}

/// A value as links write it, or nearly.
pub fn written(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.into(),
        Value::Array(items) => {
            let joint = if items.iter().any(Value::is_string) { "," } else { "-" };
            items.iter().map(written).collect::<Vec<_>>().join(joint)
        }
        other => other.to_string(),
    }
}
