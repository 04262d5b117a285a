//! Attacks that the page looks at closely: on one image, the way they take, on the first few.

use super::jobs::Bench;
use super::results::{GalleryItem, ImageAttack, JobResult, LayerOutputs, Trajectory};
use crate::attack::{Following, Purpose, Run, Valid};
use crate::data::{Images, PIXEL_VALUE, PIXELS, Set};
use crate::network::{Compact, Input, Mlp, Pass, softmax};
use crate::recipe::{Progress, Stage};
use ndarray::ArrayView2;
use std::ops::Range;

/// What is looked at.
#[derive(Debug)]
pub(super) enum Look {
    /// Test images.
    Test(Range<usize>),
    /// A drawing's pixels.
    Drawing(Vec<u8>),
}

impl Look {
    /// The image that a job names.
    ///
    /// # Errors
    /// One sentence when it names none.
    pub fn one(index: Option<usize>, drawing: Option<Vec<u8>>) -> Result<Self, String> {
        match (index, drawing) {
            (_, Some(pixels)) => Ok(Look::Drawing(pixels)),
            (Some(index), None) => Ok(Look::Test(index..index.saturating_add(1))),
            (None, None) => Err("Neither a test image nor a drawing was named.".into()),
        }
    }
}

/// What is wanted to be seen of an attack.
#[derive(Debug, Clone, Copy)]
pub(super) enum Looked {
    /// Everything about one image.
    Image,
    /// Its way.
    Way,
    /// Pictures of many.
    Gallery,
}

/// A look that was asked for, and how far it has come.
#[derive(Debug)]
pub(super) struct Looking {
    network: Mlp,
    valid: Valid,
    seed: u32,
    look: Look,
    what: Looked,
    under_way: UnderWay,
}

#[derive(Debug)]
enum UnderWay {
    /// Its images may not be here yet.
    Waiting,
    Attack(Compact, Box<Run>),
    Way(Box<Following>),
}

impl Looking {
    pub fn new(network: Mlp, valid: Valid, seed: u32, look: Look, what: Looked) -> Self {
        Looking { network, valid, seed, look, what, under_way: UnderWay::Waiting }
    }

    /// One step of the attack.
    pub fn step(&mut self, bench: &Bench) -> Result<Progress, String> {
        let done = match &mut self.under_way {
            UnderWay::Waiting => {
                if let Some(waiting) = bench.waiting(Set::Test, self.test_images().end)? {
                    return Ok(waiting);
                }
                self.under_way = self.begun(&bench.data.test)?;
                false
            }
            UnderWay::Attack(compact, run) => run.step(compact),
            UnderWay::Way(following) => following.step(),
        };
        Ok(if done { Progress::done() } else { Progress::at(Stage::Attacking, 0.0) })
    }

    /// The test images looked at.
    fn test_images(&self) -> Range<usize> {
        match &self.look {
            Look::Test(range) => range.clone(),
            Look::Drawing(_) => 0..0,
        }
    }

    fn begun(&self, tests: &Images) -> Result<UnderWay, String> {
        let Looking { network, valid, seed, look, what, .. } = self;
        let compact = Compact::new(network);
        let drawn;
        let (images, range) = match look {
            Look::Test(range) => (tests, range.clone()),
            Look::Drawing(pixels) => {
                drawn = drawing(&compact, pixels)?;
                (&drawn, 0..1)
            }
        };
        if let Looked::Way = what {
            let following = Following::new(compact, images, range.start, *valid, *seed);
            return Ok(UnderWay::Way(Box::new(following)));
        }
        let run = Run::new(&compact, images, range, *valid, *seed, Purpose::Craft);
        Ok(UnderWay::Attack(compact, Box::new(run)))
    }

