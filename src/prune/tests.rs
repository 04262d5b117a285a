use super::*;
use crate::data::PIXELS;
use crate::profile::{Level, Profile};
use crate::rng::{Purpose, Stream};
use ndarray::Array2;
use proptest::prelude::*;

mod criteria;
mod doors;
mod greedy;
mod schedules;

fn network() -> Mlp {
    Mlp::he_normal(&[20, 12], 1)
}

/// What might have been measured of the network: every criterion finds its own.
fn profile() -> Profile {
    let mut stream = Stream::new(0, Purpose::Noise, &[]);
    let mut draw = |count: usize| (0..count).map(|_| f64::from(stream.uniform())).collect();
    let mut level = |count: usize| Level {
        mean: draw(count),
        square: draw(count),
        silent: draw(count),
        distance: draw(count),
        distance_square: draw(count),
        pre: draw(count),
        fooled: draw(count),
    };
    let levels = [PIXELS, 20, 12].map(&mut level).to_vec();
    let saliency = vec![draw(20), draw(12)];
    let gradients = [(20, PIXELS), (12, 20), (10, 12)]
        .map(|dim| Array2::from_shape_simple_fn(dim, || stream.uniform() - 0.5));
    let gradients = gradients.to_vec();
    Profile { levels, images: 10, fooled: 5, adversarial_correct: 2, saliency, gradients }
}

fn usual() -> PruneParams {
    PruneParams { empty: true, images: 100, ..PruneParams::default() }
}

/// Every criterion with all that it may rank, but the search.
fn params() -> impl Strategy<Value = PruneParams> {
    let table = CRITERIA.iter().filter(|facts| facts.needs != Needs::Search);
    let pairs = table.flat_map(|facts| facts.what.iter().map(|what| (facts.criterion, *what)));
    let pair = prop::sample::select(pairs.collect::<Vec<_>>());
    let flags = any::<[bool; 3]>();
    (pair, flags, 0.0f64..=100.0, 0u32..3).prop_map(
        |((by, what), [reverse, global, chosen], amount, draw)| PruneParams {
            what,
            order: if reverse { Order::Reverse } else { Order::Usual },
            scope: if global { Scope::Global } else { Scope::Layer },
            layers: if chosen { vec![2] } else { vec![0] },
            by,
            amount,
            draw,
            ..usual()
        },
    )
}

/// Every weight that acts.
fn acting(network: &Mlp) -> Vec<(usize, usize, usize)> {
    let layers = network.layers().iter().enumerate();
    layers
        .flat_map(|(layer, weights)| {
            let places =
                weights.weights().indexed_iter().map(|(place, _)| place).collect::<Vec<_>>();
            places.into_iter().map(move |(o, i)| (layer, o, i))
        })
        .filter(|(layer, o, i)| network.acts(*layer, *o, *i))
        .collect()
}

