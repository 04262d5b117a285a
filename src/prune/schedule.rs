//! In how many steps a pruning goes, and how far each.

use super::{PruneParams, Schedule, What};
use crate::data::PIXELS;
use crate::network::Mlp;

impl PruneParams {
    /// How much is pruned after each of its steps, in percent, from what is pruned of the network
    /// now to the amount.
    pub fn amounts(&self, network: &Mlp) -> Vec<f64> {
        let power = match self.schedule {
            Schedule::Once => return vec![self.amount],
            Schedule::Iterative => 1,
            // Zhu & Gupta 2018, eq. 1: s_t = s_f + (s_i − s_f)(1 − t/n)³.
            Schedule::Gradual => 3,
        };
        // An amount that is passed already is nobody's aim: nothing more goes.
        let missing = (self.amount - self.pruned_share(network)).max(0.0);
        let left = |round: usize| 1.0 - round as f64 / self.rounds as f64;
        let amount = |round| self.amount - missing * (0..power).fold(1.0, |p, _| p * left(round));
        (1..=self.rounds).map(amount).collect()
    }

    /// Share of what can be pruned that is pruned already, in percent.
    fn pruned_share(&self, network: &Mlp) -> f64 {
        let (mut all, mut kept) = (0, 0);
        let mut count = |of: usize, left: usize| {
            all += of;
            kept += left;
        };
        let is_kept = |kept: &[bool]| kept.iter().filter(|kept| **kept).count();
        match self.what {
            What::Pixels => count(PIXELS, is_kept(&network.kept_pixels())),
            What::Units => {
                let layers = network.kept_units().iter().enumerate();
                let layers = layers.filter(|(layer, _)| self.includes(*layer));
                layers.for_each(|(_, kept)| count(kept.len(), is_kept(kept)));
            }
            What::Weights => {
                let layers = network.layers().iter().enumerate();
                for (index, layer) in layers.filter(|(layer, _)| self.includes(*layer)) {
                    let places = layer.weights();
                    let places = places.indexed_iter();
                    let acting = places.filter(|((o, i), _)| network.acts(index, *o, *i));
                    count(layer.weights().len(), acting.count());
                }
            }
        }
        100.0 * (all - kept) as f64 / all.max(1) as f64
    }
}
