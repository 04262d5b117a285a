//! `secateurs trial`: one recipe and what is asked of its network.

use crate::data::data_for;
use crate::line::line;
use crate::network;
use crate::options::Options;
use crate::print::{print, share};
use crate::replay::agrees;
use crate::workers::Worker;
use secateurs::network::Mlp;
use secateurs::recipe::{ParsedLink, Recipe, check_recipe, parse_link};
use secateurs::sweep::settings;
use secateurs::trial::{Asked, Outcome};

/// The recipe asked for, with the digest that its sender saw; it may begin with one of these
/// networks.
pub fn recipe(options: &Options, networks: &[Mlp]) -> Result<(Recipe, Option<String>), String> {
    let text = options.recipe.as_deref();
    let text = text.ok_or("Which recipe? Give JSON, a link, or \"\" for the default recipe.")?;
    let (mut recipe, digest) = if text.trim_start().starts_with('{') {
        let value = serde_json::from_str(text)
            .map_err(|error| format!("This recipe is no JSON: {error}."))?;
        (check_recipe(&value)?, None)
    } else {
        let ParsedLink { recipe, digest, .. } = parse_link(&with_shape(text, networks))?;
        (recipe, digest)
    };
    match &options.images {
        None => {}
        Some(images) if images.start == 0 => recipe.measure.images = images.end,
        Some(_) => return Err("A recipe measures on the first test images, from 0 on.".into()),
    }
    // Back through the door: what came from the command line is checked as a link is.
    let json = serde_json::to_value(&recipe).map_err(|error| error.to_string())?;
    Ok((check_recipe(&json)?, digest))
}

/// A link that begins with a network from a file need not say its shape: the file does.
fn with_shape(link: &str, networks: &[Mlp]) -> String {
    let begins = |network: &&Mlp| link.contains(&format!("file={}", network.digest()));
    match networks.iter().find(begins) {
        Some(network) if !link.contains("hidden=") => {
            let hidden: Vec<_> = network.hidden().iter().map(usize::to_string).collect();
            link.replacen("&file=", &format!("&hidden={}&file=", hidden.join("-")), 1)
        }
        _ => link.into(),
    }
}

/// What is asked of its network.
pub fn asked(options: &Options, recipe: &Recipe) -> Result<Asked, String> {
    let given = Asked {
        transfer: options.transfer,
        adaptive: options.adaptive.clone(),
        certified: options.certified.clone(),
        frozen: options.frozen,
        similarity: options.similarity,
        filters: options.filters,
    };
    let asked = match given == Asked::default() {
        true => Asked::usual(recipe),
        false if given.transfer && given.adaptive.is_empty() => {
            Asked { adaptive: vec![recipe.measure.eps], ..given }
        }
        false => given,
    };
    asked.check(recipe)?;
    Ok(asked)
}

/// Makes a trial and prints what came of it.
pub fn trial(options: &Options) -> Result<(), String> {
    let networks = network::given(options)?;
    let (recipe, expected) = recipe(options, &networks)?;
    let asked = asked(options, &recipe)?;
    // The values of a sweep's axis are the recipe's own here.
    let name = |axis: &String| axis.split_once('=').map_or(axis.clone(), |(name, _)| name.into());
    let at = settings(&recipe, &options.axes.iter().map(name).collect::<Vec<_>>())?;
    let data = data_for(options, &recipe)?;
    let outcome = Worker::with(&networks).tries(&recipe, &asked, &data)?;
    let digest = outcome.digest.clone();
    if options.json {
        print(&line(&recipe, &at, &Ok(outcome)))?;
    } else {
        print(&text(&outcome))?;
    }
    agrees(expected, &digest)
}

fn text(outcome: &Outcome) -> String {
    let mut lines = vec![
        format!("digest             {}", outcome.digest),
        format!("sparsity           {:.1} % of the weights", 100.0 * outcome.sparsity),
        format!("units pruned       {} of {}", outcome.units_pruned, outcome.units),
        format!("pixels pruned      {}", outcome.pixels_pruned),
        format!("clean              {}", share(&outcome.clean)),
    ];
    let sizes = [
        ("transfer", &outcome.transfer),
        ("adaptive", &outcome.adaptive),
        ("certified", &outcome.certified),
    ];
    for (name, sizes) in sizes {
        let line = |at: &secateurs::trial::AtSize| {
            format!("{:<18} {}", format!("{name} {}", at.eps), share(&at.count))
        };
        lines.extend(sizes.iter().map(line));
    }
    if let Some(frozen) = outcome.frozen {
        let word = if frozen { "yes, bit for bit" } else { "no" };
        lines.push(format!("weights as before  {word}"));
    }
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "none".into(), |share| format!("{:.1} %", 100.0 * share))
    };
    if let Some(filters) = &outcome.filters {
        lines.push(format!("short waves        {} of the filters' energy", percent(filters.short)));
        lines.push(format!("rarely lit pixels  {} of the first weights", percent(filters.rare)));
    }
    if let Some(found) = &outcome.similarity {
        let rows = [
            ("chance", found.chance),
            ("halves", found.halves.overlap),
            ("attacks", found.attacks.overlap),
            ("sizes", found.sizes.overlap),
            ("digits", found.digits.overlap),
            ("images", found.images.overlap),
            ("noise", found.noise.overlap),
            ("activation", found.activation.overlap),
        ];
        let row = |(name, overlap)| format!("overlap {name:<10} {}", percent(overlap));
        lines.extend(rows.map(row));
    }
    lines.join("\n")
}
