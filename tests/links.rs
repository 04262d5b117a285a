//! Links and recipes from outside: whatever is written is read back, and garbage gets a sentence.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use secateurs::attack::METHODS;
use secateurs::findings::FINDINGS;
use secateurs::prune::CRITERIA;
use secateurs::recipe::{
    GROUPS, Group, Kind, Property, Recipe, Score, View, check_recipe, format_link, parse_link,
    with_verdict,
};
use serde_json::{Map, Value, json};

fn value_of(property: &Property) -> BoxedStrategy<Value> {
    match property.kind {
        Kind::Whole { min, max, .. } => (min..=max).prop_map(|n| json!(n)).boxed(),
        Kind::Real { min, max, .. } => {
            prop_oneof![min..=max, Just(min), Just(max)].prop_map(|x| json!(x)).boxed()
        }
        Kind::Choice { options } => {
            (0..options.len()).prop_map(|index| json!(options[index].0)).boxed()
        }
        Kind::Flag => any::<bool>().prop_map(|flag| json!(flag)).boxed(),
        Kind::List { min, max, longest, .. } => {
            prop::collection::vec(min..=max, 1..=longest).prop_map(|list| json!(list)).boxed()
        }
        Kind::Names { panels, groups } => {
            let panels = panels.iter().map(|(panel, _)| (*panel).to_owned());
            let controls = groups.iter().flat_map(|group| {
                group.properties.iter().map(|property| format!("{}.{}", group.name, property.key))
            });
            let names: Vec<String> = panels.chain(controls).collect();
            let most = names.len();
            prop::sample::subsequence(names, 0..=most).prop_shuffle().prop_map(Value::from).boxed()
        }
    }
}

fn group(name: &str) -> Group {
    *GROUPS.iter().find(|group| group.name == name).unwrap()
}

/// Some of a group's properties set, the others left to their defaults.
fn settings(name: &'static str) -> impl Strategy<Value = Map<String, Value>> {
    let properties = group(name).properties;
    let values: Vec<_> = properties.iter().map(|p| prop::option::of(value_of(p))).collect();
    values.prop_map(move |values| {
        let given = properties.iter().zip(values);
        given.filter_map(|(p, value)| Some((p.key.to_owned(), value?))).collect()
    })
}

fn step(name: &'static str) -> BoxedStrategy<Value> {
    settings(name)
        .prop_map(move |mut settings| {
            settings.insert("step".into(), json!(name));
            Value::Object(settings)
        })
        .boxed()
}

/// A cut, with shares of units that are made fit for the network afterwards.
fn cut() -> BoxedStrategy<Value> {
    let units = prop::collection::vec(prop::collection::vec(0.0f64..1.0, 0..40), 4);
    (units, prop::option::of(prop::collection::vec(0u64..784, 0..40)))
        .prop_map(|(shares, pixels)| {
            let mut cut = json!({ "step": "cut", "units": shares });
            if let Some(pixels) = pixels {
                cut["pixels"] = json!(pixels);
            }
            cut
        })
        .boxed()
}

fn recipe() -> impl Strategy<Value = Value> {
    let steps = prop::collection::vec(prop_oneof![step("train"), step("prune"), cut()], 0..5);
    let parts = (
        settings("network"),
        steps,
        settings("attack"),
        settings("measure"),
        settings("distortion"),
    );
    parts.prop_map(|(network, mut steps, mut attack, mut measure, distortion)| {
        make_fit(&mut attack, &mut measure);
        let hidden = network.get("hidden").cloned().unwrap_or(json!([128, 64]));
        let hidden: Vec<f64> =
            hidden.as_array().unwrap().iter().map(|h| h.as_f64().unwrap()).collect();
        let mut trained = false;
        for step in &mut steps {
            trained |= step["step"] == "train" && step["from"] != "current";
            if step["step"] == "prune" {
                make_prune_fit(step, hidden.len(), trained);
            }
            if step["step"] == "cut" {
                let shares = step["units"].as_array().unwrap().iter().zip(&hidden);
                let units = shares.map(|(shares, units)| {
                    let unit = |share: &Value| (share.as_f64().unwrap() * units) as u64;
                    shares.as_array().unwrap().iter().map(unit).collect::<Vec<_>>()
                });
                step["units"] = json!(units.collect::<Vec<_>>());
            }
        }
        json!({
            "network": network, "steps": steps, "attack": attack, "measure": measure,
            "distortion": distortion,
        })
    })
}

