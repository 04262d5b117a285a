//! What crosses the boundary as plain objects. Tensors cross as typed arrays instead.

use crate::attack::AttackParams;
use crate::distortion::Distortion;
use crate::evaluate::Count;
use crate::recipe::ScoreParams;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tsify::Tsify;

/// How many images are here without a gap from the first on.
#[derive(Debug, Serialize, Tsify)]
pub struct DataStatus {
    /// Training images.
    pub train: usize,
    /// Test images.
    pub test: usize,
}

/// What adversarial images are wanted for.
#[derive(Debug, Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum AttackPurpose {
    /// To count which images are fooled; a fooled image is left alone at once.
    Evaluate,
    /// To have the images, attacked at full strength.
    Craft,
}

/// Work that takes long enough to be done in steps.
#[derive(Debug, Tsify)]
#[serde(tag = "job", rename_all = "lowercase")]
pub enum Job {
    /// Brings the Lab to this recipe, from as far along as it is known.
    Replay {
        /// The recipe; it is checked here.
        #[tsify(type = "Recipe")]
        recipe: Value,
    },
    /// Clean and old-adversarial accuracy of the network, or of what pruning would leave of it.
    Score {
        /// Prune so before scoring.
        #[tsify(optional, type = "PruneParams")]
        prune: Option<Value>,
        /// Prune exactly these units before scoring.
        #[tsify(optional)]
        units: Option<Vec<Vec<usize>>>,
        /// The network after this many of the recipe's steps, instead of all.
        #[tsify(optional)]
        base: Option<usize>,
    },
    /// Distortion of every hidden unit.
    Distortion {
        /// The attack and the training images.
        settings: ScoreParams,
        /// The network after this many of the recipe's steps, instead of all.
        #[tsify(optional)]
        base: Option<usize>,
    },
    /// An attack on test images `from..to` of the network (in a pool worker: the loaded one).
    Attack {
        /// The attack.
        settings: AttackParams,
        /// The recipe's seed.
        seed: u32,
        /// First test image.
        from: usize,
        /// Behind the last test image.
        to: usize,
        /// What for.
        purpose: AttackPurpose,
    },
    /// One sweep of an attack over ascending sizes on test images `from..to`.
    Curve {
        /// The attack; its own ε is not looked at.
        settings: AttackParams,
        /// The recipe's seed.
        seed: u32,
        /// First test image.
        from: usize,
        /// Behind the last test image.
        to: usize,
        /// The sizes, ascending.
        sizes: Vec<f64>,
    },
    /// Which of test images `from..to` are proven at these L∞ sizes.
    Certify {
        /// First test image.
        from: usize,
        /// Behind the last test image.
        to: usize,
        /// The sizes, ascending.
        sizes: Vec<f64>,
    },
    /// Whether the loss has a gradient by test images `from..to`.
    Gradients {
        /// First test image.
        from: usize,
        /// Behind the last test image.
        to: usize,
    },
    /// The attack on one image, of full strength, with everything there is to see.
    Image {
        /// The attack.
        settings: AttackParams,
        /// The recipe's seed.
        seed: u32,
        /// The test image, …
        #[tsify(optional)]
        index: Option<usize>,
        /// … or the 784 pixels of a drawing.
        #[tsify(optional)]
        drawing: Option<Vec<u8>>,
    },
    /// The way that the attack on one image takes.
    Trajectory {
        /// The attack.
        settings: AttackParams,
        /// The recipe's seed.
        seed: u32,
        /// The test image, …
        #[tsify(optional)]
        index: Option<usize>,
        /// … or the 784 pixels of a drawing.
        #[tsify(optional)]
        drawing: Option<Vec<u8>>,
    },
    /// The attack on test images `from..to`, at most 64, as pictures.
    Gallery {
        /// The attack.
        settings: AttackParams,
        /// The recipe's seed.
        seed: u32,
        /// First test image.
        from: usize,
        /// Behind the last test image.
        to: usize,
    },
}

impl TryFrom<&Value> for Job {
    type Error = serde_json::Error;

    /// By hand, because serde's derive reads a tagged enum from a buffer of its own kind, and so
    /// the code of every type inside would be in the module once more.
    fn try_from(job: &Value) -> Result<Self, Self::Error> {
        Ok(match job["job"].as_str().unwrap_or_default() {
            "replay" => Job::Replay { recipe: job["recipe"].clone() },
            "score" => Job::Score {
                prune: Some(job["prune"].clone()).filter(|prune| !prune.is_null()),
                units: entry(job, "units")?,
                base: entry(job, "base")?,
            },
            "distortion" => {
                Job::Distortion { settings: entry(job, "settings")?, base: entry(job, "base")? }
            }
            "attack" => Job::Attack {
                settings: entry(job, "settings")?,
                seed: entry(job, "seed")?,
                from: entry(job, "from")?,
                to: entry(job, "to")?,
                purpose: entry(job, "purpose")?,
            },
            "curve" => Job::Curve {
                settings: entry(job, "settings")?,
                seed: entry(job, "seed")?,
                from: entry(job, "from")?,
                to: entry(job, "to")?,
                sizes: entry(job, "sizes")?,
            },
            "certify" => Job::Certify {
                from: entry(job, "from")?,
                to: entry(job, "to")?,
                sizes: entry(job, "sizes")?,
            },
            "image" => Job::Image {
                settings: entry(job, "settings")?,
                seed: entry(job, "seed")?,
                index: entry(job, "index")?,
                drawing: entry(job, "drawing")?,
            },
            "trajectory" => Job::Trajectory {
                settings: entry(job, "settings")?,
                seed: entry(job, "seed")?,
                index: entry(job, "index")?,
                drawing: entry(job, "drawing")?,
            },
            "gallery" => Job::Gallery {
                settings: entry(job, "settings")?,
                seed: entry(job, "seed")?,
                from: entry(job, "from")?,
                to: entry(job, "to")?,
            },
            "gradients" => Job::Gradients { from: entry(job, "from")?, to: entry(job, "to")? },
            other => {
                const KNOWN: &[&str] = &[
                    "replay",
                    "score",
                    "distortion",
                    "attack",
                    "curve",
                    "certify",
                    "gradients",
                    "image",
                    "trajectory",
                    "gallery",
                ];
                return Err(Error::unknown_variant(other, KNOWN));
            }
        })
    }
}

/// One entry of an object; a missing one reads as null.
fn entry<T: DeserializeOwned>(object: &Value, key: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(object[key].clone())
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
