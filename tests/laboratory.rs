//! What the laboratory finds on real MNIST: the tendencies measured with PyTorch beforehand.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{mnist, replay};
use secateurs::distortion::Distorting;
use secateurs::laboratory::statistics::{jaccard, spearman, top};
use secateurs::laboratory::{
    Brightness, Filters, GroupKind, LayerSimilarity, RARELY, Similar, Similarity, readers,
};
use secateurs::network::{Init, Mlp};
use secateurs::recipe::{Recipe, Replayer, parse_link};

/// Trained on all images twice: enough for every tendency.
fn network(seed: u32) -> (Recipe, Mlp) {
    let recipe = parse_link(&format!("v=1&seed={seed}&train=epochs:2")).unwrap().recipe;
    let state = replay(&mut Replayer::default(), &recipe, &mnist());
    (recipe, state.network)
}

fn similarity(recipe: &Recipe, network: &Mlp) -> Similarity {
    let (data, settings) = (mnist(), recipe.distortion);
    let range = 0..settings.images;
    let mut similar = Similar::new(network, settings.attack(), recipe.network.seed, range).unwrap();
    while !similar.step(&data.train).unwrap() {}
    similar.finish()
}

fn distortion(recipe: &Recipe, network: &Mlp) -> Vec<f64> {
    let (data, settings) = (mnist(), recipe.distortion);
    let range = 0..settings.images;
    let mut distorting =
        Distorting::new(network, settings.attack(), recipe.network.seed, range).unwrap();
    while !distorting.step(&data.train) {}
    distorting.finish().layers.swap_remove(0).units
}

/// Overlap of the most distorted tenth, and rank correlation, of a group.
fn group(layer: &LayerSimilarity, kind: GroupKind) -> (f64, f64) {
    let found = layer.groups.iter().find(|group| group.kind == kind).unwrap();
    (found.jaccard, found.spearman)
}

#[test]
fn the_same_units_on_average_but_not_for_a_digit_or_an_image() {
    let (recipe, first) = network(0);
    let found = similarity(&recipe, &first);
    let layer = &found.layers[0];
    let chance = layer.table.chance;
    assert!((chance - 0.0554).abs() < 1e-4, "{chance}");
    let halves = group(layer, GroupKind::Halves);
    assert!(halves.0 > 0.7 && halves.1 > 0.95, "{halves:?}");
    let attacks = group(layer, GroupKind::Attacks);
    assert!(attacks.0 > 0.45 && attacks.1 > 0.9, "{attacks:?}");
    let sizes = group(layer, GroupKind::Sizes);
    assert!(sizes.0 > 0.35 && sizes.1 > 0.7 && sizes.1 < attacks.1, "{sizes:?}");
    let digits = group(layer, GroupKind::Digits);
    assert!(digits.0 < 0.2 && digits.1 < 0.45, "{digits:?}");
    let images = group(layer, GroupKind::Images);
    assert!(images.0 < 0.25 && images.1 < 0.55, "{images:?}");
    // Most of it is that some units are used more than others: blind noise knows that, too.
    let noise = group(layer, GroupKind::Noise);
    assert!(noise.1 > 0.45 && noise.1 < 0.85, "{noise:?}");
    let activation = group(layer, GroupKind::Activation);
    assert!(activation.1 > 0.65 && activation.0 > 2.0 * chance, "{activation:?}");
    assert!(layer.mere_use.explained_ranks > 0.5, "{:?}", layer.mere_use);
    // What use does not explain is there on both halves, so it is more than chance.
    assert!(layer.mere_use.halves.partial_spearman > 0.8, "{:?}", layer.mere_use);

    // Units of another seed are other units: that two have the same number says nothing.
    let (recipe, second) = network(1);
    let (a, b) = (&layer.values[..layer.kept.len()], distortion(&recipe, &second));
    let count = layer.table.top;
    let (overlap, correlation) =
        (jaccard(&top(a, count), &top(&b, count)), spearman(a, &b).unwrap());
    assert!(overlap < 0.25 && correlation.abs() < 0.3, "{overlap} {correlation}");
}

#[test]
fn training_moves_energy_out_of_short_waves() {
    let mut brightness = Brightness::new(60_000);
    while !brightness.step(&mnist().train) {}
    let mean = brightness.mean();
    assert_eq!(mean.iter().filter(|mean| **mean == 0.0).count(), 67);
    assert_eq!(mean.iter().filter(|mean| **mean < RARELY).count(), 326);
    let (recipe, after) = network(0);
    let before = Mlp::drawn(&recipe.network.hidden, 0, Init::He);
    let mut filters = Filters::new(&before, &after, &mean).unwrap();
    while !filters.step() {}
    let found = filters.mixture();
    assert!((found.before.mean.short - 0.81).abs() < 0.01, "{found:?}");
    assert!(found.after.mean.short > 0.4 && found.after.mean.short < 0.65, "{found:?}");
    // Nothing is learned there, and nothing is forgotten.
    assert!((found.after.sum.rare - 0.4).abs() < 0.03, "{found:?}");
    assert!(found.cosine > 0.6 && found.cosine < 0.98, "{found:?}");
    assert_eq!((found.filters, found.left), (128, 128));
    assert!(readers(&after).iter().all(|readers| *readers == 128));
}
