//! The list of what the page is made of, in the form that tools read: CycloneDX 1.6.

use serde_json::{Map, Value, json};

use super::{Part, Source};

const PAGE: &str = "secateurs";

/// The whole list. It has neither a time nor a serial number: the same page has the same list.
pub fn sbom(parts: &[Part], roots: &[String], version: &str) -> Value {
    let mut used: Vec<String> = roots.to_vec();
    let beside = parts.iter().filter(|part| matches!(part.from, Source::Rust | Source::Data));
    used.extend(beside.map(Part::reference));
    let mut dependencies = vec![json!({ "ref": PAGE, "dependsOn": used })];
    dependencies.extend(
        parts.iter().map(|part| json!({ "ref": part.reference(), "dependsOn": part.needs })),
    );
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": PAGE,
                "name": PAGE,
                "version": version,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": parts.iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}

fn component(part: &Part) -> Value {
    let kind = if part.from == Source::Data { "data" } else { "library" };
    let mut component = Map::from_iter([
        ("type".to_owned(), json!(kind)),
        ("bom-ref".to_owned(), json!(part.reference())),
        ("name".to_owned(), json!(part.name)),
        ("licenses".to_owned(), json!([{ "expression": part.licence }])),
    ]);
    if !part.version.is_empty() {
        component.insert("version".to_owned(), json!(part.version));
    }
    if matches!(part.from, Source::Crates | Source::Npm) {
        component.insert("purl".to_owned(), json!(part.reference()));
    }
    if let Some((algorithm, content)) = &part.hash {
        component.insert("hashes".to_owned(), json!([{ "alg": algorithm, "content": content }]));
    }
    if !part.home.is_empty() {
        let home = json!([{ "type": "website", "url": part.home }]);
        component.insert("externalReferences".to_owned(), home);
    }
    Value::Object(component)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::paths::Paths;
    use crate::problem::Outcome;
    use crate::supply::{parts, roots};

    fn strings<'a>(values: &'a Value, key: &str) -> Vec<&'a str> {
        let values = values.as_array().map_or(&[][..], Vec::as_slice);
        values.iter().filter_map(|value| value[key].as_str()).collect()
    }

    fn is_hex(text: &str) -> bool {
        text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
    }

    /// What the format asks for, of the list as it is now.
    #[test]
    fn the_list_is_what_the_format_asks_for() -> Outcome {
        let paths = Paths::find();
        let list = sbom(&parts(&paths, true)?, &roots(&paths)?, "1.2.3");
        assert_eq!(list["bomFormat"], "CycloneDX");
        assert_eq!(list["specVersion"], "1.6");
        assert!(list["version"].as_u64().is_some_and(|version| version >= 1));
        let allowed = [
            "$schema",
            "bomFormat",
            "specVersion",
            "version",
            "metadata",
            "components",
            "dependencies",
        ];
        let keys = list.as_object().into_iter().flat_map(Map::keys);
        assert!(keys.into_iter().all(|key| allowed.contains(&key.as_str())));

        let components = list["components"].as_array().cloned().unwrap_or_default();
        assert!(components.len() > 40);
        let of_a_component = [
            "type",
            "bom-ref",
            "name",
            "version",
            "licenses",
            "purl",
            "hashes",
            "externalReferences",
        ];
        for component in components.iter().chain([&list["metadata"]["component"]]) {
            let keys = component.as_object().into_iter().flat_map(Map::keys);
            assert!(keys.into_iter().all(|key| of_a_component.contains(&key.as_str())));
            let kinds = ["application", "library", "data"];
            assert!(kinds.contains(&component["type"].as_str().unwrap_or_default()));
            assert!(component["name"].as_str().is_some_and(|name| !name.is_empty()));
            // An expression stands alone.
            assert_eq!(component["licenses"].as_array().map(Vec::len), Some(1));
            assert_eq!(strings(&component["licenses"], "expression").len(), 1);
            for hash in component["hashes"].as_array().into_iter().flatten() {
                let length = if hash["alg"] == "SHA-256" { 64 } else { 128 };
                assert!(hash["alg"] == "SHA-256" || hash["alg"] == "SHA-512");
                let content = hash["content"].as_str().unwrap_or_default();
                assert!(content.len() == length && is_hex(content));
            }
            for address in strings(&component["externalReferences"], "url") {
                assert!(address.starts_with("https://"), "{address}");
            }
        }

        // References name one component each, and what is referred to is there.
        let mut known = strings(&list["components"], "bom-ref");
        known.push(PAGE);
        let distinct: BTreeSet<_> = known.iter().copied().collect();
        assert_eq!(distinct.len(), known.len());
        let dependencies = list["dependencies"].as_array().cloned().unwrap_or_default();
        assert_eq!(dependencies.len(), known.len());
        for dependency in &dependencies {
            assert!(distinct.contains(dependency["ref"].as_str().unwrap_or_default()));
            let needs: Vec<_> = dependency["dependsOn"].as_array().into_iter().flatten().collect();
            assert!(needs.iter().all(|need| distinct.contains(need.as_str().unwrap_or_default())));
            assert_eq!(
                needs.iter().map(|need| need.as_str()).collect::<BTreeSet<_>>().len(),
                needs.len()
            );
        }
        Ok(())
    }

    /// Everything in the list is used by something that the page uses.
    #[test]
    fn every_part_is_reached_from_the_page() -> Outcome {
        let paths = Paths::find();
        let list = sbom(&parts(&paths, true)?, &roots(&paths)?, "1.2.3");
        let dependencies = list["dependencies"].as_array().cloned().unwrap_or_default();
        let mut reached = BTreeSet::new();
        let mut waiting = vec![PAGE.to_owned()];
        while let Some(next) = waiting.pop() {
            if !reached.insert(next.clone()) {
                continue;
            }
            let found = dependencies.iter().find(|dependency| dependency["ref"] == next.as_str());
            let needs = found.and_then(|found| found["dependsOn"].as_array()).into_iter().flatten();
            waiting.extend(needs.filter_map(|need| need.as_str().map(str::to_owned)));
        }
        let missing: Vec<_> = strings(&list["components"], "bom-ref")
            .into_iter()
            .filter(|reference| !reached.contains(*reference))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
        Ok(())
    }
}
