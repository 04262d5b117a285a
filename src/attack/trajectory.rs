//! The way an attack takes on one image: what the network made of every point it was asked about.

use super::{Purpose, Run, Valid};
use crate::data::{CLASSES, Images, PIXELS};
use crate::network::{Compact, Input, Pass, argmax, cross_entropy, softmax};
use ndarray::ArrayView2;

/// Most looks that are kept: more than a scrubber has places.
pub const MOST_LOOKS: usize = 200;

/// The looks of an attack on one image, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// What the image shows.
    pub label: u8,
    /// How many looks came before each.
    pub steps: Vec<usize>,
    /// Cross-entropy to the target, or where there is none to the label.
    pub losses: Vec<f32>,
    /// What was read.
    pub read: Vec<u8>,
    /// Probabilities of the ten digits, ten values each.
    pub probabilities: Vec<f32>,
    /// Size of the perturbation, in the attack's norm.
    pub norms: Vec<f32>,
    /// The points, 784 values each.
    pub pixels: Vec<f32>,
    /// Outputs of all hidden units that are kept, at every point layer after layer.
    pub outputs: Vec<f32>,
}

/// A stepper: follows the attack on one image to the end. Of more than [`MOST_LOOKS`] looks every
/// second, fourth, … is kept, and always the last.
#[derive(Debug)]
pub struct Following {
    network: Compact,
    run: Run,
    valid: Valid,
    /// The class whose loss is written down.
    minded: u8,
    clean: Vec<f32>,
    /// The point looked at last.
    last: Vec<f32>,
    /// Looks so far, and how many of them make one that is kept.
    looks: usize,
    stride: usize,
    kept: Trajectory,
    pass: Pass,
}

impl Following {
    /// Prepares to follow the attack on an image, which must be here.
    pub fn new(network: Compact, images: &Images, index: usize, valid: Valid, seed: u32) -> Self {
        let run = Run::new(&network, images, index..index + 1, valid, seed, Purpose::Craft);
        let clean = run.clean().row(0).to_vec();
        let label = images.label(index);
        Following {
            network,
            run,
            valid,
            minded: valid.target().unwrap_or(label),
            last: clean.clone(),
            clean,
            looks: 0,
            stride: 1,
            kept: Trajectory { label, ..Trajectory::default() },
            pass: Pass::default(),
        }
    }

    /// One step of the attack; returns whether that was the last.
    pub fn step(&mut self) -> bool {
        if !self.run.is_done() {
            // One place is left for the last look.
            if self.kept.steps.len() == MOST_LOOKS - 1 {
                self.kept.halve();
                self.stride *= 2;
            }
            self.last.clear();
            self.last.extend(self.run.point(0));
            if self.looks.is_multiple_of(self.stride) {
                self.keep(self.looks);
            }
            self.run.step(&self.network);
            self.looks += 1;
        }
        self.run.is_done()
    }

    /// What was kept; final once it is done.
    pub fn finish(mut self) -> Trajectory {
        let last = self.looks.saturating_sub(1);
        if self.kept.steps.last() != Some(&last) {
            self.keep(last);
        }
        self.kept
    }

    /// Writes down what the network makes of the point looked at last.
    fn keep(&mut self, step: usize) {
        let Following { network, pass, kept, last, clean, .. } = self;
        // A row of its own length is always one.
        let Ok(point) = ArrayView2::from_shape((1, last.len()), last) else { return };
        network.forward(Input::Values(point), pass);
        let mut probabilities = pass.logits_of(0);
        let loss = cross_entropy(&mut probabilities.clone(), usize::from(self.minded));
        let read = argmax(&probabilities);
        softmax(&mut probabilities);
        kept.steps.push(step);
        kept.losses.push(loss);
        kept.read.push(read as u8);
        kept.probabilities.extend(probabilities);
        kept.norms.push(self.valid.ball().norm.distance(last, clean));
        kept.pixels.extend_from_slice(last);
        for (layer, units) in network.units().iter().enumerate() {
            kept.outputs.extend((0..units.len()).map(|unit| pass.outputs(layer).get(0, unit)));
        }
    }
}

impl Trajectory {
    /// Keeps every second look, the first among them.
    fn halve(&mut self) {
        let units = self.outputs.len() / self.steps.len().max(1);
        every_second(&mut self.steps, 1);
        every_second(&mut self.losses, 1);
        every_second(&mut self.read, 1);
        every_second(&mut self.probabilities, CLASSES);
        every_second(&mut self.norms, 1);
        every_second(&mut self.pixels, PIXELS);
        every_second(&mut self.outputs, units.max(1));
    }
}