/// What a pruning allows depends on what is pruned and by which criterion, and on the network.
fn make_prune_fit(step: &mut Value, hidden: usize, trained: bool) {
    let usual = Value::from("units");
    let what = step.get("what").unwrap_or(&usual).clone();
    let by = step.get("by").cloned().unwrap_or(json!("distortion"));
    let facts = CRITERIA.iter().find(|facts| json!(facts.criterion) == by).unwrap();
    if !facts.what.iter().any(|allowed| json!(allowed) == what) {
        step["what"] = json!(facts.what[0]);
    }
    let last = if step["what"] == "weights" { hidden + 1 } else { hidden };
    if let Some(layers) = step.get_mut("layers").and_then(Value::as_array_mut) {
        layers.iter_mut().for_each(|layer| {
            *layer = json!(layer.as_f64().unwrap().min(last as f64));
        });
    }
    let most = if by == "greedy" { 1000.0 } else { 10_000.0 };
    if step.get("images").is_some_and(|images| images.as_f64().unwrap() > most) {
        step["images"] = json!(most);
    }
    if step.get("rewind").is_some_and(|to| to == "early" && !trained) {
        step["rewind"] = json!("initial");
    }
}

/// What a method allows depends on it and its norm.
fn make_fit(attack: &mut Map<String, Value>, measure: &mut Map<String, Value>) {
    let method = attack.get("method").cloned().unwrap_or(json!("pgd"));
    let facts = METHODS.iter().find(|facts| json!(facts.name) == method).unwrap();
    if !facts.norms.iter().any(|norm| Some(&json!(norm)) == attack.get("norm")) {
        attack.remove("norm");
    }
    if !facts.targets {
        attack.remove("target");
    }
    let most_steps = if facts.name == "square" { 10_000 } else { 1000 };
    let fit = |object: &mut Map<String, Value>, key: &str, most: f64| {
        if let Some(value) = object.get_mut(key)
            && value.as_f64().unwrap() > most
        {
            *value = json!(most);
        }
    };
    fit(attack, "steps", f64::from(most_steps));
    fit(attack, "eps", 1.0);
    fit(attack, "step", 1.0);
    fit(measure, "eps", 1.0);
}

/// What a teacher's link says besides the recipe.
fn teaching() -> impl Strategy<Value = View> {
    let task = prop::option::of(settings("task"));
    (settings("view"), task).prop_map(|(mut view, task)| {
        view.remove("image");
        view.remove("finding");
        if let Some(mut task) = task {
            make_fit(&mut task, &mut Map::new());
            let recipe = check_recipe(&json!({})).unwrap();
            let text = format_link(&recipe, &View::default(), None);
            let setting = |(key, value): (&String, &Value)| match value {
                Value::String(word) => format!("{key}:{word}"),
                number => format!("{key}:{number}"),
            };
            let settings: Vec<_> = task.iter().map(setting).collect();
            let link = format!("{text}&task={}", settings.join(","));
            view.insert("task".into(), json!(parse_link(&link).unwrap().view.task));
        }
        serde_json::from_value(Value::Object(view)).unwrap()
    })
}

fn default_recipe() -> Recipe {
    check_recipe(&json!({})).unwrap()
}

proptest! {
    #[test]
    fn every_recipe_survives_json_and_its_link(
        recipe in recipe(), image in 0usize..10_000, digest in prop::option::of("[0-9a-f]{16}"),
        finding in prop::sample::select(FINDINGS.map(|finding| finding.name).to_vec()),
        verdict in prop::option::of("[0-9a-f]{16}"), teaching in teaching(),
        lesson in prop::sample::select(vec!["none", "fool", "trust"]), step in 1usize..=20,
    ) {
        let recipe = check_recipe(&recipe).unwrap();
        prop_assert_eq!(&check_recipe(&serde_json::to_value(&recipe).unwrap()).unwrap(), &recipe);
        let view = View { image, finding: finding.into(), lesson: lesson.into(), step, ..teaching };
        let mut link = format_link(&recipe, &view, digest.as_deref());
        if let Some(verdict) = &verdict {
            link = with_verdict(&link, verdict);
        }
        let parsed = parse_link(&format!("https://example.org/lab/#{link}")).unwrap();
        prop_assert_eq!(&parsed.recipe, &recipe);
        prop_assert_eq!(parsed.view, view);
        prop_assert_eq!(parsed.digest, digest);
        prop_assert_eq!(parsed.verdict, verdict);
    }

    #[test]
    fn messengers_may_escape_a_link(recipe in recipe()) {
        let recipe = check_recipe(&recipe).unwrap();
        let link = format_link(&recipe, &View::default(), None);
        let escaped: String = link.chars().map(|c| match c {
            ':' => "%3A".into(), ',' => "%2c".into(), '.' => "%2E".into(), c => c.to_string(),
        }).collect();
        prop_assert_eq!(parse_link(&escaped).unwrap().recipe, recipe);
    }

    #[test]
    fn garbage_gets_a_sentence_and_no_panic(text in "\\PC{0,200}") {
        if let Err(sentence) = parse_link(&text) {
            prop_assert!(sentence.ends_with('.') && sentence.len() < 400, "{}", sentence);
        }
    }

    #[test]
    fn damaged_links_never_panic(
        recipe in recipe(), place in any::<prop::sample::Index>(), with in "[ -~]{0,3}", gone in 0usize..4
    ) {
        let link = format_link(&check_recipe(&recipe).unwrap(), &View { image: 7, ..View::default() }, None);
        let at = place.index(link.len());
        let damaged = format!("{}{with}{}", &link[..at], &link[(at + gone).min(link.len())..]);
        if let Err(sentence) = parse_link(&damaged) {
            prop_assert!(sentence.ends_with('.') && sentence.len() < 400, "{}", sentence);
        }
    }
}

