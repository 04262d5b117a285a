//! Every criterion against a plain recomputation.

use super::*;

/// What the table says goes first must go first: the items pruned at 40 %, against those whose
/// plainly computed importance is least.
fn agrees(by: Criterion, what: What, importance: &dyn Fn(usize, usize) -> f64) {
    let (mut network, profile) = (network(), profile());
    network.set_pruned_units(&[vec![3, 11], vec![5]]).unwrap();
    network.prune_weights(0, [(4, 20), (4, 21)]);
    network.prune_weights(1, [(1, 2), (3, 4)]);
    let params = PruneParams { by, what, amount: 40.0, ..usual() };
    let measured = Measured::Profile(profile);
    let pruned = params.apply(&network, Some(&measured), 0).unwrap();
    let levels: Vec<(usize, Vec<bool>, Vec<bool>)> = match what {
        What::Pixels => vec![(0, network.kept_pixels(), pruned.kept_pixels())],
        _ => (0..2)
            .map(|l| (l + 1, network.kept_units()[l].clone(), pruned.kept_units()[l].clone()))
            .collect(),
    };
    for (level, before, after) in levels {
        let all = |gone: bool| {
            let places = (0..before.len()).filter(|place| before[*place]);
            let places = places.filter(|place| after[*place] != gone).collect::<Vec<_>>();
            places.into_iter().map(|place| importance(level, place))
        };
        let most_gone = all(true).fold(f64::NEG_INFINITY, f64::max);
        let least_left = all(false).fold(f64::INFINITY, f64::min);
        assert!(all(true).count() > 0 && most_gone <= least_left, "{by:?} {what:?} {level}");
    }
}

/// Sizes of the weights that act into (`Some(unit)`, of a level above 0) or out of a place.
fn sizes(level: usize, place: usize, outgoing: bool) -> Vec<f64> {
    let mut network = network();
    network.set_pruned_units(&[vec![3, 11], vec![5]]).unwrap();
    network.prune_weights(0, [(4, 20), (4, 21)]);
    network.prune_weights(1, [(1, 2), (3, 4)]);
    let layer = if outgoing { level } else { level - 1 };
    let weights = network.layers()[layer].weights().to_owned();
    let at = |(o, i): (usize, usize)| if outgoing { i == place } else { o == place };
    weights
        .indexed_iter()
        .filter(|(at_weight, _)| at(*at_weight) && network.acts(layer, at_weight.0, at_weight.1))
        .map(|(_, weight)| f64::from(weight.abs()))
        .collect()
}

#[test]
fn units_and_pixels_go_as_each_criterion_says() {
    let levels = profile().levels;
    let l1 = |sizes: Vec<f64>| sizes.iter().sum::<f64>();
    let l2 = |sizes: Vec<f64>| sizes.iter().map(|w| w * w).sum::<f64>().sqrt();
    let of = |level: usize| &levels[level];
    let deviation = |level: usize, at: usize| {
        (of(level).square[at] - of(level).mean[at].powi(2)).max(0.0).sqrt()
    };
    for what in [What::Units, What::Pixels] {
        agrees(Criterion::Distortion, what, &|l, at| -of(l).distance[at]);
        agrees(Criterion::DistortionRms, what, &|l, at| -of(l).distance_square[at].sqrt());
        agrees(Criterion::DistortionFooled, what, &|l, at| -of(l).fooled[at]);
        agrees(Criterion::DistortionActivation, what, &|l, at| {
            -of(l).distance[at] / of(l).mean[at]
        });
        agrees(Criterion::DistortionStd, what, &|l, at| -of(l).distance[at] / deviation(l, at));
        agrees(Criterion::DistortionOut, what, &|l, at| {
            -of(l).distance[at] * l1(sizes(l, at, true))
        });
        agrees(Criterion::OutgoingL1, what, &|l, at| l1(sizes(l, at, true)));
        agrees(Criterion::OutgoingL2, what, &|l, at| l2(sizes(l, at, true)));
        agrees(Criterion::Activation, what, &|l, at| of(l).mean[at]);
        agrees(Criterion::Apoz, what, &|l, at| -of(l).silent[at]);
    }
    let saliency = profile().saliency;
    agrees(Criterion::DistortionPre, What::Units, &|l, at| -of(l).pre[at]);
    agrees(Criterion::Magnitude, What::Units, &|l, at| l1(sizes(l, at, false)));
    agrees(Criterion::IncomingL2, What::Units, &|l, at| l2(sizes(l, at, false)));
    agrees(Criterion::Magnitude, What::Pixels, &|l, at| l1(sizes(l, at, true)));
    agrees(Criterion::Taylor, What::Units, &|l, at| saliency[l - 1][at]);
}

