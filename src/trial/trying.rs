//! A trial under way: the recipe is replayed, and then its network is measured.

use super::cost::measured;
use super::crafted::Crafted;
use super::measuring::Measuring;
use super::{Asked, Outcome};
use crate::data::Dataset;
use crate::recipe::{Progress, Recipe, Replayer, passes};

/// How far a trial is.
#[derive(Debug)]
enum Phase {
    Begin,
    Replay,
    Measure(Box<Measuring>),
}

/// A stepper: one trial.
#[derive(Debug)]
pub struct Trying {
    recipe: Recipe,
    asked: Asked,
    phase: Phase,
    /// Share of the work that is the replay's, as estimated.
    replayed: f64,
}

impl Trying {
    /// Prepares a trial.
    ///
    /// # Errors
    /// One sentence when what is asked is out of range.
    pub fn new(recipe: Recipe, asked: Asked) -> Result<Self, String> {
        asked.check(&recipe)?;
        let (replay, measure) = (passes(&recipe), measured(&recipe, &asked));
        let replayed = replay / (replay + measure).max(1.0);
        Ok(Trying { recipe, asked, phase: Phase::Begin, replayed })
    }

    /// Does a little work. The replayer and the crafted images are those of trials before: what
    /// they remember is not done again, and changes no bit. Nobody else may use the replayer until
    /// the trial is done.
    ///
    /// # Errors
    /// One sentence when the recipe cannot be replayed or its network not be measured.
    pub fn step(
        &mut self,
        replayer: &mut Replayer,
        crafted: &mut Crafted,
        data: &Dataset,
    ) -> Result<Progress, String> {
        match &mut self.phase {
            Phase::Begin => {
                replayer.begin(self.recipe.clone());
                self.phase = Phase::Replay;
                self.step(replayer, crafted, data)
            }
            Phase::Replay => {
                let progress = replayer.step(data)?;
                let fraction = self.replayed * progress.fraction;
                if progress.done {
                    let state = replayer.state().ok_or("The recipe left no network.")?;
                    let measuring = Measuring::new(&self.recipe, state, &self.asked)?;
                    self.phase = Phase::Measure(Box::new(measuring));
                }
                Ok(Progress { done: false, fraction, ..progress })
            }
            Phase::Measure(measuring) => {
                let progress = measuring.step(crafted, data)?;
                let fraction = self.replayed + (1.0 - self.replayed) * progress.fraction;
                let steps = self.recipe.steps.len();
                Ok(Progress { fraction, step_index: steps, steps, ..progress })
            }
        }
    }

    /// What the trial came to.
    ///
    /// # Errors
    /// A sentence when [`Trying::step`] has not said yet that it is done.
    pub fn finish(self) -> Result<Outcome, String> {
        match self.phase {
            Phase::Measure(measuring) if measuring.is_done() => Ok(measuring.finish()),
            _ => Err("The trial is not finished yet.".into()),
        }
    }
}