fn apply(params: &PruneParams, network: &Mlp) -> Mlp {
    params.apply(network, Some(&Measured::Profile(profile())), 0).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_amount_is_reached_and_never_passed(params in params()) {
        let pruned = apply(&params, &network());
        let share = |part: usize, all: usize| 100.0 * part as f64 / all as f64;
        let gone = |kept: &[bool]| (kept.iter().filter(|kept| !**kept).count(), kept.len());
        let by_output = matches!(params.by, Criterion::Wanda | Criterion::SignalToDistortion);
        let counts: Vec<Vec<(usize, usize)>> = match params.what {
            What::Pixels => vec![vec![gone(&pruned.kept_pixels())]],
            What::Units => pruned.kept_units().iter().map(|kept| vec![gone(kept)]).collect(),
            What::Weights => pruned.layers().iter().enumerate().map(|(layer, weights)| {
                let (outputs, inputs) = weights.weights().dim();
                let rows = (0..outputs).map(|o| {
                    gone(&(0..inputs).map(|i| pruned.acts(layer, o, i)).collect::<Vec<_>>())
                });
                rows.collect()
            }).collect(),
        };
        let sum = |counts: Vec<(usize, usize)>| {
            counts.into_iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
        };
        let mut groups = Vec::new();
        for (layer, counts) in counts.into_iter().enumerate() {
            if params.what != What::Pixels && !params.includes(layer) {
                prop_assert_eq!(sum(counts).0, 0);
            } else if by_output {
                groups.extend(counts);
            } else {
                groups.push(sum(counts));
            }
        }
        let counts = if params.scope == Scope::Global { vec![sum(groups)] } else { groups };
        for (part, all) in counts {
            prop_assert!(share(part, all) <= params.amount + 1e-6);
            prop_assert!(share(part + 1, all) > params.amount);
        }
    }

    #[test]
    fn more_prunes_a_superset_and_steps_add_up(params in params(), less in 0.0f64..1.0) {
        let first = PruneParams { amount: less * params.amount, ..params.clone() };
        let (some, more) = (apply(&first, &network()), apply(&params, &network()));
        let left = acting(&some);
        prop_assert!(acting(&more).iter().all(|weight| left.binary_search(weight).is_ok()));
        // Pruning again from there ends at the same amount.
        if params.by == Criterion::Random {
            prop_assert_eq!(apply(&params, &some).digest(), more.digest());
        }
    }
}

#[test]
fn the_most_distorted_go_first_and_last_in_reverse() {
    let levels = profile().levels;
    for (order, sign) in [(Order::Usual, 1.0), (Order::Reverse, -1.0)] {
        let params = PruneParams { order, amount: 30.0, ..usual() };
        let pruned = apply(&params, &network());
        for (kept, layer) in pruned.kept_units().iter().zip(&levels[1..]) {
            let of = |wanted: bool| {
                (0..kept.len())
                    .filter(move |u| kept[*u] == wanted)
                    .map(|u| sign * layer.distance[u])
            };
            let least_cut = of(false).fold(f64::INFINITY, f64::min);
            assert!(of(true).all(|v| v <= least_cut));
        }
    }
}

#[test]
fn the_smallest_weights_go_first() {
    let by = Criterion::Magnitude;
    let params =
        PruneParams { what: What::Weights, by, scope: Scope::Global, amount: 50.0, ..usual() };
    let pruned = apply(&params, &network());
    let size =
        |(layer, o, i): &(usize, usize, usize)| pruned.layers()[*layer].weights()[[*o, *i]].abs();
    let left = acting(&pruned);
    let least = left.iter().map(size).fold(f32::INFINITY, f32::min);
    let gone = acting(&network()).into_iter().filter(|place| left.binary_search(place).is_err());
    assert!(gone.map(|place| size(&place)).all(|w| w <= least));
}

#[test]
fn draws_differ_and_repeat() {
    let random = |draw| {
        apply(&PruneParams { by: Criterion::Random, amount: 50.0, draw, ..usual() }, &network())
            .digest()
    };
    assert_eq!(random(1), random(1));
    assert_ne!(random(1), random(2));
}

#[test]
fn emptying_a_layer_is_refused_unless_asked_for() {
    let all = PruneParams { amount: 100.0, empty: false, ..usual() };
    let measured = Measured::Profile(profile());
    let refusal = all.apply(&network(), Some(&measured), 0).unwrap_err();
    assert!(refusal.contains("hidden layer 1"), "{refusal}");
    let allowed = PruneParams { empty: true, ..all };
    assert_eq!(apply(&allowed, &network()).empty_layers(), [1, 2]);
}

#[test]
fn nothing_is_pruned_at_zero() {
    let none = PruneParams { amount: 0.0, ..usual() };
    assert_eq!(apply(&none, &network()), network());
}

#[test]
fn percentages_are_counted_exactly() {
    // 0.29 · 100 is 28.999… in binary.
    let weights = PruneParams { amount: 29.0, ..usual() };
    let network = Mlp::he_normal(&[100], 0);
    let params = PruneParams { by: Criterion::Magnitude, ..weights };
    let pruned = params.apply(&network, None, 0).unwrap();
    assert_eq!(pruned.pruned_units()[0].len(), 29);
}
