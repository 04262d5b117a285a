use super::*;
use crate::attack::{AttackParams, Method};
use crate::data::{Images, PIXELS};
use crate::distortion::{Distorting, Distortion};
use crate::network::Mlp;
use crate::rng::{Purpose, Stream};
use statistics::{jaccard, spearman, top};

const COUNT: usize = 150;

/// Noisy pictures, 15 of each digit.
fn images() -> Images {
    let mut stream = Stream::new(2, Purpose::Noise, &[]);
    let lit = |stream: &mut Stream| (510.0 * stream.uniform() - 255.0).max(0.0) as u8;
    let pixels = (0..COUNT * PIXELS).map(|_| lit(&mut stream)).collect();
    Images::new(pixels, (0..COUNT).map(|image| (image * 3 % 10) as u8).collect()).unwrap()
}

fn attack() -> AttackParams {
    AttackParams::usual(Method::Pgd, 0.1, 3)
}

fn network() -> Mlp {
    let mut network = Mlp::he_normal(&[24, 12], 5);
    network.set_pruned_units(&[vec![3, 20], vec![]]).unwrap();
    network
}

fn similarity(network: &Mlp, attack: AttackParams, images: &Images) -> Similarity {
    let mut similar = Similar::new(network, attack, 7, 0..images.len()).unwrap();
    let mut before = 0.0;
    while !similar.step(images).unwrap() {
        assert!(similar.fraction() >= before);
        before = similar.fraction();
    }
    assert_eq!(similar.fraction(), 1.0);
    similar.finish()
}

fn distortion(network: &Mlp, attack: AttackParams, images: &Images) -> Distortion {
    let mut distorting = Distorting::new(network, attack, 7, 0..images.len()).unwrap();
    while !distorting.step(images) {}
    distorting.finish()
}

impl Similarity {
    fn place(&self, name: &str) -> usize {
        self.conditions.iter().position(|condition| condition.name == name).unwrap()
    }
}

impl LayerSimilarity {
    fn row(&self, condition: usize) -> &[f64] {
        &self.values[condition * self.kept.len()..(condition + 1) * self.kept.len()]
    }
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} {b}");
}

#[test]
fn conditions_are_the_distortions_measured_alone() {
    let (network, images) = (network(), images());
    let found = similarity(&network, attack(), &images);
    let names: Vec<_> = found.conditions.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names[..5], ["PGD-3, ε 0.1", "first half", "second half", "digit 0", "digit 1"]);
    assert_eq!(
        names[13..],
        [
            "FGSM",
            "PGD-10 L2, ε 1",
            "ε 0.05",
            "ε 0.2",
            "ε 0.3",
            "random noise",
            "mean activation",
            "‖w‖₁ in"
        ]
    );
    let others = [
        ("PGD-3, ε 0.1", attack()),
        ("FGSM", AttackParams::usual(Method::Fgsm, 0.1, 1)),
        ("ε 0.3", AttackParams { eps: 0.3, ..attack() }),
        ("random noise", AttackParams::usual(Method::Noise, 0.1, 1)),
    ];
    for (name, attack) in others {
        let place = found.place(name);
        assert_eq!(found.conditions[place].images, COUNT);
        let alone = distortion(&network, attack, &images);
        for (layer, alone) in found.layers.iter().zip(&alone.layers) {
            let kept: Vec<f64> = layer.kept.iter().map(|unit| alone.units[*unit]).collect();
            assert_eq!(layer.row(place), kept, "{name}");
        }
    }
    let first = &found.layers[0];
    assert_eq!((first.units, first.kept.len(), found.layers[1].kept.len()), (24, 22, 12));
    assert!(!first.kept.contains(&3) && !first.kept.contains(&20));
}

