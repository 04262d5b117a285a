//! A mask of hidden units, folded into the weights that read them: w·m. The loss’s gradient by a
//! unit’s mask is the sum of ∂L/∂(w·m) · w over these weights, known also where the mask is zero.

use super::gates::Gates;
use super::scores::Scores;
use super::{LearnParams, MaskRule};
use crate::kernel::LANES;
use crate::network::{Learner, Mlp, Optimiser, add_factor_gradients, multiply_columns};
use crate::rng::Stream;

/// A mask of all units that are left.
#[derive(Debug)]
pub(super) struct UnitMask {
    rule: Rule,
    /// Units left of each hidden layer, and the mask of each, from 0 to 1.
    units: Vec<Vec<usize>>,
    factors: Vec<Vec<f32>>,
    /// The loss’s gradient by every factor.
    gradients: Vec<Vec<f32>>,
    /// Room for a layer’s weights.
    room: Vec<[f32; LANES]>,
}

/// Where the mask comes from.
#[derive(Debug)]
enum Rule {
    /// A score for each unit: those of the highest are kept, and the gradient passes straight
    /// through the choice.
    Top(Scores),
    /// Probabilities.
    Bayes(Gates),
}

impl UnitMask {
    /// Scores begin as the L1 norm of a unit’s incoming weights, divided by the largest of its
    /// layer.
    pub fn new(network: &Mlp, weights: &[Vec<[f32; LANES]>], params: &LearnParams) -> Self {
        let left = |kept: &Vec<bool>| (0..kept.len()).filter(|unit| kept[*unit]).collect();
        let units: Vec<Vec<usize>> = network.kept_units().iter().map(left).collect();
        let factors: Vec<Vec<f32>> = units.iter().map(|units| vec![1.0; units.len()]).collect();
        let rule = match params.mask {
            MaskRule::Bayes => Rule::Bayes(Gates::new(&factors, params)),
            MaskRule::Top => {
                let scores: Vec<_> =
                    (0..units.len()).map(|layer| norms(network, layer, &units[layer])).collect();
                Rule::Top(Scores::new(&scores, &network.hidden(), params))
            }
        };
        let most = weights.iter().map(Vec::len).max().unwrap_or(0);
        UnitMask {
            rule,
            units,
            gradients: factors.clone(),
            factors,
            room: vec![[0.0; LANES]; most],
        }
    }

    /// Puts the weights under the mask of the moment into the learner. Probabilities draw from
    /// the stream.
    pub fn show(
        &mut self,
        weights: &[Vec<[f32; LANES]>],
        learner: &mut Learner,
        stream: &mut Stream,
    ) {
        let factors = &mut self.factors;
        match &mut self.rule {
            Rule::Bayes(gates) => gates.draw(factors, stream),
            Rule::Top(scores) => scores.choose(|layer, scores, cut| {
                for (factor, score) in factors[layer].iter_mut().zip(scores.as_flattened()) {
                    *factor = f32::from(u8::from(cut.keeps(*score)));
                }
            }),
        }
        // Nothing reads through a mask into the first layer, but its weights may be trained.
        learner.change_tensor(0, |out| out.copy_from_slice(&weights[0]));
        for (below, factors) in factors.iter().enumerate() {
            let layer = below + 1;
            learner.change_tensor(2 * layer, |out| {
                multiply_columns(&weights[layer], factors, out);
            });
        }
    }

    /// Every unit’s mask in a hidden layer, and the part of the loss’s gradient by it that does
    /// not go through the weights, to be added to.
    pub fn factors(&mut self, layer: usize) -> (Option<&[f32]>, &mut [f32]) {
        (Some(&self.factors[layer]), &mut self.gradients[layer])
    }

    /// Forgets the gradients of the batch before.
    pub fn forget_gradients(&mut self) {
        self.gradients.iter_mut().for_each(|gradients| gradients.fill(0.0));
    }

    /// The mask takes a step along the gradients by the masked weights.
    pub fn learn(&mut self, weights: &[Vec<[f32; LANES]>], sums: &Optimiser, rate: f32) {
        for (below, gradients) in self.gradients.iter_mut().enumerate() {
            let layer = below + 1;
            add_factor_gradients(&weights[layer], sums.sums(2 * layer), gradients);
        }
        match &mut self.rule {
            Rule::Bayes(gates) => gates.learn(&self.gradients, rate),
            Rule::Top(scores) => {
                scores.begin_step(rate);
                for (layer, gradients) in self.gradients.iter().enumerate() {
                    let room = &mut self.room[..gradients.len().div_ceil(LANES)];
                    room.fill([0.0; LANES]);
                    room.as_flattened_mut()[..gradients.len()].copy_from_slice(gradients);
                    scores.learn(layer, room);
                }
            }
        }
    }

    /// The loss’s gradients by a layer’s weights, from those by the masked weights.
    pub fn through(&mut self, layer: usize, gradients: &[[f32; LANES]]) -> &[[f32; LANES]] {
        let room = &mut self.room[..gradients.len()];
        match layer.checked_sub(1) {
            None => room.copy_from_slice(gradients),
            Some(below) => multiply_columns(gradients, &self.factors[below], room),
        }
        room
    }

    /// The network pruned to the mask, of probabilities to the units most likely kept.
    ///
    /// # Errors
    /// A sentence when a score is no longer a number, or a layer would be left without a unit.
    pub fn cut(&mut self, mut network: Mlp, params: &LearnParams) -> Result<Mlp, String> {
        let mut likely;
        let scores = match &mut self.rule {
            Rule::Top(scores) => scores,
            Rule::Bayes(gates) => {
                likely = Scores::new(&gates.means(), &network.hidden(), params);
                &mut likely
            }
        };
        if !scores.are_finite() {
            return Err(super::diverged());
        }
        let mut pruned = network.pruned_units();
        let units = &self.units;
        scores.choose(|layer, scores, cut| {
            for (unit, score) in units[layer].iter().zip(scores.as_flattened()) {
                if !cut.keeps(*score) {
                    pruned[layer].push(*unit);
                }
            }
        });
        let before = network.empty_layers();
        network.set_pruned_units(&pruned)?;
        match network.empty_layers().iter().find(|layer| !before.contains(layer)) {
            Some(layer) => {
                Err(format!("This would leave hidden layer {layer} without any unit; prune less."))
            }
            None => Ok(network),
        }
    }
}

/// The L1 norm of every unit’s incoming weights, divided by the largest.
fn norms(network: &Mlp, layer: usize, units: &[usize]) -> Vec<f32> {
    let inputs = network.layers()[layer].weights().ncols();
    let norm = |unit: &usize| {
        let acting = (0..inputs).filter(|input| network.acts(layer, *unit, *input));
        let weights = network.layers()[layer].weights();
        acting.map(|input| f64::from(weights[[*unit, input]].abs())).sum::<f64>()
    };
    let norms: Vec<f64> = units.iter().map(norm).collect();
    let largest = norms.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    norms.into_iter().map(|norm| (norm / largest) as f32).collect()
}
