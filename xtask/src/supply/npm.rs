//! The packages of npm that are in the page's JavaScript, as the lock file tells them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::crates::text;
use super::{Part, Source, reference, texts};
use crate::node::Node;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};

/// Tools that put some of their own code between the page's: what loads its pieces.
const HELPERS: [&str; 2] = ["rolldown", "vite"];

const MODULES: &str = "node_modules/";

/// All packages whose code may be in the page's.
pub fn shipped(paths: &Paths) -> Outcome<Vec<Part>> {
    Node::installed(paths)?;
    let lock = lock(paths)?;
    let mut parts = Vec::new();
    for (place, package) in packages(&lock) {
        let name = place.rsplit(MODULES).next().unwrap_or(place);
        if package["dev"] == true && !HELPERS.contains(&name) {
            continue;
        }
        let (version, licence) = (text(&package["version"]), text(&package["license"]));
        let texts = texts(&paths.www.join(place), &licence)?;
        if texts.is_empty() {
            return problem(format!("{name} {version} has no text of its licence in it"));
        }
        let needs = package["dependencies"].as_object().into_iter().flat_map(Map::keys);
        let needs = needs.filter_map(|need| of(&lock, need)).filter(|need| need["dev"] != true);
        parts.push(Part {
            from: Source::Npm,
            name: name.to_owned(),
            home: format!("https://www.npmjs.com/package/{name}"),
            hash: Some(("SHA-512", sha512(name, &text(&package["integrity"]))?)),
            needs: needs.map(|need| text(&need["reference"])).collect(),
            version,
            licence,
            texts,
        });
    }
    Ok(parts)
}

/// References of the packages that the page itself imports, and of the tools' own code.
pub fn roots(paths: &Paths) -> Outcome<Vec<String>> {
    let lock = lock(paths)?;
    let own = lock["packages"][""]["dependencies"].as_object().into_iter().flat_map(Map::keys);
    let all = own.map(String::as_str).chain(HELPERS);
    Ok(all.filter_map(|name| of(&lock, name)).map(|found| text(&found["reference"])).collect())
}

/// The lock file.
pub fn lock(paths: &Paths) -> Outcome<Value> {
    let file = std::fs::read(paths.www.join("package-lock.json"));
    let file = file.explain("cannot read www/package-lock.json")?;
    serde_json::from_slice(&file).explain("www/package-lock.json cannot be read")
}

/// The packages of a lock file with the folders they are in; not the one that the file is of.
pub fn packages(lock: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = lock["packages"].as_object().into_iter().flatten();
    all.filter(|(place, _)| !place.is_empty()).map(|(place, package)| (place.as_str(), package))
}

/// What the lock file has of a package, with its reference. The page has each package once.
fn of(lock: &Value, name: &str) -> Option<Value> {
    let mut found = lock["packages"][format!("{MODULES}{name}")].as_object()?.clone();
    let version = found.get("version")?.as_str()?.to_owned();
    found.insert("reference".to_owned(), reference(Source::Npm, name, &version).into());
    Some(Value::Object(found))
}

/// The hexadecimal digits of a hash as the lock file has it.
pub fn sha512(name: &str, integrity: &str) -> Outcome<String> {
    let encoded = integrity.strip_prefix("sha512-").unwrap_or_default();
    let bytes = STANDARD.decode(encoded).explain(format!("the hash of {name} cannot be read"))?;
    if bytes.len() != 64 {
        return problem(format!("the lock file holds {name} to no SHA-512"));
    }
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_from_the_lock_file() {
        let zeros = format!("sha512-{}==", "A".repeat(86));
        assert_eq!(sha512("a", &zeros), Ok("0".repeat(128)));
        assert!(sha512("a", "sha1-AAAA").is_err() && sha512("a", "sha512-AAAA").is_err());
    }

    #[test]
    fn the_page_imports_what_it_says_it_depends_on() -> Outcome {
        let shipped = shipped(&Paths::find())?;
        let has = |name: &str| shipped.iter().any(|part| part.name == name);
        assert!(has("preact") && has("@preact/signals-core") && has("internmap") && has("vite"));
        assert!(!has("vitest") && !has("typescript") && !has("binaryen"));
        let signals = shipped.iter().find(|part| part.name == "@preact/signals");
        let needs = signals.map(|part| part.needs.concat()).unwrap_or_default();
        assert!(needs.starts_with("pkg:npm/%40preact/signals-core@"), "{needs}");
        Ok(())
    }
}
