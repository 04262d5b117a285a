//! What the pruning laboratory has to reach: the tendencies measured with PyTorch beforehand, each
//! a recipe: clean on all test images, under PGD-40 on the first 1,000.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{mnist, replay};
use secateurs::evaluate::Count;
use secateurs::recipe::{Recipe, Replayer, parse_link};
use secateurs::trial::{Asked, Crafted, Outcome, Trying};
use std::sync::LazyLock;

/// Points within which a figure of beforehand has to be met; its own sampling error is up to 1.6.
const WITHIN: f64 = 4.0;
/// Seeds that figures are means over, as those of beforehand were.
const SEEDS: [u32; 3] = [0, 1, 2];

/// What most recipes here begin with.
const TRAIN: &str = "train=epochs:5";

/// The networks that most tests begin with, one for each seed, as checkpoints: trained only once.
static TRAINED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let trained = |seed: u32| {
        let mut replayer = Replayer::default();
        replay(&mut replayer, &recipe(seed, TRAIN), &mnist());
        postcard::to_stdvec(&replayer.checkpoint().unwrap()).unwrap()
    };
    SEEDS.into_iter().map(trained).collect()
});

fn recipe(seed: u32, steps: &str) -> Recipe {
    let link = format!("v=1&seed={seed}&{steps}&attack=steps:40&measure=images:1000");
    parse_link(&link).unwrap().recipe
}

/// The outcomes of steps such as `train=epochs:5&prune`, one for each seed; of clean accuracy on
/// all test images.
fn tried(steps: &str, sizes: &[f64], frozen: bool) -> Vec<Outcome> {
    let asked = Asked { transfer: true, adaptive: sizes.to_vec(), frozen, ..Asked::default() };
    let one = |(seed, trained): (u32, &Vec<u8>)| {
        let mut recipe = recipe(seed, steps);
        let (mut replayer, mut crafted) = (Replayer::default(), Crafted::default());
        replayer.restore(postcard::from_bytes(trained).unwrap(), &recipe);
        let mut outcome = |recipe: &Recipe, asked: &Asked| {
            let mut trying = Trying::new(recipe.clone(), asked.clone()).unwrap();
            while !trying.step(&mut replayer, &mut crafted, &mnist()).unwrap().done {}
            trying.finish().unwrap()
        };
        let attacked = outcome(&recipe, &asked);
        recipe.measure.images = mnist().test.len();
        Outcome { clean: outcome(&recipe, &Asked::default()).clean, ..attacked }
    };
    SEEDS.into_iter().zip(TRAINED.iter()).map(one).collect()
}

/// The mean of a figure over the seeds, in percent.
fn mean(outcomes: &[Outcome], figure: impl Fn(&Outcome) -> Count) -> f64 {
    let percent = |outcome| {
        let count = figure(outcome);
        100.0 * count.correct as f64 / count.total as f64
    };
    outcomes.iter().map(percent).sum::<f64>() / outcomes.len() as f64
}

fn clean(outcomes: &[Outcome]) -> f64 {
    mean(outcomes, |outcome| outcome.clean)
}

fn transfer(outcomes: &[Outcome], eps: f64) -> f64 {
    mean(outcomes, |outcome| outcome.transfer_at(eps).unwrap())
}

fn adaptive(outcomes: &[Outcome], eps: f64) -> f64 {
    mean(outcomes, |outcome| outcome.adaptive_at(eps).unwrap())
}

fn near(what: &str, found: f64, expected: f64) {
    println!("{what}: {found:.1}, beforehand {expected}");
    assert!((found - expected).abs() <= WITHIN, "{what}: {found:.1}, beforehand {expected}");
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn a_tenth_of_the_units_by_distortion_is_an_illusion() {
    let before = tried("train=epochs:5", &[0.05, 0.1], false);
    near("trained, clean", clean(&before), 97.5);
    near("trained, adaptive .05", adaptive(&before, 0.05), 36.9);
    near("trained, adaptive .1", adaptive(&before, 0.1), 2.1);
    let pruned = tried("train=epochs:5&prune=by:distortion,amount:10", &[0.05], false);
    near("clean", clean(&pruned), 86.6);
    near("transfer .05", transfer(&pruned, 0.05), 49.1);
    near("adaptive .05", adaptive(&pruned, 0.05), 34.3);
    assert!(transfer(&pruned, 0.05) > adaptive(&before, 0.05) + 5.0);
    assert!(adaptive(&pruned, 0.05) < adaptive(&before, 0.05));
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn half_of_the_pixels_by_relative_distortion_defends() {
    let steps = "train=epochs:5&prune=what:pixels,by:distortion-activation,amount:50";
    let pruned = tried(steps, &[0.05, 0.1], false);
    near("clean", clean(&pruned), 97.1);
    near("transfer .05", transfer(&pruned, 0.05), 78.0);
    near("adaptive .05", adaptive(&pruned, 0.05), 75.0);
    near("adaptive .1", adaptive(&pruned, 0.1), 25.0);
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn wanda_on_the_first_layer_defends() {
    let steps = "train=epochs:5&prune=what:weights,by:wanda,layers:1,amount:70";
    let pruned = tried(steps, &[0.05, 0.1], false);
    near("clean", clean(&pruned), 97.2);
    near("adaptive .05", adaptive(&pruned, 0.05), 74.0);
    near("adaptive .1", adaptive(&pruned, 0.1), 18.6);
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn magnitude_and_fine_tuning_is_a_second_illusion() {
    let steps = "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:90,tune:1";
    let pruned = tried(steps, &[0.05], false);
    near("clean", clean(&pruned), 97.0);
    near("transfer .05", transfer(&pruned, 0.05), 67.0);
    near("adaptive .05", adaptive(&pruned, 0.05), 34.6);
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn a_learned_mask_defends_and_changes_no_weight() {
    let masked = tried("train=epochs:5&learn=amount:80", &[0.05, 0.1], true);
    println!("clean {:.1}, adaptive {:.1}", clean(&masked), adaptive(&masked, 0.1));
    assert!(masked.iter().all(|outcome| outcome.frozen == Some(true)));
    assert!(masked.iter().all(|outcome| (outcome.sparsity - 0.8).abs() < 0.005));
    assert!(clean(&masked) >= 95.5, "{}", clean(&masked));
    assert!(adaptive(&masked, 0.1) >= 60.0, "{}", adaptive(&masked, 0.1));
}

#[test]
#[ignore = "takes long: cargo xtask test --also outcomes"]
fn adversarial_training_from_a_warm_start_costs_little() {
    let steps = "train=epochs:3&train=from:current,epochs:2,against:fgsm,eps:0.1";
    let trained = tried(steps, &[0.05, 0.1], false);
    println!("clean {:.1}, adaptive {:.1}", clean(&trained), adaptive(&trained, 0.1));
    assert!(clean(&trained) >= 96.5, "{}", clean(&trained));
    assert!(adaptive(&trained, 0.1) >= 72.0, "{}", adaptive(&trained, 0.1));
}
