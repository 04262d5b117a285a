//! Finds, or installs, a Rust that compiles to WebAssembly.
//!
//! Rust's own `rustup` brings the target as one download. Where that cannot be had
//! (distributions, closed networks) Debian's packages build the standard library from source.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::debian;
use crate::problem::{Outcome, problem};
use crate::tool::{Tool, on_path};

/// The target of everything that runs in the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A way to compile for [`TARGET`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The Rust that runs this program has the target's standard library.
    Own,
    /// Debian's `rustc`, which builds the standard library with the program.
    Debian {
        /// Debian's `rustc`.
        rustc: PathBuf,
        /// The newest `wasm-ld-N` installed.
        linker: PathBuf,
        /// The standard library's source.
        source: PathBuf,
        /// Its release, which the build depends on.
        version: String,
    },
}

impl Toolchain {
    /// What is here already, else what can be installed, else one sentence.
    pub fn find() -> Outcome<Self> {
        if let Some(ready) = Self::ready() {
            return Ok(ready);
        }
        if on_path(&["rustup"]).is_some() {
            println!("Installing Rust's {TARGET} target with rustup.");
            // A closed network may swallow the request instead of refusing it.
            Tool::new("rustup")
                .args(["target", "add", TARGET])
                .succeeds_within(Duration::from_secs(90));
            if own_has_target() {
                return Ok(Self::Own);
            }
        }
        if !debian::here() {
            return problem(format!(
                "Rust's {TARGET} target is missing and could not be downloaded: \
                 run `rustup target add {TARGET}`"
            ));
        }
        println!("rustup cannot bring {TARGET}; installing Debian's Rust for the web.");
        debian::install(&["rustc-web", "rust-web-src", "libstd-rust-web-dev"])?;
        let linker = debian::newest("lld-")?;
        debian::install(&[&linker])?;
        let missing = "Debian's rustc-web, rust-web-src and lld were installed but are not where \
                       they were expected: run `rustup target add wasm32-unknown-unknown` instead";
        Self::debian().map_or_else(|| problem(missing), Ok)
    }

    /// What can be used without downloading anything.
    pub fn ready() -> Option<Self> {
        if own_has_target() { Some(Self::Own) } else { Self::debian() }
    }

    /// A cargo that compiles for [`TARGET`] with these flags for rustc.
    pub fn cargo(&self, flags: &[String]) -> Tool {
        self.compiling(Tool::cargo().args(["rustc", "--locked"]), flags)
    }

    /// A clippy that understands [`TARGET`]: of the same compiler, because it brings its own.
    pub fn clippy(&self, flags: &[String]) -> Outcome<Tool> {
        if *self == Self::Own {
            return Ok(self.compiling(Tool::cargo().args(["clippy", "--locked"]), flags));
        }
        let clippy = Path::new("/usr/bin/cargo-clippy");
        if !clippy.is_file() {
            debian::install(&["rust-web-clippy"])?;
        }
        Ok(self.compiling(Tool::cargos(clippy).args(["clippy", "--locked"]), flags))
    }

    fn compiling(&self, tool: Tool, flags: &[String]) -> Tool {
        // Separated by 0x1f, a flag may hold a space, as a path may.
        let tool = tool
            .without(&["RUSTFLAGS"])
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .args(["--target", TARGET]);
        match self {
            Self::Own => tool,
            Self::Debian { rustc, linker, .. } => tool
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // rustup's libraries are not those of Debian's compiler.
                .without(&["LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"])
                .args(["-Zbuild-std=std,panic_abort"]),
        }
    }

    /// A word that differs between toolchains whose output may differ.
    pub fn version(&self) -> Outcome<String> {
        match self {
            Self::Own => Tool::new(own_rustc()).args(["--version"]).read(),
            Self::Debian { version, .. } => Ok(format!("Debian's {version}")),
        }
    }

    /// A folder name, so that switching compilers does not throw a build away.
    pub fn folder(&self) -> &'static str {
        match self {
            Self::Own => "wasm",
            Self::Debian { .. } => "wasm-debian",
        }
    }

    fn debian() -> Option<Self> {
        let rustc = PathBuf::from("/usr/bin/rustc");
        let linker = newest_linker(Path::new("/usr/bin"))?;
        if !rustc.is_file() {
            return None;
        }
        let ask = |what: &[&str]| {
            let tool = Tool::new(&rustc).without(&["LD_LIBRARY_PATH"]).args(what).read();
            tool.map(|said| said.trim().to_owned()).ok()
        };
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?);
        let source = sysroot.join("lib/rustlib/src/rust");
        let version = ask(&["--version"])?;
        (source.join("library/std/Cargo.toml").is_file() && minor(&version)? >= OLDEST_DEBIAN)
            .then_some(Self::Debian { rustc, linker, source, version })
    }
}

/// The workspace's minimum; Debian's ordinary `rustc` package is far older.
const OLDEST_DEBIAN: u32 = 90;

fn own_rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// The platform that this program runs on.
pub fn host() -> Outcome<String> {
    let said = Tool::new(own_rustc()).args(["-vV"]).read()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.map_or_else(|| problem("rustc does not say what platform this is"), Ok)
}

fn own_has_target() -> bool {
    let asked =
        Tool::new(own_rustc()).args(["--print", "target-libdir", "--target", TARGET]).read();
    let Ok(folder) = asked else { return false };
    let Ok(files) = std::fs::read_dir(folder.trim()) else {
        return false;
    };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libcore"))
}

fn newest_linker(folder: &Path) -> Option<PathBuf> {
    let names = std::fs::read_dir(folder).ok()?.flatten();
    let numbered = names.filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let number: u32 = name.strip_prefix("wasm-ld-")?.parse().ok()?;
        Some((number, entry.path()))
    });
    numbered.max().map(|(_, path)| path)
}

/// The 96 of `rustc 1.96.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version.split_whitespace().nth(1)?.split('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_newest_linker_is_the_largest_number() -> Outcome {
        let scratch = Scratch::new("toolchain-linker")?;
        assert_eq!(newest_linker(scratch.path()), None);
        for name in ["wasm-ld-9", "wasm-ld-22", "wasm-ld-19", "wasm-ld-next", "ld"] {
            scratch.write(name, b"")?;
        }
        assert_eq!(newest_linker(scratch.path()), Some(scratch.path().join("wasm-ld-22")));
        Ok(())
    }

    #[test]
    fn a_version_is_read_from_what_rustc_says() {
        assert_eq!(
            minor("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some(96)
        );
        assert_eq!(minor("rustc"), None);
    }
}
