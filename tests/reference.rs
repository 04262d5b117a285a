//! The core against PyTorch, torchattacks and Foolbox, on networks trained there.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{fixture, mnist, read_network, reference_folder};
use ndarray::{Array2, ArrayView2, Axis, s};
use ndarray_npy::NpzReader;
use secateurs::attack::{AttackParams, Method, Purpose, Run, Start};
use secateurs::data::PIXEL_VALUE;
use secateurs::distortion::Distorting;
use secateurs::evaluate::Attacked;
use secateurs::network::{Compact, Input, Mlp, Pass};
use std::fs::File;

const NETWORKS: [&str; 2] = ["std", "at"];

/// The reference networks, or a printed word and nothing where their folder is absent.
fn networks() -> Vec<(&'static str, Mlp)> {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return Vec::new();
    };
    let path = |name: &str| folder.join(format!("{name}_784-128-64-10.npz"));
    NETWORKS.map(|name| (name, read_network(&path(name)))).into()
}

fn first16(name: &str) -> NpzReader<File> {
    let path = reference_folder().unwrap().join(format!("{name}_first16.npz"));
    NpzReader::new(File::open(path).unwrap()).unwrap()
}

fn array(archive: &mut NpzReader<File>, name: &str) -> Array2<f32> {
    archive.by_name(name).unwrap()
}

/// The largest difference, relative to the largest value: what is near 0 is a difference of large
/// numbers, and no more exact than they are.
fn furthest(a: ArrayView2<f32>, b: ArrayView2<f32>) -> f32 {
    let largest = |values: &mut dyn Iterator<Item = f32>| values.fold(0.0, f32::max);
    let difference = largest(&mut a.iter().zip(b).map(|(a, b)| (a - b).abs()));
    difference / largest(&mut b.iter().map(|value| value.abs()))
}

/// The share of values that differ noticeably.
fn differing(a: ArrayView2<f32>, b: ArrayView2<f32>) -> f64 {
    let count = a.iter().zip(b).filter(|(a, b)| (**a - **b).abs() > 1e-5).count();
    count as f64 / a.len() as f64
}

fn attack(method: Method, eps: f64, steps: usize, start: Start) -> AttackParams {
    AttackParams { start, ..AttackParams::usual(method, eps, steps) }
}

#[test]
fn activations_losses_and_input_gradients_are_pytorchs() {
    for (name, network) in networks() {
        let mut archive = first16(name);
        let images = array(&mut archive, "x");
        let data = mnist();
        let ours = Array2::from_shape_fn((16, 784), |(i, p)| {
            PIXEL_VALUE[usize::from(data.test.image(i)[p])]
        });
        assert_eq!(ours, images, "the images are the same bits");
        let compact = Compact::new(&network);
        let mut pass = Pass::default();
        compact.forward(Input::Values(images.view()), &mut pass);
        for (layer, key) in ["post1", "post2", "logits"].into_iter().enumerate() {
            let expected = array(&mut archive, key);
            let off = furthest(pass.outputs(layer).to_array().view(), expected.view());
            assert!(off < 1e-5, "{name} {key}: {off}");
        }
        let losses: ndarray::Array1<f32> = archive.by_name("loss").unwrap();
        let label = |image: usize| usize::from(data.test.label(image));
        pass.cross_entropy(label, 1.0, |image, loss| {
            let off = (loss - losses[image]).abs();
            assert!(off <= 1e-5 * losses[image].max(1.0), "{name} loss {image}");
        });
        compact.input_gradient(&mut pass);
        let expected = array(&mut archive, "dloss_dx");
        let mut gradients = Array2::zeros((16, 784));
        pass.write_input_gradient(gradients.as_slice_mut().unwrap());
        // Each image's own: of an image that is read with certainty they are tiny.
        for (image, (ours, theirs)) in gradients.outer_iter().zip(expected.outer_iter()).enumerate()
        {
            let off = furthest(ours.insert_axis(Axis(0)), theirs.insert_axis(Axis(0)));
            assert!(off < 1e-5, "{name} gradient of image {image}: {off}");
        }
    }
}

