//! The command line: replays recipes and measures networks, the same bits as the page.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod data;
mod list;
mod measure;
mod network;
mod options;
mod print;
mod replay;
mod spec;
mod tables;
mod transfer;

use print::print;
use std::process::ExitCode;

const HELP: &str = "\
secateurs: adversarial pruning from the command line, the same bits as the page

  secateurs replay RECIPE_OR_LINK [--json]
      Replays a recipe (JSON, a link, or its part after the #; an empty string is the default
      recipe) and prints its figures.
  secateurs measure --network FILE.npz --attack 'METHOD key=value …' [--images A..B] [--json]
      Measures a network from a file: arrays w1, b1, w2, b2, …; --layout in-out|out-in where the
      shapes do not tell. Several --attack count as one: an image is robust if it withstands all.
      Certificates are asked for in the same way: --attack 'certified eps=0.01'.
      --per-image   tells every image's reading and perturbation
      --sizes A,B   the attack's security curve, and what is certified (L∞), at these ε
      --alarms      checks whether masked gradients flatter the attack's figure
      --confusion   what each digit is read as under the attack
      --targets     which digit can be made to be read as which (nine targeted attacks each)
      --seed N      draws other random numbers
  secateurs transfer --network A.npz --network B.npz … --attack '…' [--images A..B] [--json]
      Crafts images on every network and shows them to all.
  secateurs attacks [--json]
      Lists attacks and certificates with their parameters.

  --data DIR   Folder of MNIST's four IDX files, or of packed chunks.
               Without it the data that `cargo xtask build` packed is used.
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let Some(options) = options::options().map_err(options::sentence)? else {
        return print(HELP.trim_end());
    };
    match options.command.as_deref() {
        Some("replay") => replay::replay(&options),
        Some("measure") => measure::measure(&options),
        Some("transfer") => transfer::transfer(&options),
        Some("attacks") => list::list(&options),
        Some(other) => Err(format!(
            "There is no command “{other}”; there are replay, measure, transfer and attacks."
        )),
        None => print(HELP.trim_end()),
    }
}
