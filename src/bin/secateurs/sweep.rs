//! `secateurs sweep`: a grid over recipes, tried by several threads.

use crate::data::data;
use crate::line::{Worker, line};
use crate::options::Options;
use crate::print::print;
use crate::trial;
use secateurs::data::Dataset;
use secateurs::sweep::{Cell, cells};
use secateurs::trial::Asked;
use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Tries every cell of a sweep and prints a line for each as it is done.
pub fn sweep(options: &Options) -> Result<(), String> {
    let (recipe, _) = trial::recipe(options)?;
    if options.axes.is_empty() {
        return Err("Which axes? Give --axis prune.amount=0,10,20, as often as you like.".into());
    }
    let asked = trial::asked(options, &recipe)?;
    let cells = chosen(cells(&recipe, &options.axes)?, options)?;
    cells.iter().try_for_each(|cell| asked.check(&cell.recipe))?;
    if options.cells {
        return cells.iter().try_for_each(|cell| print(&cell.link));
    }
    let data = data(options)?;
    let jobs =
        options.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get));
    run(cells, &asked, &data, jobs)
}

/// The cells of this share of the sweep.
fn chosen(cells: Vec<Cell>, options: &Options) -> Result<Vec<Cell>, String> {
    if let Some(only) = options.only {
        let count = cells.len();
        let cell = cells.into_iter().nth(only);
        let missing = || format!("This sweep has {count} cells, counted from 0; none is {only}.");
        return cell.map(|cell| vec![cell]).ok_or_else(missing);
    }
    let Some((share, of)) = options.share else { return Ok(cells) };
    // Whole groups where there are enough of them, so that each training is done once.
    let groups = cells.iter().map(|cell| cell.group + 1).max().unwrap_or(0);
    let mine = |cell: &Cell| if groups >= of { cell.group } else { cell.index } % of == share - 1;
    Ok(cells.into_iter().filter(mine).collect())
}

/// What is left to be tried.
struct Left {
    /// Cells that share a training, and whether a worker has begun with them.
    groups: Vec<(VecDeque<Cell>, bool)>,
}

impl Left {
    fn new(cells: Vec<Cell>) -> Self {
        let mut groups: Vec<(usize, VecDeque<Cell>)> = Vec::new();
        for cell in cells {
            match groups.iter_mut().find(|(group, _)| *group == cell.group) {
                Some((_, cells)) => cells.push_back(cell),
                None => groups.push((cell.group, VecDeque::from([cell]))),
            }
        }
        Left { groups: groups.into_iter().map(|(_, cells)| (cells, false)).collect() }
    }

    /// The next cell for a worker that was at group `at`: of the same group, else of one that
    /// nobody has begun with, else of the one with most left.
    fn next(&mut self, at: &mut Option<usize>) -> Option<Cell> {
        let same = at.filter(|group| !self.groups[*group].0.is_empty());
        let fresh = || self.groups.iter().position(|(cells, begun)| !begun && !cells.is_empty());
        let fullest = || (0..self.groups.len()).max_by_key(|group| self.groups[*group].0.len());
        let group = same.or_else(fresh).or_else(fullest)?;
        *at = Some(group);
        let (cells, begun) = &mut self.groups[group];
        *begun = true;
        cells.pop_front()
    }
}

fn run(cells: Vec<Cell>, asked: &Asked, data: &Dataset, jobs: usize) -> Result<(), String> {
    let (count, begun) = (cells.len(), Instant::now());
    let left = Mutex::new(Left::new(cells));
    let (sender, lines) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, count.max(1)) {
            let (left, sender) = (&left, sender.clone());
            scope.spawn(move || {
                let (mut worker, mut at) = (Worker::default(), None);
                let next = |at: &mut Option<usize>| {
                    left.lock().unwrap_or_else(PoisonError::into_inner).next(at)
                };
                while let Some(cell) = next(&mut at) {
                    let outcome = worker.tries(&cell.recipe, asked, data);
                    let line = line(&cell.recipe, &cell.at, &outcome);
                    if sender.send((line, outcome.err())).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut refused = 0;
        for (done, (line, why)) in lines.iter().enumerate() {
            print(&line)?;
            let seconds = begun.elapsed().as_secs_f64();
            let left = seconds / (done + 1) as f64 * (count - done - 1) as f64;
            eprintln!("{} of {count} cells, {seconds:.0} s, about {left:.0} s left", done + 1);
            if let Some(why) = why {
                refused += 1;
                eprintln!("{why}");
            }
        }
        match refused {
            0 => Ok(()),
            _ => Err(format!("{refused} of {count} cells could not be tried.")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secateurs::recipe::parse_link;

    fn sweep(axes: &[&str]) -> Vec<Cell> {
        cells(&parse_link("v=1&train&prune").unwrap().recipe, axes).unwrap()
    }

    fn shares(axes: &[&str], of: usize) -> Vec<Vec<usize>> {
        let share = |share| {
            let options = Options { share: Some((share, of)), ..Options::default() };
            chosen(sweep(axes), &options).unwrap().iter().map(|cell| cell.index).collect()
        };
        (1..=of).map(share).collect()
    }

    #[test]
    fn shares_are_the_whole_and_keep_groups_together_where_they_can() {
        let axes = ["prune.amount=1,2,3", "seed=0,1"];
        assert_eq!(shares(&axes, 2), [[0, 2, 4], [1, 3, 5]]);
        let three = shares(&axes, 3);
        assert_eq!(three, [[0, 3], [1, 4], [2, 5]]);
        assert_eq!(shares(&axes, 8).iter().map(Vec::len).sum::<usize>(), 6);
    }

    #[test]
    fn every_worker_begins_with_a_training_of_its_own() {
        let mut left = Left::new(sweep(&["prune.amount=1,2,3", "seed=0,1"]));
        let (mut first, mut second) = (None, None);
        let index = |cell: Option<Cell>| cell.map(|cell| cell.index);
        assert_eq!(index(left.next(&mut first)), Some(0));
        assert_eq!(index(left.next(&mut second)), Some(1));
        for expected in [2, 4] {
            assert_eq!(index(left.next(&mut first)), Some(expected));
        }
        // The first helps out.
        assert_eq!(index(left.next(&mut first)), Some(3));
        assert_eq!(index(left.next(&mut second)), Some(5));
        assert_eq!(index(left.next(&mut first)), None);
    }
}
