//! The laboratory's measures of the network, worked at step by step.

use super::jobs::{Bench, distortion, measure};
use super::results::JobResult;
use crate::data::Set;
use crate::distortion::Distortion;
use crate::laboratory::{
    Agreement, Brightness, Condition, Filter, Filters, LayerSimilarity, MereUse, Mixture, Similar,
    Similarity, readers,
};
use crate::network::Mlp;
use crate::prune::{Measured, Measuring};
use crate::recipe::{Progress, ScoreParams, Stage};
use js_sys::{Float32Array, Float64Array, Uint32Array};
use serde::Serialize;
use std::rc::Rc;
use tsify::Tsify;

/// A measure that may need images of any set.
pub(super) trait Study {
    /// One small piece of work.
    fn step(&mut self, bench: &mut Bench) -> Result<Progress, String>;

    /// What came of it.
    fn finish(self: Box<Self>, bench: &mut Bench) -> Result<JobResult, String>;
}

const UNFINISHED: &str = "The measure is not finished yet.";

/// Mean images by how many images they are of.
#[derive(Debug, Default)]
pub(super) struct MeanImages(Vec<(usize, Rc<[f64]>)>);

impl MeanImages {
    /// The mean of the first `images` training images, once it is known.
    fn get(&self, images: usize) -> Option<Rc<[f64]>> {
        self.0.iter().find(|(of, _)| *of == images).map(|(_, mean)| mean.clone())
    }
}

/// One step towards the mean of the first `images` training images; nothing once it is known.
fn towards_mean(
    images: usize,
    under_way: &mut Option<Brightness>,
    bench: &mut Bench,
) -> Result<Option<Progress>, String> {
    const MOST: usize = 8;
    if bench.means.get(images).is_some() {
        return Ok(None);
    }
    if let Some(waiting) = bench.waiting(Set::Train, images)? {
        return Ok(Some(waiting));
    }
    let brightness = under_way.get_or_insert_with(|| Brightness::new(images));
    if brightness.step(&bench.data.train) {
        let known = &mut bench.means.0;
        if known.len() >= MOST {
            known.remove(0);
        }
        known.push((images, brightness.mean().into()));
        *under_way = None;
        return Ok(None);
    }
    Ok(Some(Progress::at(Stage::Scoring, brightness.fraction())))
}

/// Whether it is the same units every time.
#[derive(Debug)]
pub(super) struct Similarly {
    digest: String,
    images: usize,
    similar: Similar,
}

impl Similarly {
    pub fn new(network: &Mlp, settings: ScoreParams, seed: u32) -> Result<Self, String> {
        let (images, attack) = (settings.images, settings.attack());
        let similar = Similar::new(network, attack, seed, 0..images)?;
        Ok(Similarly { digest: network.digest(), images, similar })
    }
}

impl Study for Similarly {
    fn step(&mut self, bench: &mut Bench) -> Result<Progress, String> {
        if let Some(waiting) = bench.waiting(Set::Train, self.images)? {
            return Ok(waiting);
        }
        let done = self.similar.step(&bench.data.train)?;
        let fraction = self.similar.fraction();
        Ok(if done { Progress::done() } else { Progress::at(Stage::Attacking, fraction) })
    }

    fn finish(self: Box<Self>, _: &mut Bench) -> Result<JobResult, String> {
        let Similarity { conditions, shown, labels, layers } = self.similar.finish();
        let layers = layers.into_iter().map(LayerStudy::from).collect();
        let digest = self.digest;
        Ok(JobResult::Similarity(SimilarityResult { digest, conditions, shown, labels, layers }))
    }
}

/// What the filters are made of.
#[derive(Debug)]
pub(super) struct Mixing {
    before: Mlp,
    after: Mlp,
    images: usize,
    mean: Option<Brightness>,
    filters: Option<Filters>,
}

impl Mixing {
    pub fn new(before: Mlp, after: Mlp, images: usize) -> Self {
        Mixing { before, after, images, mean: None, filters: None }
    }
}

impl Study for Mixing {
    fn step(&mut self, bench: &mut Bench) -> Result<Progress, String> {
        if let Some(filters) = &mut self.filters {
            let done = filters.step();
            let fraction = filters.fraction();
            return Ok(if done {
                Progress::done()
            } else {
                Progress::at(Stage::Scoring, fraction)
            });
        }
        if let Some(progress) = towards_mean(self.images, &mut self.mean, bench)? {
            return Ok(progress);
        }
        let mean = bench.means.get(self.images).ok_or(UNFINISHED)?;
        self.filters = Some(Filters::new(&self.before, &self.after, &mean)?);
        Ok(Progress::at(Stage::Scoring, 0.0))
    }

    fn finish(self: Box<Self>, _: &mut Bench) -> Result<JobResult, String> {
        let filters = self.filters.ok_or(UNFINISHED)?;
        let (before, after) = filters.weights();
        Ok(JobResult::Mixture(MixtureResult {
            digest: self.after.digest(),
            before_digest: self.before.digest(),
            mixture: filters.mixture(),
            filters: filters.filters().to_vec(),
            before: before.into(),
            after: after.into(),
        }))
    }
}

/// Which pixels are read.
#[derive(Debug)]
pub(super) struct Reading {
    network: Mlp,
    settings: ScoreParams,
    images: usize,
    mean: Option<Brightness>,
    measuring: Option<Measuring>,
}

