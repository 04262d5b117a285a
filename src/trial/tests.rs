use super::*;
use crate::data::{Dataset, Images, PIXELS};
use crate::recipe::{Replayer, parse_link, passes};
use crate::rng::{Purpose, Stream};

/// Images that can be learned: of every digit a square elsewhere, and noise.
fn data() -> Dataset {
    let images = |count: usize, seed| {
        let mut stream = Stream::new(seed, Purpose::Noise, &[]);
        let mut pixels = Vec::new();
        for image in 0..count {
            let (row, column) = (5 * (image % 10 / 2), 12 * (image % 2));
            for place in 0..PIXELS {
                let inside = (row..row + 6).contains(&(place / 28))
                    && (column..column + 12).contains(&(place % 28));
                let lit = if inside { 120.0 } else { 0.0 } + 60.0 * stream.uniform();
                pixels.push(if place % 28 < 26 { lit as u8 } else { 0 });
            }
        }
        Images::new(pixels, (0..count).map(|image| (image % 10) as u8).collect()).unwrap()
    };
    Dataset { train: images(600, 1), test: images(300, 2), expected: None, digest: None }
}

fn recipe(link: &str) -> Recipe {
    parse_link(link).unwrap().recipe
}

const TRAIN: &str = "v=1&hidden=12-8&train=epochs:4,images:600,batch:32&measure=images:300&attack=steps:5&distortion=images:100,steps:3";

fn tried(
    replayer: &mut Replayer,
    crafted: &mut Crafted,
    data: &Dataset,
    link: &str,
    asked: &Asked,
) -> Outcome {
    let mut trying = Trying::new(recipe(link), asked.clone()).unwrap();
    let mut before = 0.0;
    loop {
        let progress = trying.step(replayer, crafted, data).unwrap();
        let fraction = progress.fraction;
        assert!((before - 1e-9..=1.0 + 1e-9).contains(&fraction), "{before} {progress:?}");
        before = progress.fraction;
        if progress.done {
            return trying.finish().unwrap();
        }
    }
}

fn asked() -> Asked {
    Asked {
        transfer: true,
        adaptive: vec![0.02, 0.1],
        certified: vec![0.001, 0.01],
        frozen: true,
        similarity: true,
        filters: true,
    }
}

#[test]
fn an_outcome_is_the_same_whatever_was_tried_before() {
    let data = data();
    let links = [
        TRAIN.to_owned(),
        format!("{TRAIN}&prune=images:100,amount:25"),
        format!("{TRAIN}&prune=images:100,amount:25&train=from:current,epochs:1,images:300"),
        format!("{TRAIN}&prune=by:magnitude,what:weights,amount:60"),
    ];
    let (mut replayer, mut crafted) = (Replayer::default(), Crafted::default());
    let along: Vec<_> =
        links.iter().map(|l| tried(&mut replayer, &mut crafted, &data, l, &asked())).collect();
    for (link, along) in links.iter().zip(&along).rev() {
        let alone = tried(&mut Replayer::default(), &mut Crafted::default(), &data, link, &asked());
        assert_eq!(&alone, along, "{link}");
    }
    // Not only nothing: the attack finds something, and a pruning shows.
    assert!(along[0].clean.correct > 200, "{:?}", along[0].clean);
    assert!(along[0].adaptive[1].count.correct < along[0].adaptive[0].count.correct);
    assert!(along[0].certified[1].count.correct <= along[0].certified[0].count.correct);
    assert!(along[0].certified[0].count.correct > 0);
    assert_eq!((along[0].units_pruned, along[1].units_pruned, along[1].units), (0, 5, 20));
    assert_eq!(
        along.iter().map(|o| o.frozen.unwrap()).collect::<Vec<_>>(),
        [true, true, false, true]
    );
    assert!((along[3].sparsity - 0.6).abs() < 0.01);
    assert!(along.iter().all(|outcome| outcome.reference == along[0].digest));
    let halves = along.iter().map(|outcome| outcome.similarity.unwrap().halves.spearman.unwrap());
    assert!(halves.clone().all(|halves| halves > 0.5), "{:?}", halves.collect::<Vec<_>>());
    // Two columns of each row are never lit.
    let rare = along.iter().map(|outcome| outcome.filters.unwrap().rare.unwrap());
    assert!(rare.take(3).all(|rare| rare > 0.02 && rare < 0.3));
    let sizes: Vec<_> = along[3].transfer.iter().map(|at| at.eps).collect();
    assert_eq!(sizes, [0.02, 0.1]);
}