#[test]
fn nothing_is_the_default_recipe() {
    for empty in ["", "#", "https://example.org/lab/#"] {
        assert_eq!(parse_link(empty).unwrap().recipe, default_recipe());
    }
    let link = format_link(&default_recipe(), &View::default(), None);
    assert_eq!(link, "v=1&train");
    assert_eq!(parse_link(&link).unwrap().recipe, default_recipe());
    assert!(parse_link("v=1").unwrap().recipe.steps.is_empty());
}

#[test]
fn a_teachers_link_reads_as_it_is_said() {
    let link = "v=1&train&hide=race,attack.eps&lock=train&present=yes&score=6832\
                &task=clean:95,weights:50";
    let parsed = parse_link(link).unwrap();
    let View { hide, lock, present, score, task, .. } = &parsed.view;
    assert_eq!((hide.join(" "), lock.join(" ")), ("race attack.eps".into(), "train".into()));
    assert_eq!((*present, *score), (true, 6832));
    let task = task.unwrap();
    assert_eq!((task.maximise, task.clean, task.weights), (Score::Adaptive, 95.0, 50.0));
    assert_eq!(task.attack(), parsed.recipe.measured_attack());
    assert_eq!(task.images, parsed.recipe.measure.images);
    assert_eq!(format_link(&parsed.recipe, &parsed.view, None), link);
    // A task of which nothing is said is a task; a method brings its own steps and norm.
    assert_eq!(parse_link("v=1&task").unwrap().view.task.map(|task| task.weights), Some(100.0));
    let carlini = parse_link("v=1&task=method:cw").unwrap().view.task.unwrap();
    assert_eq!(json!(carlini.norm), json!("l2"));
    let twice = parse_link("v=1&hide=race,race,,").unwrap().view.hide;
    assert_eq!(twice, ["race"]);
}

#[test]
fn a_cut_without_pixels_says_nothing_of_them() {
    let link = "v=1&hidden=8-4&train&cut=AQ.CA";
    let recipe = parse_link(link).unwrap().recipe;
    let step = serde_json::to_value(&recipe.steps[1]).unwrap();
    assert_eq!(step, json!({ "step": "cut", "units": [[0], [3]] }));
    assert_eq!(format_link(&recipe, &View::default(), None), link);
}

#[test]
fn a_cut_of_pixels_is_written_behind_its_units() {
    let cut = json!({ "step": "cut", "units": [[1], []], "pixels": [9, 3, 3, 783] });
    let recipe = json!({ "network": { "hidden": [8, 4] }, "steps": [cut] });
    let recipe = check_recipe(&recipe).unwrap();
    let link = format_link(&recipe, &View::default(), None);
    assert!(link.starts_with("v=1&hidden=8-4&cut=Ag.,pixels:CAI"), "{link}");
    assert_eq!(parse_link(&link).unwrap().recipe, recipe);
    let step = serde_json::to_value(&recipe.steps[0]).unwrap();
    assert_eq!(step["pixels"], json!([3, 9, 783]));
}

#[test]
fn ordinary_links_stay_short() {
    let cut: Vec<u64> = (0..128).step_by(3).collect();
    let recipe = check_recipe(&json!({
        "network": { "seed": 12345 },
        "steps": [
            { "step": "train", "epochs": 5 },
            { "step": "prune", "amount": 20, "by": "random" },
            { "step": "cut", "units": [cut, [1, 5, 63]] },
            { "step": "train", "from": "current", "epochs": 1 },
        ],
        "attack": { "eps": 0.2, "steps": 40 },
    }))
    .unwrap();
    let link =
        format_link(&recipe, &View { image: 12, ..View::default() }, Some("0123456789abcdef"));
    assert!((100..=400).contains(&link.len()), "{link}");
}

