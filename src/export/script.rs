//! “The same experiment in PyTorch”: a script made of the recipe. It loads the weights that lie
//! beside it, measures what was measured here, and prints both.
//!
//! The script's texts are files of Python with gaps in double braces.

mod attack;
mod origins;
mod training;

use super::{About, Entry, Figures, Format, zip};
use crate::attack::{Method, Norm};
use crate::network::Mlp;
use crate::recipe::{Recipe, State};
use crate::words::number;
use attack::{Hand, Packaged, descent};
use origins::{began, images_from};
use training::Trained;

const EXPERIMENT: &str = include_str!("python/experiment.py");

/// How the files beside the script are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// The network.
    pub after: String,
    /// What it was before its first cut; the same name where there was none.
    pub before: String,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { after: "after.npz".into(), before: "before.npz".into() }
    }
}

impl Weights {
    /// How the script that loads them is usually called.
    pub const SCRIPT: &str = "experiment.py";
}

/// A recipe's networks, and what was measured of them.
#[derive(Debug)]
pub struct Experiment<'a> {
    recipe: &'a Recipe,
    network: &'a Mlp,
    reference: &'a Mlp,
    figures: &'a Figures,
}

impl<'a> Experiment<'a> {
    /// Of a recipe, its network and the network before its first cut.
    pub fn new(
        recipe: &'a Recipe,
        network: &'a Mlp,
        reference: &'a Mlp,
        figures: &'a Figures,
    ) -> Self {
        Experiment { recipe, network, reference, figures }
    }

    /// Of a recipe and the state that it led to.
    pub fn of(recipe: &'a Recipe, state: &'a State, figures: &'a Figures) -> Self {
        Self::new(recipe, &state.network, state.reference(), figures)
    }

    /// Whether the network has been cut since it was trained: then there are two.
    pub fn is_cut(&self) -> bool {
        self.network.digest() != self.reference.digest()
    }

    /// The files of weights, `after` first, and `before` if there is one.
    pub fn weights(&self, names: &Weights) -> Vec<Entry> {
        let about = About::new(self.recipe, self.network);
        let file = |name: &str, network: &Mlp, about: &About| Entry {
            name: name.into(),
            bytes: Format::Npz.write(network, about),
        };
        let mut files = vec![file(&names.after, self.network, &about)];
        if self.is_cut() {
            // No recipe is known of it: it lies on the way.
            let (digest, sparsity) = (self.reference.digest(), self.reference.sparsity());
            files.push(file(&names.before, self.reference, &About { digest, sparsity, ..about }));
        }
        files
    }

    /// Everything as one archive: the script, its weights, the recipe.
    pub fn archive(&self) -> Vec<u8> {
        let names = Weights::default();
        let text = |name: &str, text: String| Entry { name: name.into(), bytes: text.into_bytes() };
        let mut entries = vec![
            text(Weights::SCRIPT, self.script(Weights::SCRIPT, &names)),
            text("recipe.json", crate::recipe::json_text(self.recipe)),
        ];
        entries.extend(self.weights(&names));
        zip(&entries)
    }

    /// The script, called `file`.
    pub fn script(&self, file: &str, names: &Weights) -> String {
        let Experiment { recipe, figures, .. } = self;
        let before = if self.is_cut() { &names.before } else { &names.after };
        let attack = recipe.measured_attack();
        let (hand, packaged) = (Hand::of(&attack), Packaged::of(&attack));
        let scored = recipe.distortion.attack();
        let distorting = match scored.method {
            // Blind noise is not in the script's descents.
            Method::Noise => "(x + {{SIZE}} * torch.randn_like(x).sign()).clamp(0, 1)".into(),
            _ => ["descent(network, x, y, {{SIZE}}, ", &attack::steps(&scored), ")[0]"].concat(),
        };
        let distorting = fill(&distorting, &[("SIZE", number(scored.eps))]);
        let told = figures.most_distorted();
        let told =
            told.iter().map(|(layer, unit, v)| format!("({layer}, {unit}, {})", rounded(*v)));
        let told = told.collect::<Vec<_>>().join(", ");
        let weights = if self.is_cut() {
            [&names.after, " (the network) and ", before, " (what it was before its first cut)"]
                .concat()
        } else {
            [&names.after, " (the network; nothing has been cut from it)"].concat()
        };
        let about = About::new(recipe, self.network);
        let descents = match hand.norm {
            Norm::Linf => descent(Norm::Linf),
            other => descent(Norm::Linf) + &descent(other),
        };
        let images = images_from(recipe);
        let trained = Trained::of(recipe, images.usage);
        let steps: Vec<_> = about.link.split('&').filter(|part| is_step(part)).collect();
        fill(
            EXPERIMENT,
            &[
                ("FILE", file.into()),
                ("USAGE", trained.usage),
                ("IMAGES_FROM", images.words),
                ("WEIGHTS", weights),
                ("LINK", about.link.clone()),
                ("STEPS", if steps.is_empty() { "none".into() } else { steps.join(", then ") }),
                ("BEGAN", began(recipe)),
                ("READING", images.reading.into()),
                ("FOLDER_OPTIONAL", images.optional.into()),
                ("TRAIN_OPTION", trained.option.into()),
                ("TRAIN_RUN", trained.run.into()),
                ("HIDDEN", list(&recipe.network.hidden)),
                ("IMAGES", recipe.measure.images.to_string()),
                ("EPS", number(attack.eps)),
                ("NORM", attack.norm.label().into()),
                ("OURS", ours(figures)),
                ("DISTORTED", ["[", &told, "]"].concat()),
                ("DESCENTS", descents),
                ("HAND_WORDS", hand.words.into()),
                ("HAND", hand.body),
                ("HAND_NAME", hand.name.into()),
                ("HAND_ROOM", hand.room.into()),
                ("PACKAGED_WORDS", packaged.words.clone()),
                ("PACKAGED", packaged.body),
                ("PACKAGED_TOLD", packaged.told),
                ("DISTORTING", distorting),
                ("TRAINED", trained.function),
                ("SEED", recipe.network.seed.to_string()),
                ("AFTER", quoted(&names.after)),
                ("BEFORE", quoted(before)),
                ("SCORED", recipe.distortion.images.to_string()),
            ],
        )
    }
}

/// Whether a part of a link is a step.
fn is_step(part: &str) -> bool {
    matches!(part.split('=').next(), Some("file" | "train" | "prune" | "learn" | "cut"))
}

/// Figures as a dictionary.
fn ours(figures: &Figures) -> String {
    let value = |count: Option<usize>| count.map_or("None".into(), |count| count.to_string());
    let [clean, old, again] = [figures.clean, figures.transfer, figures.adaptive].map(value);
    format!("{{\"clean\": {clean}, \"old\": {old}, \"again\": {again}}}")
}

/// A figure to six places behind the point, as it is printed.
fn rounded(value: f64) -> String {
    number((value * 1e6).round() / 1e6)
}

fn list(values: &[usize]) -> String {
    let values: Vec<_> = values.iter().map(usize::to_string).collect();
    ["[", &values.join(", "), "]"].concat()
}

/// A text in Python.
fn quoted(text: &str) -> String {
    crate::recipe::json_text(&text)
}

/// A text with its gaps filled.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(2 * template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}
