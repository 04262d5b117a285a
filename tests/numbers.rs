//! Nothing that is measured or shown is “not a number”: what diverges is caught where it does, said
//! in a sentence, and the network before stays; and networks, images and settings at their ends
//! give figures like all others.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ndarray::{Array1, Array2};
use secateurs::attack::{AttackParams, Following, METHODS, Purpose};
use secateurs::certify::Certifying;
use secateurs::data::{Dataset, Images, PIXELS};
use secateurs::evaluate::{Attacked, InputGradients, SecurityCurve};
use secateurs::import::{How, images, network};
use secateurs::network::{Compact, Layer, Mlp, contributions};
use secateurs::prune::CRITERIA;
use secateurs::recipe::{
    GROUPS, Group, Kind, Property, Recipe, Replayer, State, check_recipe, parse_link,
};
use secateurs::trial::{Asked, Crafted, Outcome, Trying, report};
use serde_json::{Map, Value, json};

/// Images of strokes, among them a black one, a white one and a grey one.
fn strokes(count: usize, label: impl Fn(usize) -> u8) -> Images {
    let pixel = |image: usize, place: usize| match image {
        0 => 0,
        1 => 255,
        2 => 128,
        _ => {
            if (place / 28 + place * image).is_multiple_of(image % 5 + 4) {
                (image * 37 % 256) as u8
            } else {
                0
            }
        }
    };
    let pixels = (0..count).flat_map(|image| (0..PIXELS).map(move |place| pixel(image, place)));
    Images::new(pixels.collect(), (0..count).map(label).collect()).unwrap()
}

fn data_of(train: Images, test: Images) -> Dataset {
    let expected = Some((train.len(), test.len()));
    Dataset { train, test, expected, digest: None }
}

/// Few images, which a link may well name more of.
fn few() -> Dataset {
    data_of(strokes(24, |image| (image % 10) as u8), strokes(12, |image| (image * 7 % 10) as u8))
}

const QUICK: &str = "&attack=steps:3&measure=images:12&distortion=images:24,steps:3";

fn recipe(link: &str) -> Recipe {
    parse_link(link).unwrap().recipe
}

fn replayed(replayer: &mut Replayer, recipe: &Recipe, data: &Dataset) -> Result<State, String> {
    replayer.begin(recipe.clone());
    loop {
        let progress = replayer.step(data)?;
        finite("progress", &json!(progress));
        assert!((0.0..=1.0).contains(&progress.fraction));
        assert!(progress.needs.is_none(), "nobody brings more images");
        if progress.done {
            return Ok(replayer.state().unwrap().clone());
        }
    }
}

/// Checks that no figure is missing: what is no number is null in JSON. Some figures are not
/// defined for some networks; they are said to be missing, and nothing is shown for them.
fn finite(what: &str, value: &Value) {
    const MAY_BE_UNDEFINED: [&str; 6] =
        ["overlap", "spearman", "short", "rare", "chance", "frozen"];
    // Of a state: there was no cut, no training from scratch, no mask.
    const MAY_BE_NOTHING: [&str; 3] = ["before_cut", "early", "kept"];
    let allowed = |key: &str| MAY_BE_UNDEFINED.contains(&key) || MAY_BE_NOTHING.contains(&key);
    fn walk(what: &str, key: &str, value: &Value, allowed: &dyn Fn(&str) -> bool) {
        match value {
            Value::Null => assert!(allowed(key), "{what}: {key} is no number"),
            Value::Array(items) => items.iter().for_each(|item| walk(what, key, item, allowed)),
            Value::Object(entries) => {
                entries.iter().for_each(|(key, item)| walk(what, key, item, allowed))
            }
            _ => {}
        }
    }
    walk(what, "", value, &allowed);
}