    /// What was seen.
    pub fn finish(self) -> Result<JobResult, String> {
        let range = self.test_images();
        let index = if range.is_empty() { -1 } else { range.start as i32 };
        Ok(match self.under_way {
            UnderWay::Waiting => return Err("The attack has not begun yet.".into()),
            UnderWay::Way(following) => {
                JobResult::Trajectory(followed(&self.network, following.finish(), index))
            }
            UnderWay::Attack(compact, run) => match self.what {
                Looked::Gallery => JobResult::Gallery { items: items(&run, range.start) },
                _ => JobResult::Image(told(&self.network, &compact, &run, index)),
            },
        })
    }
}

/// A drawing as a set of one image. Nobody knows what it shows, so its label is what the network
/// reads in it.
fn drawing(compact: &Compact, pixels: &[u8]) -> Result<Images, String> {
    let values: Vec<f32> = pixels.iter().map(|byte| PIXEL_VALUE[usize::from(*byte)]).collect();
    let row = ArrayView2::from_shape((1, PIXELS), &values)
        .map_err(|_| format!("A drawing has {PIXELS} pixels, not {}.", pixels.len()))?;
    let mut pass = Pass::default();
    compact.forward(Input::Values(row), &mut pass);
    let mut labels = Vec::new();
    pass.predictions(&mut labels);
    Images::new(pixels.to_vec(), labels)
}

/// Everything about the attack on the one image of a run.
fn told(network: &Mlp, compact: &Compact, run: &Run, index: i32) -> ImageAttack {
    let mut pass = Pass::default();
    let mut look = |values| {
        compact.forward(Input::Values(values), &mut pass);
        let mut logits: Vec<f32> = pass.logits().iter().copied().collect();
        softmax(&mut logits);
        let spread = |layer: usize| {
            // Pruned units, which the compact network leaves out, put out zero.
            let mut all = vec![0.0; network.hidden()[layer]];
            for (place, unit) in compact.units()[layer].iter().enumerate() {
                all[*unit] = pass.outputs(layer).get(0, place);
            }
            all
        };
        let layers: Vec<_> = (0..compact.units().len()).map(spread).collect();
        (logits, layers)
    };
    let (clean, clean_layers) = look(run.clean());
    let (attacked, attacked_layers) = look(run.adversarial());
    let verdict = run.verdicts()[0];
    let layers = clean_layers.into_iter().zip(attacked_layers);
    ImageAttack {
        index,
        label: verdict.label,
        image: run.clean().iter().copied().collect(),
        adversarial: run.adversarial().iter().copied().collect(),
        clean,
        attacked,
        layers: layers.map(|(clean, attacked)| LayerOutputs { clean, attacked }).collect(),
        norm: verdict.norm,
        iterations: verdict.iterations,
        queries: verdict.queries,
        fooled: verdict.is_fooled(),
    }
}

/// The images of a run, as the gallery shows them.
fn items(run: &Run, from: usize) -> Vec<GalleryItem> {
    let adversarial = run.adversarial();
    let items = run.verdicts().iter().zip(adversarial.rows()).enumerate();
    let item = items.map(|(place, (verdict, pixels))| GalleryItem {
        index: from + place,
        label: verdict.label,
        clean: verdict.clean,
        attacked: verdict.attacked,
        pixels: pixels.iter().map(|value| (255.0 * value + 0.5) as u8).collect(),
    });
    item.collect()
}

/// The way of an attack, for the page.
fn followed(network: &Mlp, way: crate::attack::Trajectory, index: i32) -> Trajectory {
    let mut kept = way.outputs.iter();
    // Pruned units, which the way leaves out, put out zero.
    let look = |_| network.kept_units().iter().flatten().copied();
    let outputs = (0..way.steps.len())
        .flat_map(look)
        .map(|is_kept| if is_kept { kept.next().copied().unwrap_or(0.0) } else { 0.0 });
    let outputs: Vec<f32> = outputs.collect();
    Trajectory {
        index,
        label: way.label,
        frames: way.steps.len(),
        steps: way.steps,
        losses: way.losses,
        read: way.read,
        probabilities: way.probabilities,
        norms: way.norms,
        pixels: way.pixels.as_slice().into(),
        outputs: outputs.as_slice().into(),
    }
}
