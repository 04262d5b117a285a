//! `secateurs summary`: what the lines of a sweep come to.

use crate::line::rows;
use crate::options::Options;
use crate::print::print;
use secateurs::sweep::{Area, Figure, Measure, Setting, Summed, areas, summary};
use secateurs::trial::{Interval, Spread};
use serde_json::{Value, json};
use std::io::Read;

/// Sums lines up over seeds and prints means, spreads, and areas between curves.
pub fn summarise(options: &Options) -> Result<(), String> {
    let paths = options.recipe.iter().chain(&options.files);
    let mut text = String::new();
    for path in paths.clone() {
        let read = match path.as_str() {
            "-" => std::io::stdin().read_to_string(&mut text).map(drop),
            path => std::fs::read_to_string(path).map(|file| text += &file),
        };
        read.map_err(|error| format!("{path}: {error}."))?;
        text.push('\n');
    }
    if paths.count() == 0 {
        return Err("Which lines? Give the files of a sweep, or - for standard input.".into());
    }
    let (rows, refused) = rows(&text)?;
    let over: &[String] =
        if options.over.is_empty() { &["seed".to_owned()] } else { &options.over };
    let summed = summary(&rows, over);
    let along = options.along.as_deref().unwrap_or("prune.amount");
    let between = options.between.as_deref().unwrap_or("prune.by");
    let areas = areas(&rows, along, between, over);
    if options.json {
        let all = json!({ "cells": summed, "areas": areas, "refused": refused });
        return print(&all.to_string());
    }
    let mut lines = Vec::new();
    for Summed { at, figures } in &summed {
        lines.push(if at.is_empty() { "all cells".into() } else { settings(at) });
        lines.extend(figures.iter().map(|Figure { measure, eps, spread }| {
            format!("  {:<16} {}", named(measure, *eps), spread_text(spread, ""))
        }));
    }
    if !areas.is_empty() {
        lines.push(format!("area between two curves along {along}, divided by its width"));
    }
    for Area { at, first, second, measure, eps, from, to, area } in &areas {
        let name = format!("{} − {}", value(first), value(second));
        let at = if at.is_empty() { String::new() } else { format!(", {}", settings(at)) };
        lines.push(format!(
            "  {:<16} {}  {name}{at}, {from} to {to}",
            named(measure, *eps),
            spread_text(area, "+"),
        ));
    }
    if refused > 0 {
        lines.push(format!("{refused} cells were refused"));
    }
    print(&lines.join("\n"))
}

fn named(measure: &Measure, eps: Option<f64>) -> String {
    let name = value(&json!(measure));
    eps.map_or(name.clone(), |eps| format!("{name} {eps}"))
}

fn settings(at: &[Setting]) -> String {
    let setting = |setting: &Setting| format!("{} {}", setting.name, value(&setting.value));
    at.iter().map(setting).collect::<Vec<_>>().join(", ")
}

fn value(value: &Value) -> String {
    match (value.as_str(), value.as_f64()) {
        (Some(word), _) => word.to_owned(),
        // 10 for 10.0.
        (_, Some(number)) => number.to_string(),
        _ => value.to_string(),
    }
}

fn spread_text(spread: &Spread, sign: &str) -> String {
    let percent = |share: f64| match sign {
        "" => format!("{:6.2}", 100.0 * share),
        _ => format!("{:+6.2}", 100.0 * share),
    };
    let interval = match spread.interval {
        Interval::None => String::new(),
        Interval::Student => format!("  [{}, {}] (t)", percent(spread.low), percent(spread.high)),
        Interval::Wilson => {
            format!("  [{}, {}] (Wilson)", percent(spread.low), percent(spread.high))
        }
    };
    let mean = percent(spread.mean);
    format!("{mean} %  sd {:.2}  n {}{interval}", 100.0 * spread.deviation, spread.n)
}