#[test]
fn fgsm_and_pgd_make_the_same_images() {
    for (name, network) in networks() {
        let compact = Compact::new(&network);
        let data = mnist();
        let mut archive = first16(name);
        for (params, key) in [
            (attack(Method::Fgsm, 0.1, 1, Start::Image), "fgsm01"),
            (attack(Method::Pgd, 0.1, 10, Start::Image), "pgd10_norandom_01"),
        ] {
            let valid = params.check().unwrap();
            let mut run = Run::new(&compact, &data.test, 0..16, valid, 0, Purpose::Craft);
            while !run.step(&compact) {}
            let expected = array(&mut archive, key);
            // Where a gradient is about zero its sign is a matter of rounding.
            let differing = differing(run.adversarial(), expected.view());
            assert!(differing < 2e-3, "{name} {key}: {differing} of the pixels differ");
        }
    }
}

#[test]
fn robust_accuracies_are_those_of_torchattacks_and_foolbox() {
    let figures = fixture("reference.json");
    for (name, network) in networks() {
        let figures = &figures["networks"][name];
        for (key, robust) in figures["robust"].as_object().unwrap() {
            let (method, eps) = key.split_once(' ').unwrap();
            let eps = eps.parse().unwrap();
            let (params, tolerance) = match method {
                "fgsm" => (attack(Method::Fgsm, eps, 1, Start::Image), 0.001),
                // Other random starts; and ours also counts an image that was fooled on the way,
                // theirs only one that is fooled at the last step.
                _ => (attack(Method::Pgd, eps, 40, Start::Random), 0.0125),
            };
            let valid = params.check().unwrap();
            let mut attacked = Attacked::new(&network, valid, 0, 0..1000, Purpose::Evaluate);
            while !attacked.step(&mnist().test) {}
            let ours = attacked.count().correct as f64 / 1000.0;
            let theirs = robust.as_f64().unwrap();
            assert!((ours - theirs).abs() <= tolerance + 1e-9, "{name} {key}: {ours} {theirs}");
        }
    }
}

#[test]
fn distortions_are_pytorchs() {
    let figures = fixture("reference.json");
    for (name, network) in networks() {
        for (key, params) in [
            ("fgsm0.1", attack(Method::Fgsm, 0.1, 1, Start::Image)),
            ("pgd10_norandom_0.1", attack(Method::Pgd, 0.1, 10, Start::Image)),
        ] {
            let figures = &figures["networks"][name]["distortion"][key];
            let mut measure = Distorting::new(&network, params, 0, 0..1000).unwrap();
            while !measure.step(&mnist().test) {}
            let ours = measure.finish();
            assert!(
                ours.adversarial_correct.abs_diff(figures["correct"].as_u64().unwrap() as usize)
                    <= 1
            );
            let mut off = Vec::new();
            for (layer, expected) in ours.layers.iter().zip(figures["layers"].as_array().unwrap()) {
                for (ours, theirs) in layer.units.iter().zip(expected.as_array().unwrap()) {
                    let theirs = theirs.as_f64().unwrap();
                    off.push((ours - theirs).abs() / theirs.max(0.05));
                }
            }
            off.sort_by(f64::total_cmp);
            // Where a gradient is about zero its sign is a matter of rounding, and a pixel moves the
            // other way: that reaches few units, and little.
            let (middle, most) = (off[off.len() / 2], off[off.len() - 1]);
            assert!(middle < 1e-5 && most < 1e-3, "{name} {key}: {middle} {most}");
        }
    }
}

#[test]
fn a_batch_of_test_images_is_read_as_the_reference_reads_it() {
    let figures = fixture("reference.json");
    for (name, network) in networks() {
        let mut pass = Pass::default();
        let data = mnist();
        let images = Array2::from_shape_fn((1000, 784), |(i, p)| {
            PIXEL_VALUE[usize::from(data.test.image(i)[p])]
        });
        Compact::new(&network).forward(Input::Values(images.slice(s![.., ..])), &mut pass);
        let mut read = Vec::new();
        pass.predictions(&mut read);
        let correct = (0..1000).filter(|index| read[*index] == data.test.label(*index));
        assert_eq!(correct.count() as u64, figures["networks"][name]["clean"].as_u64().unwrap());
    }
}