/// Everything that a trial can be asked of a recipe.
fn tried(
    replayer: &mut Replayer,
    recipe: &Recipe,
    data: &Dataset,
    sizes: &[f64],
) -> Result<Outcome, String> {
    let asked = Asked {
        transfer: true,
        adaptive: sizes.to_vec(),
        certified: sizes.to_vec(),
        frozen: true,
        similarity: true,
        filters: true,
    };
    let (mut trying, mut crafted) = (Trying::new(recipe.clone(), asked)?, Crafted::default());
    loop {
        let progress = trying.step(replayer, &mut crafted, data)?;
        assert!(progress.needs.is_none());
        if progress.done {
            break;
        }
    }
    let outcome = trying.finish()?;
    finite("outcome", &json!(outcome));
    finite("report", &json!(report(recipe, replayer.state().unwrap(), data)?));
    Ok(outcome)
}

#[test]
fn a_training_that_diverges_says_so_and_leaves_the_network_before() {
    let data = few();
    let mut replayer = Replayer::default();
    let before = recipe("v=1&hidden=6-4&train=epochs:1,images:24");
    let kept = replayed(&mut replayer, &before, &data).unwrap();
    let hot = "epochs:50,images:24,batch:1,optimiser:sgd,rate:10,momentum:0.999";
    for train in ["", ",against:fgsm", ",against:pgd,steps:2", ",against:trades,steps:2,beta:100"] {
        let link = format!("v=1&hidden=6-4&train=epochs:1,images:24&train={hot}{train}");
        let sentence = replayed(&mut replayer, &recipe(&link), &data).unwrap_err();
        assert!(sentence.starts_with("Training diverged"), "{sentence}");
        assert!(sentence.contains("smaller learning rate"), "{sentence}");
        assert_eq!(replayer.state(), Some(&kept), "{train}");
    }
    // What comes next begins with the network that was kept.
    let tuned = recipe("v=1&hidden=6-4&train=epochs:1,images:24&train=from:current,images:24");
    assert!(replayed(&mut replayer, &tuned, &data).is_ok());
    let learn = "learn=what:units,joint:yes,rate:1,suppress:100,epochs:50,images:24,batch:1";
    let link = format!("v=1&hidden=6-4&train=epochs:1,images:24&{learn}");
    match replayed(&mut replayer, &recipe(&link), &data) {
        Ok(state) => finite("learned", &json!(state)),
        // Or all of a layer is pruned before anything diverges.
        Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
    }
    for beyond in [1e6, 10.1, 0.0, -1.0, 1e300] {
        let value = json!({ "steps": [{ "step": "train", "rate": beyond }] });
        let sentence = check_recipe(&value).unwrap_err();
        assert!(
            sentence.contains("Learning rate must be a number from 0.000001 to 10"),
            "{sentence}"
        );
    }
}

/// A network of one weight and one bias all through.
fn even(weight: f32, bias: f32) -> Mlp {
    let layer = |outputs, inputs| {
        let weights = Array2::from_shape_fn((outputs, inputs), |(output, input)| {
            if (output + input) % 3 == 0 { -weight } else { weight }
        });
        Layer::new(weights.view(), Array1::from_elem(outputs, bias)).unwrap()
    };
    Mlp::from_layers(vec![layer(6, 784), layer(4, 6), layer(10, 4)]).unwrap()
}

/// Networks at the ends of what there can be.
fn odd() -> Vec<(&'static str, Mlp)> {
    let whole = Mlp::he_normal(&[6, 4], 1);
    let mut emptied = whole.clone();
    emptied.set_pruned_units(&[(0..6).collect(), (0..4).collect()]).unwrap();
    let mut half_empty = whole.clone();
    half_empty.set_pruned_units(&[vec![1, 2], (0..4).collect()]).unwrap();
    let mut blind = whole.clone();
    blind.prune_pixels(&(0..PIXELS).collect::<Vec<_>>());
    let mut cut = whole.clone();
    for (layer, (outputs, inputs)) in [(6, 784), (4, 6), (10, 4)].into_iter().enumerate() {
        cut.prune_weights(layer, (0..outputs * inputs).map(|at| (at / inputs, at % inputs)));
    }
    vec![
        ("ordinary", whole),
        ("without units", emptied),
        ("without its second layer", half_empty),
        ("without pixels", blind),
        ("without weights", cut),
        ("zeros", even(0.0, 0.0)),
        ("smallest", even(f32::from_bits(1), f32::MIN_POSITIVE)),
        ("largest", even(8e3, 1e9)),
        ("dead", even(1.0, -1e6)),
    ]
}

