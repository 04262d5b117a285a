//! From scores to masks: which items go, for any amount, order and scope.

use super::{Order, PruneParams, Scope};
use crate::data::PIXELS;
use crate::network::Mlp;
use ndarray::Array2;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that could be pruned, with its score.
struct Item {
    place: Place,
    score: f64,
}

/// A layer, and a unit, pixel or weight (row by row) in it.
type Place = (usize, usize);

/// What is ranked together: the items not pruned yet, and how many there are with the others.
type Group = (Vec<Item>, usize);

/// How many of `all` items are pruned at this amount: never more than was asked for.
pub(crate) fn target(amount_percent: f64, all: usize) -> usize {
    // Shares like 29 % are not exact in binary: 0.29 · 100 must still be 29, not 28.
    const ROUNDING: f64 = 1e-9;
    ((amount_percent / 100.0 * all as f64 + ROUNDING).floor() as usize).min(all)
}

/// The places to prune now: the first in order until `target` of `all` are pruned.
///
/// Equal scores go in the order of their places, so that every machine agrees.
fn chosen(kept: Vec<Item>, all: usize, params: &PruneParams) -> Vec<Place> {
    let pruned_before = all - kept.len();
    let count = target(params.amount, all).saturating_sub(pruned_before);
    let rank = |score: f64| {
        // The bits of `f64::total_cmp`, whose order is that of whole numbers.
        let bits = score.to_bits() as i64;
        let rank = bits ^ (((bits >> 63) as u64) >> 1) as i64;
        if params.order == Order::Reverse { !rank } else { rank }
    };
    // A heap gives the first few without sorting the rest, and takes a tenth of sorting's code.
    let items = kept.iter().map(|item| Reverse((rank(item.score), item.place)));
    let mut first: BinaryHeap<_> = items.collect();
    let first = std::iter::from_fn(|| first.pop());
    first.take(count).map(|Reverse((_, place))| place).collect()
}

/// Prunes in every group, or in all of them together, as the scope says.
fn choose(groups: Vec<Group>, params: &PruneParams) -> Vec<Place> {
    match params.scope {
        Scope::Layer => {
            groups.into_iter().flat_map(|(kept, all)| chosen(kept, all, params)).collect()
        }
        Scope::Global => {
            let all = groups.iter().map(|(_, all)| all).sum();
            chosen(groups.into_iter().flat_map(|(kept, _)| kept).collect(), all, params)
        }
    }
}

/// Items at places of one layer by their scores, without those pruned already.
fn items(layer: usize, kept: &[bool], scores: &[f64]) -> Group {
    let places = (0..kept.len()).filter(|place| kept[*place]);
    let items = places.map(|place| Item { place: (layer, place), score: scores[place] });
    (items.collect(), kept.len())
}

/// Prunes pixels by their scores.
pub(super) fn prune_pixels(network: &mut Mlp, scores: &[f64], params: &PruneParams) {
    debug_assert_eq!(scores.len(), PIXELS);
    let group = items(0, &network.kept_pixels(), scores);
    let pixels: Vec<_> = choose(vec![group], params).into_iter().map(|(_, pixel)| pixel).collect();
    network.prune_pixels(&pixels);
}

/// Prunes units by their scores.
pub(super) fn prune_units(
    network: &mut Mlp,
    scores: &[Vec<f64>],
    params: &PruneParams,
) -> Result<(), String> {
    let layers = network.kept_units().iter().zip(scores).enumerate();
    let layers = layers.filter(|(layer, _)| params.includes(*layer));
    let groups = layers.map(|(layer, (kept, scores))| items(layer, kept, scores));
    let mut pruned = network.pruned_units();
    for (layer, unit) in choose(groups.collect(), params) {
        pruned[layer].push(unit);
    }
    network.set_pruned_units(&pruned)
}

/// Prunes weights by their scores; a weight that a pruned unit already takes away counts as
/// pruned. `by_output` makes of every output of a layer a group of its own.
pub(super) fn prune_weights(
    network: &mut Mlp,
    scores: &[Array2<f64>],
    by_output: bool,
    params: &PruneParams,
) {
    let mut groups = Vec::new();
    for (layer, scores) in scores.iter().enumerate().filter(|(layer, _)| params.includes(*layer)) {
        let inputs = scores.ncols();
        let rows = scores.rows().into_iter().enumerate().map(|(output, row)| {
            let acting = (0..inputs).filter(|input| network.acts(layer, output, *input));
            let item = |input| Item { place: (layer, output * inputs + input), score: row[input] };
            acting.map(item).collect::<Vec<_>>()
        });
        if by_output {
            groups.extend(rows.map(|row| (row, inputs)));
        } else {
            groups.push((rows.flatten().collect(), scores.len()));
        }
    }
    let mut gone = vec![Vec::new(); scores.len()];
    for (layer, weight) in choose(groups, params) {
        gone[layer].push(weight);
    }
    for (layer, weights) in gone.into_iter().enumerate() {
        let inputs = scores[layer].ncols();
        let places = weights.into_iter().map(|weight| (weight / inputs, weight % inputs));
        network.prune_weights(layer, places);
    }
}
