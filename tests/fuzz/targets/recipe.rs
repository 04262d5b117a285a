//! Recipes as JSON, and the other objects that come from outside: attacks, what a trial is asked,
//! a view.

use super::values::{anything, group, named, one, property, rarely, text, value};
use super::{Watch, refused};
use arbitrary::{Result, Unstructured};
use secateurs::attack::AttackParams;
use secateurs::recipe::{Group, View, check_prune, check_recipe, read};
use secateurs::trial::Asked;
use serde_json::{Map, Value, json};

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let json = if rarely(u, 4)? {
        String::from_utf8_lossy(u.bytes(u.len())?).into_owned()
    } else {
        made(u)?.to_string()
    };
    let mut checked = None;
    watch(&mut || {
        let Ok(value) = serde_json::from_str::<Value>(&json) else { return };
        // Whatever it is, it may be taken for any of these.
        let _ = read::<AttackParams>(&value).map(|attack| attack.check());
        let _ = read::<View>(&value);
        let _ = check_prune(&value, &[128, 64]);
        let asked = read::<Asked>(&value);
        let recipe = check_recipe(&value);
        if let (Ok(asked), Ok(recipe)) = (asked, &recipe) {
            let _ = asked.check(recipe);
        }
        checked = Some(recipe);
    });
    match checked {
        Some(Ok(recipe)) => {
            let again = serde_json::to_value(&recipe).unwrap();
            assert_eq!(check_recipe(&again).unwrap(), recipe);
        }
        Some(Err(sentence)) => refused(&sentence),
        None => {}
    }
    Ok(())
}

fn made(u: &mut Unstructured) -> Result<Value> {
    if rarely(u, 8)? {
        return asked(u);
    }
    let mut recipe = Map::new();
    if rarely(u, 8)? {
        recipe.insert("version".into(), anything(u, 1)?);
    }
    if rarely(u, 8)? {
        recipe.insert("data".into(), digest(u)?);
    }
    for name in ["network", "attack", "measure", "distortion"] {
        if u.arbitrary()? {
            let part = settings(u, &named(name))?;
            recipe.insert(name.into(), part);
        }
    }
    if u.arbitrary()? {
        let count = u.int_in_range(0..=4)?;
        let mut steps = Vec::new();
        for _ in 0..count {
            steps.push(step(u)?);
        }
        if rarely(u, 32)? {
            steps = steps.iter().cycle().take(70).cloned().collect();
        }
        recipe.insert("steps".into(), Value::Array(steps));
    }
    if rarely(u, 8)? {
        recipe.insert(text(u)?, anything(u, 3)?);
    }
    // A part where another belongs.
    if rarely(u, 16)? {
        let group = group(u)?;
        return settings(u, &group);
    }
    Ok(Value::Object(recipe))
}

fn digest(u: &mut Unstructured) -> Result<Value> {
    if rarely(u, 3)? { anything(u, 1) } else { Ok(json!("0123456789abcdef")) }
}

fn step(u: &mut Unstructured) -> Result<Value> {
    let kind = one(u, &["train", "prune", "learn", "cut", "file", "explode"])?;
    let mut step = match kind {
        "train" | "prune" | "learn" => settings(u, &named(kind))?,
        "file" => json!({ "digest": digest(u)? }),
        _ => json!({ "units": [[u.arbitrary::<u8>()?], []], "pixels": [u.arbitrary::<u16>()?] }),
    };
    if let Some(step) = step.as_object_mut() {
        step.insert("step".into(), json!(kind));
    }
    Ok(step)
}

fn settings(u: &mut Unstructured, group: &Group) -> Result<Value> {
    let mut settings = Map::new();
    for _ in 0..u.int_in_range(0..=5)? {
        let property = property(u, group)?;
        settings.insert(property.key.into(), value(u, property)?);
    }
    Ok(Value::Object(settings))
}

fn asked(u: &mut Unstructured) -> Result<Value> {
    let mut asked = Map::new();
    for key in ["transfer", "adaptive", "certified", "frozen", "similarity", "filters"] {
        if u.arbitrary()? {
            let value = match u.int_in_range(0..=2)? {
                0 => json!(u.arbitrary::<bool>()?),
                1 => json!([0.0, 0.05, one(u, &[0.1, 1e300, -1.0])?]),
                _ => anything(u, 2)?,
            };
            asked.insert(key.into(), value);
        }
    }
    Ok(Value::Object(asked))
}