#[test]
fn every_attack_on_every_network_gives_numbers() {
    let data = few();
    for (name, network) in odd() {
        for facts in METHODS {
            for norm in facts.norms {
                for eps in [0.0, norm.usual_eps(), norm.largest()] {
                    let usual = AttackParams::usual(facts.method, eps, 2);
                    let params = AttackParams { norm: *norm, ..usual };
                    let what = format!("{name}, {}, {}, {eps}", facts.name, norm.name());
                    attacked(&what, &network, params, &data.test);
                }
            }
        }
    }
}

fn attacked(what: &str, network: &Mlp, params: AttackParams, images: &Images) {
    let valid = params.check().unwrap();
    for purpose in [Purpose::Evaluate, Purpose::Craft] {
        let mut attacked = Attacked::new(network, valid, 0, 0..4, purpose);
        while !attacked.step(images) {}
        let count = attacked.count();
        assert!(count.median_norm.is_finite(), "{what}");
        // An attack that finds nothing says that the way is infinite.
        assert!(count.norms.iter().all(|norm| *norm >= 0.0), "{what}: {:?}", count.norms);
        let crafted = attacked.into_images();
        assert!(crafted.iter().all(|pixel| (0.0..=1.0).contains(pixel)), "{what}");
    }
    let mut following = Following::new(Compact::new(network), images, 3, valid, 0);
    while !following.step() {}
    let seen = following.finish();
    let shown = [&seen.losses, &seen.probabilities, &seen.norms, &seen.pixels, &seen.outputs];
    for figures in shown {
        assert!(figures.iter().all(|figure| figure.is_finite()), "{what}: {figures:?}");
    }
}

#[test]
fn every_measure_of_every_network_gives_numbers() {
    let data = few();
    for (name, network) in odd() {
        let mut replayer = Replayer::default();
        let link = format!("v=1&hidden=6-4&file={}{QUICK}", replayer.bring(network.clone()));
        let outcome = tried(&mut replayer, &recipe(&link), &data, &[0.0, 0.1, 1.0]).unwrap();
        assert_eq!(outcome.clean.total, 12, "{name}");
        // At size 0 nothing changes: what is read right withstands, and intervals may only round.
        assert_eq!(outcome.adaptive[0].count.correct, outcome.clean.correct, "{name}");
        assert!(outcome.certified[0].count.correct <= outcome.clean.correct, "{name}");
        assert!(outcome.certified[2].count.correct <= outcome.adaptive[2].count.correct, "{name}");
        let mut gradients = InputGradients::new(&network, 0..12);
        while !gradients.step(&data.test) {}
        let count = gradients.count();
        assert!(count.zero + count.vanishing <= count.correct, "{name}");
        let params = AttackParams::usual(METHODS[0].method, 0.1, 3);
        let mut curve = SecurityCurve::new(&network, params, &[0.0, 0.5, 1.0], 0, 0..12).unwrap();
        while !curve.step(&data.test) {}
        assert_eq!(curve.count().correct[0], curve.count().clean, "{name}");
        let mut certifying = Certifying::new(&network, &[0.0], 0..12).unwrap();
        while !certifying.step(&data.test) {}
        let white = vec![1.0; PIXELS];
        let found = contributions(&network, 0, 1, [&white, &vec![0.0; PIXELS]], 5).unwrap();
        assert!(found.sums.iter().all(|sum| sum.is_finite()), "{name}");
        assert!(found.rests.iter().all(|rest| rest.is_finite()), "{name}");
    }
}

