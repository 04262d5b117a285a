//! What is measured of a finished network: one thing after the other, a little at a time.

use super::crafted::Crafted;
use super::{Asked, AtSize, Likeness, MadeOf, Outcome, at_size, is_frozen};
use crate::attack::Purpose;
use crate::certify::Certifying;
use crate::data::{Dataset, Set};
use crate::evaluate::{Attacked, Count, OldImages, Scorer, Scoring};
use crate::laboratory::{Brightness, Filters, Similar};
use crate::network::Mlp;
use crate::recipe::{Needs, Progress, Recipe, Stage, State, Step};

/// One measure.
#[derive(Debug, Clone, Copy)]
enum Task {
    /// Clean accuracy.
    Clean,
    /// Old adversarial images of a size, and the accuracy on them.
    Transfer(f64),
    /// The attack made anew at a size.
    Adaptive(f64),
    /// Certificates at all sizes.
    Certified,
    /// Whether the same units are distorted every time.
    Similarity,
    /// What the filters are made of.
    Filters,
}

/// A measure under way.
#[derive(Debug)]
enum Work {
    Craft(Box<Attacked>, String),
    Score(Scoring, OldImages),
    Attack(Box<Attacked>),
    Certify(Box<Certifying>),
    Compare(Box<Similar>),
    Brighten(Brightness),
    TakeApart(Box<Filters>),
}

/// A stepper: everything that is asked of one network.
#[derive(Debug)]
pub(super) struct Measuring {
    network: Mlp,
    reference: Mlp,
    recipe: Recipe,
    asked: Asked,
    tasks: Vec<Task>,
    now: usize,
    work: Option<Work>,
    scorer: Scorer,
    clean: Count,
    transfer: Vec<AtSize>,
    adaptive: Vec<AtSize>,
    certified: Vec<AtSize>,
    similarity: Option<Likeness>,
    filters: Option<MadeOf>,
}

impl Measuring {
    /// Prepares to measure what a recipe led to.
    ///
    /// # Errors
    /// One sentence when what is asked is out of range.
    pub fn new(recipe: &Recipe, state: &State, asked: &Asked) -> Result<Self, String> {
        asked.check(recipe)?;
        let mut tasks = vec![Task::Clean];
        if asked.transfer {
            tasks.extend(asked.adaptive.iter().copied().map(Task::Transfer));
        }
        tasks.extend(asked.adaptive.iter().copied().map(Task::Adaptive));
        if !asked.certified.is_empty() {
            tasks.push(Task::Certified);
        }
        if asked.similarity {
            tasks.push(Task::Similarity);
        }
        if asked.filters {
            tasks.push(Task::Filters);
        }
        Ok(Measuring {
            network: state.network.clone(),
            reference: state.reference().clone(),
            recipe: recipe.clone(),
            asked: asked.clone(),
            tasks,
            now: 0,
            work: None,
            scorer: Scorer::default(),
            clean: Count::new(0, 0),
            transfer: Vec::new(),
            adaptive: Vec::new(),
            certified: Vec::new(),
            similarity: None,
            filters: None,
        })
    }

    /// Does a little of the work; waits while test images are missing.
    ///
    /// # Errors
    /// One sentence when something cannot be measured.
    pub fn step(&mut self, crafted: &mut Crafted, data: &Dataset) -> Result<Progress, String> {
        let Some(task) = self.tasks.get(self.now).copied() else { return Ok(Progress::done()) };
        let needs = self.needs(task);
        if data.lacks(needs.set, needs.images)? {
            return Ok(Progress::waiting(needs));
        }
        let work = match self.work.take() {
            Some(work) => work,
            None => self.begin(task, crafted)?,
        };
        let mut fraction = self.advance(work, task, crafted, data)?;
        if let Task::Transfer(_) = task {
            // Reading the images is little beside crafting them.
            const CRAFTING: f64 = 0.95;
            fraction = match self.work {
                Some(Work::Craft(..)) => CRAFTING * fraction,
                Some(_) => CRAFTING + (1.0 - CRAFTING) * fraction,
                None => fraction,
            };
        }
        let fraction = (self.now as f64 + fraction) / self.tasks.len() as f64;
        Ok(Progress::at(Stage::Attacking, fraction))
    }

    /// The images that a measure reads.
    fn needs(&self, task: Task) -> Needs {
        let recipe = &self.recipe;
        match task {
            Task::Similarity => Needs { set: Set::Train, images: recipe.distortion.images },
            Task::Filters => Needs { set: Set::Train, images: trained_on(recipe) },
            _ => Needs { set: Set::Test, images: recipe.measure.images },
        }
    }

