//! `secateurs replay`: a recipe from its beginning to its figures.

use crate::data::data;
use crate::options::Options;
use crate::print::{print, share};
use crate::trial;
use secateurs::data::Dataset;
use secateurs::recipe::{Recipe, Replayer, State, format_link};
use secateurs::trial::report;

/// Replays a recipe and prints its figures.
pub fn replay(options: &Options) -> Result<(), String> {
    let (recipe, expected) = trial::recipe(options)?;
    let data = data(options)?;
    let state = finished(&recipe, &data, options.json)?;
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
    match expected {
        Some(expected) if expected != report.digest => Err(format!(
            "This network's digest is {}, but the link's sender saw {expected}.",
            report.digest
        )),
        _ => Ok(()),
    }
}

fn finished(recipe: &Recipe, data: &Dataset, quiet: bool) -> Result<State, String> {
    let mut replayer = Replayer::default();
    replayer.begin(recipe.clone());
    let mut shown = 0;
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
        if progress.epoch > shown && !quiet {
            shown = progress.epoch;
            eprintln!("epoch {shown} of {}", progress.epochs);
        }
        if progress.done {
            break;
        }
    }
    replayer.state().cloned().ok_or_else(|| "The recipe left no network.".into())
}
