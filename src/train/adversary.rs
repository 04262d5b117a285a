//! Attacks on the batches of a training, against the weights as they are at that moment.

use super::Adversary;
use crate::data::CLASSES;
use crate::kernel::SparseRows;
use crate::network::{Learner, Perturbed, cross_entropy, divergence, softmax};
use crate::rng::Stream;

/// What a network puts out for one image.
type Outputs = [f32; CLASSES];

/// Standard deviation of the normal draws that TRADES starts with: the divergence's gradient is 0
/// at the image itself (Zhang et al. 2019, algorithm 1, line 5).
const TRADES_START: f32 = 0.001;

/// The attack on one batch, and then on the next: a stepper.
///
/// Its memory is kept from one batch to the next.
#[derive(Debug, Clone, Default)]
pub struct BatchAttack {
    batch: Perturbed,
    /// Whether it climbs the divergence from what is read in the clean images, as TRADES does; else
    /// the cross-entropy.
    diverging: bool,
    /// Whether no look was taken at this batch yet.
    fresh: bool,
    /// TRADES: what is read in each clean image, as probabilities.
    read: Vec<Outputs>,
    /// Length of a step, and how many are left.
    step: f32,
    left: usize,
    /// The loss's gradient by each logit.
    gradients: Vec<Outputs>,
}

impl BatchAttack {
    /// Begins the attack on a batch of images of 784 bytes each, in L∞ balls of size `eps`.
    ///
    /// - FGSM (Wong, Rice & Kolter 2020, algorithm 3): from a uniformly drawn point of the ball one
    ///   step of 1.25·ε, whatever `steps` says. As published, the first point is not clipped to
    ///   [0, 1]: on black pixels the step then leads to other sizes than ε alone.
    /// - PGD (Madry et al. 2018, eq. 2.1): from such a point, clipped, `steps` steps of
    ///   2.5·ε/`steps`.
    /// - TRADES (Zhang et al. 2019, algorithm 1): from close to the image as many such steps up
    ///   the divergence KL(f(x) ‖ f(x̃)).
    ///
    /// What comes of it is clipped to the ball and to [0, 1]. Draws are taken from `random`, image by
    /// image.
    pub fn begin<'a>(
        &mut self,
        against: Adversary,
        steps: usize,
        eps: f32,
        images: impl Iterator<Item = &'a [u8]>,
        mut random: Stream,
    ) {
        self.batch.begin(eps);
        images.for_each(|image| self.batch.push(image));
        self.read.clear();
        self.fresh = true;
        self.diverging = against == Adversary::Trades;
        (self.left, self.step) = match against {
            Adversary::None => (0, 0.0),
            Adversary::Fgsm => (1, 1.25 * eps),
            Adversary::Pgd | Adversary::Trades => (steps, 2.5 * eps / steps as f32),
        };
        match against {
            Adversary::None => {}
            Adversary::Fgsm => self.batch.start_uniform(false, &mut random),
            Adversary::Pgd => self.batch.start_uniform(true, &mut random),
            Adversary::Trades => self.batch.start_normal(TRADES_START, &mut random),
        }
    }

    /// The batch's images, and the points they were moved to.
    pub fn batch(&mut self) -> &mut Perturbed {
        &mut self.batch
    }

    /// Whether the batch's attack is done.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// One look at the batch. The learner's weights must be the same from the first look at a
    /// batch to the last.
    pub fn step(&mut self, learner: &mut Learner, label: &dyn Fn(usize) -> usize) {
        let images = self.batch.images();
        if self.is_done() {
            return;
        }
        if std::mem::take(&mut self.fresh) {
            learner.turn();
            if self.diverging {
                self.batch.run_clean(learner);
                self.read.extend((0..images).map(|image| probabilities(learner, image)));
                return;
            }
        }
        self.batch.run_points(learner);
        if self.diverging {
            // The divergence's gradient by the logits of x̃ is q − p.
            self.gradients.clear();
            for (image, p) in self.read.iter().enumerate() {
                let q = probabilities(learner, image);
                self.gradients.push(std::array::from_fn(|class| q[class] - p[class]));
            }
            let gradients = &self.gradients;
            learner.set_logit_gradients(images, &|image, class| gradients[image][class]);
        } else {
            learner.cross_entropy(label, 1.0);
        }
        self.batch.climb(learner, self.step);
        self.left -= 1;
    }

    /// Runs the learner on the batch as it is now and sets the gradient of the training's mean loss
    /// by the logits: the cross-entropy of the attacked images; of TRADES the cross-entropy of the
    /// clean ones and `beta` times the divergence (Zhang et al. 2019, eq. 5, as in its released
    /// code, where both f(x) and f(x̃) pass gradients on).
    ///
    /// Returns the sum of the images' losses, and what the learner was run on.
    pub fn loss(
        &mut self,
        learner: &mut Learner,
        label: &dyn Fn(usize) -> usize,
        beta: f32,
    ) -> (f64, &SparseRows) {
        let images = self.batch.images();
        let scale = 1.0 / images as f32;
        if !self.diverging {
            let pixels = self.batch.run_points(learner);
            return (learner.cross_entropy(label, scale), pixels);
        }
        let pixels = self.batch.run_both(learner);
        let gradients = &mut self.gradients;
        gradients.clear();
        gradients.extend((0..2 * images).map(|row| learner.logits_of(row)));
        let mut sum = 0.0;
        let (clean, attacked) = gradients.split_at_mut(images);
        for (image, (clean, attacked)) in clean.iter_mut().zip(attacked).enumerate() {
            let mut own = *clean;
            sum += f64::from(cross_entropy(&mut own, label(image)));
            sum += f64::from(beta) * f64::from(divergence(clean, attacked));
            for (gradient, own) in clean.iter_mut().zip(own) {
                *gradient = scale * (own + beta * *gradient);
            }
            attacked.iter_mut().for_each(|gradient| *gradient *= scale * beta);
        }
        learner.set_logit_gradients(2 * images, &|row, class| gradients[row][class]);
        (sum, pixels)
    }
}