#[test]
fn every_network_can_be_trained_pruned_and_masked_further_or_says_why_not() {
    let data = few();
    let mut steps: Vec<String> = ["", ",against:fgsm", ",against:pgd", ",against:trades"]
        .map(|against| format!("train=from:current,epochs:2,images:24,steps:2{against}"))
        .into();
    for facts in CRITERIA {
        for what in facts.what {
            let (what, by) = (json!(what), json!(facts.criterion));
            let (what, by) = (what.as_str().unwrap(), by.as_str().unwrap());
            for (images, eps) in [(24, 0.1), (1, 0.0)] {
                steps.push(format!(
                    "prune=what:{what},by:{by},amount:50,images:{images},eps:{eps},steps:2,empty:yes"
                ));
            }
        }
    }
    for learn in ["", ",what:units", ",what:units,mask:bayes,on:pgd,suppress:1,joint:yes"] {
        steps.push(format!("learn=amount:50,images:24,steps:2{learn}"));
    }
    let mut refused = Vec::new();
    for (name, network) in odd() {
        for step in &steps {
            let mut replayer = Replayer::default();
            let digest = replayer.bring(network.clone());
            let link = format!("v=1&hidden=6-4&file={digest}&{step}{QUICK}");
            match replayed(&mut replayer, &recipe(&link), &data) {
                Ok(state) => finite(&format!("{name}, {step}"), &json!(state)),
                Err(sentence) => {
                    assert!(sentence.ends_with('.'), "{name}, {step}: {sentence}");
                    refused.push((name, sentence));
                }
            }
        }
    }
    // Of an ordinary network only what would empty a layer is refused; others may have nothing
    // left to be changed, or be at the end of numbers.
    for (name, sentence) in refused {
        assert!(name != "ordinary" || sentence.contains("without any unit"), "{sentence}");
    }
}

/// A property's smallest or largest value; of what is counted, as many as are here.
fn extreme(group: &Group, property: &Property, largest: bool) -> Value {
    let most = match (group.name, property.key) {
        ("measure", "images") => 12,
        (_, "images") => 24,
        (_, "epochs" | "ramp" | "rounds" | "steps" | "restarts") => 4,
        // A fine-tuning is of all of MNIST's images, which are not here.
        (_, "tune") => 0,
        _ => i64::MAX,
    };
    match property.kind {
        Kind::Whole { min, max, .. } => json!(if largest { max.min(most) } else { min }),
        Kind::Real { min, max, .. } => json!(if largest { max } else { min }),
        Kind::List { min, longest, .. } if property.key == "layers" => {
            json!(vec![min; if largest { longest } else { 1 }])
        }
        Kind::List { min, longest, .. } => {
            json!(if largest { vec![7; longest] } else { vec![min] })
        }
        _ => property.default(),
    }
}

