//! The Lab: everything a worker can be asked.

use super::jobs::{self, Bench, Work};
use super::messages::Job;
use super::results::{Contributions, DataStatus, JobResult, NetworkDifference, NetworkFacts};
use super::{parse, read, thrown, value};
use crate::attack::Purpose;
use crate::data::{ChunkInfo, Dataset, Images, PIXELS, Set};
use crate::evaluate::OldImages;
use crate::network::{Compact, Input, Mlp, Pass, contributions, difference};
use crate::recipe::{Checkpoint, Progress, check_recipe, json_text};
use js_sys::Reflect;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, Performance};

/// One worker's lab: images, a recipe's network, and the job under way.
#[wasm_bindgen]
#[derive(Default)]
pub struct Lab {
    pub(super) bench: Bench,
    active: Option<Active>,
    result: Option<Ts<JobResult>>,
}

/// The job under way.
enum Active {
    /// To replay a recipe, which the first half of the module does by itself.
    Replay,
    /// Whatever else.
    Other(Box<dyn Work>),
}

/// A checkpoint with the recipe it was taken of.
#[derive(Serialize, Deserialize)]
struct StoredCheckpoint {
    /// As JSON: postcard cannot tell a tagged step's fields apart.
    recipe: String,
    checkpoint: Checkpoint,
}

#[wasm_bindgen]
impl Lab {
    /// An empty lab.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an uncompressed chunk of images and says how many are here; adding it again is
    /// harmless.
    ///
    /// # Errors
    /// One sentence naming the chunk and what is wrong with it.
    #[wasm_bindgen(js_name = addChunk)]
    pub fn add_chunk(
        &mut self,
        info: Ts<ChunkInfo>,
        bytes: &[u8],
    ) -> Result<Ts<DataStatus>, JsError> {
        let info = read(info)?;
        self.bench.data.add_chunk(&info, bytes).map_err(thrown)?;
        let (train, test) = (self.bench.data.train.len(), self.bench.data.test.len());
        DataStatus { train, test }.into_ts().map_err(thrown)
    }

    /// Says how many images there will be, so that nothing waits for more.
    #[wasm_bindgen(js_name = expectImages)]
    pub fn expect_images(&mut self, train: usize, test: usize) {
        self.bench.data.expected = Some((train, test));
    }

    /// Pixels of `count` images from `from` on, 784 bytes each.
    ///
    /// # Errors
    /// One sentence when they are not here.
    pub fn images(&self, set: Ts<Set>, from: usize, count: usize) -> Result<Vec<u8>, JsError> {
        let (images, range) = self.range(set, from, count)?;
        Ok(range.flat_map(|index| images.image(index).iter().copied()).collect())
    }

    /// Labels of `count` images from `from` on.
    ///
    /// # Errors
    /// One sentence when they are not here.
    pub fn labels(&self, set: Ts<Set>, from: usize, count: usize) -> Result<Vec<u8>, JsError> {
        let (images, range) = self.range(set, from, count)?;
        Ok(range.map(|index| images.label(index)).collect())
    }

    /// Begins a job; one under way is dropped.
    ///
    /// # Errors
    /// One sentence when the job is not possible.
    pub fn begin(&mut self, job: Ts<Job>) -> Result<(), JsError> {
        self.cancel();
        let job = value(job)?;
        self.active = Some(if job["job"] == "replay" {
            self.bench.replayer.begin(check_recipe(&job["recipe"]).map_err(thrown)?);
            Active::Replay
        } else {
            Active::Other(jobs::begin(&job, &mut self.bench).map_err(thrown)?)
        });
        Ok(())
    }