/// What a learner reads in an image of the batch it was just run on.
fn probabilities(learner: &Learner, image: usize) -> Outputs {
    let mut outputs = learner.logits_of(image);
    softmax(&mut outputs);
    outputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use crate::network::{Mlp, Optimiser, Rule};
    use crate::rng::Purpose;

    fn begun(against: Adversary, steps: usize, eps: f32) -> BatchAttack {
        let image = |row: usize| (0..PIXELS).map(move |k| ((k * (row + 3)) % 256) as u8).collect();
        let images: Vec<Vec<u8>> = (0..6).map(image).collect();
        let mut attack = BatchAttack::default();
        let random = Stream::new(0, Purpose::TrainingAttack, &[]);
        attack.begin(against, steps, eps, images.iter().map(Vec::as_slice), random);
        attack
    }

    #[test]
    fn trades_gradients_match_finite_differences() {
        const BETA: f32 = 3.0;
        let network = Mlp::he_normal(&[10, 6], 2);
        let mut attack = begun(Adversary::Trades, 3, 0.1);
        let mut learner = Learner::new(&network);
        while !attack.is_done() {
            attack.step(&mut learner, &|image| image);
        }
        // A step of length 1 down the gradient tells the gradient.
        let mut optimiser = Optimiser::new(Rule::Sgd { momentum: 0.0 }, 1.0, 0.0);
        optimiser.fit(learner.tensors());
        let (_, pixels) = attack.loss(&mut learner, &|image| image, BETA);
        learner.backward(pixels, &mut optimiser);
        let mut stepped = network.clone();
        learner.write_back(&mut stepped);
        for (layer, (before, after)) in network.layers().iter().zip(stepped.layers()).enumerate() {
            let (outputs, inputs) = before.weights().dim();
            for index in 0..20 {
                let place = [index % outputs, (37 * index) % inputs];
                let gradient = f64::from(before.weights()[place] - after.weights()[place]);
                let mut loss = |shift: f32| {
                    let weights = |index: usize, mut weights: ndarray::Array2<f32>| {
                        if index == layer {
                            weights[place] += shift;
                        }
                        weights
                    };
                    let layers = network.layers().iter().enumerate().map(|(index, layer)| {
                        let weights = weights(index, layer.weights().to_owned());
                        crate::network::Layer::new(weights.view(), layer.biases().clone()).unwrap()
                    });
                    let moved = Mlp::from_layers(layers.collect()).unwrap();
                    attack.loss(&mut Learner::new(&moved), &|image| image, BETA).0 / 6.0
                };
                let difference = (loss(1e-3) - loss(-1e-3)) / 2e-3;
                let room = 2e-3 + 0.01 * difference.abs();
                assert!((gradient - difference).abs() < room, "{layer} {gradient} {difference}");
            }
        }
    }

    #[test]
    fn every_attack_raises_what_it_climbs() {
        for (against, steps) in [(Adversary::Fgsm, 9), (Adversary::Pgd, 5), (Adversary::Trades, 5)]
        {
            let mut learner = Learner::new(&Mlp::he_normal(&[10, 6], 2));
            let mut attack = begun(against, steps, 0.02);
            let mut looks = 0;
            let (before, _) = attack.loss(&mut learner, &|image| image, 1.0);
            while !attack.is_done() {
                attack.step(&mut learner, &|image| image);
                looks += 1;
            }
            let expected = match against {
                Adversary::Fgsm => 1,
                Adversary::Trades => steps + 1,
                _ => steps,
            };
            assert_eq!(looks, expected, "{against:?}");
            let (after, _) = attack.loss(&mut learner, &|image| image, 1.0);
            assert!(after > before + 0.1, "{against:?}: {before} {after}");
        }
    }
}