#[test]
fn every_refusal_says_what_was_wrong_and_what_is_allowed() {
    // 98 bytes hold the bits of all pixels, and the bit behind them is in another.
    let no_such_pixel = format!("v=1&hidden=4&cut=,pixels:{}AB", "A".repeat(4 * 98 / 3));
    for (link, said) in [
        ("hello", "v=1"),
        ("v=2&train", "version 2"),
        ("v=1&train=epochs:500", "Epochs must be a whole number from 1 to 50, but it was 500"),
        ("v=1&train=epochs:2.5", "whole number"),
        ("v=1&train=epochs:NaN", "whole number"),
        ("v=1&train=rate:inf", "from 0.000001 to 10"),
        ("v=1&train=epochs:1,epochs:2", "twice"),
        ("v=1&hidden=128-64&hidden=4", "twice"),
        ("v=1&hidden=0", "from 1 to 1024"),
        ("v=1&hidden=1-2-3-4-5", "one to 4"),
        ("v=1&hidden=99999999999", "from 1 to 1024"),
        ("v=1&seed=-1", "from 0 to 4294967295"),
        ("v=1&prune=by:magic", "one of distortion, distortion-rms"),
        ("v=1&prune=what:pixels,by:taylor", "The criterion for pixels must be one of"),
        ("v=1&prune=by:wanda", "it was wanda"),
        ("v=1&prune=layers:3", "2 hidden layers, counted from 1; there is no layer 3"),
        ("v=1&prune=by:greedy,images:2000", "1 to 1000"),
        ("v=1&prune=on:test,images:20000", "10000 test images"),
        ("v=1&prune=rewind:early&train", "no training from fresh weights comes before it"),
        ("v=1&prune=empty:maybe", "yes or no"),
        ("v=1&prune=colour:red", "no “colour”"),
        ("v=1&script=alert(1)", "no “script”"),
        ("v=1&cut=AA", "hidden layers"),
        ("v=1&cut=!!.AA", "damaged"),
        ("v=1&hidden=4&cut=EA", "there is no unit 4"),
        ("v=1&hidden=4&cut=AQ,pixels:!!", "damaged"),
        ("v=1&hidden=4&cut=AQ,units:AQ", "damaged"),
        (&no_such_pixel, "784 pixels, counted from 0; there is no pixel 784"),
        ("v=1&digest=xyz", "16 hexadecimal digits"),
        ("v=1&verdict=xyz", "A verdict is 16 hexadecimal digits"),
        ("v=1&image=10000", "from 0 to 9999"),
        ("v=1&finding=magic", "one of none, deletion"),
        ("v=1&lesson=magic", "Lesson must be one of none, fool"),
        ("v=1&lesson=fool&step=0", "from 1 to 20"),
        ("v=1&attack=eps:2", "from 0 to 1"),
        ("v=1&hide=everything", "Hidden must be names of train, attack, prune"),
        ("v=1&lock=train.colour", "Locked: train has no control “colour”; it has from, epochs"),
        ("v=1&lock=view.image", "or of controls such as attack.eps, but one was “view.image”"),
        ("v=1&present=maybe", "yes or no"),
        ("v=1&score=-1", "Score must be a whole number from 0 to 10000"),
        ("v=1&task=maximise:all", "one of adaptive, certified, clean, but it was"),
        ("v=1&task=clean:101", "Clean at least must be a number from 0 to 100"),
        ("v=1&task=tricks:yes", "A link's task has no “tricks”"),
        ("v=1&task=method:deepfool,norm:l1", "DeepFool is defined for"),
        ("v=1&task=eps:2", "from 0 to 1"),
        ("v=1&%ff", "not text"),
    ] {
        let sentence = parse_link(link).unwrap_err();
        assert!(sentence.contains(said), "{link}: {sentence}");
    }
    let long = format!("v=1{}", "&train".repeat(10_000));
    assert!(parse_link(&long).unwrap_err().contains("16384"));
    let many = format!("v=1{}", "&train".repeat(65));
    assert!(parse_link(&many).unwrap_err().contains("at most 64 steps"));
    assert!(check_recipe(&json!([])).is_err());
    assert!(check_recipe(&json!({ "version": 7 })).unwrap_err().contains("version 7"));
    assert!(check_recipe(&json!({ "steps": [{ "step": "explode" }] })).is_err());
}

#[test]
fn the_pages_table_holds_every_property() {
    let table: Value = serde_json::from_str(&secateurs::recipe::properties_json()).unwrap();
    for group in GROUPS {
        let rows = table["groups"][group.name].as_array().unwrap();
        assert_eq!(rows.len(), group.properties.len());
        for (row, property) in rows.iter().zip(group.properties) {
            assert_eq!(row["key"], property.key);
            assert_eq!(property.check(&row["default"]).unwrap(), property.default());
        }
    }
}
