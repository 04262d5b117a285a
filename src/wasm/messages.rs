//! What a Lab is asked, as plain objects.

use crate::attack::AttackParams;
use crate::recipe::{ScoreParams, Unread, read};
use crate::trial::Asked;
use serde::Deserialize;
use serde_json::Value;
use tsify::Tsify;

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
    /// A recipe and what is asked of its network.
    Trial {
        /// The recipe; it is checked here.
        #[tsify(type = "Recipe")]
        recipe: Value,
        /// What is asked.
        asked: Asked,
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
    /// Whether the attack moves the same hidden units under all conditions.
    Similarity {
        /// The attack and the training images.
        settings: ScoreParams,
    },
    /// What first-layer filters are made of, before (`loadBefore`) and now.
    Mixture {
        /// Training images that tell which pixels are rarely lit.
        images: usize,
    },
    /// Which pixels are lit, moved by an attack, and read by the network.
    Pixels {
        /// The attack and the training images it is tried on.
        settings: ScoreParams,
        /// Training images that the mean digit is of.
        images: usize,
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
    type Error = Unread;

    /// By hand, because serde's derive reads a tagged enum from a buffer of its own kind, and so
    /// the code of every type inside would be in the module once more.
    fn try_from(job: &Value) -> Result<Self, Self::Error> {
        Ok(match job["job"].as_str().unwrap_or_default() {
            "replay" => Job::Replay { recipe: job["recipe"].clone() },
            "trial" => Job::Trial { recipe: job["recipe"].clone(), asked: entry(job, "asked")? },
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
            "similarity" => Job::Similarity { settings: entry(job, "settings")? },
            "mixture" => Job::Mixture { images: entry(job, "images")? },
            "pixels" => {
                Job::Pixels { settings: entry(job, "settings")?, images: entry(job, "images")? }
            }
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
                    "trial",
                    "score",
                    "distortion",
                    "attack",
                    "curve",
                    "certify",
                    "gradients",
                    "similarity",
                    "mixture",
                    "pixels",
                    "image",
                    "trajectory",
                    "gallery",
                ];
                return Err(serde::de::Error::unknown_variant(other, KNOWN));
            }
        })
    }
}

/// One entry of an object; a missing one reads as null.
fn entry<'a, T: Deserialize<'a>>(object: &'a Value, key: &str) -> Result<T, Unread> {
    read(&object[key])
}
