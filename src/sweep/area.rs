//! The area between two curves of a sweep: by how much one criterion stands above another, over
//! all amounts.

use super::Setting;
use super::summary::{Measure, Row, count, measured};
use crate::trial::Spread;
use serde::Serialize;
use serde_json::Value;

/// The area between the curves of two values of an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Area {
    /// What the other axes are set to.
    pub at: Vec<Setting>,
    /// The value whose curve is above where the area is positive, …
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string | number | boolean | number[]"))]
    pub first: Value,
    /// … and the other.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string | number | boolean | number[]"))]
    pub second: Value,
    /// What the curves are of.
    pub measure: Measure,
    /// The size ε, where it has one.
    pub eps: Option<f64>,
    /// Where the curves begin and end along the other axis.
    pub from: f64,
    /// Where they end.
    pub to: f64,
    /// The area divided by its width: the mean difference, as a share from -1 to 1, with its
    /// spread and interval over the seeds.
    pub area: Spread,
}

/// The areas between the curves of every two values of the axis `between`, along the axis `along`,
/// by trapezoids; seed by seed, because networks of one seed are alike, and then over the seeds.
///
/// A seed counts where it has both curves at two or more points.
pub fn areas(rows: &[Row], along: &str, between: &str, over: &[String]) -> Vec<Area> {
    let outcomes: Vec<_> = rows.iter().map(|row| &row.outcome).collect();
    let mut found = Vec::new();
    for (measure, eps) in measured(&outcomes) {
        let points: Vec<_> = rows
            .iter()
            .filter_map(|row| Point::of(row, [along, between], over, measure, eps))
            .collect();
        let (mut groups, mut values): (Vec<&Vec<Setting>>, Vec<&Value>) = (Vec::new(), Vec::new());
        for point in &points {
            if !groups.contains(&&point.at) {
                groups.push(&point.at);
            }
            if !values.contains(&&point.curve) {
                values.push(&point.curve);
            }
        }
        for at in groups {
            for (place, second) in values.iter().enumerate() {
                for first in &values[..place] {
                    let some = |point: &&Point| point.at == *at;
                    let points: Vec<_> = points.iter().filter(some).collect();
                    let Some((from, to, area)) = between_curves(&points, first, second) else {
                        continue;
                    };
                    let (first, second) = ((*first).clone(), (*second).clone());
                    let at = at.clone();
                    found.push(Area { at, first, second, measure, eps, from, to, area });
                }
            }
        }
    }
    found
}

/// A point of a curve.
struct Point {
    at: Vec<Setting>,
    seed: Vec<Setting>,
    curve: Value,
    x: f64,
    y: f64,
}

impl Point {
    fn of(
        row: &Row,
        [along, between]: [&str; 2],
        over: &[String],
        measure: Measure,
        eps: Option<f64>,
    ) -> Option<Self> {
        let value = |name: &str| row.at.iter().find(|s| s.name == name).map(|s| &s.value);
        let count = count(&row.outcome, measure, eps)?;
        let (seed, rest): (Vec<_>, Vec<_>) =
            row.at.iter().cloned().partition(|setting| over.contains(&setting.name));
        let other = |setting: &Setting| setting.name != along && setting.name != between;
        Some(Point {
            at: rest.into_iter().filter(other).collect(),
            seed,
            curve: value(between)?.clone(),
            x: value(along)?.as_f64()?,
            y: count.correct as f64 / count.total.max(1) as f64,
        })
    }
}

/// Where two curves begin and end, and the area between them over the seeds.
fn between_curves(points: &[&Point], first: &Value, second: &Value) -> Option<(f64, f64, Spread)> {
    let mut seeds: Vec<&Vec<Setting>> = Vec::new();
    for point in points {
        if !seeds.contains(&&point.seed) {
            seeds.push(&point.seed);
        }
    }
    let (mut from, mut to, mut areas) = (f64::INFINITY, f64::NEG_INFINITY, Vec::new());
    for seed in seeds {
        let of = |curve: &Value| {
            let curve = points.iter().filter(|p| p.seed == *seed && p.curve == *curve);
            curve.map(|point| (point.x, point.y)).collect::<Vec<_>>()
        };
        let (upper, lower) = (of(first), of(second));
        let mut gaps: Vec<(f64, f64)> = Vec::new();
        for (x, y) in upper {
            let other = lower.iter().find(|(other, _)| *other == x);
            if let Some((_, other)) = other {
                let place = gaps.iter().position(|(gap, _)| *gap > x).unwrap_or(gaps.len());
                gaps.insert(place, (x, y - other));
            }
        }
        let (Some(begin), Some(end)) = (gaps.first(), gaps.last()) else { continue };
        let width = end.0 - begin.0;
        if width > 0.0 {
            let trapezoid =
                |pair: &[(f64, f64)]| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0;
            areas.push(gaps.windows(2).map(trapezoid).sum::<f64>() / width);
            from = gaps.iter().fold(from, |least, (x, _)| least.min(*x));
            to = gaps.iter().fold(to, |most, (x, _)| most.max(*x));
        }
    }
    (!areas.is_empty()).then(|| (from, to, Spread::of(&areas)))
}