/// Keeps every second of the parts of this length.
fn every_second<T>(values: &mut Vec<T>, length: usize) {
    let mut at = 0;
    values.retain(|_| {
        at += 1;
        ((at - 1) / length).is_multiple_of(2)
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::images;
    use super::super::{AttackParams, Method, Norm, Start};
    use super::*;
    use crate::network::Mlp;

    fn follow(params: AttackParams) -> (Trajectory, Run) {
        let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
        let (images, valid) = (images(8), params.check().unwrap());
        let mut run = Run::new(&network, &images, 5..6, valid, 4, Purpose::Craft);
        while !run.step(&network) {}
        let mut following = Following::new(network, &images, 5, valid, 4);
        while !following.step() {}
        (following.finish(), run)
    }

    #[test]
    fn its_last_look_is_what_the_attack_came_to() {
        for norm in [Norm::Linf, Norm::L2, Norm::L1] {
            let eps = norm.largest().min(3.0) / 20.0;
            let params = AttackParams { norm, ..AttackParams::usual(Method::Pgd, eps, 7) };
            let (way, run) = follow(params);
            assert_eq!(way.steps, (0..8).collect::<Vec<_>>());
            let verdict = run.verdicts()[0];
            assert_eq!(way.label, verdict.label);
            assert_eq!(way.read.last(), Some(&verdict.attacked));
            assert_eq!(way.norms.last(), Some(&verdict.norm));
            assert_eq!(&way.pixels[7 * PIXELS..], run.adversarial().row(0).to_vec());
            let inside = |size: &f32| f64::from(*size) <= eps * 1.0001;
            assert!(way.norms.iter().all(inside), "{:?}", way.norms);
        }
    }

    #[test]
    fn from_the_image_itself_it_begins_there_and_the_loss_grows() {
        let start = Start::Image;
        let params = AttackParams { start, ..AttackParams::usual(Method::Pgd, 0.1, 10) };
        let (way, run) = follow(params);
        assert_eq!(&way.pixels[..PIXELS], run.clean().row(0).to_vec());
        assert_eq!((way.norms[0], way.read[0]), (0.0, run.verdicts()[0].clean));
        assert!(way.losses.last() > way.losses.first());
        for (probabilities, read) in way.probabilities.chunks(CLASSES).zip(&way.read) {
            assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert_eq!(argmax(probabilities), usize::from(*read));
        }
    }

    #[test]
    fn the_outputs_at_each_point_are_those_of_its_image() {
        let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
        let (way, _) = follow(AttackParams::usual(Method::Pgd, 0.1, 300));
        let mut pass = Pass::default();
        let looks = way.pixels.chunks(PIXELS).zip(way.outputs.chunks(16 + 8));
        for (point, outputs) in looks {
            let point = ArrayView2::from_shape((1, PIXELS), point).unwrap();
            network.forward(Input::Values(point), &mut pass);
            let layer = |layer: usize, units: usize| (0..units).map(move |unit| (layer, unit));
            let all = layer(0, 16).chain(layer(1, 8));
            let all: Vec<f32> = all.map(|(layer, unit)| pass.outputs(layer).get(0, unit)).collect();
            assert_eq!(outputs, all);
        }
    }

    #[test]
    fn towards_a_target_its_loss_falls() {
        let params = AttackParams { target: 7, ..AttackParams::usual(Method::Pgd, 0.5, 20) };
        let (way, _) = follow(params);
        assert!(way.losses.last() < way.losses.first());
        assert_eq!(way.read.last(), Some(&7));
    }

    #[test]
    fn of_many_looks_some_are_kept_evenly_and_the_last() {
        for steps in [198, 199, 200, 398, 399, 1000] {
            let (way, run) = follow(AttackParams::usual(Method::Pgd, 0.1, steps));
            let kept = way.steps.len();
            assert!((MOST_LOOKS / 2..=MOST_LOOKS).contains(&kept), "{kept} of {steps}");
            assert_eq!((way.steps[0], way.steps[kept - 1]), (0, steps));
            let stride = way.steps[1];
            assert!(
                way.steps[..kept - 1].iter().enumerate().all(|(at, step)| *step == at * stride)
            );
            assert_eq!(way.pixels.len(), kept * PIXELS);
            assert_eq!(way.outputs.len(), kept * (16 + 8));
            assert_eq!((way.losses.len(), way.probabilities.len()), (kept, kept * CLASSES));
            assert_eq!(way.pixels[(kept - 1) * PIXELS..], run.adversarial().row(0).to_vec());
        }
    }

    #[test]
    fn a_single_step_is_two_looks() {
        let (way, _) = follow(AttackParams::usual(Method::Fgsm, 0.1, 1));
        assert_eq!(way.steps, [0, 1]);
        assert_eq!(way.norms[0], 0.0);
    }
}
