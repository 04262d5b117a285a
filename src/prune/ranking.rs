//! From scores to masks: which items go, for any amount, order and scope.

use super::{Order, PruneParams, Scope};
use crate::network::Mlp;
use ndarray::Array2;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that could be pruned, with its score.
struct Item {
    place: Place,
    score: f64,
}

/// A layer, and a unit or a weight (row by row) in it.
type Place = (usize, usize);

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

/// Groups the items of each layer by scope, and prunes in every group.
fn choose(layers: Vec<(Vec<Item>, usize)>, params: &PruneParams) -> Vec<Place> {
    match params.scope {
        Scope::Layer => {
            layers.into_iter().flat_map(|(kept, all)| chosen(kept, all, params)).collect()
        }
        Scope::Global => {
            let all = layers.iter().map(|(_, all)| all).sum();
            chosen(layers.into_iter().flat_map(|(kept, _)| kept).collect(), all, params)
        }
    }
}

/// Prunes units by their scores.
pub(super) fn prune_units(
    network: &mut Mlp,
    scores: &[Vec<f64>],
    params: &PruneParams,
) -> Result<(), String> {
    let layers = network.kept_units().iter().zip(scores).enumerate();
    let layers = layers.map(|(layer, (kept, scores))| {
        let units = (0..kept.len()).filter(|unit| kept[*unit]);
        let items = units.map(|unit| Item { place: (layer, unit), score: scores[unit] });
        (items.collect(), kept.len())
    });
    let mut pruned = network.pruned_units();
    for (layer, unit) in choose(layers.collect(), params) {
        pruned[layer].push(unit);
    }
    network.set_pruned_units(&pruned)
}

/// Prunes weights by their scores; a weight that a pruned unit already takes away counts as
/// pruned.
pub(super) fn prune_weights(network: &mut Mlp, scores: &[Array2<f64>], params: &PruneParams) {
    let layers = scores.iter().enumerate().map(|(layer, scores)| {
        let weights = scores.indexed_iter().enumerate();
        let acting = weights.filter(|(_, ((o, i), _))| network.acts(layer, *o, *i));
        let items = acting.map(|(at, (_, score))| Item { place: (layer, at), score: *score });
        (items.collect(), scores.len())
    });
    for (layer, weight) in choose(layers.collect(), params) {
        let inputs = scores[layer].ncols();
        network.prune_weight(layer, weight / inputs, weight % inputs);
    }
}