#[test]
fn every_setting_at_its_ends_gives_numbers_or_a_sentence() {
    let data = few();
    let group = |name: &str| *GROUPS.iter().find(|group| group.name == name).unwrap();
    let settings = |name: &str, largest: bool| -> Map<String, Value> {
        let group = group(name);
        let properties = group.properties.iter();
        properties.map(|p| (p.key.to_owned(), extreme(&group, p, largest))).collect()
    };
    let mut outcomes = [0, 0];
    for largest in [false, true] {
        for against in ["none", "fgsm", "pgd", "trades"] {
            for optimiser in ["adam", "sgd"] {
                for middle in ["train", "prune", "learn"] {
                    let mut train = settings("train", largest);
                    train.insert("step".into(), json!("train"));
                    train.insert("against".into(), json!(against));
                    train.insert("optimiser".into(), json!(optimiser));
                    let mut other = settings(middle, largest);
                    other.insert("step".into(), json!(middle));
                    let part = |name: &str| {
                        let mut part = settings(name, largest);
                        part.retain(|key, _| !["eps", "step", "target"].contains(&key.as_str()));
                        part.insert("eps".into(), json!(if largest { 1.0 } else { 0.0 }));
                        part
                    };
                    let recipe = json!({
                        "network": settings("network", largest), "steps": [train, other],
                        "attack": part("attack"), "measure": part("measure"),
                        "distortion": part("distortion"),
                    });
                    let recipe = check_recipe(&recipe).unwrap();
                    let mut replayer = Replayer::default();
                    match tried(&mut replayer, &recipe, &data, &[recipe.measure.eps]) {
                        Ok(_) => outcomes[0] += 1,
                        Err(sentence) => {
                            assert!(sentence.ends_with('.'), "{sentence}");
                            outcomes[1] += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(outcomes[0] >= 24, "{outcomes:?}");
}

#[test]
fn one_image_and_one_class_are_enough() {
    let one = |label| data_of(strokes(1, |_| label), strokes(1, |_| label));
    let steps = "train=epochs:3,images:1&prune=images:1,amount:20&learn=images:1,amount:30\
                 &train=from:current,against:fgsm,epochs:1,images:1";
    let link = format!("v=1&hidden=6-4&{steps}&measure=images:1&distortion=images:1,steps:3");
    for label in [0, 9] {
        let mut replayer = Replayer::default();
        let outcome = tried(&mut replayer, &recipe(&link), &one(label), &[0.0, 0.1]).unwrap();
        assert_eq!(outcome.clean.total, 1);
    }
    let same = data_of(strokes(24, |_| 3), strokes(12, |_| 3));
    let steps = "train=epochs:30,images:24&prune=images:24,amount:20&learn=images:24,amount:30";
    let link = format!("v=1&hidden=6-4&{steps}{QUICK}");
    let outcome = tried(&mut Replayer::default(), &recipe(&link), &same, &[0.0, 0.1, 1.0]).unwrap();
    assert_eq!(outcome.clean.total, 12);
    // Nothing but black, or nothing but white.
    for byte in [0, 255] {
        let all = |count: usize| {
            let labels = (0..count).map(|image| (image % 10) as u8).collect();
            Images::new(vec![byte; count * PIXELS], labels).unwrap()
        };
        let data = data_of(all(24), all(12));
        tried(&mut Replayer::default(), &recipe(&link), &data, &[0.0, 0.1]).unwrap();
    }
}

/// An IDX file of bytes.
fn idx(sizes: &[u32], content: &[u8]) -> Vec<u8> {
    let head = [0, 0, 8, sizes.len() as u8].into_iter();
    let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
    head.chain(sizes).chain(content.iter().copied()).collect()
}

#[test]
fn ones_own_test_set_of_one_image_is_measured() {
    let pictures = |count: u32| idx(&[count, 28, 28], &vec![200; count as usize * PIXELS]);
    let labels = |count: u32| idx(&[count], &vec![5; count as usize]);
    let files = [("a", pictures(6)), ("b", labels(6)), ("c", pictures(1)), ("d", labels(1))];
    let files: Vec<_> = files.iter().map(|(name, bytes)| ((*name).into(), &bytes[..])).collect();
    let data = images(&files).unwrap().data;
    let link = format!(
        "v=1&data={}&hidden=6-4&train=epochs:2,images:6&prune=images:6&measure=images:1\
         &distortion=images:6,steps:3",
        data.digest.clone().unwrap()
    );
    let outcome = tried(&mut Replayer::default(), &recipe(&link), &data, &[0.0, 0.1]).unwrap();
    assert_eq!(outcome.clean.total, 1);
    let more = link.replace("measure=images:1&", "measure=images:2&");
    let refused = tried(&mut Replayer::default(), &recipe(&more), &data, &[0.1]).unwrap_err();
    assert!(refused.contains("only 1"), "{refused}");
}

/// A safetensors file of a network of one hidden unit, one of whose weights is this.
fn file(weight: f32) -> Vec<u8> {
    let mut data: Vec<u8> = (0..784 + 10).flat_map(|_| 1f32.to_le_bytes()).collect();
    data[4 * 100..4 * 101].copy_from_slice(&weight.to_le_bytes());
    let header = json!({
        "a.weight": { "dtype": "F32", "shape": [1, 784], "data_offsets": [0, 4 * 784] },
        "b.weight": { "dtype": "F32", "shape": [10, 1], "data_offsets": [4 * 784, 4 * 794] },
    });
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

#[test]
fn weights_that_are_no_numbers_or_would_lead_to_none_are_refused() {
    let read = |weight, how| {
        let json = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
        network(&file(weight), how, json).map(|brought| brought.network)
    };
    let normalised = How { normalised: true, ..How::default() };
    for how in [How::default(), normalised] {
        for weight in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(read(weight, how).unwrap_err().contains("not a finite number"));
        }
        for weight in [1e17, -1e30] {
            assert!(read(weight, how).unwrap_err().contains("range of numbers"), "{weight}");
        }
        assert!(read(1e6, how).is_ok());
    }
    // Normalising makes weights three times as large.
    assert!(read(f32::MAX, normalised).unwrap_err().contains("not a finite number"));
}