impl Reading {
    pub fn new(network: Mlp, settings: ScoreParams, images: usize) -> Self {
        Reading { network, settings, images, mean: None, measuring: None }
    }
}

impl Study for Reading {
    fn step(&mut self, bench: &mut Bench) -> Result<Progress, String> {
        for images in [self.settings.images, self.images] {
            if let Some(progress) = towards_mean(images, &mut self.mean, bench)? {
                return Ok(progress);
            }
        }
        let Reading { network, settings, measuring, .. } = self;
        measure(network, &distortion(settings), measuring, bench)
    }

    fn finish(self: Box<Self>, bench: &mut Bench) -> Result<JobResult, String> {
        let Reading { network, settings, images, .. } = *self;
        let known = bench.replayer.measured(&network, &distortion(&settings), bench.seed());
        let Some(Measured::Profile(profile)) = known.as_deref() else {
            return Err(UNFINISHED.into());
        };
        let distorted = Distortion::of(profile).input;
        let (mean, scored) = (bench.means.get(images), bench.means.get(settings.images));
        let (mean, scored) = (mean.ok_or(UNFINISHED)?, scored.ok_or(UNFINISHED)?);
        let floats = |values: &mut dyn Iterator<Item = f64>| {
            let values: Vec<f32> = values.map(|value| value as f32).collect();
            Float32Array::from(values.as_slice())
        };
        let kept = network
            .kept_units()
            .first()
            .map_or(0, |kept| kept.iter().filter(|kept| **kept).count());
        Ok(JobResult::Pixels(PixelsResult {
            digest: network.digest(),
            images,
            scored: settings.images,
            mean: floats(&mut mean.iter().copied()),
            relative: floats(&mut distorted.iter().zip(scored.iter()).map(|(d, x)| d / x)),
            readers: readers(&network).as_slice().into(),
            units: kept,
        }))
    }
}

/// Whether it is the same units every time.
#[derive(Debug, Serialize, Tsify)]
pub struct SimilarityResult {
    /// Digest of the network measured.
    pub digest: String,
    /// The conditions, the first the distortion as it was asked for.
    pub conditions: Vec<Condition>,
    /// Indices of the single training images shown, digit by digit.
    pub shown: Vec<usize>,
    /// What they show, ascending.
    pub labels: Vec<u8>,
    /// The hidden layers, input side first.
    pub layers: Vec<LayerStudy>,
}

/// The same of one hidden layer; tables are row by row, and a pruned unit has no column.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LayerStudy {
    /// Units of the layer, pruned ones included.
    pub units: usize,
    /// The units that are not pruned, ascending.
    pub kept: Vec<usize>,
    /// How many units count as most distorted.
    pub top: usize,
    /// The overlap of two random choices of so many.
    pub chance: f64,
    /// How well the conditions of each kind agree.
    pub groups: Vec<Agreement>,
    /// How much of the distortion is mere use.
    pub mere_use: MereUse,
    /// What each condition measures, conditions × kept.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float64Array")]
    pub values: Float64Array,
    /// The standard deviation over the images, conditions × kept.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float64Array")]
    pub spread: Float64Array,
    /// Overlap of the most distorted, conditions × conditions.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float64Array")]
    pub jaccard: Float64Array,
    /// Rank correlation, conditions × conditions.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float64Array")]
    pub spearman: Float64Array,
    /// |z − z̃| of the single images, shown × kept.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub images: Float32Array,
}

impl From<LayerSimilarity> for LayerStudy {
    fn from(layer: LayerSimilarity) -> Self {
        LayerStudy {
            units: layer.units,
            kept: layer.kept,
            top: layer.table.top,
            chance: layer.table.chance,
            groups: layer.groups,
            mere_use: layer.mere_use,
            values: layer.values.as_slice().into(),
            spread: layer.spread.as_slice().into(),
            jaccard: layer.table.jaccard.as_slice().into(),
            spearman: layer.table.spearman.as_slice().into(),
            images: layer.images.as_slice().into(),
        }
    }
}

/// What the filters before and after are made of.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MixtureResult {
    /// Digest of the network after.
    pub digest: String,
    /// Digest of the network before.
    pub before_digest: String,
    /// All filters together.
    pub mixture: Mixture,
    /// Each filter.
    pub filters: Vec<Filter>,
    /// The filters before, units × 784.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub before: Float32Array,
    /// The filters after, units × 784.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub after: Float32Array,
}

/// Which pixels are lit, moved and read; 784 values a list.
#[derive(Debug, Serialize, Tsify)]
pub struct PixelsResult {
    /// Digest of the network.
    pub digest: String,
    /// Training images that the mean is of.
    pub images: usize,
    /// Training images that were attacked.
    pub scored: usize,
    /// The mean image, from 0 to 1.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub mean: Float32Array,
    /// E |x − x̃| / E x: infinite where a pixel is never lit, NaN where the attack does not touch
    /// it either.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Float32Array")]
    pub relative: Float32Array,
    /// How many weights read each pixel.
    #[serde(serialize_with = "serde_wasm_bindgen::preserve::serialize")]
    #[tsify(type = "Uint32Array")]
    pub readers: Uint32Array,
    /// Units of the first layer that are not pruned: the most that may read a pixel.
    pub units: usize,
}
