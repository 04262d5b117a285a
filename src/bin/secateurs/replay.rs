//! `secateurs replay`: a recipe from its beginning to its figures.

use crate::data::data_for;
use crate::network;
use crate::options::Options;
use crate::print::{print, share};
use crate::trial;
use secateurs::data::Dataset;
use secateurs::network::Mlp;
use secateurs::recipe::{Progress, Recipe, Replayer, State, format_link};
use secateurs::train::Watched;
use secateurs::trial::report;

/// Replays a recipe and prints its figures.
pub fn replay(options: &Options) -> Result<(), String> {
    let networks = network::given(options)?;
    let (recipe, expected) = trial::recipe(options, &networks)?;
    let data = data_for(options, &recipe)?;
    let state = finished(&recipe, &networks, &data, options.json)?;
    let report = report(&recipe, &state, &data)?;
    if options.json {
        print(&serde_json::to_string(&report).map_err(|error| error.to_string())?)?;
    } else {
        let link = format_link(&recipe, &Default::default(), Some(&report.digest));
        let lines = [
            format!("link        #{link}"),
            format!("digest      {}", report.digest),
            format!("sparsity    {:.1} % of the weights", 100.0 * report.sparsity),
            format!("clean       {}", share(&report.clean)),
            format!("transfer    {}  (old adversarial images)", share(&report.transfer)),
            format!("adaptive    {}  (re-attacked)", share(&report.adaptive)),
            format!("distortion  {:.4}  ((1/(L−2)) ΣΣ v)", report.distortion.network),
        ];
        print(&lines.join("\n"))?;
    }
    agrees(expected, &report.digest)
}

/// Whether the network is the one that the link's sender saw, if a link came with a digest.
pub fn agrees(expected: Option<String>, digest: &str) -> Result<(), String> {
    match expected {
        Some(expected) if expected != digest => {
            Err(format!("This network's digest is {digest}, but the link's sender saw {expected}."))
        }
        _ => Ok(()),
    }
}

/// The state that a recipe leads to, with networks from files that it may begin with; what happens
/// on the way is told unless it is to be quiet.
pub fn finished(
    recipe: &Recipe,
    networks: &[Mlp],
    data: &Dataset,
    quiet: bool,
) -> Result<State, String> {
    let mut replayer = Replayer::default();
    network::bring(networks, &mut replayer);
    replayer.begin(recipe.clone());
    let mut told = Told::default();
    loop {
        let progress = replayer.step(data)?;
        if let Some(needs) = progress.needs {
            return Err(format!(
                "The recipe needs {} {:?} images, but only {} are here.",
                needs.images,
                needs.set,
                data.set(needs.set).len()
            ));
        }
        if !quiet {
            told.tell(&progress);
        }
        if progress.done {
            break;
        }
    }
    replayer.state().cloned().ok_or_else(|| "The recipe left no network.".into())
}

/// What of a replay was told already.
#[derive(Default)]
struct Told {
    step: usize,
    epochs: usize,
    watched: usize,
}

impl Told {
    /// Tells what is new, on standard error: standard output is for the result.
    fn tell(&mut self, progress: &Progress) {
        if progress.done {
            return;
        }
        if progress.step_index != self.step {
            (self.step, self.epochs) = (progress.step_index, 0);
        }
        if progress.epoch > self.epochs {
            self.epochs = progress.epoch;
            eprintln!("epoch {} of {}", progress.epoch, progress.epochs);
        }
        // Until the next training begins, the last one's figures are still there.
        let told = std::mem::replace(&mut self.watched, progress.watched.len());
        if self.watched > told
            && let Some(Watched { fgsm, pgd, .. }) = progress.watched.last()
        {
            let [fgsm, pgd] = [fgsm, pgd].map(|share| 100.0 * share);
            let alarm = if progress.overfitting { ": overfits catastrophically" } else { "" };
            eprintln!("  right under FGSM {fgsm:.1} %, under PGD {pgd:.1} %{alarm}");
        }
    }
}
