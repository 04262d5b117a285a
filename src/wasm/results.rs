//! What a Lab answers, as plain objects. Tensors cross as typed arrays instead.

use super::laboratory::{MixtureResult, PixelsResult, SimilarityResult};
use crate::distortion::Distortion;
use crate::evaluate::Count;
use crate::network::{self, Difference, Pruned};
use crate::trial::Outcome;
use serde::Serialize;
use tsify::Tsify;

/// How many images are here without a gap from the first on.
#[derive(Debug, Serialize, Tsify)]
pub struct DataStatus {
    /// Training images.
    pub train: usize,
    /// Test images.
    pub test: usize,
}

/// What a network is.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct NetworkFacts {
    /// Digest of weights and masks.
    pub digest: String,
    /// Digest of the network before the first cut.
    pub reference_digest: String,
    /// What the old adversarial images have to be crafted with: reference, attack, images.
    pub old_key: String,
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    /// Pruned units of each hidden layer, ascending.
    pub pruned: Vec<Vec<usize>>,
    /// Share of weights that are zero by a mask.
    pub sparsity: f64,
    /// Pruned units in all.
    pub units_pruned: usize,
    /// Hidden units in all.
    pub units: usize,
    /// Pixels that no weight acts on any more.
    pub pixels_pruned: usize,
    /// Which ones, ascending.
    pub pixels: Vec<usize>,
    /// Weights in all.
    pub parameters: usize,
    /// Whether it has been trained.
    pub trained: bool,
}

/// Accuracies from cached outputs.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Digest of the network scored.
    pub digest: String,
    /// On unchanged test images.
    pub clean: Count,
    /// On old adversarial images, if they are all here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub transfer: Option<Count>,
    /// Pruned units of each hidden layer, ascending.
    pub pruned: Vec<Vec<usize>>,
    /// Share of weights that are zero by a mask.
    pub sparsity: f64,
    /// Pruned units in all.
    pub units_pruned: usize,
    /// Hidden units in all.
    pub units: usize,
    /// Pixels that no weight acts on any more.
    pub pixels_pruned: usize,
    /// Which ones, ascending.
    pub pixels: Vec<usize>,
}

/// Things that are pruned in one network, in the other, or in both.
#[derive(Debug, Serialize, Tsify)]
pub struct PrunedCounts {
    /// In the first network alone.
    pub first: usize,
    /// In the second network alone.
    pub second: usize,
    /// In both.
    pub both: usize,
    /// How many there are.
    pub of: usize,
}

impl From<Pruned> for PrunedCounts {
    fn from(Pruned { first, second, both, of }: Pruned) -> Self {
        PrunedCounts { first, second, both, of }
    }
}

/// How two networks of one shape differ.
#[derive(Debug, Serialize, Tsify)]
pub struct NetworkDifference {
    /// Weights of each layer.
    pub weights: Vec<PrunedCounts>,
    /// Pixels of the input.
    pub pixels: PrunedCounts,
    /// Units of each hidden layer that do not read their inputs alike; ascending.
    pub changed: Vec<Vec<usize>>,
}

impl From<Difference> for NetworkDifference {
    fn from(found: Difference) -> Self {
        NetworkDifference {
            weights: found.weights.into_iter().map(Into::into).collect(),
            pixels: found.pixels.into(),
            changed: found.changed,
        }
    }
}

/// A unit's sum taken apart, for a clean image and its adversarial example.
#[derive(Debug, Serialize, Tsify)]
pub struct Contributions {
    /// The whole sums before ReLU, clean and adversarial.
    #[tsify(type = "[number, number]")]
    pub sums: [f32; 2],
    /// The unit's bias.
    pub bias: f32,
    /// The terms that weigh most: the inputs they come from, …
    pub inputs: Vec<usize>,
    /// … the weights of these, …
    pub weights: Vec<f32>,
    /// … and their values, clean and adversarial.
    #[tsify(type = "[number[], number[]]")]
    pub values: [Vec<f32>; 2],
    /// All other terms together.
    #[tsify(type = "[number, number]")]
    pub rests: [f64; 2],
    /// How many other terms are not zero.
    pub others: usize,
}

impl From<network::Contributions> for Contributions {
    fn from(found: network::Contributions) -> Self {
        let network::Contributions { sums, bias, terms, rests, others } = found;
        Contributions {
            sums,
            bias,
            inputs: terms.iter().map(|term| term.input).collect(),
            weights: terms.iter().map(|term| term.weight).collect(),
            values: [0, 1].map(|which| terms.iter().map(|term| term.values[which]).collect()),
            rests,
            others,
        }
    }
}

/// What an attack on a range of test images came to.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct AttackBlock {
    /// First test image.
    pub from: usize,
    /// Behind the last test image.
    pub to: usize,
    /// Images read correctly both clean and adversarial.
    pub correct: usize,
    /// Images attacked.
    pub total: usize,
    /// What was read in each adversarial image.
    pub predictions: Vec<u8>,
    /// Median size of the perturbations that fooled the network, in the attack's norm.
    pub median_norm: f64,
    /// Size of the perturbation that fooled each image: infinite where none was found, 0 where
    /// the clean image is misread already.
    pub norms: Vec<f32>,
    /// How often the network was run on an image, all images together.
    pub queries: f64,
}