    fn begin(&mut self, task: Task, crafted: &mut Crafted) -> Result<Work, String> {
        let (seed, images) = (self.recipe.network.seed, self.recipe.measure.images);
        Ok(match task {
            Task::Clean => self.score(OldImages::default()),
            Task::Adaptive(eps) => {
                Work::Attack(self.attack(&self.network, eps, Purpose::Evaluate)?)
            }
            Task::Certified => {
                let sizes = &self.asked.certified;
                Work::Certify(Box::new(Certifying::new(&self.network, sizes, 0..images)?))
            }
            Task::Similarity => {
                let settings = self.recipe.distortion;
                let range = 0..settings.images;
                let similar = Similar::new(&self.network, settings.attack(), seed, range)?;
                Work::Compare(Box::new(similar))
            }
            Task::Filters => Work::Brighten(Brightness::new(trained_on(&self.recipe))),
            Task::Transfer(eps) => {
                let params = at_size(&self.recipe, eps);
                let key = Crafted::key(&self.reference.digest(), &params, seed, images);
                match crafted.get(&key) {
                    Some(old) => self.score(old),
                    None => Work::Craft(self.attack(&self.reference, eps, Purpose::Craft)?, key),
                }
            }
        })
    }

    fn attack(&self, network: &Mlp, eps: f64, purpose: Purpose) -> Result<Box<Attacked>, String> {
        let (seed, images) = (self.recipe.network.seed, self.recipe.measure.images);
        let valid = at_size(&self.recipe, eps).check()?;
        Ok(Box::new(Attacked::new(network, valid, seed, 0..images, purpose)))
    }

    fn score(&mut self, old: OldImages) -> Work {
        let images = self.recipe.measure.images;
        let with_old = old.is_complete() && !old.key.is_empty();
        Work::Score(Scoring::new(&mut self.scorer, &self.network, images, with_old), old)
    }

    /// One small piece of the work; the share of it that is done.
    fn advance(
        &mut self,
        mut work: Work,
        task: Task,
        crafted: &mut Crafted,
        data: &Dataset,
    ) -> Result<f64, String> {
        let images = self.recipe.measure.images;
        let (done, fraction) = match &mut work {
            Work::Craft(attacked, _) | Work::Attack(attacked) => {
                (attacked.step(&data.test), attacked.fraction())
            }
            Work::Score(scoring, old) => {
                (scoring.step(&mut self.scorer, &data.test, old), scoring.fraction())
            }
            Work::Certify(certifying) => (certifying.step(&data.test), certifying.fraction()),
            Work::Compare(similar) => (similar.step(&data.train)?, similar.fraction()),
            Work::Brighten(brightness) => (brightness.step(&data.train), 0.0),
            Work::TakeApart(filters) => (filters.step(), filters.fraction()),
        };
        if !done {
            self.work = Some(work);
            return Ok(fraction);
        }
        match work {
            Work::Craft(attacked, key) => {
                let mut old = OldImages::new(key, images);
                old.insert(0, &attacked.into_images())?;
                crafted.insert(old.clone(), images);
                self.work = Some(self.score(old));
                return Ok(0.0);
            }
            Work::Score(scoring, _) => match (task, scoring.transfer()) {
                (Task::Transfer(eps), Some(count)) => self.transfer.push(AtSize { eps, count }),
                _ => self.clean = scoring.clean(),
            },
            Work::Attack(attacked) => {
                let count = attacked.count();
                let count = Count::new(count.correct, count.total);
                if let Task::Adaptive(eps) = task {
                    self.adaptive.push(AtSize { eps, count });
                }
            }
            Work::Certify(certifying) => {
                let counts = certifying.counts();
                let sizes = self.asked.certified.iter().zip(counts.proven);
                let at = |(eps, proven): (&f64, usize)| AtSize {
                    eps: *eps,
                    count: Count::new(proven, counts.total),
                };
                self.certified = sizes.map(at).collect();
            }
            Work::Compare(similar) => {
                self.similarity = Some(Likeness::of(similar.finish().layers.first()));
            }
            Work::Brighten(brightness) => {
                // Of the network with itself: what it is made of now.
                let filters = Filters::new(&self.network, &self.network, &brightness.mean())?;
                self.work = Some(Work::TakeApart(Box::new(filters)));
                return Ok(0.0);
            }
            Work::TakeApart(filters) => self.filters = Some(MadeOf::of(&filters.mixture())),
        }
        self.now += 1;
        Ok(0.0)
    }

    /// Whether everything is measured.
    pub fn is_done(&self) -> bool {
        self.now >= self.tasks.len()
    }

    /// What came of it; call it once [`Measuring::step`] said that it is done.
    pub fn finish(self) -> Outcome {
        let Measuring { network, reference, asked, recipe, .. } = self;
        Outcome {
            digest: network.digest(),
            reference: reference.digest(),
            sparsity: network.sparsity(),
            units_pruned: network.pruned_units().iter().map(Vec::len).sum(),
            units: network.hidden().iter().sum(),
            pixels_pruned: network.pruned_pixels().len(),
            images: recipe.measure.images,
            clean: self.clean,
            transfer: self.transfer,
            adaptive: self.adaptive,
            certified: self.certified,
            similarity: self.similarity,
            filters: self.filters,
            frozen: asked.frozen.then(|| is_frozen(&network, &reference)),
        }
    }
}

/// The training images of a recipe's last training; of a recipe without any, those that its
/// distortion is measured on.
fn trained_on(recipe: &Recipe) -> usize {
    let images = recipe.steps.iter().rev().find_map(|step| match step {
        Step::Train(params) => Some(params.images),
        _ => None,
    });
    images.unwrap_or(recipe.distortion.images)
}
