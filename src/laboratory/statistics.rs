//! Whether several measures order the same units alike.
//!
//! A measure is a list of numbers, one for each unit; larger is “more”. Sums are `f64` and run in
//! the units' order. A figure that is not defined, because a measure does not vary or there are
//! too few units, is `None`.

/// Places by their values, ascending; equal values in their own order. The only sort here: every
/// other one would have its code in the module once more.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    order
}

/// The place of each value in ascending order, from 1 on; equal values share the mean of theirs.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    ranks_and_ties(values).0
}

/// The ranks, and Σ (t³ − t) over the groups of t equal ones.
fn ranks_and_ties(values: &[f64]) -> (Vec<f64>, f64) {
    let order = ascending(values);
    let mut ranks = vec![0.0; values.len()];
    let (mut before, mut ties) = (0.0, 0.0);
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let count = equal.len() as f64;
        equal.iter().for_each(|place| ranks[*place] = before + (count + 1.0) / 2.0);
        before += count;
        ties += count * count * count - count;
    }
    (ranks, ties)
}

/// Each value's distance from the mean of all.
fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// So small a share of a measure's variance is rounding, not variance.
const ROUNDING: f64 = 1e-12;

/// The cosine of two centred measures.
fn cosine(x: &[f64], y: &[f64]) -> Option<f64> {
    let (xx, yy) = (dot(x, x), dot(y, y));
    (xx > 0.0 && yy > 0.0).then(|| (dot(x, y) / (xx * yy).sqrt()).clamp(-1.0, 1.0))
}

/// The correlation of Pearson (1895).
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    cosine(&centred(x), &centred(y))
}

/// The correlation of Spearman (1904): Pearson's of the ranks.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    pearson(&ranks(x), &ranks(y))
}

/// What is left of a centred measure once these directions, each of length 1 and at right angles to
/// the others, are taken away.
fn without(mut x: Vec<f64>, directions: &[Vec<f64>]) -> Vec<f64> {
    for direction in directions {
        let along = dot(&x, direction);
        x.iter_mut().zip(direction).for_each(|(x, part)| *x -= along * part);
    }
    x
}

/// Directions of length 1 at right angles that span the centred controls (Gram-Schmidt); a control
/// that the ones before it determine adds none.
fn directions(controls: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for control in controls {
        let whole = centred(control);
        let size = dot(&whole, &whole);
        let mut left = without(whole, &found);
        let length = dot(&left, &left);
        if length > ROUNDING * size {
            left.iter_mut().for_each(|value| *value /= length.sqrt());
            found.push(left);
        }
    }
    found
}

/// The correlation of what the controls leave unexplained of two measures: Pearson's, of the
/// residuals of least squares on the controls and a constant (Yule 1907).
pub fn partial(x: &[f64], y: &[f64], controls: &[&[f64]]) -> Option<f64> {
    let directions = directions(controls);
    let left = |values: &[f64]| {
        let whole = centred(values);
        let size = dot(&whole, &whole);
        let left = without(whole, &directions);
        (dot(&left, &left) > ROUNDING * size).then_some(left)
    };
    cosine(&left(x)?, &left(y)?)
}

/// [`partial`] of the ranks.
pub fn partial_spearman(x: &[f64], y: &[f64], controls: &[&[f64]]) -> Option<f64> {
    let controls: Vec<_> = controls.iter().map(|control| ranks(control)).collect();
    let controls: Vec<&[f64]> = controls.iter().map(Vec::as_slice).collect();
    partial(&ranks(x), &ranks(y), &controls)
}

/// The share of a measure's variance that least squares on these others and a constant explains
/// (R²).
pub fn explained(y: &[f64], by: &[&[f64]]) -> Option<f64> {
    let whole = centred(y);
    let size = dot(&whole, &whole);
    let left = without(whole, &directions(by));
    (size > 0.0).then(|| (1.0 - dot(&left, &left) / size).clamp(0.0, 1.0))
}

/// Kendall's coefficient of concordance W, corrected for equal values (Kendall & Babington Smith
/// 1939; Kendall 1948): 1 where all measures order the units alike, near 1/m where none knows of
/// the others.
pub fn concordance(measures: &[&[f64]]) -> Option<f64> {
    let m = measures.len() as f64;
    let n = measures.first()?.len() as f64;
    let mut sums = vec![0.0; measures[0].len()];
    let mut equal = 0.0;
    for measure in measures {
        let (ranks, ties) = ranks_and_ties(measure);
        sums.iter_mut().zip(&ranks).for_each(|(sum, rank)| *sum += rank);
        equal += ties;
    }
    let sums = centred(&sums);
    let most = m * m * (n * n * n - n) - m * equal;
    (most > 0.0).then(|| 12.0 * dot(&sums, &sums) / most)
}

