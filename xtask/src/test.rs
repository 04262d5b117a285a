//! Everything that must hold, in stages: the first that fails ends the run.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::browser;
use crate::browsers;
use crate::data;
use crate::node::Node;
use crate::page;
use crate::paths::Paths;
use crate::problem::{Outcome, Problem, problem};
use crate::python::{self, READERS};
use crate::serve::Server;
use crate::supply;
use crate::thorough;
use crate::tool::Tool;
use crate::wasm::{self, Care};

/// One thing that must hold.
pub struct Stage {
    pub name: &'static str,
    pub what: &'static str,
    pub run: fn(&Paths) -> Outcome,
}

/// What is always run, ten minutes at most. What is quick to fail comes first, as far as one stage
/// does not need another's output.
const STAGES: [Stage; 14] = [
    Stage { name: "format", what: "Rust is formatted", run: format },
    Stage { name: "clippy", what: "clippy has nothing to say", run: clippy },
    Stage {
        name: "supply",
        what: "what is built with is from where it should be",
        run: supply::check,
    },
    Stage { name: "data", what: "the images and the property table are packed", run: pack },
    Stage { name: "rust", what: "the core's and the build's tests", run: rust },
    Stage { name: "python", what: "other tools open what is exported", run: python },
    Stage { name: "clippy-wasm", what: "nor of what only the browser runs", run: wasm::clippy },
    Stage { name: "wasm", what: "the WebAssembly builds without a warning", run: wasm },
    Stage { name: "site", what: "the site builds within its budget", run: site },
    Stage { name: "types", what: "the page's types hold", run: types },
    Stage { name: "lint", what: "Biome has nothing to say", run: lint },
    Stage { name: "unit", what: "the page's unit tests", run: unit },
    Stage { name: "browser", what: "the page in a real Chromium", run: browser },
    Stage { name: "browsers", what: "a visit with Firefox and WebKit", run: browsers },
];

/// Which stages to run.
#[derive(Debug, Default)]
pub struct Choice {
    /// If any are named, only these.
    pub only: Vec<String>,
    /// Never these.
    pub skip: Vec<String>,
    /// These of what takes long.
    pub also: Vec<String>,
    /// All of what takes long.
    pub thorough: bool,
}

impl Choice {
    fn takes(&self, stage: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name == stage);
        let long = thorough::STAGES.iter().any(|known| known.name == stage);
        let usual = !long || self.thorough || named(&self.also);
        (if self.only.is_empty() { usual } else { named(&self.only) }) && !named(&self.skip)
    }

    fn check(&self) -> Outcome {
        let known = |name: &str| stages().any(|stage| stage.name == name);
        let named = self.only.iter().chain(&self.skip).chain(&self.also);
        match named.into_iter().find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                let names = stages().map(|stage| stage.name).collect::<Vec<_>>().join(", ");
                problem(format!("there is no stage “{name}”: the stages are {names}"))
            }
        }
    }
}

/// The stages to choose from.
fn stages() -> impl Iterator<Item = &'static Stage> {
    STAGES.iter().chain(&thorough::STAGES)
}

