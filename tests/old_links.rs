//! Links of every released version lead where they led, for ever.
//!
//! `tests/fixtures/links/vN.json` holds links of version N with the digests of the networks that
//! they lead to, as a list of `{link, digest, note}`. The rule:
//!
//! - Entries are only ever added, at the end. What a link says, and what comes of it, is a promise
//!   to whoever has shared it; a test here holds what was promised before.
//! - A property may be added if its default leaves every link as it was. Then `v` stays.
//! - Whatever changes a digest here is a new version: `VERSION` is raised, `v(N+1).json` is begun,
//!   and the old arithmetic stays beside the new one, chosen by the link's version. Where it
//!   cannot stay, links of that version are refused in a sentence that says since when, and their
//!   file's entries are tested to be refused so; they are never replayed to something else.
//! - A link of a version that is not known, because it is newer than the page, is refused in a
//!   sentence that says so.
//!
//! With `SECATEURS_OLD_LINKS=write`, digests that are still empty are filled in; others never
//! change.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{fixture, mnist, replay};
use secateurs::data::digest;
use secateurs::recipe::{Replayer, Step, VERSION, check_recipe, format_link, parse_link};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What was promised: of each version how many links there were when it was last written down
/// here, and what stands for them. After adding links, raise both.
const PROMISED: [(u32, usize, &str); 1] = [(1, 24, "ec794f39e8287896")];

fn links(version: u32) -> Vec<Value> {
    fixture(&format!("links/v{version}.json")).as_array().unwrap().clone()
}

#[test]
fn links_lead_where_they_led() {
    let data = mnist();
    for (version, ..) in PROMISED {
        let mut entries = links(version);
        for entry in &mut entries {
            let link = entry["link"].as_str().unwrap().to_owned();
            let parsed = parse_link(&link).unwrap_or_else(|why| panic!("{link}: {why}"));
            let state = replay(&mut Replayer::default(), &parsed.recipe, &data);
            let found = state.network.digest();
            if entry["digest"] == "" && std::env::var("SECATEURS_OLD_LINKS").is_ok() {
                entry["digest"] = json!(found);
            }
            assert_eq!(entry["digest"], found, "{link}");
        }
        if std::env::var("SECATEURS_OLD_LINKS").as_deref() == Ok("write") {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/links");
            let text = serde_json::to_string_pretty(&entries).unwrap() + "\n";
            std::fs::write(format!("{folder}/v{version}.json"), text).unwrap();
        }
    }
}

#[test]
fn what_was_promised_is_not_taken_back() {
    for (version, count, promised) in PROMISED {
        let entries = links(version);
        assert!(entries.len() >= count, "links of version {version} are gone");
        let said = entries[..count].iter().map(|e| format!("{} {}\n", e["link"], e["digest"]));
        assert_eq!(digest(said.collect::<String>().as_bytes()), promised, "version {version}");
    }
    assert_eq!(PROMISED.map(|(version, ..)| version).to_vec(), (1..=VERSION).collect::<Vec<_>>());
}

#[test]
fn every_kind_of_step_and_criterion_is_among_them() {
    let (mut kinds, mut words) = (BTreeSet::new(), BTreeSet::new());
    for entry in links(1) {
        let parsed = parse_link(entry["link"].as_str().unwrap()).unwrap();
        for step in &parsed.recipe.steps {
            kinds.insert(serde_json::to_value(step).unwrap()["step"].to_string());
            match step {
                Step::Train(train) => drop(words.insert(json!(train.against).to_string())),
                Step::Prune(prune) => drop(words.insert(json!(prune.by).to_string())),
                Step::Learn(learn) => drop(words.insert(json!(learn.mask).to_string())),
                Step::File { .. } | Step::Cut { .. } => {}
            }
        }
    }
    assert_eq!(Vec::from_iter(kinds), ["\"cut\"", "\"learn\"", "\"prune\"", "\"train\""]);
    // Criteria, kinds of training and of masks.
    assert_eq!(words.len(), 19 + 4 + 2, "{words:?}");
}

#[test]
fn what_a_link_says_of_the_page_is_still_read() {
    let links = links(1);
    let entry = links.iter().find(|entry| entry["link"].as_str().unwrap().contains("&task="));
    let link = entry.unwrap()["link"].as_str().unwrap();
    let parsed = parse_link(link).unwrap();
    assert_eq!(format_link(&parsed.recipe, &parsed.view, None), link);
    let view = &parsed.view;
    assert_eq!((view.image, view.finding.as_str(), view.lesson.as_str()), (12, "deletion", "fool"));
    assert_eq!((view.step, view.present, view.score), (3, true, 150));
    assert_eq!((view.hide.len(), view.lock.len()), (2, 2));
    assert_eq!(
        view.task.map(|task| (task.clean, task.weights, task.eps)),
        Some((90.0, 50.0, 0.02))
    );
}

#[test]
fn a_link_of_a_newer_version_is_told_so() {
    for newer in ["v=2&train", "v=2&train=colour:red&dream", "v=17", "https://example.org/#v=3"] {
        let sentence = parse_link(newer).unwrap_err();
        assert!(sentence.contains("newer") && sentence.contains("Reload"), "{sentence}");
    }
    let sentence = check_recipe(&json!({ "version": 2, "steps": "?" })).unwrap_err();
    assert!(sentence.contains("newer") && sentence.contains("Reload"), "{sentence}");
    for never in ["v=0&train", "v=-1", "v=1.5", "v=one", "v=", "v=99999999999999999999"] {
        let sentence = parse_link(never).unwrap_err();
        assert!(sentence.contains("no version"), "{sentence}");
    }
}
