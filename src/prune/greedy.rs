//! The greedy oracle: every unit left is tried, the network without it attacked anew, and the unit
//! goes that leaves the highest adaptive accuracy; and so on, until the amount is reached
//! (Molchanov et al. 2017, “Pruning convolutional neural networks for resource efficient
//! inference”, compare their criteria with such an oracle on the clean loss).
//!
//! It sees what no criterion sees: a reference from above, and slow. To remove r of n units takes
//! about r · n attacks. Choosing each removal well does not choose the best set of them.

use super::ranking::target;
use super::{Order, PruneParams, Scope};
use crate::attack::{Blocks, Purpose, Valid};
use crate::data::Images;
use crate::network::{Compact, Input, Mlp, Pass};

/// How a network does under attack: images read right both clean and attacked, and the summed
/// cross-entropy of its adversarial images as the attack left them. An image that is fooled is left
/// at once, so the loss tells little where nearly all are: score at an ε that leaves some.
type Standing = (usize, f64);

/// A layer and a unit of it.
type Place = (usize, usize);

/// A stepper: the greedy search.
#[derive(Debug)]
pub struct Greedy {
    params: PruneParams,
    valid: Valid,
    seed: u32,
    /// The network without what was removed so far.
    network: Mlp,
    removed: Vec<Place>,
    /// Units that may still go, of each hidden layer, or of all together.
    left: Vec<usize>,
    /// How many are to go in all.
    goal: usize,
    /// What is tried in this round, and how far the round has come.
    candidates: Vec<Place>,
    next: usize,
    trial: Option<Blocks>,
    standing: Standing,
    best: Option<(Standing, Place)>,
    pass: Pass,
}

impl Greedy {
    /// Prepares a search for the units that these parameters say to remove.
    ///
    /// # Errors
    /// A sentence when the attack's parameters are out of range.
    pub fn new(network: &Mlp, params: &PruneParams, seed: u32) -> Result<Self, String> {
        let counts = network.kept_units().iter().enumerate().map(|(layer, kept)| {
            let gone = kept.iter().filter(|kept| !**kept).count();
            if params.includes(layer) { (kept.len(), gone) } else { (0, 0) }
        });
        let still = |(all, gone): (usize, usize)| target(params.amount, all).saturating_sub(gone);
        let left: Vec<usize> = match params.scope {
            Scope::Layer => counts.map(still).collect(),
            Scope::Global => {
                vec![still(counts.fold((0, 0), |sum, (all, gone)| (sum.0 + all, sum.1 + gone)))]
            }
        };
        let mut greedy = Greedy {
            valid: params.scoring_attack().check()?,
            params: params.clone(),
            seed,
            network: network.clone(),
            removed: Vec::new(),
            goal: left.iter().sum(),
            left,
            candidates: Vec::new(),
            next: 0,
            trial: None,
            standing: (0, 0.0),
            best: None,
            pass: Pass::default(),
        };
        greedy.begin_round();
        Ok(greedy)
    }

    /// Where the units of a layer are counted.
    fn budget(&self, layer: usize) -> usize {
        if self.params.scope == Scope::Global { 0 } else { layer }
    }

    /// Lists what may go next: no layer's last unit, unless a layer may be emptied.
    fn begin_round(&mut self) {
        let least = if self.params.empty { 0 } else { 1 };
        let mut candidates = Vec::new();
        for (layer, kept) in self.network.kept_units().iter().enumerate() {
            let count = kept.iter().filter(|kept| **kept).count();
            let open = self.params.includes(layer) && self.left[self.budget(layer)] > 0;
            if open && count > least {
                candidates.extend((0..kept.len()).filter(|u| kept[*u]).map(|u| (layer, u)));
            }
        }
        (self.candidates, self.next, self.best) = (candidates, 0, None);
    }

    fn without(&self, (layer, unit): Place) -> Mlp {
        let mut network = self.network.clone();
        let mut pruned = network.pruned_units();
        pruned[layer].push(unit);
        // The unit is one of the network's, so this cannot fail.
        let done = network.set_pruned_units(&pruned);
        debug_assert!(done.is_ok());
        network
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        let round = self.next as f64 / self.candidates.len().max(1) as f64;
        (self.removed.len() as f64 + round) / self.goal.max(1) as f64
    }

    /// One step of the attack on a network that lacks one unit more; the images must be here.
    /// Returns whether the search is done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Some(place) = self.candidates.get(self.next).copied() else { return true };
        if self.trial.is_none() {
            let network = Compact::new(&self.without(place));
            let indices = (0..self.params.images).collect();
            let blocks = Blocks::of(network, self.valid, self.seed, indices, Purpose::Evaluate);
            self.trial = Some(blocks);
            self.standing = (0, 0.0);
        }
        let Greedy { trial: Some(blocks), standing, pass, .. } = self else { return true };
        if let Some((network, run)) = blocks.step(images) {
            let verdicts = run.verdicts();
            standing.0 += verdicts.iter().filter(|verdict| verdict.robust).count();
            network.forward(Input::Values(run.adversarial()), pass);
            let label = |image: usize| usize::from(verdicts[image].label);
            pass.cross_entropy(label, 1.0, |_, loss| standing.1 += f64::from(loss));
        }
        if blocks.is_done() {
            self.trial = None;
            self.compare(place);
        }
        self.candidates.is_empty()
    }

    /// Keeps the better of what was just tried and what is best so far; ends the round with its
    /// last candidate.
    fn compare(&mut self, place: Place) {
        let (correct, loss) = self.standing;
        let is_better = |(best_correct, best_loss): Standing| {
            if self.params.order == Order::Reverse {
                (best_correct, loss) > (correct, best_loss)
            } else {
                (correct, best_loss) > (best_correct, loss)
            }
        };
        // Of equals the first stays.
        if self.best.is_none_or(|(best, _)| is_better(best)) {
            self.best = Some((self.standing, place));
        }
        self.next += 1;
        if let (true, Some((_, place))) = (self.next == self.candidates.len(), self.best) {
            self.network = self.without(place);
            let budget = self.budget(place.0);
            self.left[budget] -= 1;
            self.removed.push(place);
            self.begin_round();
        }
    }

    /// The units to remove, in the order in which they were chosen.
    pub fn finish(self) -> Vec<(usize, usize)> {
        self.removed
    }
}
