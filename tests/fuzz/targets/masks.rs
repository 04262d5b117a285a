//! Packed masks: the units and pixels of a `cut`, in links and in JSON, and on a network.

use super::values::{anything, one, rarely};
use super::{Watch, link, refused};
use arbitrary::{Result, Unstructured};
use secateurs::network::Mlp;
use secateurs::recipe::{Step, check_recipe, parse_link};
use serde_json::{Value, json};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let hidden: Vec<usize> =
        (0..u.int_in_range(1..=3)?).map(|_| u.int_in_range(1..=12)).collect::<Result<_>>()?;
    if u.arbitrary()? {
        let sizes: Vec<_> = hidden.iter().map(usize::to_string).collect();
        let cut = packed(u, hidden.len())?;
        let text = format!("v=1&hidden={}&cut={cut}", sizes.join("-"));
        link::read(&text, watch);
        if let Ok(parsed) = parse_link(&text) {
            used(&parsed.recipe.steps, &hidden, watch);
        }
        return Ok(());
    }
    let mut units = Vec::new();
    for size in &hidden {
        units.push(indices(u, *size)?);
    }
    if rarely(u, 6)? {
        units.push(anything(u, 1)?);
    }
    let mut cut = json!({ "step": "cut", "units": units });
    if u.arbitrary()? {
        cut["pixels"] = indices(u, 784)?;
    }
    let recipe = json!({ "network": { "hidden": hidden }, "steps": [cut] });
    let mut checked = None;
    watch(&mut || checked = Some(check_recipe(&recipe)));
    match checked {
        Some(Ok(recipe)) => used(&recipe.steps, &hidden, watch),
        Some(Err(sentence)) => refused(&sentence),
        None => {}
    }
    Ok(())
}

/// Layers of bits in base 64 with dots between, nearly as many as there should be.
pub fn packed(u: &mut Unstructured, layers: usize) -> Result<String> {
    let layers = if rarely(u, 6)? { u.int_in_range(0..=40)? } else { layers };
    let mut text = Vec::new();
    for _ in 0..layers {
        text.push(bits(u, 3)?);
    }
    let mut text = text.join(".");
    if u.arbitrary()? {
        text.push_str(one(u, &[",pixels:", ",pixels:", ",pixels", ",units:", ":"])?);
        let most = if rarely(u, 8)? { 1000 } else { 132 };
        text.push_str(&bits(u, most)?);
    }
    Ok(text)
}

fn bits(u: &mut Unstructured, most: usize) -> Result<String> {
    if rarely(u, 12)? {
        return Ok(one(u, &["=", "AA==", "+/", "A", "\u{e9}", ".", "____", "!"])?.into());
    }
    let (length, same) = (u.int_in_range(0..=most)?, u.arbitrary::<bool>()?);
    let first = u.arbitrary::<u8>()?;
    let letter = |_| {
        let byte = if same { first } else { u.arbitrary::<u8>()? };
        Ok(char::from(ALPHABET[usize::from(byte % 64)]))
    };
    (0..length).map(letter).collect()
}

fn indices(u: &mut Unstructured, size: usize) -> Result<Value> {
    if rarely(u, 10)? {
        return anything(u, 2);
    }
    let mut indices = Vec::new();
    for _ in 0..u.int_in_range(0..=12)? {
        indices.push(if rarely(u, 12)? {
            anything(u, 0)?
        } else {
            json!(u.int_in_range(0..=size)?)
        });
    }
    Ok(Value::Array(indices))
}

/// What was accepted is sorted, is there, and can be cut.
fn used(steps: &[Step], hidden: &[usize], watch: Watch) {
    thread_local! {
        static NETWORK: Mlp = Mlp::he_normal(&[12, 12, 12], 0);
    }
    for step in steps {
        let Step::Cut { units, pixels } = step else { continue };
        assert_eq!(units.len(), hidden.len());
        for (units, size) in units.iter().zip(hidden) {
            assert!(units.is_sorted_by(|a, b| a < b) && units.iter().all(|unit| unit < size));
        }
        assert!(pixels.is_sorted_by(|a, b| a < b) && pixels.iter().all(|pixel| *pixel < 784));
        let mut all = units.clone();
        all.resize(3, Vec::new());
        let mut network = NETWORK.with(Mlp::clone);
        watch(&mut || {
            network.set_pruned_units(&all).unwrap();
            network.prune_pixels(pixels);
        });
        assert_eq!(network.pruned_units(), all);
        let kept = network.kept_pixels();
        assert!(pixels.iter().all(|pixel| !kept[*pixel]));
    }
}
