//! Compiles the core to WebAssembly and makes it a module the page can import.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::halves;
use crate::node::Node;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::stamp::{Inputs, Stamp};
use crate::tool::Tool;
use crate::toolchain::Toolchain;

/// SIMD is in every current browser. Loop strength reduction is off because it costs V8 about a
/// tenth of the matrix kernels' speed (it turns their addressing into extra additions); look at
/// the machine code again when the compiler changes. Each constant stays a segment of data by itself
/// so that those which only the second half needs can be told apart.
const FLAGS: [&str; 3] = [
    "-Ctarget-feature=+simd128",
    "-Cllvm-args=-disable-lsr",
    "-Clink-arg=--no-merge-data-segments",
];

/// For our own modules: inlining is held back (LLVM's thresholds are 250 and 325), because it makes
/// the module larger by a tenth and no measured loop faster. Nor are loops of unknown length
/// unrolled: those that matter work on blocks, and the module is a seventieth smaller.
pub const SMALL: [&str; 3] = [
    "-Cllvm-args=-inline-threshold=10",
    "-Cllvm-args=-inlinehint-threshold=100",
    "-Cllvm-args=-unroll-runtime=false",
];

/// The crates of the core, which the module is made of.
pub const CRATES: [&str; 3] = ["secateurs", "secateurs-lab", "secateurs-engine"];

/// What rustc emits for this target; wasm-opt must know all of it, and may use no more.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Our own sources that make a module of what was compiled.
const TOOLS: [&str; 4] =
    ["xtask/src/halves.rs", "xtask/src/split.rs", "xtask/src/split/data.rs", "xtask/src/wasm.rs"];

/// How much care a build is made with; each is good enough for those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Quick to build: for the dev server.
    Draft,
    /// What users get.
    Finished,
    /// What users get, and the compiler had no warning.
    Strict,
}

/// Builds the module into the page's sources unless it is there already.
pub fn build(paths: &Paths, care: Care) -> Outcome {
    let toolchain = Toolchain::find()?;
    let hash = inputs(paths, &toolchain, &CORE)?;
    let stamp = |care: Care| Stamp::at(paths.target.join(format!("xtask/wasm-{care:?}")));
    let cares = [Care::Draft, Care::Finished, Care::Strict];
    let complete = paths.generated().join("secateurs_bg.wasm").is_file();
    if complete && cares.iter().any(|had| *had >= care && stamp(*had).is(&hash)) {
        return Ok(());
    }
    cares.iter().for_each(|care| stamp(*care).clear());
    println!("Compiling the core to WebAssembly.");
    let bound = make(paths, &toolchain, &CORE, care)?;
    publish(&bound, &paths.generated())?;
    stamp(care).set(&hash)
}

/// A library that becomes a module of its own.
pub struct Library {
    /// Where its manifest is, from the repository's top folder on.
    pub manifest: &'static str,
    /// Its name, with underscores.
    pub name: &'static str,
    /// Files and folders it is made from, likewise.
    pub sources: &'static [&'static str],
    /// Whether what is not needed first becomes a module of its own.
    pub halved: bool,
    /// For rustc, besides those that every module is compiled with.
    pub flags: &'static [&'static str],
}

const CORE: Library = Library {
    manifest: "Cargo.toml",
    name: "secateurs",
    sources: &["src", "crates", "Cargo.toml", "Cargo.lock"],
    halved: true,
    flags: &SMALL,
};

/// Builds another library exactly as the core is built for users, unless it is there already,
/// and puts it into a folder.
pub fn build_like_the_core(paths: &Paths, library: &Library, folder: &Path) -> Outcome {
    let toolchain = Toolchain::find()?;
    let hash = inputs(paths, &toolchain, library)?;
    let kept = paths.target.join("xtask").join(library.name);
    let stamp = Stamp::at(paths.target.join(format!("xtask/wasm-{}", library.name)));
    if !stamp.is(&hash) || !kept.is_dir() {
        stamp.clear();
        println!("Compiling {} to WebAssembly.", library.name);
        publish(&make(paths, &toolchain, library, Care::Finished)?, &kept)?;
        stamp.set(&hash)?;
    }
    publish(&kept, folder)
}

/// Makes a library's module and returns the folder it is in.
fn make(paths: &Paths, toolchain: &Toolchain, library: &Library, care: Care) -> Outcome<PathBuf> {
    let module = compile(paths, toolchain, library, care)?;
    let bound = bind(paths, &module, library.name)?;
    let first = bound.join(format!("{}_bg.wasm", library.name));
    let second = bound.join(format!("{}_second.wasm", library.name));
    match (library.halved, care) {
        (true, Care::Draft) => halves::leave_whole(&second)?,
        (false, Care::Draft) => {}
        (true, _) => {
            halves::halve(&first, &second)?;
            optimise(paths, &first)?;
            optimise(paths, &second)?;
        }
        (false, _) => optimise(paths, &first)?,
    }
    Ok(bound)
}

