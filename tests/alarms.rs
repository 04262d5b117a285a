//! The alarms on networks that mask their gradients, each in a way of its own, and on ordinary
//! ones.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{mnist, read_network, reference_folder};
use ndarray::{Array1, Array2, s};
use secateurs::alarms::{AlarmKind, CheckState, Evidence, alarms, checks, measure_evidence};
use secateurs::attack::{AttackParams, Method, Norm};
use secateurs::network::{Layer, Mlp};
use secateurs::train::{OptimiserName, Origin, TrainParams, Trainer};
use std::cell::OnceCell;

const IMAGES: usize = 300;

/// A network trained as anybody would.
fn trained() -> Mlp {
    thread_local! {
        static TRAINED: OnceCell<Mlp> = const { OnceCell::new() };
    }
    let train = || {
        let params = TrainParams {
            from: Origin::Scratch,
            epochs: 2,
            images: 10_000,
            optimiser: OptimiserName::Adam,
            rate: 2e-3,
            momentum: 0.9,
            decay: 0.0,
            batch: 64,
            ..TrainParams::default()
        };
        let mut trainer = Trainer::new(Mlp::he_normal(&[64, 32], 0), params, 0, 0);
        while !trainer.is_done() {
            trainer.step(&mnist().train).unwrap();
        }
        trainer.finish().unwrap()
    };
    TRAINED.with(|network| network.get_or_init(train).clone())
}

/// Weights (`out × in`) and biases, to be changed.
type Parts = Vec<(Array2<f32>, Array1<f32>)>;

fn parts(network: &Mlp) -> Parts {
    let layers = network.layers().iter();
    layers.map(|layer| (layer.weights().to_owned(), layer.biases().clone())).collect()
}

fn network(parts: Parts) -> Mlp {
    let layer = |(weights, biases): (Array2<f32>, _)| Layer::new(weights.view(), biases).unwrap();
    Mlp::from_layers(parts.into_iter().map(layer).collect()).unwrap()
}

/// Reads as the trained network does, but is surer by a factor.
fn surer(factor: f32) -> Mlp {
    let mut parts = parts(&trained());
    let (weights, biases) = parts.last_mut().unwrap();
    weights.mapv_inplace(|weight| weight * factor);
    biases.mapv_inplace(|bias| bias * factor);
    network(parts)
}

/// Pixels that are black in every image measured.
fn always_black() -> Vec<usize> {
    let data = mnist();
    let black = |pixel: &usize| (0..IMAGES).all(|image| data.test.image(image)[*pixel] == 0);
    (0..784).filter(black).collect()
}

/// Reads as the trained network does, but once a pixel is lit that is black in every image it
/// becomes so sure that no gradient is left: whoever begins at a random point never gets away.
fn detector() -> Mlp {
    let parts = parts(&trained());
    let [(w1, b1), (w2, b2), (w3, b3)] = &parts[..] else { panic!() };
    let (first, second) = (b1.len(), b2.len());
    // Two more units in the first layer: D and D', whose difference opens a gate from 0 to 1.
    let mut v1 = Array2::zeros((first + 2, 784));
    v1.slice_mut(s![..first, ..]).assign(w1);
    let mut c1 = Array1::zeros(first + 2);
    c1.slice_mut(s![..first]).assign(b1);
    for unit in 0..2 {
        for pixel in always_black() {
            v1[[first + unit, pixel]] = 4.0;
        }
        c1[first + unit] = -0.1 - unit as f32;
    }
    // The second layer once as it was, once behind the gate, and the gate itself.
    const SHUT: f32 = 300.0;
    let mut v2 = Array2::zeros((2 * second + 1, first + 2));
    let mut c2 = Array1::zeros(2 * second + 1);
    for copy in 0..2 {
        v2.slice_mut(s![copy * second..(copy + 1) * second, ..first]).assign(w2);
        c2.slice_mut(s![copy * second..(copy + 1) * second]).assign(b2);
    }
    for unit in second..2 * second {
        (v2[[unit, first]], v2[[unit, first + 1]]) = (SHUT, -SHUT);
        c2[unit] -= SHUT;
    }
    (v2[[2 * second, first]], v2[[2 * second, first + 1]]) = (1.0, -1.0);
    // The logits are calm as long as the gate is shut.
    let mut v3 = Array2::zeros((10, 2 * second + 1));
    v3.slice_mut(s![.., ..second]).assign(&(w3 * 0.3));
    v3.slice_mut(s![.., second..2 * second]).assign(&(w3 * 1e4));
    v3.slice_mut(s![.., 2 * second]).assign(&(b3 * 1e4));
    network(vec![(v1, c1), (v2, c2), (v3, b3 * 0.3)])
}

