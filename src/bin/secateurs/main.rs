//! The command line: replays recipes and measures networks, the same bits as the page.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod data;
mod export;
mod finding;
mod line;
mod list;
mod measure;
mod network;
mod options;
mod print;
mod replay;
mod spec;
mod summary;
mod sweep;
mod tables;
mod transfer;
mod trial;
mod workers;

use print::print;
use std::process::ExitCode;

const HELP: &str = "\
secateurs: adversarial pruning from the command line, the same bits as the page

  secateurs replay RECIPE_OR_LINK [--json]
      Replays a recipe (JSON, a link, or its part after the #; an empty string is the default
      recipe) and prints its figures.
  secateurs measure --network FILE --attack 'METHOD key=value …' [--images A..B] [--json]
      Measures a network from a .safetensors or .npz file: any of fully connected layers with ReLU
      between them that reads 784 pixels. Several --attack count as one: an image is robust if it
      withstands all. Certificates are asked for in the same way: --attack 'certified eps=0.01'.
      --per-image   tells every image's logits, reading and perturbation
      --sizes A,B   the attack's security curve, and what is certified (L∞), at these ε
      --alarms      checks whether masked gradients flatter the attack's figure
      --confusion   what each digit is read as under the attack
      --targets     which digit can be made to be read as which (nine targeted attacks each)
      --seed N      draws other random numbers
  secateurs transfer --network A --network B … --attack '…' [--images A..B] [--json]
      Crafts images on every network and shows them to all.
  secateurs trial RECIPE_OR_LINK [--json]
      Replays a recipe and measures what is asked of its network.
      --adaptive A,B   accuracy under the recipe's attack made anew at these ε
      --transfer       the same for images crafted before the first cut
      --certified A,B  share of images proven at these ε (L∞)
      --frozen         whether what is left is what it was before the first cut, bit for bit
      --similarity     whether the same units are distorted every time (first hidden layer)
      --filters        what the first layer's filters are made of
      --images N       measures on the first N test images, whatever the recipe says
      --axis NAME      tells this of the recipe in the JSON line, such as prune.amount
  secateurs sweep RECIPE_OR_LINK --axis prune.by=distortion,random --axis seed=0,1,2 …
      Makes a trial of every combination and prints a JSON line for each as it is done; what is
      asked is said as for a trial. prune2.amount is of the second of several prune steps.
      --cells      only prints the cells' links, to be tried elsewhere
      --share K/N  the K-th of N shares; --only I the cell I, counted from 0
      --jobs N     so many at a time
  secateurs summary FILE… [--over NAME] [--along NAME --between NAME] [--json]
      Sums such lines up over seeds (or NAME), with the area between two criteria's curves.
  secateurs export RECIPE_OR_LINK --to FILE
      Replays a recipe and writes its network, masks applied, or the experiment; the ending of the
      name says what: .safetensors, .npz, .onnx; .json is the recipe; .py a script that measures
      the same in PyTorch, with its weights beside it; .zip the script and all that it needs.
  secateurs findings [--json]
      Lists claims of the field that are put to the test.
  secateurs finding NAME [--jobs N] [--json]
      Makes a claim's trials and judges it by its rule.
  secateurs attacks [--json]
      Lists attacks and certificates with their parameters.

  --network FILE   A recipe with file=DIGEST (the network's digest) begins with this network.
  --zeros-pruned   Weights of exactly 0 in the file are pruned by a mask.
  --normalised     The network reads pixels x as (x − 0.1307) / 0.3081.
  --data DIR       Folder of MNIST's four IDX files, or of packed chunks, or for a recipe with
                   data=DIGEST of one's own IDX files. Without it the data that
                   `cargo xtask build` packed is used.
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
        Some("trial") => trial::trial(&options),
        Some("sweep") => sweep::sweep(&options),
        Some("export") => export::export(&options),
        Some("summary") => summary::summarise(&options),
        Some("findings") => finding::list(&options),
        Some("finding") => finding::judge(&options),
        Some("attacks") => list::list(&options),
        Some(other) => Err(format!(
            "There is no command “{other}”; there are replay, measure, transfer, trial, sweep, \
             summary, export, findings, finding and attacks."
        )),
        None => print(HELP.trim_end()),
    }
}
