//! What the page is made of: where each part comes from, and under which licence.
//!
//! Nothing here knows what time it is or where it is built: the same sources give the same files.

mod crates;
mod licence;
mod npm;
mod rules;
mod sbom;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::wasm::write_if_changed;

pub use rules::{check, deny};

/// Somebody else's work that visitors are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it comes from.
    pub from: Source,
    /// What it is called there.
    pub name: String,
    /// Its version there.
    pub version: String,
    /// As an SPDX expression.
    pub licence: String,
    /// A page about it.
    pub home: String,
    /// What its publisher's archive hashes to: the algorithm, and hexadecimal digits.
    pub hash: Option<(&'static str, String)>,
    /// References of parts that it uses.
    pub needs: Vec<String>,
    /// The texts of its licence, as they came with it.
    pub texts: Vec<String>,
}

/// Where a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The registry of Rust's crates.
    Crates,
    /// The registry of npm's packages.
    Npm,
    /// The compiler.
    Rust,
    /// The images.
    Data,
}

impl Part {
    /// Names it among all parts: a package URL, where there is such a thing.
    pub fn reference(&self) -> String {
        reference(self.from, &self.name, &self.version)
    }
}

/// Names a part among all parts.
pub fn reference(from: Source, name: &str, version: &str) -> String {
    match from {
        Source::Crates => format!("pkg:cargo/{name}@{version}"),
        // Only the `@` of a scope is written otherwise in a package URL.
        Source::Npm => format!("pkg:npm/{}@{version}", name.replace('@', "%40")),
        Source::Rust => format!("rust@{version}"),
        Source::Data => name.to_lowercase(),
    }
}

/// Where the list for the page of licences and the SBOM are, for the page's build.
pub fn folder(paths: &Paths) -> PathBuf {
    paths.target.join("supply")
}

/// Writes both. `mnist`: the images are the published ones.
pub fn write(paths: &Paths, mnist: bool) -> Outcome {
    let parts = parts(paths, mnist)?;
    let roots = roots(paths)?;
    let folder = folder(paths);
    std::fs::create_dir_all(&folder).explain(format!("cannot make {}", folder.display()))?;
    let files =
        [("parts.json", listed(&parts)), ("sbom.json", sbom::sbom(&parts, &roots, VERSION))];
    for (name, value) in files {
        let text = serde_json::to_string_pretty(&value).explain(format!("cannot write {name}"))?;
        write_if_changed(&folder.join(name), format!("{text}\n").as_bytes())?;
    }
    Ok(())
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everybody else's work that visitors are sent, sorted.
fn parts(paths: &Paths, mnist: bool) -> Outcome<Vec<Part>> {
    let mut parts = crates::shipped(paths)?;
    parts.extend(npm::shipped(paths)?);
    parts.push(crates::standard_library()?);
    if mnist {
        parts.push(Part {
            from: Source::Data,
            name: "MNIST".to_owned(),
            version: String::new(),
            licence: "CC-BY-SA-3.0".to_owned(),
            home: "https://creativecommons.org/licenses/by-sa/3.0/".to_owned(),
            hash: None,
            needs: Vec::new(),
            texts: vec![MNIST.to_owned()],
        });
    }
    parts.sort_by(|a, b| (a.from, &a.name, &a.version).cmp(&(b.from, &b.name, &b.version)));
    Ok(parts)
}

const MNIST: &str = "\
MNIST is by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, derived from NIST's Special \
Databases 1 and 3, and published under Creative Commons Attribution-ShareAlike 3.0. Here its images \
are packed in another form, under the same licence.";

/// What the page itself uses, by reference.
fn roots(paths: &Paths) -> Outcome<Vec<String>> {
    let mut roots = crates::roots(paths)?;
    roots.extend(npm::roots(paths)?);
    roots.sort();
    Ok(roots)
}

/// For the page of licences: the parts, and every text once with the parts that it is of.
fn listed(parts: &[Part]) -> Value {
    let mut texts: Vec<(&str, Vec<String>)> = Vec::new();
    for part in parts {
        let name = format!("{} {}", part.name, part.version).trim_end().to_owned();
        for text in &part.texts {
            match texts.iter_mut().find(|(known, _)| same(known, text)) {
                Some((_, of)) if !of.contains(&name) => of.push(name.clone()),
                Some(_) => {}
                None => texts.push((text, vec![name.clone()])),
            }
        }
    }
    let parts = parts.iter().map(|part| {
        json!({
            "from": part.from.said(), "name": part.name, "version": part.version,
            "licence": part.licence, "home": part.home,
        })
    });
    let texts: Vec<_> = texts.iter().map(|(text, of)| json!({ "of": of, "text": text })).collect();
    json!({ "parts": parts.collect::<Vec<_>>(), "texts": texts })
}

impl Source {
    fn said(self) -> &'static str {
        match self {
            Self::Crates => "crates",
            Self::Npm => "npm",
            Self::Rust => "rust",
            Self::Data => "data",
        }
    }
}

/// Texts differ in how their lines are broken.
fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The texts of a licence in a package's folder.
fn texts(folder: &Path, licence: &str) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(folder).explain(format!("cannot list {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| licence::is_text(name))
        .collect();
    names.sort();
    let chosen = licence::chosen(&names, licence);
    let read = chosen.iter().map(|name| {
        let file = folder.join(name);
        let text = std::fs::read_to_string(&file);
        Ok(own_part(&text.explain(format!("cannot read {}", file.display()))?))
    });
    read.collect()
}

/// A bundler's file goes on with what the bundler itself is made of, which visitors are not sent.
fn own_part(text: &str) -> String {
    let own = text.split("# Licenses of bundled dependencies").next().unwrap_or(text);
    own.replace("\r\n", "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, texts: &[&str]) -> Part {
        Part {
            from: Source::Crates,
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            home: String::new(),
            hash: None,
            needs: Vec::new(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn a_text_that_several_share_stands_once() {
        let listed = listed(&[part("a", &["Do as\nyou like."]), part("b", &["Do as you\nlike."])]);
        assert_eq!(listed["texts"].as_array().map(Vec::len), Some(1));
        assert_eq!(listed["texts"][0]["of"], json!(["a 1.0.0", "b 1.0.0"]));
    }

    #[test]
    fn what_a_bundler_is_made_of_is_left_out() {
        let text = "MIT License\r\nFree.\r\n\r\n# Licenses of bundled dependencies\r\nMany.";
        assert_eq!(own_part(text), "MIT License\nFree.");
    }

    #[test]
    fn parts_are_named_as_package_urls() {
        assert_eq!(part("serde", &[]).reference(), "pkg:cargo/serde@1.0.0");
        let scoped = reference(Source::Npm, "@preact/signals", "2.0.0");
        assert_eq!(scoped, "pkg:npm/%40preact/signals@2.0.0");
    }
}
