use super::*;
use crate::evaluate::Count;
use crate::recipe::{Recipe, parse_link};
use crate::trial::{AtSize, Interval, Outcome};
use serde_json::json;

fn recipe(link: &str) -> Recipe {
    parse_link(link).unwrap().recipe
}

fn refusal(link: &str, axes: &[&str]) -> String {
    let sentence = cells(&recipe(link), axes).unwrap_err();
    assert!(sentence.ends_with('.') && sentence.len() < 400, "{sentence}");
    sentence
}

#[test]
fn a_sweep_has_every_combination_and_every_cell_is_its_link() {
    let base = recipe("v=1&train=epochs:5&prune&measure=images:1000");
    let axes = ["prune.by=distortion,random", "prune.amount=0,12.5", "seed=0,1,2"];
    let cells = cells(&base, &axes).unwrap();
    assert_eq!(cells.len(), 12);
    for (index, cell) in cells.iter().enumerate() {
        assert_eq!(cell.index, index);
        assert_eq!(recipe(&cell.link), cell.recipe);
        assert_eq!(cell.group, index % 3, "cells of one seed share their training");
        let names: Vec<_> = cell.at.iter().map(|setting| setting.name.clone()).collect();
        assert_eq!(names, ["prune.by", "prune.amount", "seed"]);
        assert_eq!(settings(&cell.recipe, &names).unwrap(), cell.at);
    }
    assert_eq!(cells[0].link, "v=1&train=epochs:5&prune=amount:0&measure=images:1000");
    assert_eq!(
        cells[11].link,
        "v=1&seed=2&train=epochs:5&prune=by:random,amount:12.5&measure=images:1000"
    );
    let recipes: Vec<_> = cells.iter().map(|cell| cell.recipe.clone()).collect();
    assert_eq!(varying(&recipes).unwrap(), ["seed", "prune.by", "prune.amount"]);
    let alone = super::cells(&base, &[] as &[&str]).unwrap();
    assert_eq!((alone.len(), &alone[0].recipe, alone[0].at.len()), (1, &base, 0));
}

#[test]
fn an_axis_may_turn_any_step_and_what_depends_on_it_follows() {
    let base = recipe("v=1&train&prune=amount:5&prune=amount:7&train=from:current&attack=eps:0.3");
    let cells =
        cells(&base, &["prune2.amount=8,9", "train2.epochs=1,4", "hidden=32,64-16"]).unwrap();
    assert_eq!(
        cells[7].link,
        "v=1&hidden=64-16&train&prune=amount:5&prune=amount:9&train=from:current,epochs:4&attack=eps:0.3"
    );
    let methods = super::cells(&base, &["attack.method=fgsm,square,pgd", "attack.norm=linf,l2"]);
    let methods = methods.unwrap();
    let square = recipe("v=1&attack=method:square").attack;
    assert_eq!(methods[2].recipe.attack.steps, square.steps);
    assert_eq!(methods[2].recipe.attack.eps, 0.3);
    assert!(names(&base).contains(&"prune1.by".to_owned()));
    let recipes: Vec<_> = cells.iter().map(|cell| cell.recipe.clone()).collect();
    assert_eq!(varying(&recipes).unwrap(), ["hidden", "prune2.amount", "train2.epochs"]);
    let other = [recipe("v=1&train&prune"), recipe("v=1&train&learn")];
    assert!(varying(&other).unwrap_err().contains("same steps"));
    assert_eq!(varying(&[]).unwrap(), [] as [&str; 0]);
}

#[test]
fn bad_axes_get_a_sentence() {
    let link = "v=1&train&prune&prune";
    for (axes, said) in [
        (&["prune.amount=1"][..], "from prune1 to prune2"),
        (&["prune3.amount=1"], "2 prune steps, not a prune3"),
        (&["prune0.amount=1"], "not a prune0"),
        (&["learn.amount=1"], "no learn step"),
        (&["train2.epochs=1"], "one train step"),
        (&["prune1.colour=red"], "no “colour”"),
        (&["colour=red"], "no “colour”"),
        (&["cut.units=1"], "no “cut”"),
        (&["prune1.amount=1,200"], "from 0 to 100"),
        (&["prune1.by=magic"], "one of distortion"),
        (&["prune1.amount=1,,2"], "Amount must be"),
        (&["prune1.amount"], "a name and its values"),
        (&["seed=1,1"], "has 1 twice"),
        (&["seed=1", "seed=2"], "given twice"),
        (&["attack.method=cw,pgd", "attack.norm=linf"], "The cell with attack.method cw"),
    ] {
        let sentence = refusal(link, axes);
        assert!(sentence.contains(said), "{axes:?}: {sentence}");
    }
    let many: Vec<_> = (0..200).map(|seed| seed.to_string()).collect();
    let many = many.join(",");
    let (seeds, amounts) = (format!("seed={many}"), format!("prune1.draw={many}"));
    assert!(refusal(link, &[&seeds, &amounts]).contains("at most 10000"));
}

