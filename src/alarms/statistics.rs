//! When a difference between two counts is more than chance.
//!
//! Every comparison is one-sided at the level of 1 %, and what has to be exceeded is not nought but
//! a margin of one point, because restarts and other seeds make a difference of up to a point
//! between equal attacks. So two attacks that are equally strong are told apart in far fewer than
//! one case in a hundred.

use crate::evaluate::wilson;

/// The standard normal's 99 % quantile.
const Z: f64 = 2.326_347_874_040_841;

/// What a difference has to exceed: one point.
pub(super) const MARGIN: f64 = 0.01;

/// The lower end of what a share may be, by Wilson's (1927) score interval.
pub(super) fn at_least(count: usize, total: usize) -> f64 {
    wilson(count, total, Z).0
}

/// How many of the same images two attacks broke.
#[derive(Debug, Clone, Copy)]
pub(super) struct Duel {
    pub images: usize,
    /// Images that withstand the one and the other.
    pub withstand: usize,
    pub withstand_rival: usize,
    /// Images that only the rival broke, where that is known.
    pub only_rival: Option<usize>,
}

impl Duel {
    /// The lower end of what the rival may break more, as a share of the images.
    ///
    /// Where it is known which images only the rival broke, the counts are compared as what they
    /// are, paired: the adjusted Wald interval of Agresti & Min (2005, “Simple improved
    /// confidence intervals for comparing matched proportions”), which adds a half to each of the
    /// four cells. Otherwise as if each attack had had images of its own: the adjusted Wald
    /// interval of Agresti & Caffo (2000, “Simple and effective confidence intervals for
    /// proportions and differences of proportions”), which adds a success and a failure to each.
    /// Attacks mostly break the same images, so that interval is too wide, and errs on the side of
    /// silence.
    pub fn rival_breaks_more_by_at_least(self) -> f64 {
        let Duel { images, withstand, withstand_rival, only_rival } = self;
        let gap = withstand as f64 - withstand_rival as f64;
        let (n, difference, variance) = match only_rival {
            Some(only_rival) => {
                let n = images as f64 + 2.0;
                let only_this = (only_rival as f64 - gap).max(0.0);
                let (both, difference) = (only_rival as f64 + only_this + 1.0, gap / n);
                (n, difference, both / n - difference * difference)
            }
            None => {
                let n = images as f64 + 2.0;
                let (p, q) = ((withstand as f64 + 1.0) / n, (withstand_rival as f64 + 1.0) / n);
                (n, p - q, p * (1.0 - p) + q * (1.0 - q))
            }
        };
        difference - Z * (variance.max(0.0) / n).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    fn duel(withstand: usize, withstand_rival: usize, only_rival: Option<usize>) -> f64 {
        let duel = Duel { images: 500, withstand, withstand_rival, only_rival };
        duel.rival_breaks_more_by_at_least()
    }

    #[test]
    fn intervals_are_those_of_the_formulas() {
        // Agresti & Caffo's with p = 202/502 and q = 152/502.
        assert!((duel(201, 151, None) - 0.029_828).abs() < 2e-6, "{}", duel(201, 151, None));
        // Agresti & Min's with 30 and 10 that differ: (20 − z √(41 − 20²/502)) / 502.
        assert!(
            (duel(300, 280, Some(30)) - 0.010_457).abs() < 2e-6,
            "{}",
            duel(300, 280, Some(30))
        );
        assert!((at_least(81, 263) - 0.246_19).abs() < 1e-5, "{}", at_least(81, 263));
    }

    #[test]
    fn knowing_the_pairs_finds_smaller_differences() {
        assert!(duel(250, 230, None) < MARGIN && duel(250, 230, Some(21)) > MARGIN);
        assert!(duel(250, 230, Some(120)) < MARGIN, "many differ by chance");
    }

    #[test]
    fn equal_attacks_are_hardly_ever_told_apart() {
        let mut stream = Stream::new(5, Purpose::Noise, &[]);
        for share in [0.02, 0.3, 0.9] {
            // Both break an image by the same chance; on a tenth of the images they differ.
            let (mut paired, mut apart) = (0, 0);
            for _ in 0..4000 {
                let (mut withstand, mut rival, mut only_rival) = (0, 0, 0);
                for _ in 0..500 {
                    let first = stream.uniform() < share;
                    let second =
                        if stream.uniform() < 0.1 { stream.uniform() < share } else { first };
                    withstand += usize::from(first);
                    rival += usize::from(second);
                    only_rival += usize::from(first && !second);
                }
                paired += usize::from(duel(withstand, rival, Some(only_rival)) > MARGIN);
                apart += usize::from(duel(withstand, rival, None) > MARGIN);
            }
            assert!(paired <= 20 && apart <= 1, "{share}: {paired} and {apart} of 4000");
        }
    }
}