/// Runs the stages and prints how they went.
pub fn run(paths: &Paths, choice: &Choice) -> Outcome {
    choice.check()?;
    let begin = Instant::now();
    let mut passed = Vec::new();
    let mut failed = None;
    for stage in stages().filter(|stage| choice.takes(stage.name)) {
        let Stage { name, what, run } = stage;
        println!("\n── {name}: {what}");
        let begin = Instant::now();
        let outcome = run(paths);
        let took = seconds(begin.elapsed());
        match outcome {
            Ok(()) => {
                println!("── {name}: passed in {took}");
                passed.push(format!("{name} {took}"));
            }
            Err(Problem(why)) => {
                println!("── {name}: failed after {took}");
                failed = Some(Problem(format!("{name}: {why}")));
                break;
            }
        }
    }
    let all = seconds(begin.elapsed());
    println!("\nAfter {all}: {}", passed.join(", "));
    println!("{} passed, {} failed", passed.len(), usize::from(failed.is_some()));
    failed.map_or(Ok(()), Err)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn format(paths: &Paths) -> Outcome {
    cargo(paths, "rustfmt", &["fmt", "--all", "--check"])
}

fn clippy(paths: &Paths) -> Outcome {
    cargo(
        paths,
        "clippy",
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-Dwarnings"],
    )
}

fn pack(paths: &Paths) -> Outcome {
    data::properties(paths)?;
    data::pack(paths, data::own_folder(None).as_deref())
}

fn rust(paths: &Paths) -> Outcome {
    // One after the other: together, the build's dependencies would be compiled anew for the
    // features that the core's tests add to them.
    let packages = wasm::CRATES.iter().flat_map(|name| ["--package", name]);
    cargo(
        paths,
        "cargo test",
        &["test", "--locked"].into_iter().chain(packages).collect::<Vec<_>>(),
    )?;
    cargo(paths, "cargo test", &["test", "--locked", "--package", "xtask"])
}

fn cargo(paths: &Paths, name: &str, args: &[&str]) -> Outcome {
    Tool::cargo().args(args).within(&paths.root).named(name).run()
}

fn python(paths: &Paths) -> Outcome {
    if !python::here() && std::env::var_os("CI").is_none() {
        println!("Skipped: there is no Python 3 with its venv module on this machine.");
        return Ok(());
    }
    let (python, program) = (READERS.python(paths)?, program(paths)?);
    Tool::new(python)
        .args(["-m", "unittest", "discover", "--start-directory", "tests/python"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SECATEURS", program)
        .env("MNIST", data::published(paths)?)
        .within(&paths.root)
        .named("Python's tests")
        .run()
}

/// The command line, as tests run it: optimised, but quick to build.
pub fn program(paths: &Paths) -> Outcome<PathBuf> {
    cargo(
        paths,
        "cargo build",
        &["build", "--locked", "--package", "secateurs", "--bin", "secateurs"],
    )?;
    Ok(paths.target.join(format!("debug/secateurs{}", std::env::consts::EXE_SUFFIX)))
}

fn wasm(paths: &Paths) -> Outcome {
    wasm::build(paths, Care::Strict)
}

fn site(paths: &Paths) -> Outcome {
    page::build_and_weigh(paths, data::own_folder(None).as_deref(), Care::Finished)
}

fn types(paths: &Paths) -> Outcome {
    for project in ["tsconfig.json", "tsconfig.node.json", "tsconfig.serviceWorker.json"] {
        tool(paths, "typescript/bin/tsc", &["--noEmit", "--project", project])?;
    }
    Ok(())
}

fn lint(paths: &Paths) -> Outcome {
    // It colours its report for a log too, unless told.
    let colours = if std::io::stdout().is_terminal() { "--colors=force" } else { "--colors=off" };
    tool(
        paths,
        "@biomejs/biome/bin/biome",
        &["ci", "--error-on-warnings", colours, ".", "../benches/web"],
    )
}

fn unit(paths: &Paths) -> Outcome {
    tool(paths, "vitest/vitest.mjs", &["run"])
}

fn tool(paths: &Paths, script: &str, args: &[&str]) -> Outcome {
    Node::installed(paths)?.tool(script).args(args).run()
}

/// Under a path, because the site must work under any; elsewhere it works at the top too.
const UNDER: &str = "/somewhere/deep/";

fn browser(paths: &Paths) -> Outcome {
    playwright(paths, &["--grep-invert", LONG])
}

/// What tests are tagged with that are left to the stage `long`.
pub const LONG: &str = "@long";

/// Runs tests of the page in a real Chromium.
pub fn playwright(paths: &Paths, choice: &[&str]) -> Outcome {
    let node = Node::installed(paths)?;
    let chromium = browser::chromium(&node)?;
    let server = Server::bind(&paths.site(), UNDER, 0)?;
    let address = server.address()?;
    server.serve_aside();
    node.tool("@playwright/test/cli.js")
        .args(["test"])
        .args(choice)
        .env("SECATEURS_URL", address)
        .env("SECATEURS_CHROMIUM", chromium)
        .named("Playwright")
        .run()
}

fn browsers(paths: &Paths) -> Outcome {
    browsers::visit(paths, UNDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(only: &[&str], skip: &[&str]) -> Choice {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Choice { only: owned(only), skip: owned(skip), ..Choice::default() }
    }

    #[test]
    fn stages_are_chosen_by_name() {
        assert!(choice(&[], &[]).takes("rust"));
        assert!(choice(&["rust"], &[]).takes("rust"));
        assert!(!choice(&["rust"], &[]).takes("site"));
        assert!(!choice(&[], &["rust"]).takes("rust"));
    }

    #[test]
    fn long_stages_are_asked_for() {
        let [long, other] = [0, 1].map(|at| thorough::STAGES[at].name);
        assert!(!choice(&[], &[]).takes(long));
        assert!(choice(&[long], &[]).takes(long));
        let also = Choice { also: vec![long.to_owned()], ..Choice::default() };
        assert!(also.takes(long) && also.takes("rust") && !also.takes(other));
        assert!(Choice { thorough: true, ..Choice::default() }.takes(long));
        assert!(choice(&[long], &[]).check().is_ok() && also.check().is_ok());
    }

    #[test]
    fn an_unknown_stage_is_told() {
        assert_eq!(choice(&["rust"], &["site"]).check(), Ok(()));
        assert!(choice(&["rost"], &[]).check().is_err_and(|told| told.0.contains("“rost”")));
    }
}