/// Runs clippy on the code that only the browser runs.
pub fn clippy(paths: &Paths) -> Outcome {
    let toolchain = Toolchain::find()?;
    toolchain
        .clippy(&flags(paths, &toolchain, &CORE))?
        // The standard library of the release build is used again where it was built for it.
        .args(["--release", "--lib"])
        .args(CRATES.iter().chain(&["bench-core"]).flat_map(|name| ["--package", name]))
        .args([target_folder(paths, &toolchain)])
        .args(["--", "-Dwarnings"])
        .within(&paths.root)
        .named("clippy for wasm")
        .run()
}

/// Everything a library's module is made from.
fn inputs(paths: &Paths, toolchain: &Toolchain, library: &Library) -> Outcome<String> {
    let mut inputs = Inputs::default().word(&toolchain.version()?);
    for word in FLAGS.iter().chain(library.flags).chain(&FEATURES) {
        inputs = inputs.word(word);
    }
    for path in library.sources.iter().chain(&TOOLS) {
        inputs = inputs.path(&paths.root.join(path))?;
    }
    Ok(inputs.path(&paths.www.join("package-lock.json"))?.hash())
}

fn compile(
    paths: &Paths,
    toolchain: &Toolchain,
    library: &Library,
    care: Care,
) -> Outcome<PathBuf> {
    let strict: &[&str] = if care == Care::Strict { &["--", "-Dwarnings"] } else { &[] };
    toolchain
        .cargo(&flags(paths, toolchain, library))
        .args(["--release", "--lib", "--crate-type", "cdylib"])
        .args(["--manifest-path", library.manifest])
        .args([target_folder(paths, toolchain)])
        .args(strict)
        .within(&paths.root)
        .named("the WebAssembly build")
        .run()?;
    let folder = paths.target.join(toolchain.folder());
    let file = format!("release/{}.wasm", library.name);
    Ok(folder.join(crate::toolchain::TARGET).join(file))
}

fn target_folder(paths: &Paths, toolchain: &Toolchain) -> String {
    format!("--target-dir={}", paths.target.join(toolchain.folder()).display())
}

/// The flags, and shorter names for folders: what users get must not depend on, nor tell, where
/// it was built.
fn flags(paths: &Paths, toolchain: &Toolchain, library: &Library) -> Vec<String> {
    let flags = FLAGS.iter().chain(library.flags);
    let mut flags: Vec<String> = flags.map(|flag| (*flag).to_owned()).collect();
    let mut shorten = |folder: &Path, name: &str| {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    };
    shorten(&paths.root, ".");
    if let Some(home) = cargo_home() {
        shorten(&home, "cargo");
    }
    if let Toolchain::Debian { source, .. } = toolchain {
        shorten(source, "rust");
    }
    flags
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// Runs wasm-bindgen and returns the folder of what it wrote.
fn bind(paths: &Paths, module: &Path, name: &str) -> Outcome<PathBuf> {
    let folder = paths.target.join("xtask/bindgen");
    let _ = fs::remove_dir_all(&folder);
    let mut bindgen = Bindgen::new();
    let bound = bindgen.input_path(module).out_name(name).typescript(true).web(true);
    bound
        .and_then(|bindgen| bindgen.generate(&folder))
        .map_err(|error| format!("{error:#}"))
        .explain("wasm-bindgen failed")?;
    Ok(folder)
}

fn optimise(paths: &Paths, module: &Path) -> Outcome {
    println!("Optimising it with wasm-opt.");
    let node = Node::installed(paths)?;
    let wasm_opt: Tool = node.tool("binaryen/bin/wasm-opt");
    wasm_opt
        .args(["-Oz"])
        .args(FEATURES)
        .arg(module)
        .args(["-o"])
        .arg(module)
        .named("wasm-opt")
        .run()
}

/// Copies what changed, so that a dev server reloads only what it must.
fn publish(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).explain(format!("cannot make {}", to.display()))?;
    for file in crate::stamp::files(from)? {
        let Some(name) = file.file_name() else {
            continue;
        };
        let bytes = fs::read(&file).explain(format!("cannot read {}", file.display()))?;
        write_if_changed(&to.join(name), &bytes)?;
    }
    Ok(())
}

/// Leaves a file alone that holds these bytes already.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Outcome {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(path, bytes).explain(format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_care_is_good_enough_for_less() {
        assert!(Care::Strict > Care::Finished && Care::Finished > Care::Draft);
    }
}
