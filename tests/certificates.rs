//! Certificates of the reference networks: no attack may ever break one.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{mnist, read_network, reference_folder};
use secateurs::attack::{AttackParams, Method, Purpose};
use secateurs::certify::{Certified, Certifying};
use secateurs::data::PIXEL_VALUE;
use secateurs::evaluate::Attacked;
use secateurs::network::Mlp;

const IMAGES: usize = 1000;

/// A reference network, or a printed word and nothing where the folder of them is absent.
fn network(name: &str) -> Option<Mlp> {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return None;
    };
    Some(read_network(&folder.join(format!("{name}_784-128-64-10.npz"))))
}

fn certify(network: &Mlp, sizes: &[f64]) -> Certified {
    let mut certifying = Certifying::new(network, sizes, 0..IMAGES).unwrap();
    while !certifying.step(&mnist().test) {}
    certifying.counts()
}

/// Which of the first images withstand an attack of a size.
fn robust_under(network: &Mlp, method: Method, eps: f64, steps: usize, seed: u32) -> Vec<bool> {
    let valid = AttackParams::usual(method, eps, steps).check().unwrap();
    let mut attacked = Attacked::new(network, valid, seed, 0..IMAGES, Purpose::Evaluate);
    while !attacked.step(&mnist().test) {}
    attacked.count().robust
}

/// How many images are fooled though proven at the size of this index.
fn broken(certified: &Certified, size: usize, robust: &[bool]) -> usize {
    let proven = certified.largest.iter().map(|largest| largest.is_some_and(|l| l >= size));
    proven.zip(robust).filter(|(proven, robust)| *proven && !**robust).count()
}

/// Attacks at the very size of the certificates: another start for each seed.
fn no_attack_breaks_a_certificate(name: &str, sizes: &[f64]) {
    let Some(network) = network(name) else { return };
    let certified = certify(&network, sizes);
    assert!(certified.proven.iter().all(|proven| *proven > 100), "{certified:?}");
    let check = |index: usize, eps: f64, method: Method, steps: usize, seed: u32| {
        let robust = robust_under(&network, method, eps, steps, seed);
        assert_eq!(broken(&certified, index, &robust), 0, "{name} {eps} {method:?} {seed}");
        let count = robust.iter().filter(|robust| **robust).count();
        assert!(certified.proven[index] <= count, "{name} {eps} {method:?} {seed}");
    };
    for (index, eps) in sizes.iter().enumerate() {
        for (method, steps, seed) in
            [(Method::Fgsm, 1, 0), (Method::Pgd, 40, 0), (Method::Pgd, 40, 1), (Method::Pgd, 10, 2)]
        {
            check(index, *eps, method, steps, seed);
        }
    }
    let last = sizes.len() - 1;
    // It looks for the smallest perturbation, so it sees what lies just inside the ball.
    check(last, sizes[last], Method::FabT, 10, 0);
    // Were the certificates those of a ball twice as large, the same check would tell.
    let robust = robust_under(&network, Method::Pgd, 2.0 * sizes[last], 40, 0);
    assert!(broken(&certified, last, &robust) > 0, "{name}: the check finds nothing");
}

#[test]
fn no_attack_breaks_a_certificate_of_a_standard_network() {
    no_attack_breaks_a_certificate("std", &[0.01, 0.02, 0.03]);
}

#[test]
fn no_attack_breaks_a_certificate_of_an_adversarially_trained_network() {
    no_attack_breaks_a_certificate("at", &[0.03, 0.05, 0.1]);
}

/// Interval bounds in `f64`, one sum at a time, nothing taken off for rounding.
fn intervals_prove(network: &Mlp, image: &[u8], label: usize, eps: f64) -> bool {
    let mut ends: Vec<[f64; 2]> = image
        .iter()
        .map(|byte| f64::from(PIXEL_VALUE[usize::from(*byte)]))
        .map(|pixel| [(pixel - eps).max(0.0), (pixel + eps).min(1.0)])
        .collect();
    let least = |weights: &dyn Fn(usize) -> f64, bias: f64, ends: &[[f64; 2]]| {
        let terms = ends.iter().enumerate().map(|(input, [low, high])| {
            let weight = weights(input);
            weight * if weight < 0.0 { high } else { low }
        });
        bias + terms.sum::<f64>()
    };
    let (last, hidden) = network.layers().split_last().unwrap();
    for layer in hidden {
        let unit = |unit: usize| {
            let (row, bias) = (layer.weights(), f64::from(layer.biases()[unit]));
            let low = least(&|input| f64::from(row[[unit, input]]), bias, &ends);
            let high = -least(&|input| -f64::from(row[[unit, input]]), -bias, &ends);
            [low.max(0.0), high.max(0.0)]
        };
        ends = (0..layer.biases().len()).map(unit).collect();
    }
    let (weights, biases) = (last.weights(), last.biases().mapv(f64::from));
    (0..10).filter(|class| *class != label).all(|class| {
        let weight =
            |input: usize| f64::from(weights[[label, input]]) - f64::from(weights[[class, input]]);
        least(&weight, biases[label] - biases[class], &ends) > 0.0
    })
}

#[test]
fn intervals_prove_what_they_prove_without_rounding() {
    let sizes = [0.005, 0.01, 0.02];
    // Shares known of networks like these: 8.9 %, nothing and nothing for standard ones.
    for (name, least, most) in
        [("std", [30, 0, 0], [130, 5, 0]), ("at", [700, 300, 0], [950, 800, 200])]
    {
        let Some(network) = network(name) else { return };
        let (data, certified) = (mnist(), certify(&network, &sizes));
        for (index, eps) in sizes.into_iter().enumerate() {
            let proves = |image: &usize| {
                let label = usize::from(data.test.label(*image));
                intervals_prove(&network, data.test.image(*image), label, eps)
            };
            let ours = certified.by_intervals[index];
            let exact = (0..IMAGES).filter(proves).count();
            println!("{name} {eps}: {ours} of {exact}, with lines {}", certified.proven[index]);
            assert!(ours <= exact && exact - ours <= 4, "{name} {eps}: {ours} {exact}");
            assert!((least[index]..=most[index]).contains(&ours), "{name} {eps}: {ours}");
            assert!(certified.proven[index] > 600, "{name} {eps}: lines prove far more");
        }
    }
}
