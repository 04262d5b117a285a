//! The greedy oracle on a toy.

use super::*;
use crate::attack::{self, Blocks};
use crate::data::{Dataset, Images};
use crate::network::Compact;
use crate::train::{Origin, TrainParams, Trainer};

/// Noisy pictures of ten kinds: digit d lights the rows 2d and 2d + 1 a little.
fn data() -> Dataset {
    let mut stream = Stream::new(9, Purpose::Noise, &[]);
    let mut pixels = Vec::new();
    for image in 0..300 {
        for pixel in 0..PIXELS {
            let lit = if pixel / 56 == image % 10 { 0.35 } else { 0.0 };
            let value = (1.3 * stream.uniform() - 0.6).max(0.0) + lit * stream.uniform();
            pixels.push((255.0 * value.min(1.0)) as u8);
        }
    }
    let labels = (0..300).map(|image| (image % 10) as u8).collect();
    let train = Images::new(pixels, labels).unwrap();
    Dataset { test: train.clone(), train, expected: None, digest: None }
}

/// A network that reads most of them.
fn trained(data: &Dataset) -> Mlp {
    let from = Origin::Scratch;
    let params = TrainParams { from, epochs: 12, images: 300, batch: 50, ..TrainParams::default() };
    let mut trainer = Trainer::new(Mlp::he_normal(&[10, 8], 1), params, 1, 0);
    while !trainer.is_done() {
        trainer.step(&data.train).unwrap();
    }
    trainer.finish().unwrap()
}

/// Images that withstand the attack that is scored by.
fn adaptive(network: &Mlp, params: &PruneParams, data: &Dataset) -> usize {
    let (valid, indices) = (params.scoring_attack().check().unwrap(), (0..params.images).collect());
    let network = Compact::new(network);
    let mut blocks = Blocks::of(network, valid, 5, indices, attack::Purpose::Evaluate);
    let mut robust = 0;
    while !blocks.is_done() {
        if let Some((_, run)) = blocks.step(&data.train) {
            robust += run.verdicts().iter().filter(|verdict| verdict.robust).count();
        }
    }
    robust
}

fn pruned(params: &PruneParams, network: &Mlp, data: &Dataset) -> Mlp {
    let measurement = params.measurement();
    let measured = measurement.map(|measurement| {
        let mut measuring = measurement.begin(network, 5).unwrap();
        let mut fraction = 0.0;
        while !measurement.step(&mut measuring, data) {
            assert!(measuring.fraction() >= fraction && measuring.fraction() <= 1.0);
            fraction = measuring.fraction();
        }
        measuring.finish()
    });
    params.apply(network, measured.as_ref(), 5).unwrap()
}

fn greedy(amount: f64) -> PruneParams {
    let by = Criterion::Greedy;
    PruneParams { by, amount, images: 100, eps: 0.05, steps: 3, empty: false, ..usual() }
}

#[test]
fn the_first_removal_is_the_best_and_no_criterion_beats_it() {
    let data = data();
    let network = trained(&data);
    // One unit of the first layer.
    let params = PruneParams { layers: vec![1], ..greedy(10.0) };
    let one = pruned(&params, &network, &data);
    assert_eq!(one.pruned_units().iter().map(Vec::len).sum::<usize>(), 1);
    let found = adaptive(&one, &params, &data);
    let mut tried = Vec::new();
    for unit in 0..10 {
        let mut without = network.clone();
        without.set_pruned_units(&[vec![unit], vec![]]).unwrap();
        tried.push(adaptive(&without, &params, &data));
    }
    assert_eq!(found, *tried.iter().max().unwrap());
    assert!(tried.iter().min().unwrap() < &found, "{tried:?}");
    let worst = PruneParams { order: Order::Reverse, ..params.clone() };
    let worst = adaptive(&pruned(&worst, &network, &data), &params, &data);
    assert_eq!(worst, *tried.iter().min().unwrap());
    for facts in CRITERIA.iter().filter(|facts| facts.what.contains(&What::Units)) {
        for order in [Order::Usual, Order::Reverse] {
            let other = PruneParams { by: facts.criterion, order, ..params.clone() };
            let other = adaptive(&pruned(&other, &network, &data), &params, &data);
            assert!(other <= found, "{:?} {order:?}: {other} {found}", facts.criterion);
        }
    }
}

#[test]
fn the_amount_is_reached_and_no_layer_emptied() {
    let data = data();
    let network = trained(&data);
    let lost = |params: &PruneParams| {
        let pruned = pruned(params, &network, &data).pruned_units();
        pruned.iter().map(Vec::len).collect::<Vec<_>>()
    };
    let few = PruneParams { images: 20, ..greedy(26.0) };
    assert_eq!(lost(&few), [2, 2]);
    let global = PruneParams { scope: Scope::Global, ..few.clone() };
    assert_eq!(lost(&global).iter().sum::<usize>(), 4);
    let all = PruneParams { amount: 100.0, layers: vec![2], ..few };
    assert_eq!(lost(&all), [0, 7]);
}
