//! The command line: replays recipes and measures networks, the same bits as the page.

use lexopt::prelude::*;
use secateurs::attack::{AttackParams, Method, Purpose, Start};
use secateurs::data::{Dataset, pack};
use secateurs::evaluate::{Attacked, Count, OldImages, Scorer, Scoring};
use secateurs::export::{Layout, read_npz};
use secateurs::network::Mlp;
use secateurs::recipe::{Recipe, Replayer, check_recipe, format_link, parse_link, report};
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
secateurs: adversarial pruning from the command line, the same bits as the page

  secateurs replay RECIPE_OR_LINK [--json]
      Replays a recipe (JSON, a link, or its part after the #; an empty string is the default
      recipe) and prints its figures.
  secateurs measure --network FILE.npz --attack 'METHOD key=value …' [--images A..B] [--json]
      Measures a network from a file: arrays w1, b1, w2, b2, …; --layout in-out|out-in where the
      shapes do not tell. Methods: pgd-linf (eps, steps, step, start=random|image, target),
      fgsm-linf (eps, target), noise-linf (eps). --seed N draws other random starts.

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

/// What was asked for.
#[derive(Default)]
struct Options {
    command: Option<String>,
    recipe: Option<String>,
    data: Option<PathBuf>,
    network: Option<PathBuf>,
    attack: Option<String>,
    images: Option<Range<usize>>,
    layout: Option<Layout>,
    seed: u32,
    json: bool,
}

fn run() -> Result<(), String> {
    let Some(options) = options().map_err(sentence)? else {
        return print(HELP.trim_end());
    };
    match options.command.as_deref() {
        Some("replay") => replay(&options),
        Some("measure") => measure(&options),
        Some(other) => Err(format!("There is no command “{other}”; there are replay and measure.")),
        None => print(HELP.trim_end()),
    }
}

