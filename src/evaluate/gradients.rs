//! Whether attacks that follow the gradient have one to follow.
//!
//! A network that is very sure of itself gives the label a probability of one, and the
//! cross-entropy then has no gradient left in `f32`: gradient attacks fail, and the network seems
//! robust without being so (Papernot et al. 2017, “Practical black-box attacks against machine
//! learning”, section 7; Carlini & Wagner 2017, “Towards evaluating the robustness of neural
//! networks”, section III.F; Athalye, Carlini & Wagner 2018, “Obfuscated gradients give a false
//! sense of security”, section 3). Two degrees are told apart:
//!
//! - *zero*: every one of the 784 numbers is exactly zero. There is no direction at all.
//! - *vanishing*: not zero, but the label's probability p has been rounded to one, because those
//!   of the other digits sum to less than about 2⁻²⁴. The gradient is Σⱼ pⱼ ∂(zⱼ − z_label)/∂x
//!   over the wrong digits j; what is computed is Σⱼ pⱼ ∂zⱼ/∂x + (p − 1) ∂z_label/∂x, and with
//!   p = 1 its second part is gone. Rounding, not the network, decides on its direction.

use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::SparseRows;
use crate::network::{Compact, Input, Mlp, Pass, softmax};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Of how many images the gradient by the input is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct GradientCount {
    /// Images looked at.
    #[serde(skip)]
    pub total: usize,
    /// Those read right; only of these is the gradient looked at.
    pub correct: usize,
    /// Those whose gradient is exactly zero.
    pub zero: usize,
    /// Those whose gradient is not zero but vanishing.
    pub vanishing: usize,
}

/// A stepper: the gradients by the input of the cross-entropy on a range of images.
#[derive(Debug)]
pub struct InputGradients {
    network: Compact,
    range: Range<usize>,
    next: usize,
    count: GradientCount,
    pixels: SparseRows,
    pass: Pass,
    gradients: Vec<f32>,
}

impl InputGradients {
    /// Prepares to look at images `range`.
    pub fn new(network: &Mlp, range: Range<usize>) -> Self {
        InputGradients {
            network: Compact::new(network),
            next: range.start,
            range,
            count: GradientCount::default(),
            pixels: SparseRows::default(),
            pass: Pass::default(),
            gradients: Vec::new(),
        }
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.count.total as f64 / self.range.len().max(1) as f64
    }

