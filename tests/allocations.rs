//! No step allocates once the first ones have made room: memory never grows while a job runs, and
//! in the browser it never shrinks.

#![allow(missing_docs, clippy::unwrap_used)]

use allocation_counter::measure;
use secateurs::attack::{AttackParams, Method, Purpose};
use secateurs::data::{Images, PIXELS};
use secateurs::distortion::Distorting;
use secateurs::evaluate::{Attacked, OldImages, Scorer, Scoring};
use secateurs::learn::{LearnParams, MaskLearning, MaskRule, Masked};
use secateurs::network::Mlp;
use secateurs::train::{Adversary, OptimiserName, Origin, TrainParams, Trainer};

/// Images of which about every fifth pixel is lit.
fn images(count: usize) -> Images {
    let lit = |index: usize| if index % 5 == index / 7 % 5 { (index % 251) as u8 } else { 0 };
    let labels = (0..count).map(|image| (image % 10) as u8).collect();
    Images::new((0..count * PIXELS).map(lit).collect(), labels).unwrap()
}

/// Allocations of the steps after `first` ones; `step` says when it is done.
fn allocations(first: usize, mut step: impl FnMut() -> bool) -> u64 {
    for _ in 0..first {
        assert!(!step(), "nothing is left to be counted");
    }
    measure(|| while !step() {}).count_total
}

fn networks() -> [Mlp; 2] {
    let whole = Mlp::he_normal(&[40, 20], 0);
    let mut pruned = whole.clone();
    pruned.set_pruned_units(&[vec![1, 5, 30], vec![0]]).unwrap();
    (0..PIXELS).for_each(|input| (0..35).for_each(|unit| pruned.prune_weight(0, unit, input)));
    [whole, pruned]
}

#[test]
fn training_does_not_allocate() {
    let images = images(512);
    for optimiser in [OptimiserName::Adam, OptimiserName::Sgd] {
        for network in networks() {
            let params = TrainParams {
                from: Origin::Current,
                epochs: 3,
                images: 500,
                optimiser,
                rate: 1e-3,
                momentum: 0.9,
                decay: 1e-4,
                batch: 128,
                ..TrainParams::default()
            };
            let mut trainer = Trainer::new(network, params, 0, 0);
            // The first epoch has met batches of every size.
            let counted = allocations(4, || {
                trainer.step(&images).unwrap();
                trainer.is_done()
            });
            assert_eq!(counted, 0);
        }
    }
}

#[test]
fn training_against_an_attack_does_not_allocate() {
    let images = images(512);
    for against in [Adversary::Fgsm, Adversary::Pgd, Adversary::Trades] {
        for network in networks() {
            let params = TrainParams {
                from: Origin::Current,
                epochs: 2,
                images: 500,
                against,
                steps: 3,
                ..TrainParams::default()
            };
            let mut trainer = Trainer::new(network, params, 0, 0);
            while trainer.epoch() == 0 || !trainer.at_epoch_start() {
                trainer.step(&images).unwrap();
            }
            // The measure at an epoch's end makes room for itself.
            let counted = allocations(1, || {
                trainer.step(&images).unwrap();
                trainer.images_done() == 884
            });
            assert_eq!(counted, 0, "{against:?}");
        }
    }
}

#[test]
fn learning_a_mask_does_not_allocate() {
    let images = images(512);
    for (what, mask) in [
        (Masked::Weights, MaskRule::Top),
        (Masked::Units, MaskRule::Top),
        (Masked::Units, MaskRule::Bayes),
    ] {
        for (network, suppress) in networks().into_iter().zip([0.0, 1.0]) {
            let params = LearnParams {
                what,
                mask,
                suppress,
                joint: true,
                epochs: 3,
                images: 500,
                ..LearnParams::default()
            };
            let mut learning = MaskLearning::new(network, params, 0, 0).unwrap();
            // Two calls a batch: the first epoch has met batches of every size.
            let counted = allocations(8, || {
                learning.step(&images).unwrap();
                learning.is_done()
            });
            assert_eq!(counted, 0, "{params:?}");
        }
    }
}

#[test]
fn attacks_do_not_allocate() {
    let images = images(1100);
    for method in [Method::Pgd, Method::Fgsm, Method::Noise] {
        for purpose in [Purpose::Evaluate, Purpose::Craft] {
            for network in networks() {
                let valid = AttackParams::usual(method, 0.05, 10).check().unwrap();
                let mut attacked = Attacked::new(&network, valid, 0, 0..1100, purpose);
                assert_eq!(allocations(3, || attacked.step(&images)), 0, "{method:?} {purpose:?}");
            }
        }
    }
}

#[test]
fn measuring_distortion_does_not_allocate() {
    let images = images(384);
    for network in networks() {
        let params = AttackParams::usual(Method::Pgd, 0.1, 3);
        let mut measure = Distorting::new(&network, params, 0, 0..384).unwrap();
        // Until the first block was added to the sums.
        assert_eq!(allocations(5, || measure.step(&images)), 0);
    }
}

#[test]
fn scoring_does_not_allocate() {
    let images = images(512);
    let old = OldImages::default();
    for network in networks() {
        let mut scorer = Scorer::default();
        let mut cut = network.clone();
        for units in [vec![], vec![3], vec![3, 4], vec![4]] {
            cut.set_pruned_units(&[units, vec![]]).unwrap();
            let mut scoring = Scoring::new(&mut scorer, &cut, 512, false);
            while !scoring.step(&mut scorer, &images, &old) {}
        }
        cut.set_pruned_units(&[vec![7], vec![]]).unwrap();
        let mut scoring = Scoring::new(&mut scorer, &cut, 512, false);
        assert_eq!(allocations(1, || scoring.step(&mut scorer, &images, &old)), 0);
    }
}
