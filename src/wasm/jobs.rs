//! Jobs as they are worked at, step by step.

use super::laboratory::{MeanImages, Mixing, Reading, Similarly, Study};
use super::looks::{Look, Looked, Looking};
use super::messages::{AttackPurpose, Job};
use super::ranged::Ranged;
use super::results::{DistortionResult, JobResult, Scores};
use crate::attack::{AttackParams, Purpose};
use crate::certify::Certifying;
use crate::data::{Dataset, Set};
use crate::distortion::Distortion;
use crate::evaluate::{Attacked, InputGradients, OldImages, Scorer, Scoring, SecurityCurve};
use crate::network::Mlp;
use crate::profile::{ProfileParams, Subject};
use crate::prune::{Measured, Measurement, Measuring, PruneParams};
use crate::recipe::{Needs, Progress, Replayer, ScoreParams, Stage, check_prune, check_recipe};
use crate::trial::{Crafted, Trying};
use std::ops::Range;

/// The parts of a Lab that jobs work with.
#[derive(Debug, Default)]
pub(super) struct Bench {
    pub data: Dataset,
    pub replayer: Replayer,
    /// Old adversarial images of the trials made here.
    pub tried: Crafted,
    /// A network loaded as bytes, in a pool worker.
    pub loaded: Option<Mlp>,
    pub scorer: Scorer,
    pub old: OldImages,
    /// The network scored last.
    pub candidate: Option<Mlp>,
    /// The images crafted last, 784 values each.
    pub crafted: Vec<f32>,
    /// The network that filters are compared with.
    pub before: Option<Mlp>,
    pub means: MeanImages,
}

impl Bench {
    /// The network measured: the loaded one, or the one after `base` of the recipe's steps.
    pub fn network(&self, base: Option<usize>) -> Result<Mlp, String> {
        if let Some(loaded) = &self.loaded {
            return Ok(loaded.clone());
        }
        let state = match base {
            None => self.replayer.state().cloned(),
            Some(steps) => self.replayer.state_after(steps),
        };
        state.map(|state| state.network).ok_or_else(|| "There is no network yet.".into())
    }

    pub fn seed(&self) -> u32 {
        self.replayer.recipe().map_or(0, |recipe| recipe.network.seed)
    }

    fn test_images(&self) -> usize {
        self.replayer.recipe().map_or(0, |recipe| recipe.measure.images)
    }

    pub fn waiting(&self, set: Set, images: usize) -> Result<Option<Progress>, String> {
        let waiting = || Progress::waiting(Needs { set, images });
        Ok(self.data.lacks(set, images)?.then(waiting))
    }
}

/// A job under way.
pub(super) enum Active {
    Replay,
    Trial(Box<Trying>),
    /// Scores a candidate, after measuring what it is pruned by.
    Score {
        base: Mlp,
        pruning: Pruning,
        scoring: Option<Scoring>,
        measuring: Option<Measuring>,
    },
    Distortion {
        network: Mlp,
        measurement: Measurement,
        measuring: Option<Measuring>,
    },
    /// Measures a range of test images.
    Ranged {
        range: Range<usize>,
        measure: Box<dyn Ranged>,
    },
    Look(Looking),
    Study(Box<dyn Study>),
}

/// The test images of a block, of which there must be some.
fn range(from: usize, to: usize) -> Result<Range<usize>, String> {
    if from < to {
        Ok(from..to)
    } else {
        Err(format!("There are no test images from {from} to {to}."))
    }
}

/// How a candidate comes from its base.
#[derive(Debug)]
pub(super) enum Pruning {
    None,
    By(PruneParams),
    Units(Vec<Vec<usize>>),
}