    /// Looks at one block of images, which must be here. Returns whether all are done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Self { network, range, next, count, pixels, pass, gradients } = self;
        let block = *next..range.end.min(*next + crate::attack::BLOCK);
        *next = block.end;
        pixels.clear(PIXELS);
        for image in block.clone() {
            pixels.push_bytes(images.image(image), &PIXEL_VALUE);
        }
        network.forward(Input::Pixels(pixels), pass);
        let mut derivatives = Vec::with_capacity(block.len());
        let mut sure = Vec::with_capacity(block.len());
        for (place, image) in block.enumerate() {
            let label = usize::from(images.label(image));
            let mut logits = pass.logits_of(place);
            let right = crate::network::argmax(&logits) == label;
            softmax(&mut logits);
            // Only of an image read right is it asked whether the label's probability is one.
            sure.push(right.then_some(logits[label] >= 1.0));
            logits[label] -= 1.0;
            derivatives.push(logits);
        }
        pass.set_logit_gradients(sure.len(), &|place, class| derivatives[place][class]);
        network.input_gradient(pass);
        gradients.resize(sure.len() * PIXELS, 0.0);
        pass.write_input_gradient(gradients);
        for (sure, gradient) in sure.iter().zip(gradients.chunks(PIXELS)) {
            count.total += 1;
            let Some(sure) = sure else { continue };
            count.correct += 1;
            if gradient.iter().all(|value| *value == 0.0) {
                count.zero += 1;
            } else if *sure {
                count.vanishing += 1;
            }
        }
        *next >= range.end
    }

    /// What was counted; final once [`InputGradients::step`] said that it is done.
    pub fn count(&self) -> GradientCount {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{images, trained};
    use super::*;
    use crate::network::Layer;
    use ndarray::Array1;

    /// The network with its logits times a factor: it reads the same in every image.
    fn scaled(network: &Mlp, factor: f32) -> Mlp {
        let mut layers: Vec<Layer> =
            network.layers().iter().map(|layer| (**layer).clone()).collect();
        let last = layers.pop().unwrap();
        let (weights, biases) = (last.weights().mapv(|w| w * factor), last.biases() * factor);
        layers.push(Layer::new(weights.view(), biases).unwrap());
        Mlp::from_layers(layers).unwrap()
    }

    fn count(network: &Mlp, range: Range<usize>) -> GradientCount {
        let mut gradients = InputGradients::new(network, range);
        while !gradients.step(&images()) {
            assert!(gradients.fraction() < 1.0);
        }
        gradients.count()
    }

    #[test]
    fn confidence_makes_gradients_vanish_and_then_zero() {
        let network = trained();
        let [calm, sure, certain] =
            [0.1, 30.0, 1e5].map(|factor| count(&scaled(&network, factor), 0..300));
        assert!(calm.correct > 250 && calm.total == 300);
        assert!([sure, certain].iter().all(|other| other.correct == calm.correct));
        assert_eq!((calm.zero, calm.vanishing), (0, 0));
        assert!(sure.vanishing > 50, "{sure:?}");
        assert!(certain.zero > 290 * calm.correct / 300, "{certain:?}");
    }

    #[test]
    fn where_the_labels_part_is_lost_the_direction_is_wrong() {
        // Two pixels of the one image: one acts by the label's logit, one by another digit's.
        let mut weights = ndarray::Array2::zeros((2, PIXELS));
        (weights[[0, 0]], weights[[1, 1]]) = (1.0, 1.0);
        let hidden = Layer::new(weights.view(), Array1::zeros(2)).unwrap();
        let mut weights = ndarray::Array2::zeros((10, 2));
        (weights[[3, 0]], weights[[7, 1]]) = (20.0, 1.0);
        let network =
            Mlp::from_layers(vec![hidden, Layer::new(weights.view(), Array1::zeros(10)).unwrap()])
                .unwrap();
        let mut pixels = vec![0; 2 * PIXELS];
        (pixels[0], pixels[1]) = (255, 255);
        (pixels[PIXELS], pixels[PIXELS + 1]) = (128, 255);
        let images = Images::new(pixels, vec![3, 3]).unwrap();
        let mut gradients = InputGradients::new(&network, 0..1);
        assert!(gradients.step(&images));
        // p is rounded to 1: the label's pixel seems to have no influence.
        assert!(gradients.gradients[0] == 0.0 && gradients.gradients[1] > 0.0);
        assert_eq!(
            gradients.count(),
            GradientCount { total: 1, correct: 1, zero: 0, vanishing: 1 }
        );
        // Half as bright it has one, and the larger.
        let mut gradients = InputGradients::new(&network, 1..2);
        assert!(gradients.step(&images));
        assert!(-gradients.gradients[0] > gradients.gradients[1]);
        assert_eq!(
            gradients.count(),
            GradientCount { total: 1, correct: 1, zero: 0, vanishing: 0 }
        );
    }

    #[test]
    fn the_split_into_ranges_changes_nothing() {
        let network = scaled(&trained(), 30.0);
        let (whole, parts) =
            (count(&network, 0..300), [count(&network, 0..140), count(&network, 140..300)]);
        assert_eq!(whole.zero, parts[0].zero + parts[1].zero);
        assert_eq!(whole.vanishing, parts[0].vanishing + parts[1].vanishing);
        assert_eq!(whole.correct, parts[0].correct + parts[1].correct);
    }
}
