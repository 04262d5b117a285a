//! The program as one types it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{fixture, mnist, reference_folder};
use std::process::{Command, Output};

fn secateurs(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secateurs"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let output = secateurs(arguments);
    assert!(!output.status.success() && output.stdout.is_empty());
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    sentence
}

#[test]
fn replay_prints_the_golden_figures() {
    mnist();
    let golden = fixture("golden.json");
    let golden = &golden[2];
    let output = secateurs(&["replay", golden["link"].as_str().unwrap(), "--json"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["digest"], golden["digest"]);
    for figure in ["clean", "transfer", "adaptive"] {
        assert_eq!(report[figure]["correct"], golden[figure]);
        assert_eq!(report[figure]["total"], golden["total"]);
    }
    assert_eq!(report["distortion"]["network"], golden["distortion"]);
}

#[test]
fn a_link_whose_digest_differs_fails() {
    mnist();
    let link = "v=1&hidden=4&train=epochs:1,images:100&measure=images:100&distortion=images:10&digest=0000000000000000";
    let output = secateurs(&["replay", link, "--json"]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("the link's sender saw"));
}

#[test]
fn measures_a_network_from_a_file() {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return;
    };
    let file = folder.join("std_784-128-64-10.npz");
    let file = file.to_str().unwrap();
    let attack = "fgsm-linf eps=0.1";
    let arguments =
        ["measure", "--network", file, "--attack", attack, "--images", "0..1000", "--json"];
    let output = secateurs(&arguments);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["clean"], serde_json::json!({ "correct": 982, "total": 1000 }));
    assert_eq!(report["adversarial"]["correct"], 51);
    let norm = report["adversarial"]["median_norm"].as_f64().unwrap();
    assert!((norm - 0.1).abs() < 1e-6);
}

#[test]
fn several_attacks_count_as_one_and_certificates_stay_below_them() {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return;
    };
    let file = folder.join("at_784-128-64-10.npz");
    let mut arguments = vec!["measure", "--network", file.to_str().unwrap()];
    let specs = ["fgsm eps=0.1", "pgd norm=l2 eps=1 steps=20", "certified eps=0.1", "ibp eps=0.1"];
    specs.iter().for_each(|spec| arguments.extend(["--attack", spec]));
    arguments.extend(["--images", "100..400", "--per-image", "--json"]);
    let output = secateurs(&arguments);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let correct = |value: &serde_json::Value| value["correct"].as_u64().unwrap();
    let attacks = report["attacks"].as_array().unwrap();
    let robust = |image: usize| attacks.iter().all(|each| each["robust"][image] == true);
    let worst = (0..300).filter(|image| robust(*image)).count() as u64;
    assert_eq!(correct(&report["adversarial"]), worst);
    assert!(attacks.iter().all(|attack| correct(attack) > worst));
    let certificates = report["certificates"].as_array().unwrap();
    assert!(correct(&certificates[1]) <= correct(&certificates[0]));
    assert!(correct(&certificates[0]) <= correct(&attacks[0]));
    assert!(correct(&certificates[0]) > 0);
}

#[test]
fn curves_alarms_and_tables_are_measured_too() {
    let Some(folder) = reference_folder() else {
        println!("skipped: the folder of reference networks is absent");
        return;
    };
    let [std, at] = ["std", "at"].map(|name| folder.join(format!("{name}_784-128-64-10.npz")));
    let [std, at] = [std.to_str().unwrap(), at.to_str().unwrap()];
    let common = ["--attack", "pgd eps=0.05 steps=10", "--images", "0..150", "--json"];
    let measure = ["measure", "--network", std, "--sizes", "0.01,0.05", "--alarms"];
    let tables = ["--confusion", "--targets"];
    let output = secateurs(&[&measure[..], &tables, &common].concat());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    let curve = &report["curve"];
    assert!(number(&curve["correct"][0]) > number(&curve["correct"][1]));
    assert!(number(&curve["certified"][0]) > number(&curve["certified"][1]));
    assert!(number(&curve["certified"][0]) <= number(&curve["correct"][0]));
    let states = report["alarms"]["checks"].as_array().unwrap().iter();
    assert!(states.clone().all(|check| check["state"] != "tripped"));
    assert_eq!(states.filter(|check| check["state"] == "passed").count(), 6);
    let cells = |table: &serde_json::Value| {
        let rows = table.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
        rows.map(|cell| cell.as_u64().unwrap()).collect::<Vec<_>>()
    };
    let confusion = cells(&report["confusion"]);
    assert_eq!(confusion.iter().sum::<u64>(), 150);
    let read = confusion.iter().step_by(11).sum::<u64>();
    assert_eq!(read, number(&report["adversarial"]["correct"]));
    assert!(cells(&report["targets"]["reached"]).iter().step_by(11).all(|cell| *cell == 0));
    let output =
        secateurs(&[&["transfer", "--network", std, "--network", at], &common[..]].concat());
    let table: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let correct = cells(&table["correct"]);
    // Each is fooled most by what was crafted on itself.
    assert!(correct[0] < correct[2] && correct[3] < correct[1], "{correct:?}");
}