    /// Works at the job for about this long; call it until it says that it is done.
    ///
    /// # Errors
    /// One sentence when the job failed; the network before is kept.
    pub fn step(&mut self, budget_ms: f64) -> Result<Ts<Progress>, JsError> {
        let mut active = self.active.take().ok_or_else(|| thrown("There is no job under way."))?;
        let end = now() + budget_ms;
        let mut losses = Vec::new();
        loop {
            let step = match &mut active {
                Active::Replay => self.bench.replayer.step(&self.bench.data),
                Active::Other(work) => work.step(&mut self.bench),
            };
            let mut progress = step.map_err(thrown)?;
            losses.append(&mut progress.losses);
            let pause = progress.needs.is_some() || progress.checkpoint || now() >= end;
            if !progress.done && !pause {
                continue;
            }
            if progress.done {
                let result = match active {
                    Active::Replay => replayed(&self.bench),
                    Active::Other(work) => work.finish(&mut self.bench),
                };
                self.result = Some(result.map_err(thrown)?);
            } else {
                self.active = Some(active);
            }
            return Progress { losses, ..progress }.into_ts().map_err(thrown);
        }
    }

    /// Drops the job under way; the network stays what it was before.
    pub fn cancel(&mut self) {
        self.active = None;
        self.result = None;
        self.bench.replayer.cancel();
    }

    /// What the job came to, once, after it is done.
    ///
    /// # Errors
    /// One sentence when no job has just finished.
    pub fn result(&mut self) -> Result<Ts<JobResult>, JsError> {
        self.result.take().ok_or_else(|| thrown("No job has just finished."))
    }

    /// Whether there is a network.
    #[wasm_bindgen(js_name = hasNetwork)]
    pub fn has_network(&self) -> bool {
        self.bench.network(None).is_ok()
    }

    /// What the network is.
    ///
    /// # Errors
    /// One sentence when there is none.
    pub fn facts(&self) -> Result<Ts<NetworkFacts>, JsError> {
        facts(&self.bench).map_err(thrown)?.into_ts().map_err(thrown)
    }

    /// The network as bytes for another Lab.
    ///
    /// # Errors
    /// One sentence when there is none.
    #[wasm_bindgen(js_name = networkBytes)]
    pub fn network_bytes(&self) -> Result<Vec<u8>, JsError> {
        stored(&self.bench.network(None).map_err(thrown)?)
    }

    /// The network before the first cut, as bytes for another Lab.
    ///
    /// # Errors
    /// One sentence when there is none.
    #[wasm_bindgen(js_name = referenceBytes)]
    pub fn reference_bytes(&self) -> Result<Vec<u8>, JsError> {
        let state = self.bench.replayer.state();
        stored(state.ok_or_else(|| thrown("There is no network yet."))?.reference())
    }

    /// The network that was scored last, as bytes for another Lab.
    ///
    /// # Errors
    /// One sentence when none was.
    #[wasm_bindgen(js_name = candidateBytes)]
    pub fn candidate_bytes(&self) -> Result<Vec<u8>, JsError> {
        let candidate = self.bench.candidate.as_ref();
        stored(candidate.ok_or_else(|| thrown("No network has been scored yet."))?)
    }

    /// Takes a network from another Lab to attack it; returns its digest.
    ///
    /// # Errors
    /// One sentence when the bytes are no network.
    #[wasm_bindgen(js_name = loadNetwork)]
    pub fn load_network(&mut self, bytes: &[u8]) -> Result<String, JsError> {
        let network = taken(bytes)?;
        let digest = network.digest();
        self.bench.loaded = Some(network);
        Ok(digest)
    }

    /// Takes a network from a file, with which recipes may then begin; returns its digest.
    ///
    /// # Errors
    /// One sentence when the bytes are no network.
    #[wasm_bindgen(js_name = bringNetwork)]
    pub fn bring_network(&mut self, bytes: &[u8]) -> Result<String, JsError> {
        Ok(self.bench.replayer.bring(taken(bytes)?))
    }

    /// Takes one's own images, all at once, in place of MNIST's; `digest` names them in recipes.
    ///
    /// # Errors
    /// One sentence when pixels and labels do not fit together.
    #[wasm_bindgen(js_name = bringImages)]
    pub fn bring_images(
        &mut self,
        digest: String,
        train: &[u8],
        train_labels: &[u8],
        test: &[u8],
        test_labels: &[u8],
    ) -> Result<(), JsError> {
        let images = |pixels: &[u8], labels: &[u8]| {
            Images::new(pixels.to_vec(), labels.to_vec()).map_err(thrown)
        };
        let (train, test) = (images(train, train_labels)?, images(test, test_labels)?);
        let expected = Some((train.len(), test.len()));
        self.bench.data = Dataset { train, test, expected, digest: Some(digest) };
        Ok(())
    }

