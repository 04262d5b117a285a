//! What takes long and is only tested when asked: `cargo xtask test --also STAGE`, or all of it with
//! `--thorough`.

use crate::data;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::python::PEERS;
use crate::supply;
use crate::test::{LONG, Stage, playwright, program};
use crate::tool::Tool;

/// The stages that come after all others.
pub const STAGES: [Stage; 6] = [
    Stage {
        name: "outcomes",
        what: "what recipes come to, and attacks beside those of the reference tools",
        run: outcomes,
    },
    Stage { name: "long", what: "the rest of the page in a real Chromium", run: long },
    Stage { name: "deny", what: "cargo-deny has nothing against a crate", run: supply::deny },
    Stage {
        name: "torch",
        what: "exported scripts measure the same with torch and torchattacks",
        run: torch,
    },
    Stage { name: "chaos", what: "a thousand workers are killed, nothing is lost", run: chaos },
    Stage {
        name: "soak",
        what: "an hour of use holds no more memory than its beginning",
        run: hour,
    },
];

/// Tests that train many networks are ignored by a plain `cargo test`.
fn outcomes(paths: &Paths) -> Outcome {
    let files = ["agreement", "bars", "lessons"].iter().flat_map(|name| ["--test", name]);
    let args = ["test", "--locked", "--package", "secateurs"].into_iter().chain(files);
    let choice = ["--", "--ignored", "--skip", "under_three_seeds"];
    Tool::cargo().args(args).args(choice).within(&paths.root).named("cargo test").run()
}

fn long(paths: &Paths) -> Outcome {
    playwright(paths, &["--grep", LONG], &[])
}

const KILLS: u32 = 1000;
const HOUR: u32 = 3600;

fn chaos(paths: &Paths) -> Outcome {
    playwright(paths, &["chaos.spec.ts"], &[("SECATEURS_KILLS", KILLS.to_string())])
}

fn hour(paths: &Paths) -> Outcome {
    soak(paths, HOUR)
}

/// A visitor stays for so many seconds on the built site.
pub fn soak(paths: &Paths, seconds: u32) -> Outcome {
    let seconds = ("SECATEURS_SOAK_SECONDS", seconds.to_string());
    playwright(paths, &["--config", "playwright.soak.config.ts"], &[seconds])
}

/// A pruned network and an adversarially trained one: the scripts themselves say whether what they
/// measure lies in the room that they name, and fail where it does not.
const EXPERIMENTS: [(&str, &str); 2] = [
    ("pruned", "v=1&train=epochs:3&prune=amount:20&attack=steps:40&measure=images:2000"),
    (
        "trained-against",
        "v=1&train=epochs:2,images:20000,against:pgd&attack=method:fgsm&measure=eps:0.1,images:2000",
    ),
];

fn torch(paths: &Paths) -> Outcome {
    let (python, program) = (PEERS.python(paths)?, program(paths)?);
    let (images, folder) = (data::published(paths)?, paths.target.join("experiments"));
    std::fs::create_dir_all(&folder).explain(format!("cannot make {}", folder.display()))?;
    for (name, link) in EXPERIMENTS {
        println!("\n{link}");
        let script = folder.join(format!("{name}.py"));
        let export = Tool::new(&program).args(["export", link, "--to"]).arg(&script);
        export.within(&paths.root).named("secateurs export").run()?;
        let run = Tool::new(&python).env("PYTHONDONTWRITEBYTECODE", "1").arg(&script).arg(&images);
        run.named(name).run()?;
    }
    Ok(())
}
