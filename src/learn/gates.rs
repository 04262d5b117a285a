//! Units that are kept with probabilities: variational beta-Bernoulli dropout (Lee et al. 2018),
//! one draw of every unit’s mask for a batch.

use super::LearnParams;
use super::kumaraswamy::{Kumaraswamy, Sloped};
use crate::kernel::LANES;
use crate::network::{Optimiser, Rule};
use crate::rng::Stream;

/// What a and b of every unit begin as: kept with a probability of nine in ten on average. The
/// authors begin at a quarter, for networks that are trained together with their gates.
const FIRST: (f64, f64) = (9.0, 1.0);

/// The posteriors of all units that are left, layer by layer.
#[derive(Debug)]
pub(super) struct Gates {
    /// Units of each layer.
    layers: Vec<usize>,
    /// ln a of every unit, then ln b of every unit: positive whatever they are learned to be.
    logarithms: Vec<[f32; LANES]>,
    gradients: Vec<[f32; LANES]>,
    /// The slopes of the batch’s draws.
    draws: Vec<Sloped>,
    optimiser: Optimiser,
    /// The weight of the divergence in the loss: one part in as many as there are images.
    divergence: f64,
}

impl Gates {
    pub fn new(layers: &[Vec<f32>], params: &LearnParams) -> Self {
        let layers: Vec<usize> = layers.iter().map(Vec::len).collect();
        let units: usize = layers.iter().sum();
        let fours = (2 * units).div_ceil(LANES);
        let mut logarithms = vec![[0.0; LANES]; fours];
        let (a, b) = logarithms.as_flattened_mut().split_at_mut(units);
        a.fill(libm::log(FIRST.0) as f32);
        b.fill(libm::log(FIRST.1) as f32);
        let mut optimiser = Optimiser::new(Rule::Adam, params.rate as f32, 0.0);
        optimiser.fit(std::iter::once(fours));
        Gates {
            layers,
            logarithms,
            gradients: vec![[0.0; LANES]; fours],
            draws: Vec::with_capacity(units),
            optimiser,
            divergence: 1.0 / params.images as f64,
        }
    }

    fn units(&self) -> usize {
        self.layers.iter().sum()
    }

    fn posterior(&self, unit: usize) -> Kumaraswamy {
        let logarithms = self.logarithms.as_flattened();
        let number = |place: usize| libm::exp(f64::from(logarithms[place]));
        Kumaraswamy { a: number(unit), b: number(self.units() + unit) }
    }

    /// Draws every unit’s mask.
    pub fn draw(&mut self, factors: &mut [Vec<f32>], stream: &mut Stream) {
        self.draws.clear();
        for (unit, factor) in factors.iter_mut().flatten().enumerate() {
            // In the middle of the 2²⁴ steps of a uniform draw: never 0, never 1.
            let mut uniform = || f64::from(stream.uniform()) + 0.5 / 16_777_216.0;
            let (u, v) = (uniform(), uniform());
            let draw = self.posterior(unit).draw(u, v);
            *factor = draw.value as f32;
            self.draws.push(draw);
        }
    }

    /// The posteriors take a step along the loss’s gradients by the masks and the divergence’s
    /// own.
    pub fn learn(&mut self, gradients: &[Vec<f32>], rate: f32) {
        let units = self.units();
        for (unit, gradient) in gradients.iter().flatten().enumerate() {
            let (posterior, draw) = (self.posterior(unit), self.draws[unit]);
            let divergence = posterior.divergence();
            let slope = |draw: f64, own: f64| f64::from(*gradient) * draw + self.divergence * own;
            // By the logarithms.
            let by_a = posterior.a * slope(draw.by_a, divergence.by_a);
            let by_b = posterior.b * slope(draw.by_b, divergence.by_b);
            let to = self.gradients.as_flattened_mut();
            (to[unit], to[units + unit]) = (by_a as f32, by_b as f32);
        }
        self.optimiser.set_rate(rate);
        self.optimiser.begin_step();
        self.optimiser.weights(0).apply(0, &mut self.logarithms, &self.gradients, None);
    }

    /// How likely each unit of each layer is kept.
    pub fn means(&self) -> Vec<Vec<f32>> {
        let mut first = 0;
        let layer = |units: &usize| {
            first += units;
            (first - units..first).map(|unit| self.posterior(unit).mean() as f32).collect()
        };
        self.layers.iter().map(layer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn what_lowers_the_loss_becomes_likelier_and_what_raises_it_less_likely() {
        let params = LearnParams::default();
        let mut factors = vec![vec![1.0; 2], vec![1.0; 3]];
        let mut gates = Gates::new(&factors, &params);
        let first = gates.means();
        assert!(first.iter().flatten().all(|mean| (mean - 0.9).abs() < 1e-6));
        let mut stream = Stream::new(0, Purpose::Gates, &[]);
        for _ in 0..100 {
            gates.draw(&mut factors, &mut stream);
            assert!(factors.iter().flatten().all(|factor| (0.0..=1.0).contains(factor)));
            gates.learn(&[vec![-1.0, 1.0], vec![1.0, 0.0, -1.0]], 0.05);
        }
        let means = gates.means().concat();
        let [up, down, also_down, still, also_up] = means[..] else { unreachable!() };
        assert!(up > 0.9 && also_up > 0.9, "{means:?}");
        assert!(down < 0.7 && also_down < 0.7, "{means:?}");
        // Nothing but the prior moves it: down, as a prior of hardly any units wants it.
        assert!(still < 0.9, "{means:?}");
    }
}
