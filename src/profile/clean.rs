//! A pass over clean images: forward, and where gradients are asked for back again.

use super::sums::{Sums, spread};
use super::{Profile, Subject};
use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::SparseRows;
use crate::network::{Learner, Mlp, Optimiser, Rule};
use ndarray::{Array2, ShapeBuilder};

/// Images run together.
const BLOCK: usize = 128;

/// A stepper: clean images, block by block.
#[derive(Debug)]
pub struct Looking {
    /// For its masks and sizes.
    network: Mlp,
    learner: Learner,
    subject: Subject,
    images: usize,
    done: usize,
    inputs: SparseRows,
    pixels: Sums,
    layers: Vec<Sums>,
    /// Σ |z · ∂L/∂z| of each kept unit.
    saliency: Vec<Vec<f64>>,
    /// Σ ∂L/∂w.
    gradients: Optimiser,
}

impl Looking {
    /// Prepares to look at so many images, the first in file order. `subject` is no attack.
    pub fn new(network: &Mlp, subject: Subject, images: usize) -> Self {
        let learner = Learner::new(network);
        let mut gradients = Optimiser::new(Rule::Sum, 0.0, 0.0);
        if subject == Subject::Gradients {
            gradients.fit(learner.tensors());
        }
        let kept = network.kept_units().iter();
        let kept = kept.map(|kept| kept.iter().filter(|kept| **kept).count()).collect::<Vec<_>>();
        Looking {
            network: network.clone(),
            learner,
            subject,
            images,
            done: 0,
            inputs: SparseRows::default(),
            pixels: Sums::new(PIXELS),
            layers: kept.iter().map(|units| Sums::new(*units)).collect(),
            saliency: kept.iter().map(|units| vec![0.0; *units]).collect(),
            gradients,
        }
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.done as f64 / self.images.max(1) as f64
    }

    /// Runs one block; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Looking { learner, inputs, pixels, layers, saliency, .. } = self;
        let (first, end) = (self.done, self.images.min(self.done + BLOCK));
        inputs.clear(PIXELS);
        for image in first..end {
            let bytes = images.image(image);
            inputs.push_bytes(bytes, &PIXEL_VALUE);
            for (pixel, byte) in bytes.iter().enumerate() {
                pixels.add(pixel, PIXEL_VALUE[usize::from(*byte)]);
            }
        }
        learner.run(inputs);
        for (layer, sums) in layers.iter_mut().enumerate() {
            sums.add_batch(learner.outputs(layer));
        }
        if self.subject != Subject::Outputs {
            let label = |row: usize| usize::from(images.label(first + row));
            learner.cross_entropy(&label, 1.0);
            learner.carry_back(&[]);
        }
        match self.subject {
            Subject::Saliency => {
                for (layer, sums) in saliency.iter_mut().enumerate() {
                    let (z, gradients) = (learner.outputs(layer), learner.gradients(layer));
                    for image in 0..z.lines() {
                        for (unit, sum) in sums.iter_mut().enumerate() {
                            // Where a unit is silent its output is 0, and so is the product.
                            let z = f64::from(z.get(image, unit));
                            *sum += (z * f64::from(gradients.get(image, unit))).abs();
                        }
                    }
                }
            }
            Subject::Gradients => learner.update(inputs, &mut self.gradients),
            _ => {}
        }
        self.done = end;
        self.done >= self.images
    }

    /// What was measured; call it once all is.
    pub fn finish(self) -> Profile {
        let Looking { network, learner, subject, images, gradients, .. } = &self;
        let hidden = network.hidden();
        let all: Vec<usize> = (0..PIXELS).collect();
        let mut profile = Profile {
            levels: vec![self.pixels.means(&all, PIXELS, *images, 0)],
            images: *images,
            ..Profile::default()
        };
        for (layer, kept) in network.kept_units().iter().enumerate() {
            let units: Vec<usize> = (0..hidden[layer]).filter(|unit| kept[*unit]).collect();
            profile.levels.push(self.layers[layer].means(&units, kept.len(), *images, 0));
            if *subject == Subject::Saliency {
                let means = spread(&self.saliency[layer], &units, kept.len(), *images);
                profile.saliency.push(means);
            }
        }
        if *subject == Subject::Gradients {
            let scale = 1.0 / (*images).max(1) as f32;
            for (index, layer) in network.layers().iter().enumerate() {
                let mut means = Array2::zeros(layer.weights().dim().f());
                let sums = gradients.sums(2 * index).as_flattened();
                for (sum, place) in sums.iter().zip(learner.places(network, index)) {
                    // The way back knows nothing of masks; a pruned weight has no say.
                    if let Some((output, input)) = place
                        && layer.keeps_weight(output, input)
                    {
                        means[[output, input]] = sum * scale;
                    }
                }
                profile.gradients.push(means);
            }
        }
        profile
    }
}