/// Which values are among the `count` largest; of equal values the first.
pub fn top(values: &[f64], count: usize) -> Vec<bool> {
    let turned: Vec<f64> = values.iter().map(|value| -value).collect();
    let mut chosen = vec![false; values.len()];
    ascending(&turned).iter().take(count).for_each(|place| chosen[*place] = true);
    chosen
}

/// The index of Jaccard (1901) of two choices among the same things: what both have, as a share of
/// what either has; 1 where neither has any.
pub fn jaccard(a: &[bool], b: &[bool]) -> f64 {
    let count = |of: fn(bool, bool) -> bool| a.iter().zip(b).filter(|(a, b)| of(**a, **b)).count();
    let (both, either) = (count(|a, b| a && b), count(|a, b| a || b));
    if either == 0 { 1.0 } else { both as f64 / either as f64 }
}

/// What [`jaccard`] comes to, on average, for two random choices of `count` among `all`: the number
/// i that both have is hypergeometric, and the index i / (2·count − i). `None` where so many cannot
/// be chosen, or none is.
pub fn chance_jaccard(count: usize, all: usize) -> Option<f64> {
    if count == 0 || count > all {
        return None;
    }
    let (k, n) = (count as f64, all as f64);
    // P(i + 1) / P(i); P itself is found from the likeliest i on, where nothing can overflow.
    let ratio = |i: f64| (k - i) * (k - i) / ((i + 1.0) * (n - 2.0 * k + i + 1.0));
    let least = (2 * count).saturating_sub(all);
    let likeliest = (((k + 1.0) * (k + 1.0) / (n + 2.0)) as usize).clamp(least, count);
    let index = |i: usize| i as f64 / (2 * count - i) as f64;
    let (mut sum, mut whole) = (index(likeliest), 1.0);
    let mut weight = 1.0;
    for i in likeliest..count {
        weight *= ratio(i as f64);
        sum += weight * index(i + 1);
        whole += weight;
    }
    weight = 1.0;
    for i in (least..likeliest).rev() {
        weight /= ratio(i as f64);
        sum += weight * index(i);
        whole += weight;
    }
    Some(sum / whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLOSE: f64 = 1e-12;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < CLOSE, "{found} instead of {expected}");
    }

    const X: [f64; 10] = [0.31, 2.5, 2.5, 1.1, 0.0, 4.2, 3.3, 0.9, 2.5, 7.1];
    const Y: [f64; 10] = [1.0, 2.2, 1.9, 1.9, 0.2, 3.1, 4.4, 1.0, 0.7, 5.0];
    const Z: [f64; 10] = [2.0, 1.5, 4.0, 0.5, 1.0, 3.5, 6.0, 0.0, 2.5, 2.2];

    #[test]
    fn ranks_share_the_mean_of_equal_values() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert_eq!(ranks(&[]), [0.0; 0]);
    }

    #[test]
    fn figures_are_scipys() {
        // SciPy 1.17.1: pearsonr, spearmanr, rankdata, friedmanchisquare / (m (n − 1)), hypergeom;
        // NumPy 2.4.6: linalg.lstsq for the residuals.
        near(pearson(&X, &Y), 0.862_643_753_829_815_2);
        near(spearman(&X, &Y), 0.851_868_081_774_821_2);
        near(partial(&X, &Y, &[&Z]), 0.831_677_558_749_563_2);
        let roots: Vec<f64> = (1..=10).map(|place| f64::from(place).sqrt()).collect();
        near(partial(&X, &Y, &[&Z, &roots]), 0.810_970_638_267_184_9);
        // A control said twice controls no more.
        near(partial(&X, &Y, &[&Z, &Z, &roots]), 0.810_970_638_267_184_9);
        near(partial_spearman(&X, &Y, &[&Z]), 0.819_269_196_253_934_9);
        near(explained(&X, &[&Y, &Z]), 0.748_454_353_043_527_9);
        near(concordance(&[&X, &Y, &Z]), 0.770_961_145_194_274);
        near(chance_jaccard(13, 128), 0.055_415_664_813_884_66);
        near(chance_jaccard(400, 4096), 0.051_392_524_455_919_05);
    }

    #[test]
    fn spearman_is_the_published_one() {
        // Siegel (1956), “Nonparametric statistics”, authoritarianism and status striving: .82.
        let authority = [2.0, 6.0, 5.0, 1.0, 10.0, 9.0, 8.0, 3.0, 4.0, 12.0, 7.0, 11.0];
        let status = [3.0, 4.0, 2.0, 1.0, 8.0, 11.0, 10.0, 6.0, 7.0, 12.0, 5.0, 9.0];
        near(spearman(&authority, &status), 1.0 - 6.0 * 52.0 / (12.0 * 143.0));
    }

    #[test]
    fn concordance_is_the_published_one() {
        // Siegel (1956): three executives rank six applicants; .16.
        let x: &[f64] = &[1.0, 6.0, 3.0, 2.0, 5.0, 4.0];
        let y: &[f64] = &[1.0, 5.0, 6.0, 4.0, 2.0, 3.0];
        let z: &[f64] = &[6.0, 3.0, 2.0, 5.0, 4.0, 1.0];
        near(concordance(&[x, y, z]), 12.0 * 25.5 / (9.0 * 210.0));
        // Kendall (1948), “Rank correlation methods”, with equal ranks: .828.
        let x: &[f64] = &[1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0];
        let y: &[f64] = &[2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5];
        let z: &[f64] = &[2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0];
        let found = concordance(&[x, y, z]).unwrap();
        assert!((found - 0.828).abs() < 5e-4, "{found}");
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let (flat, some) = ([2.0; 4], [1.0, 4.0, 2.0, 3.0]);
        assert_eq!(pearson(&flat, &some), None);
        assert_eq!(spearman(&some, &flat), None);
        assert_eq!(concordance(&[&flat, &flat]), None);
        assert_eq!(concordance(&[]), None);
        assert_eq!(explained(&flat, &[&some]), None);
        // Nothing is left once the controls determine a measure.
        let double = some.map(|value| 2.0 * value + 1.0);
        assert_eq!(partial(&double, &[1.0, 0.0, 0.0, 2.0], &[&some]), None);
        near(explained(&double, &[&some, &some]), 1.0);
    }

    #[test]
    fn top_takes_the_largest_and_the_first_of_equals() {
        assert_eq!(top(&[0.1, 0.5, 0.5, 0.9, 0.5], 3), [false, true, true, true, false]);
        assert_eq!(top(&[1.0, 2.0], 5), [true, true]);
        let (a, b) = (top(&[0.0, 1.0, 2.0, 3.0, 0.5], 3), top(&[0.0, 0.5, 2.0, 3.0, 4.0], 3));
        assert_eq!(jaccard(&a, &b), 0.5);
        assert_eq!(jaccard(&[false; 3], &[false; 3]), 1.0);
    }

    #[test]
    fn chance_is_what_all_choices_average_to() {
        for (count, all) in [(1, 1), (1, 7), (2, 3), (3, 6), (4, 6), (6, 6), (3, 10)] {
            let of_size = |subset: &usize| subset.count_ones() as usize == count;
            let subsets: Vec<usize> = (0..1usize << all).filter(of_size).collect();
            let mut sum = 0.0;
            // One of the two may as well be the first so many.
            let first = (1usize << count) - 1;
            for subset in &subsets {
                let both = (subset & first).count_ones() as f64;
                sum += both / (2.0 * count as f64 - both);
            }
            near(chance_jaccard(count, all), sum / subsets.len() as f64);
        }
        assert_eq!(chance_jaccard(0, 5), None);
        assert_eq!(chance_jaccard(6, 5), None);
    }

    proptest! {
        /// W is the mean of all pairs' Spearman correlations in another scale (Kendall 1948).
        #[test]
        fn concordance_is_the_mean_correlation(
            orders in prop::collection::vec(Just((0..9).collect::<Vec<i32>>()).prop_shuffle(), 2..5)
        ) {
            let measures: Vec<Vec<f64>> =
                orders.iter().map(|order| order.iter().map(|v| f64::from(*v)).collect()).collect();
            let views: Vec<&[f64]> = measures.iter().map(Vec::as_slice).collect();
            let m = views.len();
            let mut sum = 0.0;
            for a in 0..m {
                for b in a + 1..m {
                    sum += spearman(views[a], views[b]).unwrap();
                }
            }
            let mean = sum / (m * (m - 1) / 2) as f64;
            let w = concordance(&views).unwrap();
            prop_assert!((mean - (m as f64 * w - 1.0) / (m as f64 - 1.0)).abs() < 1e-9);
        }
    }
}