/// Scores of weights, recomputed plainly, against the order in which they go within each row or
/// layer.
#[test]
fn weights_go_as_each_criterion_says() {
    let (network, profile) = (network(), profile());
    let levels = &profile.levels;
    let size =
        |l: usize, o: usize, i: usize| f64::from(network.layers()[l].weights()[[o, i]].abs());
    type Importance<'a> = &'a dyn Fn(usize, usize, usize) -> f64;
    let criteria: [(Criterion, bool, Importance); 5] = [
        (Criterion::Magnitude, false, &size),
        (Criterion::Distortion, false, &|l, o, i| -size(l, o, i) * levels[l].distance[i]),
        (Criterion::Snip, false, &|l, o, i| {
            size(l, o, i) * f64::from(profile.gradients[l][[o, i]].abs())
        }),
        (Criterion::Wanda, true, &|l, o, i| size(l, o, i) * levels[l].square[i].sqrt()),
        (Criterion::SignalToDistortion, true, &|l, o, i| {
            size(l, o, i) * levels[l].mean[i] / levels[l].distance[i]
        }),
    ];
    for (by, by_output, importance) in criteria {
        let params = PruneParams { by, what: What::Weights, amount: 30.0, ..usual() };
        let pruned = apply(&params, &network);
        for (layer, weights) in network.layers().iter().enumerate() {
            let (outputs, inputs) = weights.weights().dim();
            let together = if by_output { 1 } else { outputs };
            for first in (0..outputs).step_by(together) {
                let rows = first..first + together;
                let all = |kept: bool| {
                    let places = rows.clone().flat_map(|o| (0..inputs).map(move |i| (o, i)));
                    let places = places.filter(|(o, i)| pruned.acts(layer, *o, *i) == kept);
                    places.map(|(o, i)| importance(layer, o, i)).collect::<Vec<_>>()
                };
                let expected = (0.3 * (rows.len() * inputs) as f64 + 1e-9) as usize;
                assert_eq!(all(false).len(), expected, "{by:?}");
                let most_gone = all(false).into_iter().fold(f64::NEG_INFINITY, f64::max);
                let least_left = all(true).into_iter().fold(f64::INFINITY, f64::min);
                assert!(most_gone <= least_left * (1.0 + 1e-12) + 1e-12, "{by:?} {layer}");
            }
        }
    }
}

#[test]
fn what_carries_nothing_and_is_moved_goes_first_and_what_is_not_moved_last() {
    let mut profile = profile();
    (profile.levels[0].mean[7], profile.levels[0].square[7]) = (0.0, 0.0);
    (profile.levels[0].mean[9], profile.levels[0].square[9]) = (0.0, 0.0);
    profile.levels[0].distance[9] = 0.0;
    for by in [Criterion::DistortionActivation, Criterion::DistortionStd] {
        let gone = |order, amount| {
            let params = PruneParams { by, what: What::Pixels, order, amount, ..usual() };
            let measured = Measured::Profile(profile.clone());
            let kept = params.apply(&network(), Some(&measured), 0).unwrap().kept_pixels();
            (0..PIXELS).filter(|pixel| !kept[*pixel]).collect::<Vec<_>>()
        };
        let one = 100.1 / PIXELS as f64;
        assert!(gone(Order::Usual, 40.0).contains(&7));
        assert!(!gone(Order::Usual, 99.5).contains(&9));
        assert_eq!(gone(Order::Reverse, one), [9]);
    }
    // Of weights: no signal goes first, a signal that is never distorted last.
    profile.levels[0].distance[50] = 0.0;
    let params = PruneParams {
        by: Criterion::SignalToDistortion,
        what: What::Weights,
        amount: 99.5,
        layers: vec![1],
        ..usual()
    };
    let measured = Measured::Profile(profile.clone());
    let pruned = params.apply(&network(), Some(&measured), 0).unwrap();
    assert!((0..20).all(|unit| pruned.acts(0, unit, 50) && !pruned.acts(0, unit, 9)));
    let little = PruneParams { amount: 0.26, ..params };
    let pruned = little.apply(&network(), Some(&measured), 0).unwrap();
    assert!((0..20).all(|unit| !pruned.acts(0, unit, 7) && !pruned.acts(0, unit, 9)));
}

#[test]
fn taylor_saliencies_are_normalised_where_layers_are_ranked_together() {
    let mut profile = profile();
    profile.saliency[0].iter_mut().for_each(|score| *score *= 1e6);
    let saliency = profile.saliency.clone();
    let measured = Measured::Profile(profile);
    let scope = Scope::Global;
    let params = PruneParams { by: Criterion::Taylor, scope, amount: 40.0, ..usual() };
    let pruned = params.apply(&network(), Some(&measured), 0).unwrap();
    let norm = |layer: usize| saliency[layer].iter().map(|s| s * s).sum::<f64>().sqrt();
    let all = |wanted: bool| {
        let units = (0..2).flat_map(|l| (0..saliency[l].len()).map(move |u| (l, u)));
        let units = units.filter(|(l, u)| pruned.kept_units()[*l][*u] == wanted);
        units.map(|(l, u)| saliency[l][u] / norm(l)).collect::<Vec<_>>()
    };
    assert_eq!(all(false).len(), 12);
    let most_gone = all(false).into_iter().fold(0.0, f64::max);
    assert!(all(true).into_iter().all(|score| score >= most_gone));
    // The large layer is not spared.
    assert!(pruned.pruned_units()[0].len() > 3);
}

#[test]
fn random_pixels_differ_by_draw_and_from_weights() {
    let gone = |draw| {
        let by = Criterion::Random;
        let params = PruneParams { by, what: What::Pixels, amount: 50.0, draw, ..usual() };
        let pruned = params.apply(&network(), None, 0).unwrap();
        assert_eq!(pruned.kept_pixels().iter().filter(|kept| **kept).count(), 392);
        assert_eq!(pruned.pruned_weight_count(), 392 * 20);
        pruned.digest()
    };
    assert_eq!(gone(1), gone(1));
    assert_ne!(gone(1), gone(2));
}

#[test]
fn nothing_is_scored_that_was_not_measured() {
    for facts in CRITERIA.iter().filter(|facts| facts.needs != Needs::Nothing) {
        let params = PruneParams { by: facts.criterion, what: facts.what[0], ..usual() };
        assert!(params.measurement().is_some());
        assert!(params.apply(&network(), None, 0).unwrap_err().contains("not known"));
    }
}
