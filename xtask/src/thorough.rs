//! What takes long and is only tested when asked: `cargo xtask test --thorough`.

use crate::data;
use crate::fuzz;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome};
use crate::python::PEERS;
use crate::test::{Stage, program};
use crate::tool::Tool;

/// The stages that come after all others.
pub const STAGES: [Stage; 2] = [
    Stage { name: "fuzz", what: "a million hostile inputs for every reader", run: fuzz::stage },
    Stage {
        name: "torch",
        what: "exported scripts measure the same with torch and torchattacks",
        run: torch,
    },
];

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