impl Active {
    /// Begins a job.
    pub fn begin(job: Job, bench: &mut Bench) -> Result<Self, String> {
        Ok(match job {
            Job::Replay { recipe } => {
                bench.replayer.begin(check_recipe(&recipe)?);
                Active::Replay
            }
            Job::Trial { recipe, asked } => {
                Active::Trial(Box::new(Trying::new(check_recipe(&recipe)?, asked)?))
            }
            Job::Score { prune, units, base } => {
                let base = bench.network(base)?;
                let pruning = match (prune, units) {
                    (Some(prune), _) => Pruning::By(check_prune(&prune, &base.hidden())?),
                    (None, Some(units)) => Pruning::Units(units),
                    (None, None) => Pruning::None,
                };
                Active::Score { base, pruning, scoring: None, measuring: None }
            }
            Job::Distortion { settings, base } => Active::Distortion {
                network: bench.network(base)?,
                measurement: distortion(&settings),
                measuring: None,
            },
            Job::Attack { settings, seed, from, to, purpose } => {
                let purpose = match purpose {
                    AttackPurpose::Evaluate => Purpose::Evaluate,
                    AttackPurpose::Craft => Purpose::Craft,
                };
                let (network, valid) = (bench.network(None)?, settings.check()?);
                let range = range(from, to)?;
                let measure = Attacked::new(&network, valid, seed, range.clone(), purpose);
                Active::Ranged { range, measure: Box::new(measure) }
            }
            Job::Curve { settings, seed, from, to, sizes } => {
                let (network, range) = (bench.network(None)?, range(from, to)?);
                let measure = SecurityCurve::new(&network, settings, &sizes, seed, range.clone())?;
                Active::Ranged { range, measure: Box::new(measure) }
            }
            Job::Certify { from, to, sizes } => {
                let (network, range) = (bench.network(None)?, range(from, to)?);
                let measure = Certifying::new(&network, &sizes, range.clone())?;
                Active::Ranged { range, measure: Box::new(measure) }
            }
            Job::Gradients { from, to } => {
                let (network, range) = (bench.network(None)?, range(from, to)?);
                let measure = InputGradients::new(&network, range.clone());
                Active::Ranged { range, measure: Box::new(measure) }
            }
            Job::Similarity { settings } => {
                let study = Similarly::new(&bench.network(None)?, settings, bench.seed())?;
                Active::Study(Box::new(study))
            }
            Job::Mixture { images } => {
                const NONE: &str = "There is no network to compare the filters with.";
                let (before, after) = (bench.before.clone().ok_or(NONE)?, bench.network(None)?);
                Active::Study(Box::new(Mixing::new(before, after, images)))
            }
            Job::Pixels { settings, images } => {
                let study = Reading::new(bench.network(None)?, settings, images);
                Active::Study(Box::new(study))
            }
            Job::Image { settings, seed, index, drawing } => {
                let look = Look::one(index, drawing)?;
                Self::look(settings, seed, look, Looked::Image, bench)?
            }
            Job::Trajectory { settings, seed, index, drawing } => {
                let look = Look::one(index, drawing)?;
                Self::look(settings, seed, look, Looked::Way, bench)?
            }
            Job::Gallery { settings, seed, from, to } => {
                const MOST: usize = 64;
                let range = range(from, to.min(from.saturating_add(MOST)))?;
                Self::look(settings, seed, Look::Test(range), Looked::Gallery, bench)?
            }
        })
    }

    fn look(
        settings: AttackParams,
        seed: u32,
        look: Look,
        what: Looked,
        bench: &Bench,
    ) -> Result<Self, String> {
        let (network, valid) = (bench.network(None)?, settings.check()?);
        Ok(Active::Look(Looking::new(network, valid, seed, look, what)))
    }

