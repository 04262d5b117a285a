//! What was asked for on the command line.

use lexopt::prelude::*;
use secateurs::import::How;
use std::ops::Range;
use std::path::PathBuf;

/// What was asked for.
#[derive(Default)]
pub struct Options {
    pub command: Option<String>,
    pub recipe: Option<String>,
    pub data: Option<PathBuf>,
    pub networks: Vec<PathBuf>,
    pub attacks: Vec<String>,
    pub images: Option<Range<usize>>,
    pub how: How,
    pub seed: u32,
    pub json: bool,
    pub per_image: bool,
    pub alarms: bool,
    pub confusion: bool,
    pub targets: bool,
    pub sizes: Vec<f64>,
    pub axes: Vec<String>,
    pub transfer: bool,
    pub adaptive: Vec<f64>,
    pub certified: Vec<f64>,
    pub frozen: bool,
    pub similarity: bool,
    pub filters: bool,
    pub cells: bool,
    pub share: Option<(usize, usize)>,
    pub only: Option<usize>,
    pub jobs: Option<usize>,
    pub over: Vec<String>,
    pub along: Option<String>,
    pub between: Option<String>,
    pub to: Option<PathBuf>,
    /// What stands behind the first argument.
    pub files: Vec<String>,
}

pub fn sentence(error: lexopt::Error) -> String {
    format!("{error}; see secateurs --help.")
}

/// Reads the command line; nothing if only help is wanted.
pub fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => options.json = true,
            Long("alarms") => options.alarms = true,
            Long("confusion") => options.confusion = true,
            Long("targets") => options.targets = true,
            Long("sizes") => options.sizes = parser.value()?.parse_with(sizes)?,
            Long("axis") => options.axes.push(parser.value()?.string()?),
            Long("transfer") => options.transfer = true,
            Long("adaptive") => options.adaptive = parser.value()?.parse_with(sizes)?,
            Long("certified") => options.certified = parser.value()?.parse_with(sizes)?,
            Long("frozen") => options.frozen = true,
            Long("similarity") => options.similarity = true,
            Long("filters") => options.filters = true,
            Long("cells") => options.cells = true,
            Long("share") => options.share = Some(parser.value()?.parse_with(share)?),
            Long("only") => options.only = Some(parser.value()?.parse()?),
            Long("jobs") => options.jobs = Some(parser.value()?.parse()?),
            Long("over") => options.over.push(parser.value()?.string()?),
            Long("along") => options.along = Some(parser.value()?.string()?),
            Long("between") => options.between = Some(parser.value()?.string()?),
            Long("to") => options.to = Some(parser.value()?.into()),
            Long("per-image") => options.per_image = true,
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("network") => options.networks.push(parser.value()?.into()),
            Long("attack") => options.attacks.push(parser.value()?.string()?),
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("images") => options.images = Some(parser.value()?.parse_with(range)?),
            Long("zeros-pruned") => options.how.zeros_pruned = true,
            Long("normalised") => options.how.normalised = true,
            Value(value) if options.command.is_none() => options.command = Some(value.string()?),
            Value(value) if options.recipe.is_none() => options.recipe = Some(value.string()?),
            Value(value) if options.command.as_deref() == Some("summary") => {
                options.files.push(value.string()?);
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

fn range(text: &str) -> Result<Range<usize>, String> {
    if let Ok(count @ 1..) = text.parse() {
        return Ok(0..count);
    }
    let ends = text.split_once("..").map(|(from, to)| (from.parse(), to.parse()));
    match ends {
        Some((Ok(from), Ok(to))) if from < to => Ok(from..to),
        _ => Err("images are a range such as 0..1000, or how many".into()),
    }
}

fn sizes(text: &str) -> Result<Vec<f64>, String> {
    let sizes = text.split(',').map(str::parse).collect::<Result<_, _>>();
    sizes.map_err(|_| "sizes are numbers such as 0.01,0.02,0.05".into())
}

fn share(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').map(|(share, of)| (share.parse(), of.parse()));
    match parts {
        Some((Ok(share @ 1..), Ok(of))) if share <= of => Ok((share, of)),
        _ => Err("a share is one such as 2/4, the second of four".into()),
    }
}