#[test]
fn attacks_and_certificates_are_listed() {
    let output = secateurs(&["attacks", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let attacks = list["attacks"].as_array().unwrap();
    let named = |name: &str| attacks.iter().find(|attack| attack["name"] == name).unwrap();
    assert_eq!(named("autoattack")["norms"][0], "linf");
    assert_eq!(named("square")["parameters"]["p_init"], 0.8);
    let text = String::from_utf8(secateurs(&["attacks"]).stdout).unwrap();
    assert!(attacks.iter().all(|attack| text.contains(attack["name"].as_str().unwrap())));
    assert!(text.contains("ibp") && text.contains("certified"));
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    assert!(refusal(&["prune"]).contains("replay, measure"));
    assert!(refusal(&["transfer", "--attack", "fgsm"]).contains("two or more"));
    assert!(refusal(&["measure", "--sizes", "wide"]).contains("sizes are numbers"));
    assert!(refusal(&["measure", "--network", "x.npz"]).contains("Which attack"));
    assert!(refusal(&["replay"]).contains("Which recipe"));
    assert!(refusal(&["replay", "v=1&train=epochs:0"]).contains("from 1 to 50"));
    assert!(refusal(&["replay", "{"]).contains("no JSON"));
    assert!(refusal(&["replay", "", "--data", "/nowhere"]).contains("missing in /nowhere"));
    assert!(
        refusal(&["measure", "--network", "x.npz", "--attack", "magic"]).contains("autoattack")
    );
    assert!(
        refusal(&["measure", "--network", "x.npz", "--attack", "pgd-linf eps=9"])
            .contains("0 to 1")
    );
    assert!(refusal(&["measure", "--network", "x.npz", "--attack", "pgd-linf"]).contains("x.npz"));
    assert!(refusal(&["measure", "--images", "9..3"]).contains("range"));
    assert!(refusal(&["export", ""]).contains("Where to"));
    assert!(refusal(&["export", "", "--to", "net.pth"]).contains(".safetensors, .npz, .onnx"));
    assert!(refusal(&["replay", "--frobnicate"]).contains("--frobnicate"));
}

/// A sweep of tiny trainings.
const BASE: &str = "v=1&hidden=8&train=epochs:1,images:400&prune=images:50&measure=images:200";
const AXES: [&str; 6] =
    ["--axis", "prune.by=random,magnitude", "--axis", "prune.amount=0,40", "--axis", "seed=0,1,2"];
const ASKED: [&str; 4] = ["--adaptive", "0.02,0.05", "--transfer", "--frozen"];

/// The lines that a command prints.
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = secateurs(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_cell_tried_elsewhere_gives_the_sweeps_line() {
    mnist();
    let sweep = [&["sweep", BASE][..], &AXES, &ASKED].concat();
    let mut all = lines(&[&sweep[..], &["--jobs", "2"]].concat());
    let links = lines(&[&sweep[..], &["--cells"]].concat());
    assert_eq!((all.len(), links.len()), (12, 12));
    // In one thread, by shares.
    let share = |share| lines(&[&sweep[..], &["--jobs", "1", "--share", share]].concat());
    let mut shares = [share("1/2"), share("2/2")].concat();
    all.sort();
    shares.sort();
    assert_eq!(all, shares);
    assert_eq!(lines(&[&sweep[..], &["--only", "0"]].concat()), share("1/2")[..1]);
    // From its link alone.
    for link in [&links[3], &links[11]] {
        let trial = [&["trial", link.as_str(), "--json"][..], &AXES, &ASKED].concat();
        let line = lines(&trial);
        assert_eq!(line.len(), 1);
        assert!(all.contains(&line[0]), "{}", line[0]);
    }
    let line: serde_json::Value = serde_json::from_str(&all[11]).unwrap();
    assert_eq!(
        line["at"],
        serde_json::json!({ "prune.amount": 40.0, "prune.by": "random", "seed": 2 })
    );
    assert_eq!(line["outcome"]["images"], 200);
    assert_eq!(line["outcome"]["adaptive"][1]["eps"], 0.05);
    assert_eq!(line["outcome"]["frozen"], true);
    // Its own link opens the same network.
    let link = line["link"].as_str().unwrap();
    assert!(link.ends_with(&format!("digest={}", line["outcome"]["digest"].as_str().unwrap())));
    assert!(lines(&["trial", link])[0].contains(line["outcome"]["digest"].as_str().unwrap()));
}

#[test]
fn a_summary_is_of_the_lines_wherever_they_come_from() {
    mnist();
    let sweep = [&["sweep", BASE][..], &AXES, &ASKED].concat();
    let folder = std::env::temp_dir();
    let [first, second] = [1, 2].map(|share| {
        let file = folder.join(format!("secateurs-{}-{share}.jsonl", std::process::id()));
        let lines = lines(&[&sweep[..], &["--share", &format!("{share}/2")]].concat());
        std::fs::write(&file, lines.join("\n")).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let json = lines(&["summary", &first, &second, "--json"]).remove(0);
    let all: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(all["cells"].as_array().unwrap().len(), 4);
    let spread = &all["cells"][0]["figures"][0]["spread"];
    assert_eq!((&spread["n"], &spread["interval"]), (&3.into(), &"student".into()));
    let clean = |seed: usize| {
        let only = lines(&[&sweep[..], &["--only", &seed.to_string()]].concat()).remove(0);
        let line: serde_json::Value = serde_json::from_str(&only).unwrap();
        line["outcome"]["clean"]["correct"].as_f64().unwrap() / 200.0
    };
    let mean = (clean(0) + clean(1) + clean(2)) / 3.0;
    assert!((spread["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
    // Two criteria: clean, and at two sizes transfer and adaptive.
    assert_eq!(all["areas"].as_array().unwrap().len(), 5);
    let text = lines(&["summary", &first, &second]).join("\n");
    assert!(text.contains("prune.by random, prune.amount 40"), "{text}");
    assert!(text.contains("adaptive 0.05") && text.contains("0 to 40"), "{text}");
    for file in [first, second] {
        std::fs::remove_file(file).unwrap();
    }
}

/// What `tests/python` looks into.
#[test]
fn exports_are_written_by_the_ending_of_their_names() {
    mnist();
    let folder = std::env::temp_dir().join(format!("secateurs-export-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let cut = "v=1&hidden=4&train=epochs:1,images:100&prune=by:magnitude,amount:25\
               &measure=images:50&distortion=images:10";
    let export = |name: &str| {
        let path = folder.join(name);
        lines(&["export", cut, "--to", path.to_str().unwrap()])
    };
    let magic = |name: &str| {
        assert_eq!(export(name).len(), 1);
        std::fs::read(folder.join(name)).unwrap()
    };
    assert!(magic("a.npz").starts_with(b"PK") && magic("a.zip").starts_with(b"PK"));
    assert_eq!(magic("a.safetensors")[8], b'{');
    assert!(magic("a.onnx").starts_with(&[8, 7, 18, 9]));
    let recipe = String::from_utf8(magic("a.json")).unwrap();
    let digest = |recipe: &str| {
        let report: serde_json::Value =
            serde_json::from_str(&lines(&["replay", recipe, "--json"])[0]).unwrap();
        report["digest"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest(&recipe), digest(cut));
    // The script, and the weights that it loads.
    assert_eq!(export("b.py").len(), 3);
    let script = std::fs::read_to_string(folder.join("b.py")).unwrap();
    assert!(script.contains("\"b-after.npz\"") && script.contains("\"b-before.npz\""));
    assert!(folder.join("b-after.npz").exists() && folder.join("b-before.npz").exists());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_wrong_with_a_sweep_is_said_in_one_line() {
    assert!(refusal(&["sweep", BASE]).contains("Which axes"));
    assert!(refusal(&["sweep", BASE, "--axis", "prune.amount"]).contains("prune.amount=0,10,20"));
    assert!(refusal(&["sweep", BASE, "--axis", "prune.amount=101"]).contains("from 0 to 100"));
    assert!(refusal(&["sweep", BASE, "--axis", "prune2.amount=1"]).contains("one prune step"));
    assert!(refusal(&["sweep", BASE, "--axis", "seed=1", "--only", "1"]).contains("1 cells"));
    assert!(refusal(&["sweep", BASE, "--share", "3/2"]).contains("second of four"));
    assert!(refusal(&["trial"]).contains("Which recipe"));
    assert!(refusal(&["trial", BASE, "--adaptive", "2"]).contains("0 to 1"));
    assert!(refusal(&["trial", BASE, "--images", "5..9"]).contains("from 0 on"));
    assert!(refusal(&["trial", BASE, "--images", "20000"]).contains("from 1 to 10000"));
    assert!(refusal(&["summary"]).contains("Which lines"));
    assert!(refusal(&["summary", "/nowhere.jsonl"]).contains("/nowhere.jsonl"));
}

#[test]
fn a_cell_that_cannot_be_tried_keeps_its_line() {
    mnist();
    let axes = ["--axis", "prune.by=magnitude", "--axis", "prune.amount=0,100"];
    let output = secateurs(&[&["sweep", BASE][..], &axes, &["--jobs", "1"]].concat());
    assert!(!output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.lines().last().unwrap().contains("\"refused\":\"This would leave hidden layer 1"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("1 of 2 cells could not be tried"));
}

#[test]
fn findings_are_listed_and_a_wrong_name_is_told() {
    let text = lines(&["findings"]).join("\n");
    let json = lines(&["findings", "--json"]).remove(0);
    let facts: serde_json::Value = serde_json::from_str(&json).unwrap();
    let facts = facts.as_array().unwrap();
    assert_eq!(facts[0]["name"], "deletion", "the most striking first");
    for fact in facts {
        assert!(
            ["title", "claim", "source", "rule"]
                .iter()
                .all(|key| { text.contains(fact[*key].as_str().unwrap()) })
        );
    }
    assert!(refusal(&["finding"]).contains("Which finding"));
    assert!(refusal(&["finding", "magic"]).contains("deletion, most-weights"));
}

#[test]
fn a_recipe_begins_with_a_network_from_a_file() {
    mnist();
    let folder = std::env::temp_dir().join(format!("secateurs-file-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("net.npz");
    let network = secateurs::network::Mlp::he_normal(&[6], 4);
    let mut writer = ndarray_npy::NpzWriter::new(std::fs::File::create(&path).unwrap());
    for (index, layer) in network.layers().iter().enumerate() {
        // As Keras has them, and without biases, which are zeros anyway.
        let weights = layer.weights().reversed_axes();
        writer.add_array(format!("dense_{index}/kernel"), &weights).unwrap();
    }
    writer.finish().unwrap();
    let (digest, path) = (network.digest(), path.to_str().unwrap());
    let link = format!("v=1&file={digest}&cut=Ag&measure=images:100&distortion=images:10");
    let output = secateurs(&["replay", &link, "--network", path, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut cut = network.clone();
    cut.set_pruned_units(&[vec![1]]).unwrap();
    assert_eq!(report["digest"], cut.digest());
    // As the page writes it, with its shape.
    let whole = link.replace("&file", "&hidden=6&file");
    assert!(secateurs(&["replay", &whole, "--network", path, "--json"]).status.success());
    assert!(refusal(&["replay", &whole, "--json"]).contains("bring in the file"));
    std::fs::write(folder.join("net.txt"), "hello").unwrap();
    let text = folder.join("net.txt");
    let sentence = refusal(&["replay", &link, "--network", text.to_str().unwrap()]);
    assert!(sentence.contains("neither a safetensors nor an npz"), "{sentence}");
    std::fs::remove_dir_all(folder).unwrap();
}