fn sentence(error: lexopt::Error) -> String {
    format!("{error}; see secateurs --help.")
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => options.json = true,
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("network") => options.network = Some(parser.value()?.into()),
            Long("attack") => options.attack = Some(parser.value()?.string()?),
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("images") => options.images = Some(parser.value()?.parse_with(range)?),
            Long("layout") => options.layout = Some(parser.value()?.parse_with(layout)?),
            Value(value) if options.command.is_none() => options.command = Some(value.string()?),
            Value(value) if options.recipe.is_none() => options.recipe = Some(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

fn range(text: &str) -> Result<Range<usize>, String> {
    let ends = text.split_once("..").map(|(from, to)| (from.parse(), to.parse()));
    match ends {
        Some((Ok(from), Ok(to))) if from < to => Ok(from..to),
        _ => Err("images are a range such as 0..1000".into()),
    }
}

fn layout(text: &str) -> Result<Layout, String> {
    match text {
        "in-out" => Ok(Layout::InOut),
        "out-in" => Ok(Layout::OutIn),
        _ => Err("a layout is in-out or out-in".into()),
    }
}

/// The images: from the folder given, or those that the build packed.
fn data(options: &Options) -> Result<Dataset, String> {
    let read = |folder: &Path| {
        if folder.join("manifest.json").exists() {
            pack::read_packed_folder(folder)
        } else {
            pack::read_idx_folder(folder)
        }
    };
    if let Some(folder) = &options.data {
        return read(folder);
    }
    // Beside the program (target/release/secateurs) or below the folder one stands in.
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(2).map(|folder| folder.join("data"));
    let found = [PathBuf::from("target/data")].into_iter().chain(beside.take(2));
    match found.into_iter().find(|folder| folder.join("manifest.json").exists()) {
        Some(folder) => read(&folder),
        None => Err("There is no packed data yet: run cargo xtask build, or give --data DIR with \
                     MNIST's four IDX files."
            .into()),
    }
}

fn replay(options: &Options) -> Result<(), String> {
    let text = options.recipe.as_deref();
    let text = text.ok_or("Which recipe? Give JSON, a link, or \"\" for the default recipe.")?;
    let (recipe, expected) = if text.trim_start().starts_with('{') {
        let value = serde_json::from_str(text)
            .map_err(|error| format!("This recipe is no JSON: {error}."))?;
        (check_recipe(&value)?, None)
    } else {
        let parsed = parse_link(text)?;
        (parsed.recipe, parsed.digest)
    };
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

fn finished(
    recipe: &Recipe,
    data: &Dataset,
    quiet: bool,
) -> Result<secateurs::recipe::State, String> {
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

fn measure(options: &Options) -> Result<(), String> {
    let path = options.network.as_ref().ok_or("Which network? Give --network FILE.npz.")?;
    let attack = options.attack.as_deref();
    let attack = attack.ok_or("Which attack? Give --attack 'pgd-linf eps=0.1 steps=40'.")?;
    let valid = attack_params(attack)?.check()?;
    let file = File::open(path).map_err(|error| format!("{}: {error}.", path.display()))?;
    let network = read_npz(file, options.layout)
        .map_err(|why| format!("{} cannot be used: {why}", path.display()))?;
    let data = data(options)?;
    let images = options.images.clone().unwrap_or(0..data.test.len());
    if images.end > data.test.len() {
        return Err(format!("There are {} test images.", data.test.len()));
    }
    let clean = clean(&network, &data, &images);
    let purpose = Purpose::Evaluate;
    let mut attacked = Attacked::new(&network, valid, options.seed, images, purpose);
    while !attacked.step(&data.test) {}
    let adversarial = attacked.count();
    if options.json {
        let norm = adversarial.median_norm;
        let report = json!({
            "clean": { "correct": clean.correct, "total": clean.total },
            "adversarial": {
                "correct": adversarial.correct, "total": adversarial.total, "median_norm": norm,
            },
        });
        print(&report.to_string())
    } else {
        let count = Count::new(adversarial.correct, adversarial.total);
        print(&format!("clean        {}\nadversarial  {}", share(&clean), share(&count)))
    }
}

/// Clean accuracy on a range of test images.
fn clean(network: &Mlp, data: &Dataset, images: &Range<usize>) -> Count {
    let up_to = |end| {
        let mut scorer = Scorer::default();
        let mut scoring = Scoring::new(&mut scorer, network, end, false);
        while !scoring.step(&mut scorer, &data.test, &OldImages::default()) {}
        scoring.clean().correct
    };
    Count::new(up_to(images.end) - up_to(images.start), images.len())
}

/// Reads `pgd-linf eps=0.1 steps=40`.
fn attack_params(text: &str) -> Result<AttackParams, String> {
    let mut words = text.split_whitespace();
    let method = match words.next() {
        Some("pgd-linf") => Method::Pgd,
        Some("fgsm-linf") => Method::Fgsm,
        Some("noise-linf") => Method::Noise,
        other => {
            return Err(format!(
                "There is no attack “{}”; there are pgd-linf, fgsm-linf and noise-linf.",
                other.unwrap_or_default()
            ));
        }
    };
    let mut params = AttackParams::usual(method, 0.1, 10);
    for word in words {
        let wrong = || {
            format!(
                "“{word}” is not understood; write eps=0.1, steps=40, step=0.01, start=image or target=7."
            )
        };
        let (key, value) = word.split_once('=').ok_or_else(wrong)?;
        match key {
            "eps" => params.eps = value.parse().map_err(|_| wrong())?,
            "steps" => params.steps = value.parse().map_err(|_| wrong())?,
            "step" => params.step = value.parse().map_err(|_| wrong())?,
            "target" => params.target = value.parse().map_err(|_| wrong())?,
            "start" if value == "random" => params.start = Start::Random,
            "start" if value == "image" => params.start = Start::Image,
            _ => return Err(wrong()),
        }
    }
    Ok(params)
}

fn share(count: &Count) -> String {
    let percent = |share: f64| 100.0 * share;
    format!(
        "{:5.2} %  [{:.2}, {:.2}]  {} of {}",
        percent(count.correct as f64 / count.total.max(1) as f64),
        percent(count.low),
        percent(count.high),
        count.correct,
        count.total
    )
}

/// Prints to standard output; a reader that has gone away is no failure.
fn print(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("The result cannot be printed: {error}."))
        }
        _ => Ok(()),
    }
}