    /// Takes a network from another Lab to compare filters with.
    ///
    /// # Errors
    /// One sentence when the bytes are no network.
    #[wasm_bindgen(js_name = loadBefore)]
    pub fn load_before(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        self.bench.before = Some(taken(bytes)?);
        Ok(())
    }

    /// How two networks, given as bytes, differ.
    ///
    /// # Errors
    /// One sentence when the bytes are no networks, or these are of different shapes.
    pub fn compare(&self, first: &[u8], second: &[u8]) -> Result<Ts<NetworkDifference>, JsError> {
        let found = difference(&taken(first)?, &taken(second)?).map_err(thrown)?;
        NetworkDifference::from(found).into_ts().map_err(thrown)
    }

    /// What another network reads in these images, 784 values each.
    ///
    /// # Errors
    /// One sentence when the bytes are no network or the values no images.
    #[wasm_bindgen(js_name = readImages)]
    pub fn read_images(&self, network: &[u8], images: &[f32]) -> Result<Vec<u8>, JsError> {
        let mut some = Vec::new();
        let mut read = Vec::with_capacity(images.len() / PIXELS);
        looked(network, images, |pass| {
            pass.predictions(&mut some);
            read.append(&mut some);
        })?;
        Ok(read)
    }

    /// The logits of these images, 784 values each, of another network: ten of each image.
    ///
    /// # Errors
    /// One sentence when the bytes are no network or the values no images.
    pub fn logits(&self, network: &[u8], images: &[f32]) -> Result<Vec<f32>, JsError> {
        let mut all = Vec::new();
        looked(network, images, |pass| all.extend(pass.logits()))?;
        Ok(all)
    }

    /// What the sum in a unit of another network is made of, `most` of its terms one by one. The
    /// layer of the logits counts as one behind the hidden ones; the inputs are those of the
    /// unit's layer, for the clean image and for the adversarial one.
    ///
    /// # Errors
    /// One sentence when the bytes are no network, there is no such unit, or the inputs do not fit.
    pub fn contributions(
        &self,
        network: &[u8],
        layer: usize,
        unit: usize,
        clean: &[f32],
        attacked: &[f32],
        most: usize,
    ) -> Result<Ts<Contributions>, JsError> {
        let network = taken(network)?;
        let found = contributions(&network, layer, unit, [clean, attacked], most);
        Contributions::from(found.map_err(thrown)?).into_ts().map_err(thrown)
    }

    /// Everything needed to go on in another Lab after this one died.
    ///
    /// # Errors
    /// One sentence when there is nothing yet.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsError> {
        let nothing = || thrown("There is nothing to take a checkpoint of yet.");
        let replayer = &self.bench.replayer;
        let recipe = replayer.target().or(replayer.recipe()).ok_or_else(nothing)?;
        let recipe = json_text(recipe);
        let checkpoint = replayer.checkpoint().ok_or_else(nothing)?;
        stored(&StoredCheckpoint { recipe, checkpoint })
    }

    /// Takes a checkpoint in: a replay begun afterwards goes on from it.
    ///
    /// # Errors
    /// One sentence when the bytes are no checkpoint.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        let stored: StoredCheckpoint = postcard::from_bytes(bytes)
            .map_err(|error| thrown(format!("These bytes are no checkpoint: {error}.")))?;
        let recipe = check_recipe(&parse(&stored.recipe)?).map_err(thrown)?;
        self.bench.replayer.restore(stored.checkpoint, &recipe);
        Ok(())
    }

    /// The images of the attack finished last, if it crafted them: 784 values each.
    #[wasm_bindgen(js_name = attackImages)]
    pub fn attack_images(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.bench.crafted)
    }

    /// Takes old adversarial images in, whole blocks of 128 from image `from` on. `key` is the
    /// facts' `oldKey`; a new one drops the images before.
    ///
    /// # Errors
    /// One sentence when they do not fit.
    #[wasm_bindgen(js_name = setOldImages)]
    pub fn set_old_images(
        &mut self,
        key: &str,
        from: usize,
        images: &[f32],
    ) -> Result<(), JsError> {
        if self.bench.old.key != key {
            let tests = self.bench.replayer.recipe().map_or(0, |recipe| recipe.measure.images);
            self.bench.old = OldImages::new(key.into(), tests);
        }
        self.bench.old.insert(from, images).map_err(thrown)
    }
}

