//! `secateurs sweep`: a grid over recipes, tried by several threads.

use crate::data::data_for;
use crate::line::line;
use crate::network;
use crate::options::Options;
use crate::print::print;
use crate::trial;
use crate::workers::{Work, each};
use secateurs::sweep::{Cell, cells};

/// Tries every cell of a sweep and prints a line for each as it is done.
pub fn sweep(options: &Options) -> Result<(), String> {
    let networks = network::given(options)?;
    let (recipe, _) = trial::recipe(options, &networks)?;
    if options.axes.is_empty() {
        return Err("Which axes? Give --axis prune.amount=0,10,20, as often as you like.".into());
    }
    let asked = trial::asked(options, &recipe)?;
    let cells = chosen(cells(&recipe, &options.axes)?, options)?;
    cells.iter().try_for_each(|cell| asked.check(&cell.recipe))?;
    if options.cells {
        return cells.iter().try_for_each(|cell| print(&cell.link));
    }
    let data = data_for(options, &recipe)?;
    let works =
        cells.iter().map(|cell| Work { group: cell.group, recipe: &cell.recipe, asked: &asked });
    let (works, mut refused) = (works.collect::<Vec<_>>(), 0);
    each(&works, options.jobs, &networks, &data, |index, outcome, words| {
        let cell = &cells[index];
        print(&line(&cell.recipe, &cell.at, &outcome))?;
        eprintln!("{words}");
        if let Err(why) = outcome {
            refused += 1;
            eprintln!("{why}");
        }
        Ok(())
    })?;
    match refused {
        0 => Ok(()),
        _ => Err(format!("{refused} of {} cells could not be tried.", cells.len())),
    }
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
}