#[test]
fn the_report_says_what_a_trial_says() {
    let (data, link) = (data(), format!("{TRAIN}&prune=images:100,amount:25"));
    let recipe = recipe(&link);
    let (mut replayer, mut crafted) = (Replayer::default(), Crafted::default());
    let outcome = tried(&mut replayer, &mut crafted, &data, &link, &Asked::usual(&recipe));
    let report = report(&recipe, replayer.state().unwrap(), &data).unwrap();
    assert_eq!((&report.digest, &report.reference), (&outcome.digest, &outcome.reference));
    assert_eq!(report.clean, outcome.clean);
    assert_eq!(Some(report.transfer), outcome.transfer_at(recipe.measure.eps));
    assert_eq!(Some(report.adaptive), outcome.adaptive_at(recipe.measure.eps));
    assert_eq!((outcome.transfer.len(), outcome.certified.len(), outcome.frozen), (1, 0, None));
}

#[test]
fn what_is_pruned_may_differ_from_the_reference() {
    let network = Mlp::he_normal(&[3, 4], 1);
    let mut cut = network.clone();
    cut.set_pruned_units(&[vec![0, 2], vec![]]).unwrap();
    assert!(is_frozen(&cut, &network));
    let other = Mlp::he_normal(&[3, 4], 2);
    assert!(!is_frozen(&cut, &other));
    cut.set_pruned_units(&[vec![0, 1, 2], (0..4).collect()]).unwrap();
    assert!(is_frozen(&cut, &other), "biases are zero, and no weight is left");
}

#[test]
fn it_waits_for_the_images_it_needs() {
    let mut few = data();
    few.test = Images::new(vec![0; 2 * PIXELS], vec![0, 1]).unwrap();
    let mut trying = Trying::new(recipe(TRAIN), asked()).unwrap();
    let (mut replayer, mut crafted) = (Replayer::default(), Crafted::default());
    let needs = loop {
        let progress = trying.step(&mut replayer, &mut crafted, &few).unwrap();
        if let Some(needs) = progress.needs {
            break needs;
        }
    };
    assert_eq!((needs.set, needs.images), (crate::data::Set::Test, 300));
    assert!(trying.finish().unwrap_err().contains("not finished"));
    few.expected = Some((600, 2));
    let mut trying = Trying::new(recipe(TRAIN), asked()).unwrap();
    let refusal = loop {
        if let Err(sentence) = trying.step(&mut replayer, &mut crafted, &few) {
            break sentence;
        }
    };
    assert!(refusal.contains("300 test images"), "{refusal}");
}

#[test]
fn what_cannot_be_asked_gets_a_sentence() {
    let refused = |asked: Asked, said: &str| {
        let sentence = Trying::new(recipe(TRAIN), asked).unwrap_err();
        assert!(sentence.contains(said) && sentence.ends_with('.'), "{sentence}");
    };
    refused(Asked { adaptive: vec![0.2, 0.1], ..Asked::default() }, "ascending");
    refused(Asked { adaptive: vec![2.0], ..Asked::default() }, "0 to 1");
    refused(Asked { adaptive: vec![f64::NAN, 0.1], ..Asked::default() }, "ascending");
    refused(Asked { certified: vec![1.5], ..Asked::default() }, "0 to 1");
    refused(Asked { transfer: true, ..Asked::default() }, "at least one");
    let many: Vec<_> = (0..40).map(|size| f64::from(size) / 100.0).collect();
    refused(Asked { adaptive: many, ..Asked::default() }, "at most 32");
    assert!(Trying::new(recipe(TRAIN), asked()).unwrap().finish().is_err());
}

#[test]
fn recipes_of_one_training_are_shared() {
    let group = |link: &str| shared(&recipe(link));
    let trained = group("v=1&train=epochs:5");
    for same in
        ["v=1&train=epochs:5&prune", "v=1&train=epochs:5&prune&train=from:current&measure=images:9"]
    {
        assert_eq!(group(same), trained);
    }
    for other in ["v=1&seed=1&train=epochs:5", "v=1&train", "v=1", "v=1&train=epochs:5&prune&train"]
    {
        assert_ne!(group(other), trained);
    }
    assert!(passes(&recipe("v=1&train=epochs:5")) < passes(&recipe("v=1&train=epochs:5&learn")));
}
