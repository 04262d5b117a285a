//! Scores of which the highest are kept: of weights, or of hidden units.

use super::LearnParams;
use crate::kernel::LANES;
use crate::network::{Cut, Highest, Optimiser, Rule};
use crate::prune::{Scope, target};
use std::ops::Range;

/// The score of what is pruned already, or only fills up a four: below all others.
pub(super) const NONE: f32 = f32::MIN;

/// Scores, layer by layer, and how many of them are kept.
#[derive(Debug)]
pub(super) struct Scores {
    values: Vec<[f32; LANES]>,
    layers: Vec<Range<usize>>,
    /// Layers that are ranked together, and how many of their scores are kept.
    groups: Vec<(Range<usize>, usize)>,
    highest: Highest,
    optimiser: Optimiser,
}

impl Scores {
    /// Takes each layer’s scores, in an order of its own, with [`NONE`] for what cannot be kept;
    /// `all` says how many things each layer has, what is pruned included.
    pub fn new(scores: &[Vec<f32>], all: &[usize], params: &LearnParams) -> Self {
        let mut values = Vec::new();
        let mut layers = Vec::new();
        for scores in scores {
            let first = values.len();
            let four =
                |four: &[f32]| std::array::from_fn(|lane| four.get(lane).copied().unwrap_or(NONE));
            values.extend(scores.chunks(LANES).map(four));
            layers.push(first..values.len());
        }
        let together = match params.scope {
            Scope::Layer => 1,
            Scope::Global => layers.len(),
        };
        let groups = (0..layers.len()).step_by(together).map(|first| first..first + together);
        let kept = |group: Range<usize>| {
            let all = all[group.clone()].iter().sum();
            let there = scores[group.clone()].iter().flatten().filter(|score| **score > NONE);
            (group, there.count().min(all - target(params.amount, all)))
        };
        let mut optimiser = Optimiser::new(Rule::Adam, params.rate as f32, 0.0);
        optimiser.fit(std::iter::once(values.len()));
        Scores {
            values,
            layers,
            groups: groups.map(kept).collect(),
            highest: Highest::default(),
            optimiser,
        }
    }

    /// Calls `each` for every layer with its scores and the cut that tells, asked for them in
    /// order, which are kept.
    pub fn choose(&mut self, mut each: impl FnMut(usize, &[[f32; LANES]], &mut Cut)) {
        for (layers, keep) in &self.groups {
            let (first, last) = (&self.layers[layers.start], &self.layers[layers.end - 1]);
            let mut cut = self.highest.of(&self.values[first.start..last.end], *keep);
            for layer in layers.clone() {
                each(layer, &self.values[self.layers[layer].clone()], &mut cut);
            }
        }
    }

    /// Begins a step at this learning rate; then every layer is to [`Scores::learn`] once.
    pub fn begin_step(&mut self, rate: f32) {
        self.optimiser.set_rate(rate);
        self.optimiser.begin_step();
    }

    /// A layer’s scores take a step along their gradients, which are zero for [`NONE`].
    pub fn learn(&mut self, layer: usize, gradients: &[[f32; LANES]]) {
        let places = self.layers[layer].clone();
        let values = &mut self.values[places.clone()];
        self.optimiser.weights(0).apply(places.start, values, gradients, None);
    }

    /// Whether every score is a number.
    pub fn are_finite(&self) -> bool {
        self.values.as_flattened().iter().all(|score| score.is_finite())
    }
}
