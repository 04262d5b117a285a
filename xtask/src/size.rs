//! How much a visitor downloads before the page works.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::problem::{Explain, Outcome, problem};
use crate::stamp::files;

/// Code before data, in bytes after gzip: what the page loads when it opens. Sections that are
/// fetched when somebody comes near them or opens them, the core's second half, and the service
/// worker, which the page registers when all images are there, are told, but do not count.
pub const BUDGET: usize = 250 * 1024;

/// Both halves of the core before compression, in bytes. Training, PGD, pruning and links fit into
/// 350 KB. A dozen more attacks, the certificates and the checks for masked gradients brought it to
/// 560; the laboratory, learned masks, more criteria to prune by, trials, findings and sweeps take
/// 105, files for other tools and from them, teaching and the sums in single units take 140, and
/// that there are two halves takes 20.
pub const MODULE_BUDGET: usize = 860 * 1024;

/// In the names of the files that are no chunks and are fetched once the page works, or only when
/// asked for: the core's second half, the service worker (see `www/src/main.tsx`), and what the page
/// is made of.
const AFTERWARDS: [&str; 5] =
    ["secateurs_second", "service-worker.js", "licences.html", "sbom.json", "_headers"];

/// Prints the gzipped sizes of the site's code, and the core's own; over a budget is a problem.
/// `chunks` is where Vite's manifest is.
pub fn report(site: &Path, chunks: &Path) -> Outcome {
    let text = fs::read(chunks).explain(format!("cannot read {}", chunks.display()))?;
    let chunks = serde_json::from_slice(&text).explain("the list of chunks is damaged")?;
    let later = later(&chunks);
    let mut sizes = code(site)?;
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let afterwards = |name: &str| AFTERWARDS.iter().any(|part| name.contains(part));
    let (later, first): (Vec<_>, Vec<_>) =
        sizes.into_iter().partition(|(name, _)| later.contains(name) || afterwards(name));
    let tell = |sizes: &[(String, usize)], what: &str| {
        for (name, size) in sizes {
            println!("{:>9.1} KB  {name}", kilobytes(*size));
        }
        let total = sizes.iter().map(|(_, size)| size).sum();
        println!("{:>9.1} KB  {what}, gzipped", kilobytes(total));
        total
    };
    tell(&later, "fetched later");
    let total = tell(&first, "code before data");
    let module = module(site)?;
    println!("{:>9.1} KB  both halves of the core before compression", kilobytes(module));
    within("the page's code, gzipped,", total, BUDGET)?;
    within("the core before compression", module, MODULE_BUDGET)
}

fn within(what: &str, total: usize, budget: usize) -> Outcome {
    if total <= budget {
        return Ok(());
    }
    let (total, budget) = (kilobytes(total), kilobytes(budget));
    problem(format!("{what} takes {total:.1} KB, over the budget of {budget:.0} KB"))
}

/// The files that the page fetches only when a section is opened: those of chunks that no entry
/// imports, directly or by another chunk. A file that the manifest does not name (the module, the
/// worker) is none of them.
fn later(chunks: &Value) -> BTreeSet<String> {
    let words = |chunk: &Value, key: &str| -> Vec<String> {
        let words = chunk[key].as_array().into_iter().flatten();
        words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let files = |chunk: &Value| {
        let mut files = words(chunk, "css");
        files.extend(words(chunk, "assets"));
        files.extend(chunk["file"].as_str().map(str::to_owned));
        files
    };
    let all = || chunks.as_object().into_iter().flatten();
    // The service worker is asked for once everything else is here.
    let entries =
        all().filter(|(_, chunk)| chunk["isEntry"] == true && chunk["file"] != "service-worker.js");
    let mut waiting: Vec<String> = entries.map(|(name, _)| name.clone()).collect();
    let (mut seen, mut first) = (BTreeSet::new(), BTreeSet::new());
    while let Some(name) = waiting.pop() {
        if seen.insert(name.clone()) {
            first.extend(files(&chunks[&name]));
            waiting.extend(words(&chunks[&name], "imports"));
        }
    }
    let mut others: BTreeSet<_> = all().flat_map(|(_, chunk)| files(chunk)).collect();
    // Assets have entries of their own, whoever imports them.
    let modules = [".js", ".css"];
    others.retain(|file| modules.iter().any(|end| file.ends_with(end)) && !first.contains(file));
    others
}

/// Bytes of all WebAssembly in a folder.
pub fn module(site: &Path) -> Outcome<usize> {
    let is_module = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "wasm");
    let modules = files(site)?.into_iter().filter(is_module);
    let sizes = modules.map(|file| {
        let metadata = fs::metadata(&file).explain(format!("cannot read {}", file.display()))?;
        Ok(metadata.len() as usize)
    });
    sizes.sum()
}

/// Every file of the site but the images, with its gzipped size.
fn code(site: &Path) -> Outcome<Vec<(String, usize)>> {
    let mut sizes = Vec::new();
    for file in files(site)? {
        let name = file.strip_prefix(site).unwrap_or(&file);
        if !name.starts_with("data") {
            let bytes = fs::read(&file).explain(format!("cannot read {}", file.display()))?;
            sizes.push((name.to_string_lossy().replace('\\', "/"), gzipped(&bytes)?));
        }
    }
    Ok(sizes)
}

fn gzipped(bytes: &[u8]) -> Outcome<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).explain("cannot compress")?;
    Ok(encoder.finish().explain("cannot compress")?.len())
}

/// Thousands of bytes, as 1024.
#[allow(clippy::cast_precision_loss, reason = "a site is far smaller than 2⁵² bytes")]
pub fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use serde_json::json;

    #[test]
    fn images_do_not_count_as_code() -> Outcome {
        let scratch = Scratch::new("size-code")?;
        scratch.write("index.html", &[b'x'; 10_000])?;
        scratch.write("data/test-0.bin", b"pixels")?;
        let sizes = code(scratch.path())?;
        assert_eq!(sizes.len(), 1);
        assert!(sizes[0].0 == "index.html" && sizes[0].1 < 100);
        Ok(())
    }

    #[test]
    fn sections_that_are_fetched_later_do_not_count() {
        let chunks = json!({
            "index.html": {
                "file": "assets/index.js", "isEntry": true, "css": ["assets/index.css"],
                "imports": ["_shared.js"], "dynamicImports": ["src/Race.tsx"],
            },
            "_shared.js": { "file": "assets/shared.js", "imports": ["index.html"] },
            "src/Race.tsx": {
                "file": "assets/Race.js", "isDynamicEntry": true, "css": ["assets/Race.css"],
                "imports": ["_shared.js", "_bar.js"],
            },
            "_bar.js": { "file": "assets/bar.js", "assets": ["assets/core.wasm"] },
        });
        let expected = ["assets/Race.css", "assets/Race.js", "assets/bar.js"];
        assert!(later(&chunks).iter().eq(&expected));
        assert_eq!(later(&json!({})), BTreeSet::new());
    }

    #[test]
    fn both_halves_count_as_they_are() -> Outcome {
        let scratch = Scratch::new("size-module")?;
        scratch.write("index.html", b"page")?;
        scratch.write("assets/core.wasm", &[b'x'; 10_000])?;
        scratch.write("assets/core_second.wasm", &[b'x'; 5000])?;
        assert_eq!(module(scratch.path()), Ok(15_000));
        Ok(())
    }

    #[test]
    fn the_budget_is_a_limit() {
        assert_eq!(within("it", 10, 10), Ok(()));
        assert_eq!(within("it", 2048, 1024), problem("it takes 2.0 KB, over the budget of 1 KB"));
    }
}