/// A made-up outcome of 1,000 images.
fn outcome(clean: usize, adaptive: usize) -> Outcome {
    Outcome {
        digest: String::new(),
        reference: String::new(),
        sparsity: 0.25,
        units_pruned: 0,
        units: 0,
        pixels_pruned: 0,
        images: 1000,
        clean: Count::new(clean, 1000),
        transfer: Vec::new(),
        adaptive: vec![AtSize { eps: 0.1, count: Count::new(adaptive, 1000) }],
        certified: Vec::new(),
        frozen: None,
        similarity: None,
        filters: None,
    }
}

fn row(by: &str, amount: f64, seed: i64, clean: usize, adaptive: usize) -> Row {
    let setting = |name: &str, value| Setting { name: name.into(), value };
    let at = vec![
        setting("prune.by", json!(by)),
        setting("prune.amount", json!(amount)),
        setting("seed", json!(seed)),
    ];
    Row { at, outcome: outcome(clean, adaptive) }
}

#[test]
fn a_summary_is_over_the_seeds() {
    let rows = [
        row("random", 0.0, 0, 900, 100),
        row("taylor", 0.0, 0, 900, 100),
        row("random", 0.0, 1, 920, 130),
        row("random", 0.0, 2, 940, 160),
    ];
    let summed = summary(&rows, &["seed".into()]);
    assert_eq!(summed.len(), 2);
    assert_eq!(summed[0].at.len(), 2);
    let [clean, adaptive, sparsity] = &summed[0].figures[..] else { unreachable!() };
    assert_eq!((clean.measure, clean.eps, clean.spread.n), (Measure::Clean, None, 3));
    assert!((clean.spread.mean - 0.92).abs() < 1e-12);
    assert!((clean.spread.deviation - 0.02).abs() < 1e-12);
    // 4.302653 · 0.02 / √3.
    assert!((clean.spread.high - 0.92 - 0.049_683).abs() < 1e-6);
    assert_eq!((adaptive.measure, adaptive.eps), (Measure::Adaptive, Some(0.1)));
    assert_eq!((sparsity.spread.mean, sparsity.spread.deviation), (0.25, 0.0));
    assert_eq!(summed[1].figures[0].spread.interval, Interval::Wilson);
    assert_eq!(summary(&rows, &["seed".into(), "prune.by".into()])[0].figures[0].spread.n, 4);
    assert!(summary(&[], &[]).is_empty());
}

#[test]
fn an_area_is_that_of_the_trapezoids_seed_by_seed() {
    let mut rows = Vec::new();
    for seed in 0..3 {
        let lift = 10 * seed as usize;
        // Out of order, and one point that only one curve has.
        rows.push(row("taylor", 30.0, seed, 900, 160 + lift));
        rows.push(row("taylor", 0.0, seed, 900, 100 + lift));
        rows.push(row("taylor", 10.0, seed, 900, 140 + lift));
        rows.push(row("taylor", 50.0, seed, 900, 900));
        for amount in [0.0, 10.0, 30.0] {
            rows.push(row("random", amount, seed, 900, 100));
        }
    }
    let found = areas(&rows, "prune.amount", "prune.by", &["seed".into()]);
    assert_eq!(found.len(), 2, "clean and adaptive");
    let area = &found[1];
    assert_eq!((&area.first, &area.second), (&json!("taylor"), &json!("random")));
    assert_eq!(
        (area.measure, area.eps, area.from, area.to),
        (Measure::Adaptive, Some(0.1), 0.0, 30.0)
    );
    // (0 + 0.04)/2 · 10 + (0.04 + 0.06)/2 · 20 = 1.2 over a width of 30, and 0.01 more each seed.
    assert_eq!(area.area.n, 3);
    assert!((area.area.mean - 0.05).abs() < 1e-12 && (area.area.deviation - 0.01).abs() < 1e-12);
    assert_eq!((found[0].area.mean, found[0].area.deviation), (0.0, 0.0));
    assert!(areas(&rows, "prune.by", "prune.amount", &[]).is_empty(), "no numbers to go along");
    assert!(areas(&rows[..1], "prune.amount", "prune.by", &["seed".into()]).is_empty());
}
