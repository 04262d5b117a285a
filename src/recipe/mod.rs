//! The recipe: the whole life of a network as data. Replaying it is a pure function.

mod check;
mod cost;
mod files;
mod known;
mod link;
mod page;
mod pieces;
mod progress;
mod properties;
mod reading;
mod replay;
mod table;
mod teaching;
mod work;

pub use check::{check_prune, check_recipe};
pub use cost::{Work, passes};
pub use link::{ParsedLink, View, format_link, parse_link, parse_link_with, with_verdict};
pub(crate) use link::{read as read_text, written};
pub use page::properties_json;
pub use progress::{Needs, Progress, Stage};
pub use properties::GROUPS;
pub(crate) use properties::default_in;
pub use reading::{Unread, read};
pub use replay::{Checkpoint, Replayer, State};
pub(crate) use table::json_text;
pub use table::{Group, Kind, Property};
pub use teaching::{Score, TaskParams};

use crate::attack::{AttackParams, Method};
use crate::learn::LearnParams;
use crate::network::{Init, Mlp};
use crate::prune::PruneParams;
use crate::train::TrainParams;
use crate::words::shorten;
use serde::{Deserialize, Serialize};

/// The version of recipes and links that this code writes. It is raised whenever a link would lead
/// to other bits than before: see `tests/old_links.rs` for the rule.
pub const VERSION: u32 = 1;

/// What is said of a recipe or link (`what`) of another version than [`VERSION`].
fn of_version(what: &str, version: &str) -> String {
    let newer = version.parse().is_ok_and(|version: u32| version > VERSION);
    let shown = shorten(version);
    if newer {
        return format!(
            "This {what} is of version {shown}, which is newer than this page: it knows version \
             {VERSION}. Reload the page to get the newest, or open it where it was made."
        );
    }
    format!("This {what} says it is of version {shown}, but there is no version but {VERSION}.")
}

/// The network before any training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NetworkParams {
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    /// The seed of everything random.
    pub seed: u32,
    /// How the first weights are drawn.
    pub init: Init,
}

/// What the accuracies are measured on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct MeasureParams {
    /// Size of the attack.
    pub eps: f64,
    /// Test images, the first in file order.
    pub images: usize,
}

/// What distortion is measured with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ScoreParams {
    /// The attack.
    pub method: Method,
    /// Its size.
    pub eps: f64,
    /// Its steps.
    pub steps: usize,
    /// Training images, the first in file order.
    pub images: usize,
}

/// One step in a network's life.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "step", rename_all = "lowercase")]
pub enum Step {
    /// Begin with a network from a file, which is brought in beside the recipe; only the first
    /// step can.
    File {
        /// The network's digest.
        digest: String,
    },
    /// Train.
    Train(TrainParams),
    /// Prune by a criterion.
    Prune(PruneParams),
    /// Learn which weights or units to prune.
    Learn(LearnParams),
    /// Prune by hand: exactly these units of each hidden layer are pruned from now on, and these
    /// pixels beside those that were pruned before.
    Cut {
        /// Indices of the pruned units of each hidden layer.
        units: Vec<Vec<usize>>,
        /// Indices of pixels, from 0 to 783. Where there are none, a recipe does not say so.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pixels: Vec<usize>,
    },
}

/// A recipe; [`check_recipe`] is the door through which every one from outside comes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Recipe {
    /// Version of this form.
    pub version: u32,
    /// The digest of one's own images, which are brought in beside the recipe; nothing where it is
    /// of MNIST's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub data: Option<String>,
    /// The network before any training.
    pub network: NetworkParams,
    /// What is done with it, in order.
    pub steps: Vec<Step>,
    /// The attack on images.
    pub attack: AttackParams,
    /// What the accuracies are measured on.
    pub measure: MeasureParams,
    /// What distortion is measured with.
    pub distortion: ScoreParams,
}

impl NetworkParams {
    /// The network itself.
    fn drawn(&self) -> Mlp {
        Mlp::drawn(&self.hidden, self.seed, self.init)
    }
}

impl Recipe {
    /// The attack that accuracies are measured with: [`Recipe::attack`] at the measured size.
    pub fn measured_attack(&self) -> AttackParams {
        AttackParams { eps: self.measure.eps, ..self.attack }
    }
}

impl ScoreParams {
    /// The attack itself.
    pub fn attack(&self) -> AttackParams {
        AttackParams::usual(self.method, self.eps, self.steps)
    }
}