/// What a sweep over sizes came to.
#[derive(Debug, Serialize, Tsify)]
pub struct CurveBlock {
    /// First test image.
    pub from: usize,
    /// Behind the last test image.
    pub to: usize,
    /// Images attacked.
    pub total: usize,
    /// Images read right unchanged.
    pub clean: usize,
    /// For each size, the images that withstand it and every smaller one.
    pub correct: Vec<usize>,
}

/// What was proven of a range of test images.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CertifiedBlock {
    /// First test image.
    pub from: usize,
    /// Behind the last test image.
    pub to: usize,
    /// Images looked at.
    pub total: usize,
    /// For each size, the images proven to be read right.
    pub proven: Vec<usize>,
    /// Those that intervals alone prove.
    pub by_intervals: Vec<usize>,
}

/// Of how many test images the gradient is of use to an attack.
#[derive(Debug, Serialize, Tsify)]
pub struct GradientBlock {
    /// First test image.
    pub from: usize,
    /// Behind the last test image.
    pub to: usize,
    /// Images looked at.
    pub total: usize,
    /// Those read right.
    pub correct: usize,
    /// Of these, those whose gradient is exactly zero.
    pub zero: usize,
    /// Of these, those whose gradient vanishes in rounding.
    pub vanishing: usize,
}

/// What a job came to.
// A flattened struct is a map to serde, which would reach the page as a `Map`, not an object.
#[derive(Debug, Serialize, Tsify)]
#[tsify(hashmap_as_object)]
#[serde(tag = "job", rename_all = "lowercase")]
pub enum JobResult {
    /// Of a replay: the network.
    Replay(NetworkFacts),
    /// Of a trial.
    Trial(Box<Outcome>),
    /// Of a score.
    Score(Scores),
    /// Of a distortion.
    Distortion(DistortionResult),
    /// Of an attack.
    Attack(AttackBlock),
    /// Of a sweep over sizes.
    Curve(CurveBlock),
    /// Of certificates.
    Certify(CertifiedBlock),
    /// Of the gradients.
    Gradients(GradientBlock),
    /// Of the units under all conditions.
    Similarity(SimilarityResult),
    /// Of filters before and after.
    Mixture(MixtureResult),
    /// Of the pixels.
    Pixels(PixelsResult),
    /// Of one image.
    Image(ImageAttack),
    /// Of the way of an attack.
    Trajectory(Trajectory),
    /// Of a gallery.
    Gallery {
        /// Its images, in order.
        items: Vec<GalleryItem>,
    },
}

/// The distortion of a network.
#[derive(Debug, Serialize, Tsify)]
pub struct DistortionResult {
    /// Digest of the network measured.
    pub digest: String,
    /// Its distortion.
    #[serde(flatten)]
    pub distortion: Distortion,
}

/// Outputs of a hidden layer's units on one image; 0 for pruned ones.
#[derive(Debug, Serialize, Tsify)]
pub struct LayerOutputs {
    /// On the clean image.
    pub clean: Vec<f32>,
    /// On its adversarial example.
    pub attacked: Vec<f32>,
}

/// Everything about the attack on one test image or drawing.
#[derive(Debug, Serialize, Tsify)]
pub struct ImageAttack {
    /// The test image's index; -1 for a drawing.
    pub index: i32,
    /// What it shows; of a drawing, what the network reads in it.
    pub label: u8,
    /// Its pixels, from 0 to 1.
    pub image: Vec<f32>,
    /// The adversarial example's pixels, from 0 to 1.
    pub adversarial: Vec<f32>,
    /// Probabilities of the ten digits on the clean image.
    pub clean: Vec<f32>,
    /// Probabilities of the ten digits on the adversarial example.
    pub attacked: Vec<f32>,
    /// Outputs of the hidden layers.
    pub layers: Vec<LayerOutputs>,
    /// Size of the perturbation, in the attack's norm.
    pub norm: f32,
    /// How often the attack moved.
    pub iterations: u32,
    /// How often it ran the network.
    pub queries: u32,
    /// Whether the network reads the clean image right and the adversarial one wrong.
    pub fooled: bool,
}

/// The way an attack took on one image, look by look.
#[derive(Debug, Serialize, Tsify)]
pub struct Trajectory {
    /// The test image's index; -1 for a drawing.
    pub index: i32,
    /// What it shows; of a drawing, what the network reads in it.
    pub label: u8,
    /// How many looks there are.
    pub frames: usize,
    /// How many looks came before each; not all are kept.
    pub steps: Vec<usize>,
    /// Cross-entropy to the target, or where there is none to the label.
    pub losses: Vec<f32>,
    /// What was read.
    pub read: Vec<u8>,
    /// Probabilities of the ten digits, ten values each.
    pub probabilities: Vec<f32>,
    /// Size of the perturbation, in the attack's norm.
    pub norms: Vec<f32>,
    /// The points, 784 values from 0 to 1 each.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub pixels: js_sys::Float32Array,
    /// Outputs of all hidden units at each look, layer after layer; 0 of pruned ones.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub outputs: js_sys::Float32Array,
}

/// One image of the gallery.
#[derive(Debug, Serialize, Tsify)]
pub struct GalleryItem {
    /// Its index.
    pub index: usize,
    /// What it shows.
    pub label: u8,
    /// What is read in the clean image.
    pub clean: u8,
    /// What is read in the adversarial example.
    pub attacked: u8,
    /// The adversarial example, pixels from 0 to 255.
    pub pixels: Vec<u8>,
}