/// Reads as the trained network does, but for a mean of the pixels that are black in every image
/// of about 0.36 ε: there it reads an 8. A gentle slope leads to that needle, whose point strides of
/// ε/4 step over, and strides of ε/40 do not.
fn needle(eps: f32) -> Mlp {
    let mut parts = parts(&trained());
    let black = always_black();
    let units = parts[0].1.len();
    let width = 0.03 * eps;
    let kinks = [0.0, 0.36 * eps - width, 0.36 * eps, 0.36 * eps + width];
    let (old, biases) = &parts[0];
    let mut weights = Array2::zeros((units + 4, 784));
    weights.slice_mut(s![..units, ..]).assign(old);
    let mut all = Array1::zeros(units + 4);
    all.slice_mut(s![..units]).assign(biases);
    for pixel in &black {
        weights.slice_mut(s![..units, *pixel]).fill(0.0);
        // Times 100, so that a change of a thousandth is not lost in what is carried on.
        weights.slice_mut(s![units.., *pixel]).fill(100.0 / black.len() as f32);
    }
    for (unit, kink) in kinks.into_iter().enumerate() {
        all[units + unit] = -100.0 * kink;
    }
    parts[0] = (weights, all);
    // One unit more on the way, and the digit 8: slope up and down, and the needle on it.
    let (old, biases) = &parts[1];
    let second = biases.len();
    let mut weights = Array2::zeros((second + 1, units + 4));
    weights.slice_mut(s![..second, ..units]).assign(old);
    let mut all = Array1::zeros(second + 1);
    all.slice_mut(s![..second]).assign(biases);
    let (slope, rise) = (0.01 / eps, 0.6 / width);
    for (unit, weight) in [slope, rise, -2.0 * rise - 2.0 * slope, rise].into_iter().enumerate() {
        weights[[second, units + unit]] = weight;
    }
    parts[1] = (weights, all);
    let (old, biases) = &parts[2];
    let mut weights = Array2::zeros((10, second + 1));
    weights.slice_mut(s![.., ..second]).assign(old);
    weights[[8, second]] = 1.0;
    parts[2] = (weights, biases.clone());
    network(parts)
}

fn measured(network: &Mlp, attack: &AttackParams, other: Option<&Mlp>) -> Evidence {
    measure_evidence(network, attack, other, 0, &mnist().test, IMAGES).unwrap()
}

fn pgd(norm: Norm, eps: f64) -> AttackParams {
    AttackParams { norm, ..AttackParams::usual(Method::Pgd, eps, 10) }
}

fn tripped(evidence: &Evidence) -> Vec<AlarmKind> {
    println!("{evidence:?}");
    alarms(evidence).into_iter().map(|alarm| alarm.kind).collect()
}

use AlarmKind::{BlackBox, Gradients, LargeEps, MoreSteps, Noise, OneStep, Transfer};

#[test]
fn an_ordinary_network_trips_nothing() {
    let (network, other) = (trained(), surer(0.5));
    for eps in [0.02, 0.1, 0.2] {
        let evidence = measured(&network, &pgd(Norm::Linf, eps), Some(&other));
        assert_eq!(tripped(&evidence), [], "{eps}");
        assert!(evidence.clean > 270);
        // And says so of each check, for there is nothing that was not measured.
        assert!(checks(&evidence).iter().all(|check| check.state == CheckState::Passed), "{eps}");
    }
    for (norm, eps) in [(Norm::L2, 1.0), (Norm::L1, 8.0)] {
        assert_eq!(tripped(&measured(&network, &pgd(norm, eps), None)), [], "{norm:?}");
    }
}

#[test]
fn the_reference_networks_trip_nothing() {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return;
    };
    let open = |name: &str| read_network(&folder.join(format!("{name}_784-128-64-10.npz")));
    for (network, other) in [(open("std"), open("at")), (open("at"), open("std"))] {
        for (norm, eps) in [(Norm::Linf, 0.05), (Norm::Linf, 0.1), (Norm::L2, 2.0)] {
            let evidence = measured(&network, &pgd(norm, eps), Some(&other));
            assert_eq!(tripped(&evidence), [], "{norm:?} {eps}");
        }
    }
}

#[test]
fn a_network_that_is_too_sure_of_itself_trips_what_looks_at_gradients() {
    let (network, other) = (surer(1e4), trained());
    let evidence = measured(&network, &pgd(Norm::Linf, 0.1), Some(&other));
    let gradients = evidence.gradients.unwrap();
    assert!(gradients.zero * 10 > gradients.correct * 9, "{gradients:?}");
    let kinds = tripped(&evidence);
    assert_eq!(kinds, [Gradients, BlackBox, Transfer, LargeEps, Noise]);
}

#[test]
fn a_network_that_is_rather_sure_has_vanishing_gradients() {
    let evidence = measured(&surer(4.0), &pgd(Norm::Linf, 0.05), None);
    let gradients = evidence.gradients.unwrap();
    assert!(gradients.zero < 4 && gradients.vanishing > 100, "{gradients:?}");
    assert_eq!(tripped(&evidence), [Gradients]);
}

#[test]
fn a_network_that_notices_random_starts_is_fooled_by_a_single_step() {
    let evidence = measured(&detector(), &pgd(Norm::Linf, 0.1), None);
    assert!(evidence.one_step.unwrap() + 100 < evidence.iterative.unwrap());
    let kinds = tripped(&evidence);
    assert_eq!(kinds, [OneStep, BlackBox, LargeEps, Noise]);
}

#[test]
fn a_network_with_a_needle_is_fooled_by_smaller_steps() {
    let evidence = measured(&needle(0.02), &pgd(Norm::Linf, 0.02), Some(&trained()));
    assert!(evidence.more_steps.unwrap() + 100 < evidence.iterative.unwrap());
    assert_eq!(tripped(&evidence), [BlackBox, MoreSteps]);
}