#[test]
fn parts_are_means_of_the_single_images() {
    let (network, images) = (network(), images());
    let found = similarity(&network, attack(), &images);
    // All fifteen of each digit are shown, so everything can be computed from them.
    assert_eq!(found.shown.len(), COUNT);
    assert!(found.labels.is_sorted());
    assert!(found.shown.iter().zip(&found.labels).all(|(i, label)| images.label(*i) == *label));
    for layer in &found.layers {
        let units = layer.kept.len();
        assert_eq!(layer.images.len(), COUNT * units);
        let moments = |of: &dyn Fn(usize, u8) -> bool, unit: usize| {
            let rows = layer.images.chunks_exact(units).zip(found.shown.iter().zip(&found.labels));
            let values: Vec<f64> = rows
                .filter(|(_, (index, label))| of(**index, **label))
                .map(|(row, _)| f64::from(row[unit]))
                .collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
            (mean, (variance / values.len() as f64).sqrt())
        };
        for unit in 0..units {
            for (name, of) in [
                ("PGD-3, ε 0.1", &(|_, _| true) as &dyn Fn(usize, u8) -> bool),
                ("first half", &|index, _| index < COUNT / 2),
                ("second half", &|index, _| index >= COUNT / 2),
                ("digit 7", &|_, label| label == 7),
            ] {
                let place = found.place(name);
                let (mean, deviation) = moments(of, unit);
                assert!((layer.row(place)[unit] - mean).abs() < 1e-6, "{name}");
                let spread = layer.spread[place * units + unit];
                assert!((spread - deviation).abs() < 1e-6, "{name}");
            }
        }
        let norm = found.place("‖w‖₁ in");
        assert!(layer.spread[norm * units..].iter().all(|spread| *spread == 0.0));
    }
    let [first, second] = found.layers.as_slice() else { panic!() };
    let norm = |network: &Mlp, layer: usize, unit: usize| -> f64 {
        let row = network.layers()[layer].weights().row(unit).to_owned();
        let inputs = row.iter().enumerate().filter(|(input, _)| network.acts(layer, unit, *input));
        inputs.map(|(_, weight)| f64::from(weight.abs())).sum()
    };
    let place = found.place("‖w‖₁ in");
    near(first.row(place)[4], norm(&network, 0, first.kept[4]));
    near(second.row(place)[4], norm(&network, 1, second.kept[4]));
    assert_eq!(found.conditions[place].images, 0);
}

#[test]
fn agreement_is_that_of_all_pairs() {
    let images = images();
    let found = similarity(&network(), attack(), &images);
    let layer = &found.layers[0];
    let (units, conditions) = (layer.kept.len(), found.conditions.len());
    assert_eq!(layer.table.top, 2);
    let pair = |a: usize, b: usize| {
        let (a, b) = (layer.row(a), layer.row(b));
        (jaccard(&top(a, 2), &top(b, 2)), spearman(a, b).unwrap())
    };
    for a in 0..conditions {
        for b in 0..conditions {
            let (overlap, correlation) = pair(a, b);
            near(layer.table.jaccard[a * conditions + b], overlap);
            near(layer.table.spearman[a * conditions + b], correlation);
        }
    }
    let kinds: Vec<_> = layer.groups.iter().map(|group| (group.kind, group.measures)).collect();
    use GroupKind::*;
    assert_eq!(
        kinds,
        [
            (Halves, 2),
            (Digits, 10),
            (Images, COUNT),
            (Attacks, 3),
            (Sizes, 4),
            (Noise, 2),
            (Activation, 2)
        ]
    );
    let digits: Vec<(f64, f64)> =
        (0..10).flat_map(|a| (a + 1..10).map(move |b| pair(3 + a, 3 + b))).collect();
    let group = layer.groups[1];
    near(group.jaccard, digits.iter().map(|(overlap, _)| overlap).sum::<f64>() / 45.0);
    near(group.spearman, digits.iter().map(|(_, rank)| rank).sum::<f64>() / 45.0);
    near(group.spearman_least, digits.iter().map(|(_, rank)| *rank).fold(1.0, f64::min));
    near(group.spearman_most, digits.iter().map(|(_, rank)| *rank).fold(-1.0, f64::max));
    // The two differ only by the correction for units that some digits do not move at all.
    assert!(((10.0 * group.concordance - 1.0) / 9.0 - group.spearman).abs() < 1e-3);
    let whole = layer.row(0);
    let single = layer.images.chunks_exact(units).map(|row| {
        let row: Vec<f64> = row.iter().map(|value| f64::from(*value)).collect();
        spearman(&row, whole).unwrap()
    });
    near(layer.groups[2].spearman, single.sum::<f64>() / COUNT as f64);
    assert_eq!(layer.groups[6].spearman, layer.mere_use.activation.spearman);
}

#[test]
fn a_layer_without_units_has_nothing_to_compare() {
    let mut network = network();
    network.set_pruned_units(&[(0..24).collect(), vec![]]).unwrap();
    let few = Images::new(vec![90; 3 * PIXELS], vec![1, 2, 3]).unwrap();
    let found = similarity(&network, attack(), &few);
    assert!(found.layers[0].groups.is_empty() && found.layers[0].values.is_empty());
    assert!(found.layers[0].table.chance.is_nan());
    assert!(found.layers[0].mere_use.explained.is_nan());
    // Nothing reaches the second layer, so nothing there is distorted.
    assert!(found.layers[1].row(0).iter().all(|v| *v == 0.0));
    assert!(found.layers[1].groups[0].jaccard.is_nan());
}

#[test]
fn sizes_beyond_the_largest_ball_are_refused() {
    let attack = AttackParams { eps: 1.5, ..attack() };
    let sentence = Similar::new(&network(), attack, 0, 0..2).unwrap_err();
    assert!(sentence.contains("from 0 to 1"), "{sentence}");
}
