//! Trials made by several threads, each with a replayer of its own.

use crate::network;
use secateurs::data::Dataset;
use secateurs::network::Mlp;
use secateurs::recipe::{Recipe, Replayer};
use secateurs::trial::{Asked, Crafted, Outcome, Trying};
use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// What a thread keeps from trial to trial.
#[derive(Default)]
pub struct Worker {
    replayer: Replayer,
    crafted: Crafted,
}

impl Worker {
    /// A worker whose recipes may begin with any of these networks.
    pub fn with(networks: &[Mlp]) -> Self {
        let mut worker = Worker::default();
        network::bring(networks, &mut worker.replayer);
        worker
    }

    /// Makes one trial.
    pub fn tries(
        &mut self,
        recipe: &Recipe,
        asked: &Asked,
        data: &Dataset,
    ) -> Result<Outcome, String> {
        let mut trying = Trying::new(recipe.clone(), asked.clone())?;
        loop {
            let progress = trying.step(&mut self.replayer, &mut self.crafted, data)?;
            if let Some(needs) = progress.needs {
                let here = data.set(needs.set).len();
                return Err(format!(
                    "The recipe needs {} {:?} images, but only {here} are here.",
                    needs.images, needs.set
                ));
            }
            if progress.done {
                return trying.finish();
            }
        }
    }
}

/// A trial to be made.
pub struct Work<'a> {
    /// Trials of one group share their training.
    pub group: usize,
    pub recipe: &'a Recipe,
    pub asked: &'a Asked,
}

/// Makes trials, `jobs` at a time or as many as there are processors, and hands over what came of
/// each as it is done, with its place and a sentence of progress.
pub fn each(
    works: &[Work],
    jobs: Option<usize>,
    networks: &[Mlp],
    data: &Dataset,
    mut done: impl FnMut(usize, Result<Outcome, String>, String) -> Result<(), String>,
) -> Result<(), String> {
    let (count, begun) = (works.len(), Instant::now());
    let jobs = jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get));
    let left = Mutex::new(Left::new(works.iter().map(|work| work.group)));
    let lock = || -> MutexGuard<Left> { left.lock().unwrap_or_else(PoisonError::into_inner) };
    let (sender, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, count.max(1)) {
            let sender = sender.clone();
            scope.spawn(move || {
                let (mut worker, mut at) = (Worker::with(networks), None);
                loop {
                    let next = lock().next(&mut at);
                    let Some(index) = next else { break };
                    let Work { recipe, asked, .. } = works[index];
                    if sender.send((index, worker.tries(recipe, asked, data))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (made, (index, outcome)) in outcomes.iter().enumerate() {
            let made = made + 1;
            let seconds = begun.elapsed().as_secs_f64();
            let more = seconds / made as f64 * (count - made) as f64;
            let words = format!("{made} of {count}, {seconds:.0} s, about {more:.0} s left");
            if let Err(why) = done(index, outcome, words) {
                lock().groups.clear();
                return Err(why);
            }
        }
        Ok(())
    })
}

/// What is left to be tried.
struct Left {
    /// Trials that share a training, and whether a thread has begun with them.
    groups: Vec<(VecDeque<usize>, bool)>,
}

impl Left {
    fn new(groups: impl Iterator<Item = usize>) -> Self {
        let mut left = Left { groups: Vec::new() };
        for (index, group) in groups.enumerate() {
            if left.groups.len() <= group {
                left.groups.resize_with(group + 1, Default::default);
            }
            left.groups[group].0.push_back(index);
        }
        left
    }

    /// The next trial for a thread that was at group `at`: of the same group, else of one that
    /// nobody has begun with, else of the one with most left.
    fn next(&mut self, at: &mut Option<usize>) -> Option<usize> {
        let rest = |group: usize| self.groups.get(group).map_or(0, |(works, _)| works.len());
        let same = at.filter(|group| rest(*group) > 0);
        let fresh = || self.groups.iter().position(|(works, begun)| !begun && !works.is_empty());
        let fullest = || (0..self.groups.len()).max_by_key(|group| rest(*group));
        let group = same.or_else(fresh).or_else(fullest)?;
        *at = Some(group);
        let (works, begun) = &mut self.groups[group];
        *begun = true;
        works.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_begins_with_a_training_of_its_own() {
        let mut left = Left::new([0, 1, 0, 1, 0, 1].into_iter());
        let (mut first, mut second) = (None, None);
        assert_eq!(left.next(&mut first), Some(0));
        assert_eq!(left.next(&mut second), Some(1));
        assert_eq!([left.next(&mut first), left.next(&mut first)], [Some(2), Some(4)]);
        // The first helps out.
        assert_eq!(left.next(&mut first), Some(3));
        assert_eq!(left.next(&mut second), Some(5));
        assert_eq!([left.next(&mut first), left.next(&mut second)], [None, None]);
    }
}
