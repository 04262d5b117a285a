//! How much a visitor downloads before the page works.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::problem::{Explain, Outcome, problem};
use crate::stamp::files;

/// Code before data, in bytes after gzip.
pub const BUDGET: usize = 400 * 1024;

/// The core's module before compression, in bytes. Training, PGD, pruning and links fit into 350
/// KB; a dozen more attacks, the certificates and the checks for masked gradients take the rest.
pub const MODULE_BUDGET: usize = 560 * 1024;

/// Prints the gzipped sizes of the site's code, and the module's own; over a budget is a problem.
pub fn report(site: &Path) -> Outcome {
    let mut sizes = code(site)?;
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (name, size) in &sizes {
        println!("{:>9.1} KB  {name}", kilobytes(*size));
    }
    let total = sizes.iter().map(|(_, size)| size).sum();
    println!("{:>9.1} KB  code before data, gzipped", kilobytes(total));
    let module = module(site)?;
    println!("{:>9.1} KB  the core's module before compression", kilobytes(module));
    within("the page's code, gzipped,", total, BUDGET)?;
    within("the core's module before compression", module, MODULE_BUDGET)
}

fn within(what: &str, total: usize, budget: usize) -> Outcome {
    if total <= budget {
        return Ok(());
    }
    let (total, budget) = (kilobytes(total), kilobytes(budget));
    problem(format!("{what} takes {total:.1} KB, over the budget of {budget:.0} KB"))
}

/// Bytes of the site's WebAssembly.
fn module(site: &Path) -> Outcome<usize> {
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
    fn the_module_counts_as_it_is() -> Outcome {
        let scratch = Scratch::new("size-module")?;
        scratch.write("index.html", b"page")?;
        scratch.write("assets/core.wasm", &[b'x'; 10_000])?;
        assert_eq!(module(scratch.path()), Ok(10_000));
        Ok(())
    }

    #[test]
    fn the_budget_is_a_limit() {
        assert_eq!(within("it", 10, 10), Ok(()));
        assert_eq!(within("it", 2048, 1024), problem("it takes 2.0 KB, over the budget of 1 KB"));
    }
}
