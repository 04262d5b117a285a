//! `secateurs export`: a recipe's network as a file of other tools, or the experiment as a script.

use crate::data::data_for;
use crate::network;
use crate::options::Options;
use crate::print::print;
use crate::replay::{agrees, finished};
use crate::trial::recipe;
use secateurs::data::Dataset;
use secateurs::export::{About, Experiment, Figures, Format, Weights};
use secateurs::recipe::{Recipe, State};
use secateurs::trial::report;
use std::path::Path;

/// What a file is to hold, by the ending of its name.
enum What {
    Network(Format),
    Recipe,
    Script,
    Archive,
}

fn what(path: &Path) -> Result<What, String> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("safetensors") => Ok(What::Network(Format::Safetensors)),
        Some("npz") => Ok(What::Network(Format::Npz)),
        Some("onnx") => Ok(What::Network(Format::Onnx)),
        Some("json") => Ok(What::Recipe),
        Some("py") => Ok(What::Script),
        Some("zip") => Ok(What::Archive),
        _ => Err(format!(
            "{} tells no format; its name must end in .safetensors, .npz, .onnx, .json, .py or \
             .zip.",
            path.display()
        )),
    }
}

/// Replays a recipe and writes what was asked for.
pub fn export(options: &Options) -> Result<(), String> {
    let networks = network::given(options)?;
    let (recipe, expected) = recipe(options, &networks)?;
    let path = options.to.as_deref();
    let path =
        path.ok_or("Where to? Give --to net.safetensors, or another name that tells what.")?;
    let what = what(path)?;
    if let What::Recipe = what {
        let json = serde_json::to_string_pretty(&recipe).map_err(|error| error.to_string())?;
        return write(path, json.as_bytes());
    }
    let data = data_for(options, &recipe)?;
    let state = finished(&recipe, &networks, &data, false)?;
    match what {
        What::Network(format) => {
            write(path, &format.write(&state.network, &About::new(&recipe, &state.network)))?;
        }
        What::Archive => {
            let figures = figures(&recipe, &state, &data)?;
            write(path, &Experiment::of(&recipe, &state, &figures).archive())?;
        }
        _ => {
            let figures = figures(&recipe, &state, &data)?;
            script(path, &Experiment::of(&recipe, &state, &figures))?;
        }
    }
    agrees(expected, &state.network.digest())
}

/// The script, and beside it the weights that it loads, called after it.
fn script(path: &Path, experiment: &Experiment) -> Result<(), String> {
    let name = |path: Option<&std::ffi::OsStr>| {
        path.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let (file, stem) = (name(path.file_name()), name(path.file_stem()));
    let names =
        Weights { after: format!("{stem}-after.npz"), before: format!("{stem}-before.npz") };
    for weights in experiment.weights(&names) {
        write(&path.with_file_name(weights.name), &weights.bytes)?;
    }
    write(path, experiment.script(&file, &names).as_bytes())
}

/// What the script prints beside its own figures.
fn figures(recipe: &Recipe, state: &State, data: &Dataset) -> Result<Figures, String> {
    let report = report(recipe, state, data)?;
    Ok(Figures {
        clean: Some(report.clean.correct),
        transfer: Some(report.transfer.correct),
        adaptive: Some(report.adaptive.correct),
        distortion: report.distortion.layers.into_iter().map(|layer| layer.units).collect(),
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes)
        .map_err(|error| format!("{} cannot be written: {error}.", path.display()))?;
    print(&format!("{}  {} bytes", path.display(), bytes.len()))
}
