//! What may be built with, checked on every test: `deny.toml` has the lists.
//!
//! `cargo deny` checks more, but takes minutes to install: see `thorough.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::crates::{Locked, blocks, list, locked, metadata, text};
use super::{licence, npm, parts};
use crate::cargo_tools;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};
use crate::tool::Tool;
use crate::toolchain::{TARGET, host};

/// The only registry. Cargo writes it so into lock files, wherever it really fetches from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The version of cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "=0.20.2";

/// In npm's lock files; one that names no address is of the registry.
const NPM: &str = "https://registry.npmjs.org/";

/// What the core may not even have: it knows neither time nor chance, and asks nobody.
const NOT_SHIPPED: [&str; 7] =
    ["chrono", "fastrand", "getrandom", "rand", "time", "wasm-bindgen-futures", "web-time"];

/// Folders of packages of npm.
const PACKAGES: [&str; 2] = ["www", "benches/web"];

/// Everything that must hold; the first that does not is told.
pub fn check(paths: &Paths) -> Outcome {
    let deny = std::fs::read_to_string(paths.root.join("deny.toml"));
    let deny = deny.explain("cannot read deny.toml")?;
    let allowed = words(&deny, "allow");
    sources(paths)?;
    bans(&locked(paths)?, &words(&deny, "deny"))?;
    // Of this platform and the page's: nothing has to be fetched only to be looked at.
    let host = host()?;
    let mut used = BTreeSet::new();
    for platform in [host.as_str(), TARGET] {
        let metadata = metadata(paths, &["--filter-platform", platform])?;
        for package in list(&metadata["packages"]) {
            let name = text(&package["name"]);
            licensed(&name, &text(&package["license"]), &allowed)?;
            used.insert((name, text(&package["version"])));
        }
    }
    duplicates(&used, &words(&deny, "skip"))?;
    for folder in PACKAGES {
        packages(&paths.root.join(folder), folder)?;
    }
    for part in parts(paths, false)? {
        licensed(&part.name, &part.licence, &allowed)?;
        if NOT_SHIPPED.contains(&part.name.as_str()) {
            return problem(format!("{} would be in the page, and may not", part.name));
        }
    }
    Ok(())
}

/// Runs `cargo deny`, which is installed where it is missing.
pub fn deny(paths: &Paths) -> Outcome {
    let program = cargo_tools::find(paths, "cargo-deny", CARGO_DENY)?;
    let check = ["--locked", "check", "bans", "licenses", "sources"];
    Tool::cargos(program).args(check).within(&paths.root).run()
}

/// Crates come from the one registry, each with the checksum of its archive.
fn sources(paths: &Paths) -> Outcome {
    let file = paths.root.join("Cargo.lock");
    let lock = std::fs::read_to_string(&file).explain("cannot read Cargo.lock")?;
    for block in blocks(&lock) {
        let name = block.get("name").unwrap_or(&"");
        match (block.get("source"), block.get("checksum")) {
            (None, _) | (Some(&REGISTRY), Some(_)) => {}
            (Some(&REGISTRY), None) => {
                return problem(format!("Cargo.lock has no checksum of {name}"));
            }
            (Some(other), _) => return problem(format!("{name} comes from {other}")),
        }
    }
    Ok(())
}

fn bans(locked: &Locked, banned: &[String]) -> Outcome {
    match locked.keys().find(|(name, _)| banned.contains(name)) {
        Some((name, _)) => problem(format!("{name} is banned by deny.toml")),
        None => Ok(()),
    }
}

/// No crate is there in two versions, but those that are excused; and none is excused in vain.
fn duplicates(used: &BTreeSet<(String, String)>, skipped: &[String]) -> Outcome {
    let mut versions = BTreeMap::<&str, usize>::new();
    for (name, _) in used {
        *versions.entry(name).or_default() += 1;
    }
    let several = |name: &str| versions.get(name).is_some_and(|count| *count > 1);
    if let Some(name) =
        versions.keys().find(|name| several(name) && !skipped.iter().any(|s| s == *name))
    {
        return problem(format!("{name} is there in several versions"));
    }
    match skipped.iter().find(|name| !several(name)) {
        Some(name) => problem(format!("{name} is excused by deny.toml for nothing")),
        None => Ok(()),
    }
}

fn licensed(name: &str, licence: &str, allowed: &[String]) -> Outcome {
    if licence::allows(licence, allowed) {
        return Ok(());
    }
    problem(format!("{name} is under “{licence}”, which deny.toml does not allow"))
}

