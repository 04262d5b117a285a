//! Training against attacks, on MNIST.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::mnist;
use secateurs::network::Mlp;
use secateurs::recipe::{Progress, Replayer, parse_link};
use secateurs::train::{Adversary, TrainParams, Trainer, is_overfitting};

fn trained(against: Adversary) -> Trainer {
    let params = TrainParams {
        epochs: 3,
        images: 3000,
        rate: 3e-3,
        against,
        eps: 0.3,
        ..TrainParams::default()
    };
    let mut trainer = Trainer::new(Mlp::he_normal(&[128, 64], 0), params, 0, 0);
    while !trainer.is_done() {
        trainer.step(&mnist().train).unwrap();
    }
    trainer
}

#[test]
fn the_alarm_trips_where_one_step_is_trained_against_in_a_large_ball() {
    let one_step = trained(Adversary::Fgsm);
    assert!(is_overfitting(one_step.watched()), "{:?}", one_step.watched());
    let many_steps = trained(Adversary::Pgd);
    assert_eq!(many_steps.watched().len(), 3);
    for epochs in 1..=3 {
        assert!(!is_overfitting(&many_steps.watched()[..epochs]), "{:?}", many_steps.watched());
    }
}

/// Replays a link; every progress until it is done.
fn progress(replayer: &mut Replayer, link: &str) -> Vec<Progress> {
    replayer.begin(parse_link(link).unwrap().recipe);
    let mut seen = Vec::new();
    while seen.last().is_none_or(|last: &Progress| !last.done) {
        seen.push(replayer.step(&mnist()).unwrap());
    }
    seen
}

#[test]
fn a_replay_tells_what_it_watched() {
    let link = "v=1&hidden=16&train=images:2000,epochs:1\
                &train=from:current,images:2000,epochs:2,rate:0.003,against:fgsm,eps:0.3";
    let mut replayer = Replayer::default();
    let seen = progress(&mut replayer, link);
    let (last, before) = seen.split_last().unwrap();
    let mut first = before.iter().filter(|seen| seen.step_index == 0);
    assert!(first.all(|seen| seen.watched.is_empty()));
    assert_eq!(last.watched.iter().map(|watched| watched.epoch).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(last.overfitting, is_overfitting(&last.watched));
    // Once an epoch, when it has been watched.
    assert_eq!(seen.iter().filter(|seen| seen.checkpoint).count(), 3);
    // A training that is taken up again at an epoch's end goes on as if nothing had happened.
    let recipe = parse_link(link).unwrap().recipe;
    let mut first = Replayer::default();
    first.begin(recipe.clone());
    while !(first.step(&mnist()).unwrap()).watched.iter().any(|watched| watched.epoch == 1) {}
    let mut resumed = Replayer::default();
    resumed.restore(first.checkpoint().unwrap(), &recipe);
    let again = progress(&mut resumed, link);
    assert!(again.len() < seen.len() - 40);
    assert_eq!(again.last().unwrap().watched, last.watched);
    let digest = |replayer: &Replayer| replayer.state().unwrap().network.digest();
    assert_eq!(digest(&resumed), digest(&replayer));
}

#[test]
fn nonsense_is_refused_in_a_sentence() {
    for (nonsense, word) in [
        ("against:autoattack", "trades"),
        ("against:fgsm,eps:1.5", "0 to 1"),
        ("against:pgd,steps:0", "1 to 100"),
        ("against:pgd,ramp:-1", "0 to 50"),
        ("against:trades,beta:-1", "0 to 100"),
    ] {
        let sentence = parse_link(&format!("v=1&train={nonsense}")).unwrap_err();
        assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
    }
}
