//! The crates that are compiled into the page's WebAssembly, as Cargo tells them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{Part, Source, licence, reference, texts};
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};
use crate::tool::Tool;
use crate::toolchain::{TARGET, Toolchain};

/// The package that becomes the module; the other crates of the core are called after it.
const OWN: &str = "secateurs";

/// All crates that the module is made of but our own, sorted.
pub fn shipped(paths: &Paths) -> Outcome<Vec<Part>> {
    let metadata = metadata(paths, &["--filter-platform", TARGET])?;
    let (compiled, locked) = (compiled(paths)?, locked(paths)?);
    let mut parts = Vec::new();
    for package in list(&metadata["packages"]) {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let is_ours = package["source"].is_null();
        if is_ours || !compiled.contains(&(name.clone(), version.clone())) {
            continue;
        }
        let licence = licence::modern(&text(&package["license"]));
        let manifest = text(&package["manifest_path"]);
        let folder = Path::new(&manifest).parent().unwrap_or(Path::new("."));
        let found = texts(folder, &licence)?;
        if found.is_empty() {
            return problem(format!("{name} {version} has no text of its licence in it"));
        }
        let checksum = locked.get(&(name.clone(), version.clone())).cloned().flatten();
        let home = [&package["repository"], &package["homepage"]].map(text);
        parts.push(Part {
            from: Source::Crates,
            needs: needs(&metadata, &package["id"], &compiled),
            hash: checksum.map(|checksum| ("SHA-256", checksum)),
            home: home.into_iter().find(|home| !home.is_empty()).unwrap_or_default(),
            texts: found,
            ..named(name, version, licence)
        });
    }
    Ok(parts)
}

fn named(name: String, version: String, licence: String) -> Part {
    let home = String::new();
    let (hash, needs, texts) = (None, Vec::new(), Vec::new());
    Part { from: Source::Crates, name, version, licence, home, hash, needs, texts }
}

/// References of the crates that our own use.
pub fn roots(paths: &Paths) -> Outcome<Vec<String>> {
    let metadata = metadata(paths, &["--filter-platform", TARGET])?;
    let compiled = compiled(paths)?;
    let ours = list(&metadata["packages"]).iter().filter(|package| {
        let name = text(&package["name"]);
        package["source"].is_null() && (name == OWN || name.starts_with("secateurs-"))
    });
    let used: BTreeSet<_> =
        ours.flat_map(|package| needs(&metadata, &package["id"], &compiled)).collect();
    Ok(used.into_iter().collect())
}

/// The standard library, which every module has parts of.
pub fn standard_library() -> Outcome<Part> {
    let said = Toolchain::find()?.version()?;
    let version =
        said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let version = version.unwrap_or_default().to_owned();
    Ok(Part {
        from: Source::Rust,
        home: "https://www.rust-lang.org".to_owned(),
        texts: vec![include_str!("rust-mit.txt").trim().to_owned()],
        ..named("Rust’s standard library".to_owned(), version, "MIT OR Apache-2.0".to_owned())
    })
}

/// What Cargo knows of all packages.
pub fn metadata(paths: &Paths, more: &[&str]) -> Outcome<Value> {
    let asked = ["metadata", "--format-version", "1", "--locked"];
    let told = Tool::cargo().args(asked).args(more).within(&paths.root).named("cargo metadata");
    serde_json::from_str(&told.read()?).explain("what cargo metadata says cannot be read")
}

/// Names and versions of what the module is compiled from: neither macros nor what only tests or
/// builds use, and nothing that only other members of the workspace switch on.
fn compiled(paths: &Paths) -> Outcome<BTreeSet<(String, String)>> {
    let told = Tool::cargo()
        .args(["tree", "--locked", "--package", OWN, "--target", TARGET])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"])
        .within(&paths.root)
        .named("cargo tree")
        .read()?;
    Ok(told.lines().filter_map(name_and_version).collect())
}

/// Of `serde v1.0.0 (*)`.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    Some((name.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
}

/// References of what a package uses of these when it runs.
fn needs(metadata: &Value, id: &Value, of: &BTreeSet<(String, String)>) -> Vec<String> {
    let Some(node) = list(&metadata["resolve"]["nodes"]).iter().find(|node| node["id"] == *id)
    else {
        return Vec::new();
    };
    let runs = |need: &&Value| list(&need["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
    let mut needs: Vec<String> = list(&node["deps"])
        .iter()
        .filter(runs)
        .filter_map(|need| {
            let packages = list(&metadata["packages"]);
            packages.iter().find(|package| package["id"] == need["pkg"])
        })
        .filter(|package| !package["source"].is_null())
        .map(|package| (text(&package["name"]), text(&package["version"])))
        .filter(|named| of.contains(named))
        .map(|(name, version)| reference(Source::Crates, &name, &version))
        .collect();
    needs.sort();
    needs
}

/// What `Cargo.lock` holds each package to: the checksum of its archive, where it has one.
pub type Locked = BTreeMap<(String, String), Option<String>>;

/// All packages of the lock file that come from elsewhere, on any platform.
pub fn locked(paths: &Paths) -> Outcome<Locked> {
    let file = paths.root.join("Cargo.lock");
    let text = std::fs::read_to_string(&file).explain("cannot read Cargo.lock")?;
    Ok(blocks(&text)
        .filter(|block| block.contains_key("source"))
        .map(|block| {
            let of = |key: &str| block.get(key).map(|value| (*value).to_owned());
            let named = (of("name").unwrap_or_default(), of("version").unwrap_or_default());
            (named, of("checksum"))
        })
        .collect())
}

/// The packages of a lock file, each as what its lines say.
pub fn blocks(lock: &str) -> impl Iterator<Item = BTreeMap<&str, &str>> {
    lock.split("[[package]]").skip(1).map(|block| {
        let pairs = block.lines().filter_map(|line| line.split_once(" = "));
        pairs.map(|(key, value)| (key, value.trim_matches('"'))).collect()
    })
}

/// The items of a JSON array.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_lines_name_a_package() {
        let named = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(name_and_version("serde v1.0.2 (*)"), named("serde", "1.0.2"));
        assert_eq!(name_and_version("ours v0.1.0 (/here)"), named("ours", "0.1.0"));
        assert_eq!(name_and_version(""), None);
    }

    #[test]
    fn a_lock_file_is_read_by_its_blocks() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"registry\"\n";
        let blocks: Vec<_> = blocks(lock).collect();
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].get("name"), Some(&"a"));
        assert_eq!(blocks[1].get("source"), Some(&"registry"));
    }

    /// What the page is made of, as it is now.
    #[test]
    fn the_module_is_made_of_crates_and_of_no_macro() -> Outcome {
        let shipped = shipped(&Paths::find())?;
        let has = |name: &str| shipped.iter().any(|part| part.name == name);
        assert!(has("ndarray") && has("serde_json") && has("wasm-bindgen"));
        assert!(!has("serde_derive") && !has("proptest") && !has("lexopt") && !has("walrus"));
        for part in &shipped {
            assert!(part.hash.as_ref().is_some_and(|(_, hex)| hex.len() == 64), "{}", part.name);
            assert!(part.texts.iter().all(|text| text.len() > 100), "{}", part.name);
        }
        Ok(())
    }
}