/// Exact versions, no code while they are installed, and everything held to a hash.
fn packages(folder: &Path, name: &str) -> Outcome {
    let read = |file: &str| {
        let text = std::fs::read_to_string(folder.join(file));
        text.explain(format!("cannot read {name}/{file}"))
    };
    let parsed = |file: &str| -> Outcome<Value> {
        serde_json::from_str(&read(file)?).explain(format!("{name}/{file} cannot be read"))
    };
    let settings = read(".npmrc")?;
    for setting in ["ignore-scripts=true", "save-exact=true"] {
        if !settings.lines().any(|line| line.trim() == setting) {
            return problem(format!("{name}/.npmrc does not say {setting}"));
        }
    }
    let manifest = parsed("package.json")?;
    for kind in ["dependencies", "devDependencies", "optionalDependencies"] {
        for (package, version) in manifest[kind].as_object().into_iter().flatten() {
            if !is_exact(&text(version)) {
                return problem(format!("{name}/package.json leaves open which {package} it is"));
            }
        }
    }
    let lock = parsed("package-lock.json")?;
    for (place, package) in npm::packages(&lock) {
        let from = package["resolved"].as_str();
        if package["link"] == true || from.is_some_and(|from| !from.starts_with(NPM)) {
            return problem(format!("{place} of {name} is not from npm's registry"));
        }
        npm::sha512(place, &text(&package["integrity"]))?;
    }
    Ok(())
}

/// Three numbers, and perhaps what comes before a release.
fn is_exact(version: &str) -> bool {
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<_> = numbers.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

/// The strings of a list in `deny.toml`; of others of the same name the first.
fn words(toml: &str, key: &str) -> Vec<String> {
    let bare = toml.lines().filter(|line| !line.trim_start().starts_with('#'));
    let text = bare.collect::<Vec<_>>().join("\n");
    let begin = format!("\n{key} = [");
    let inside = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(']'));
    let inside = inside.map(|(inside, _)| inside).unwrap_or_default();
    inside.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn lists_are_read_from_the_file() {
        let toml = "[a]\n# allow = [\"no\"]\nallow = [\n    \"MIT\",\n    \"ISC\",\n]\nskip = []\n";
        assert_eq!(words(toml, "allow"), owned(&["MIT", "ISC"]));
        assert_eq!(words(toml, "skip"), owned(&[]));
        assert_eq!(words(toml, "deny"), owned(&[]));
    }

    #[test]
    fn a_second_version_is_told_unless_it_is_excused() {
        let named = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let used = BTreeSet::from([named("a", "1.0.0"), named("a", "2.0.0"), named("b", "1.0.0")]);
        assert_eq!(duplicates(&used, &[]), problem("a is there in several versions"));
        assert_eq!(duplicates(&used, &owned(&["a"])), Ok(()));
        let excused = duplicates(&used, &owned(&["a", "b"]));
        assert_eq!(excused, problem("b is excused by deny.toml for nothing"));
    }

    #[test]
    fn what_is_banned_is_told() {
        let locked = Locked::from([(("a".to_owned(), "1.0.0".to_owned()), None)]);
        assert_eq!(bans(&locked, &owned(&["b"])), Ok(()));
        assert_eq!(bans(&locked, &owned(&["a"])), problem("a is banned by deny.toml"));
        assert!(licensed("a", "GPL-3.0", &owned(&["MIT"])).is_err());
    }

    #[test]
    fn versions_are_exact() {
        assert!(is_exact("1.2.3") && is_exact("1.2.3-rc.1"));
        for open in ["^1.2.3", "1.2", "1.x.0", "*", "latest", "https://a.example/b.tgz", ""] {
            assert!(!is_exact(open), "{open}");
        }
    }

    #[test]
    fn packages_are_held_to_hashes_of_the_registry() -> Outcome {
        let scratch = Scratch::new("supply-packages")?;
        let hash = format!("sha512-{}==", "A".repeat(86));
        let lock =
            |entry: &str| format!(r#"{{"packages": {{"": {{}}, "node_modules/a": {entry}}}}}"#);
        let good = format!(r#"{{"version": "1.0.0", "integrity": "{hash}"}}"#);
        scratch.write(".npmrc", b"ignore-scripts=true\nsave-exact=true\n")?;
        scratch.write("package.json", br#"{"dependencies": {"a": "1.0.0"}}"#)?;
        scratch.write("package-lock.json", lock(&good).as_bytes())?;
        let check = || packages(scratch.path(), "here");
        assert_eq!(check(), Ok(()));

        let elsewhere =
            format!(r#"{{"resolved": "https://a.example/a.tgz", "integrity": "{hash}"}}"#);
        for bad in [r#"{"version": "1.0.0"}"#, elsewhere.as_str()] {
            scratch.write("package-lock.json", lock(bad).as_bytes())?;
            assert!(check().is_err(), "{bad}");
        }
        scratch.write("package-lock.json", lock(&good).as_bytes())?;
        scratch.write("package.json", br#"{"devDependencies": {"a": "^1.0.0"}}"#)?;
        assert!(check().is_err_and(|told| told.0.contains("leaves open which a")));
        scratch.write("package.json", b"{}")?;
        scratch.write(".npmrc", b"save-exact=true\n")?;
        assert!(check().is_err_and(|told| told.0.contains("ignore-scripts")));
        Ok(())
    }
}
