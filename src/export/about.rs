//! What a file says of the network in it.

use crate::network::Mlp;
use crate::recipe::{Recipe, format_link};
use crate::words::number;
use serde_json::Value;

/// What a file says of the network in it.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The recipe as a link's fragment, with the digest: whoever replays it gets this network.
    pub link: String,
    /// The network's digest, over weights, biases and masks as they are here: what is pruned keeps
    /// its values under the mask, so the digest of a file that is read back is another.
    pub digest: String,
    /// Share of the weights that a mask sets to zero, from 0 to 1.
    pub sparsity: f64,
}

impl About {
    /// Of the network that a recipe led to.
    pub fn new(recipe: &Recipe, network: &Mlp) -> Self {
        let digest = network.digest();
        let link = format!("#{}", format_link(recipe, &Default::default(), Some(&digest)));
        About { link, digest, sparsity: network.sparsity() }
    }

    /// Names and values, all of them text.
    pub(super) fn entries(&self) -> [(&'static str, String); 4] {
        [
            ("producer", "Secateurs".into()),
            ("recipe", self.link.clone()),
            ("digest", self.digest.clone()),
            ("sparsity", number(self.sparsity)),
        ]
    }

    /// The same as a JSON object.
    pub(super) fn json(&self) -> Value {
        self.entries().into_iter().map(|(name, value)| (name, Value::from(value))).collect()
    }
}