    /// One small piece of work.
    pub fn step(&mut self, bench: &mut Bench) -> Result<Progress, String> {
        match self {
            Active::Replay => bench.replayer.step(&bench.data),
            Active::Trial(trying) => {
                trying.step(&mut bench.replayer, &mut bench.tried, &bench.data)
            }
            Active::Look(looking) => looking.step(bench),
            Active::Study(study) => study.step(bench),
            Active::Ranged { range, measure } => {
                if let Some(waiting) = bench.waiting(Set::Test, range.end)? {
                    return Ok(waiting);
                }
                let finished = measure.step(&bench.data.test);
                Ok(if finished {
                    Progress::done()
                } else {
                    Progress::at(Stage::Attacking, measure.fraction())
                })
            }
            Active::Distortion { network, measurement, measuring } => {
                measure(network, measurement, measuring, bench)
            }
            Active::Score { base, pruning, scoring, measuring } => {
                let tests = bench.test_images();
                if let Some(waiting) = bench.waiting(Set::Test, tests)? {
                    return Ok(waiting);
                }
                if let Some(scoring) = scoring {
                    let finished = scoring.step(&mut bench.scorer, &bench.data.test, &bench.old);
                    let fraction = scoring.fraction();
                    return Ok(if finished {
                        Progress::done()
                    } else {
                        Progress::at(Stage::Scoring, fraction)
                    });
                }
                let candidate = match pruning {
                    Pruning::None => base.clone(),
                    Pruning::Units(units) => {
                        let mut candidate = base.clone();
                        candidate.set_pruned_units(units)?;
                        candidate
                    }
                    Pruning::By(params) => {
                        let seed = bench.seed();
                        let mut known = None;
                        if let Some(measurement) = params.measurement() {
                            if measuring.is_none() {
                                known = bench.replayer.measured(base, &measurement, seed);
                            }
                            if known.is_none() {
                                let step = measure(base, &measurement, measuring, bench)?;
                                return Ok(Progress { done: false, ..step });
                            }
                        }
                        params.apply(base, known.as_deref(), seed)?
                    }
                };
                let with_old = bench.old.is_complete() && !bench.old.key.is_empty();
                *scoring = Some(Scoring::new(&mut bench.scorer, &candidate, tests, with_old));
                bench.candidate = Some(candidate);
                Ok(Progress::at(Stage::Scoring, 0.0))
            }
        }
    }

    /// What a finished job came to.
    pub fn finish(
        self,
        bench: &mut Bench,
        facts: impl Fn(&Bench) -> Result<super::results::NetworkFacts, String>,
    ) -> Result<JobResult, String> {
        const UNFINISHED: &str = "The job is not finished yet.";
        Ok(match self {
            Active::Replay => JobResult::Replay(facts(bench)?),
            Active::Trial(trying) => JobResult::Trial(Box::new(trying.finish()?)),
            Active::Look(looking) => looking.finish()?,
            Active::Study(study) => study.finish(bench)?,
            Active::Ranged { range, measure } => measure.finish(range, bench),
            Active::Distortion { network, measurement, .. } => {
                let known = bench.replayer.measured(&network, &measurement, bench.seed());
                let Some(Measured::Profile(profile)) = known.as_deref() else {
                    return Err(UNFINISHED.into());
                };
                let (digest, distortion) = (network.digest(), Distortion::of(profile));
                JobResult::Distortion(DistortionResult { digest, distortion })
            }
            Active::Score { scoring, .. } => {
                let scoring = scoring.ok_or(UNFINISHED)?;
                let network = bench.candidate.as_ref().ok_or(UNFINISHED)?;
                let (pruned, pixels) = (network.pruned_units(), network.pruned_pixels());
                JobResult::Score(Scores {
                    digest: network.digest(),
                    clean: scoring.clean(),
                    transfer: scoring.transfer(),
                    units_pruned: pruned.iter().map(Vec::len).sum(),
                    units: network.hidden().iter().sum(),
                    pruned,
                    sparsity: network.sparsity(),
                    pixels_pruned: pixels.len(),
                    pixels,
                })
            }
        })
    }
}

/// What is measured for the distortions that the page shows.
pub(super) fn distortion(settings: &ScoreParams) -> Measurement {
    Measurement::Profile(ProfileParams {
        subject: Subject::Attack(settings.attack()),
        on: Set::Train,
        images: settings.images,
    })
}

/// One step of measuring; the replayer remembers what came of it.
pub(super) fn measure(
    network: &Mlp,
    measurement: &Measurement,
    measuring: &mut Option<Measuring>,
    bench: &mut Bench,
) -> Result<Progress, String> {
    let seed = bench.seed();
    let (set, images) = measurement.needs();
    if let Some(waiting) = bench.waiting(set, images)? {
        return Ok(waiting);
    }
    let under_way = match measuring {
        Some(under_way) => under_way,
        None if bench.replayer.measured(network, measurement, seed).is_some() => {
            return Ok(Progress::done());
        }
        None => measuring.insert(measurement.begin(network, seed)?),
    };
    if !measurement.step(under_way, &bench.data) {
        let stage = if measurement.attacks() { Stage::Attacking } else { Stage::Scoring };
        return Ok(Progress::at(stage, under_way.fraction()));
    }
    if let Some(finished) = measuring.take() {
        bench.replayer.remember_measured(network, measurement, seed, finished.finish());
    }
    Ok(Progress::done())
}
