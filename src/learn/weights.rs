//! A score for every weight: the weights of the highest scores are kept, and the gradient passes
//! straight through the choice, ∂L/∂s = ∂L/∂(w·m) · w (Ramanujan et al. 2020, “What’s hidden in a
//! randomly weighted neural network?”, eq. 5).

use super::LearnParams;
use super::scores::{NONE, Scores};
use crate::kernel::LANES;
use crate::network::{Learner, Mlp, Optimiser, multiply};

/// Scores of all weights, in a learner’s memory layout.
#[derive(Debug)]
pub(super) struct WeightMask {
    scores: Scores,
    /// Room for a layer’s gradients.
    room: Vec<[f32; LANES]>,
    /// Ones, and where the mask keeps them; only where the weights are trained as well.
    ones: Vec<[f32; LANES]>,
    kept: Vec<Vec<[f32; LANES]>>,
}

impl WeightMask {
    /// Scores begin as |w| divided by the largest of its layer (HYDRA’s scaled initialisation:
    /// Sehwag et al. 2020, section 3.1).
    pub fn new(network: &Mlp, learner: &Learner, params: &LearnParams) -> Self {
        let layers = network.layers().iter().enumerate();
        let scores: Vec<Vec<f32>> = layers
            .map(|(layer, weights)| {
                let places = learner.places(network, layer);
                let acting = |(o, i): &(usize, usize)| network.acts(layer, *o, *i);
                let size = |place: Option<(usize, usize)>| {
                    place.filter(acting).map(|(o, i)| weights.weights()[[o, i]].abs())
                };
                let largest = places.iter().filter_map(|place| size(*place)).fold(0.0, f32::max);
                let scale = 1.0 / largest.max(f32::MIN_POSITIVE);
                let score = |place| size(place).map_or(NONE, |size| size * scale);
                places.into_iter().map(score).collect()
            })
            .collect();
        let all: Vec<usize> = network.layers().iter().map(|layer| layer.weights().len()).collect();
        let fours = |scores: &Vec<f32>| vec![[1.0; LANES]; scores.len() / LANES];
        let ones = scores.iter().map(fours).max_by_key(Vec::len).unwrap_or_default();
        WeightMask {
            room: ones.clone(),
            kept: if params.joint { scores.iter().map(fours).collect() } else { Vec::new() },
            ones,
            scores: Scores::new(&scores, &all, params),
        }
    }

    /// Puts the weights under the mask of the moment into the learner.
    pub fn show(&mut self, weights: &[Vec<[f32; LANES]>], learner: &mut Learner) {
        let WeightMask { scores, ones, kept, .. } = self;
        scores.choose(|layer, scores, cut| {
            if let Some(kept) = kept.get_mut(layer) {
                cut.clone().apply(scores, ones, kept);
            }
            learner.change_tensor(2 * layer, |out| cut.apply(scores, &weights[layer], out));
        });
        learner.leave_out_zeros();
    }

    /// The scores take a step along the gradients by the masked weights.
    pub fn learn(&mut self, weights: &[Vec<[f32; LANES]>], sums: &Optimiser, rate: f32) {
        self.scores.begin_step(rate);
        for (layer, weights) in weights.iter().enumerate() {
            let room = &mut self.room[..weights.len()];
            multiply(weights, sums.sums(2 * layer), room);
            self.scores.learn(layer, room);
        }
    }

    /// Where a layer’s weights are kept, as ones and zeros.
    pub fn kept(&self, layer: usize) -> Option<&[[f32; LANES]]> {
        self.kept.get(layer).map(Vec::as_slice)
    }

    /// The network pruned to the mask.
    ///
    /// # Errors
    /// A sentence when a score is no longer a number.
    pub fn cut(&mut self, learner: &Learner, mut network: Mlp) -> Result<Mlp, String> {
        if !self.scores.are_finite() {
            return Err(super::diverged());
        }
        let whole = network.clone();
        self.scores.choose(|layer, scores, cut| {
            let places = learner.places(&whole, layer);
            let scored = places.into_iter().zip(scores.as_flattened());
            let lost = scored.filter(|(_, score)| !cut.keeps(**score));
            let lost = lost.filter_map(|(place, _)| place);
            network.prune_weights(layer, lost.filter(|(o, i)| whole.acts(layer, *o, *i)));
        });
        Ok(network)
    }
}