impl Lab {
    fn range(
        &self,
        set: Ts<Set>,
        from: usize,
        count: usize,
    ) -> Result<(&crate::data::Images, std::ops::Range<usize>), JsError> {
        let set = read(set)?;
        let images = self.bench.data.set(set);
        let end = from.saturating_add(count);
        if end > images.len() {
            return Err(thrown(format!(
                "Images {from} to {end} are not here yet; {} are.",
                images.len()
            )));
        }
        Ok((images, from..end))
    }
}

/// What the lab's network is.
fn facts(bench: &Bench) -> Result<NetworkFacts, String> {
    let network = bench.network(None)?;
    let state = bench.replayer.state();
    let reference = state.map_or_else(|| network.digest(), |state| state.reference().digest());
    let old_key = bench.replayer.recipe().map_or_else(String::new, |recipe| {
        let (attack, seed) = (recipe.measured_attack(), recipe.network.seed);
        format!("{reference} {} seed {seed}, {} images", json_text(&attack), recipe.measure.images)
    });
    let (pruned, pixels) = (network.pruned_units(), network.pruned_pixels());
    let hidden = network.hidden();
    Ok(NetworkFacts {
        digest: network.digest(),
        reference_digest: reference,
        old_key,
        units_pruned: pruned.iter().map(Vec::len).sum(),
        units: hidden.iter().sum(),
        pruned,
        hidden,
        sparsity: network.sparsity(),
        pixels_pruned: pixels.len(),
        pixels,
        parameters: network.weight_count(),
        trained: state.is_some_and(|state| state.trained),
    })
}

/// Lets a network look at images, 784 values each, and `see` every pass over some of them.
fn looked(network: &[u8], images: &[f32], mut see: impl FnMut(&Pass)) -> Result<(), JsError> {
    let network = Compact::new(&taken(network)?);
    let given = images.len();
    if !given.is_multiple_of(PIXELS) {
        return Err(thrown(format!("Images have {PIXELS} values each, but {given} were given.")));
    }
    let mut pass = Pass::default();
    // As many as an attack has in hand at a time, so that memory stays what it is.
    for part in images.chunks(PIXELS * Purpose::Craft.together()) {
        let rows = ArrayView2::from_shape((part.len() / PIXELS, PIXELS), part);
        network.forward(Input::Values(rows.map_err(thrown)?), &mut pass);
        see(&pass);
    }
    Ok(())
}

/// What a replay came to, as `JobResult` is written; that itself belongs to the second half.
fn replayed(bench: &Bench) -> Result<Ts<JobResult>, String> {
    let facts = facts(bench)?.into_ts().map_err(|error| error.to_string())?.js_value();
    let told = Reflect::set(&facts, &"job".into(), &"replay".into());
    told.map_err(|_| "What the network is cannot be told.")?;
    Ok(Ts::new_unchecked(facts))
}

/// A network from its bytes.
pub(super) fn taken(bytes: &[u8]) -> Result<Mlp, JsError> {
    postcard::from_bytes(bytes)
        .map_err(|error| thrown(format!("These bytes are no network: {error}.")))
}

pub(super) fn stored(value: &impl Serialize) -> Result<Vec<u8>, JsError> {
    postcard::to_stdvec(value).map_err(thrown)
}

/// Milliseconds by the worker's clock.
fn now() -> f64 {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().as_ref().map_or_else(js_sys::Date::now, Performance::now)
}
