//! The security curve: robust accuracy against the size of the ball (Biggio & Roli 2018, “Wild
//! patterns: ten years after the rise of adversarial machine learning”, section 4).

use super::WorstCase;
use crate::attack::{AttackParams, Method, Norm};
use crate::data::Images;
use crate::network::Mlp;
use crate::words::number;
use std::ops::Range;

/// Most sizes on one curve.
const MOST_SIZES: usize = 100;

/// What a sweep came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurveCount {
    /// Images attacked.
    pub total: usize,
    /// Images read right unchanged.
    pub clean: usize,
    /// Images that withstand every size up to this one, for each size.
    pub correct: Vec<usize>,
}

/// A stepper: one sweep over ascending sizes.
///
/// A ball lies in every larger one around the same image, so what fools the network at a size
/// fools it at all larger ones: only the images that withstood a size go on to the next, and the
/// curve never rises. An attack that looks for the smallest perturbation is run once: its norms
/// are the whole curve.
#[derive(Debug)]
pub struct SecurityCurve {
    sizes: Vec<f64>,
    minimal: bool,
    worst: WorstCase,
}

impl SecurityCurve {
    /// Prepares a sweep on images `range` by the attack `params`, whose own ε is not looked at.
    ///
    /// # Errors
    /// A sentence when a parameter or a size is out of range, or the sizes do not ascend.
    pub fn new(
        network: &Mlp,
        params: AttackParams,
        sizes: &[f64],
        seed: u32,
        range: Range<usize>,
    ) -> Result<Self, String> {
        check_sizes(&params, sizes)?;
        let minimal = params.method.facts().is_minimal();
        // A search may end with what lies in its ball: in the smallest, that is in all.
        let swept = if minimal { &sizes[..1] } else { sizes };
        let attacks = swept.iter().map(|eps| {
            let valid = AttackParams { eps: *eps, ..params }.check()?;
            // Nothing can be moved: any attack says so, and this one says it at once.
            if *eps == 0.0 && !minimal { unmoved(params.norm).check() } else { Ok(valid) }
        });
        let attacks = attacks.collect::<Result<_, String>>()?;
        let worst = WorstCase::new(network, attacks, seed, range, false)?;
        Ok(SecurityCurve { sizes: sizes.to_vec(), minimal, worst })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        self.worst.fraction()
    }

    /// One step of the attack under way; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        self.worst.step(images)
    }

    /// The curve; final once [`SecurityCurve::step`] said that it is done.
    pub fn count(&self) -> CurveCount {
        let (outcomes, clean) = (self.worst.outcomes(), self.worst.clean());
        let withstood = |at: usize, size: f64| {
            let stands = outcomes.iter().filter(|outcome| {
                if self.minimal {
                    outcome.norm > size as f32
                } else {
                    outcome.robust || outcome.by.is_some_and(|by| by > at)
                }
            });
            stands.count()
        };
        let sizes = self.sizes.iter().enumerate();
        CurveCount {
            total: outcomes.len(),
            clean,
            correct: sizes.map(|(at, size)| withstood(at, *size)).collect(),
        }
    }
}

/// Noise of size 0.
fn unmoved(norm: Norm) -> AttackParams {
    AttackParams { norm, ..AttackParams::usual(Method::Noise, 0.0, 1) }
}

fn check_sizes(params: &AttackParams, sizes: &[f64]) -> Result<(), String> {
    if !(1..=MOST_SIZES).contains(&sizes.len()) {
        return Err(format!(
            "A curve has 1 to {MOST_SIZES} sizes, but {} were given.",
            sizes.len()
        ));
    }
    let largest = params.norm.largest();
    if let Some(size) = sizes.iter().find(|size| !(0.0..=largest).contains(*size)) {
        let norm = params.norm.label();
        return Err(format!(
            "The sizes of a curve in {norm} must lie from 0 to {}, but one is {}.",
            number(largest),
            number(*size)
        ));
    }
    if let Some(pair) = sizes.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(format!(
            "The sizes of a curve must ascend, but {} comes before {}.",
            number(pair[0]),
            number(pair[1])
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{images, trained};
    use super::*;
    use crate::attack::Purpose;
    use crate::evaluate::Attacked;

    const SIZES: [f64; 6] = [0.0, 0.01, 0.02, 0.04, 0.08, 0.3];

    fn sweep(params: AttackParams, sizes: &[f64], range: Range<usize>) -> CurveCount {
        let mut curve = SecurityCurve::new(&trained(), params, sizes, 3, range).unwrap();
        while !curve.step(&images()) {}
        curve.count()
    }

    fn linf(method: Method, steps: usize) -> AttackParams {
        AttackParams { norm: Norm::Linf, ..AttackParams::usual(method, 0.5, steps) }
    }

    /// The norms of one attack at one size, as [`Attacked`] tells them.
    fn attacked(params: AttackParams) -> Vec<f32> {
        let valid = params.check().unwrap();
        let mut attacked = Attacked::new(&trained(), valid, 3, 0..300, Purpose::Evaluate);
        while !attacked.step(&images()) {}
        attacked.count().norms
    }

    #[test]
    fn a_sweep_is_the_worst_case_of_attacks_at_each_size() {
        for params in [linf(Method::Pgd, 4), linf(Method::Fgsm, 1), linf(Method::Noise, 1)] {
            let count = sweep(params, &SIZES, 0..300);
            let mut stands = vec![true; 300];
            for (size, correct) in SIZES.iter().zip(&count.correct) {
                let norms = attacked(AttackParams { eps: *size, ..params });
                for (stands, norm) in stands.iter_mut().zip(norms) {
                    *stands &= norm == f32::INFINITY;
                }
                assert_eq!(*correct, stands.iter().filter(|stands| **stands).count());
            }
            assert_eq!((count.total, count.correct[0]), (300, count.clean));
            assert!(count.correct.is_sorted_by(|a, b| a >= b), "{count:?}");
            assert!(count.correct[5] < count.clean, "{params:?} {count:?}");
        }
    }

    #[test]
    fn a_minimal_attack_needs_one_run() {
        let params = linf(Method::FabT, 8);
        let count = sweep(params, &SIZES, 0..300);
        let norms = attacked(AttackParams { eps: 0.0, ..params });
        for (size, correct) in SIZES.iter().zip(&count.correct) {
            assert_eq!(*correct, norms.iter().filter(|norm| **norm > *size as f32).count());
            // Whether it finds something in a ball does not depend on the ball it was given.
            let valid = AttackParams { eps: *size, ..params }.check().unwrap();
            let mut attacked = Attacked::new(&trained(), valid, 3, 0..300, Purpose::Evaluate);
            while !attacked.step(&images()) {}
            assert_eq!(*correct, attacked.count().correct);
        }
        assert!(count.correct[5] < count.correct[1], "{count:?}");
        assert_eq!(count.correct[0], count.clean);
    }

    #[test]
    fn the_split_into_ranges_changes_nothing() {
        for params in [linf(Method::Pgd, 4), linf(Method::FabT, 8)] {
            let whole = sweep(params, &SIZES, 0..300);
            let parts = [sweep(params, &SIZES, 0..77), sweep(params, &SIZES, 77..300)];
            assert_eq!(whole.clean, parts[0].clean + parts[1].clean);
            for at in 0..SIZES.len() {
                assert_eq!(whole.correct[at], parts[0].correct[at] + parts[1].correct[at]);
            }
        }
    }

    #[test]
    fn sizes_out_of_order_or_out_of_range_get_a_sentence() {
        let params = linf(Method::Pgd, 4);
        let wrong: [&[f64]; 6] =
            [&[], &[0.2, 0.1], &[0.1, 0.1], &[-0.1], &[0.5, 1.5], &[0.1, f64::NAN]];
        for sizes in wrong {
            let sentence =
                SecurityCurve::new(&trained(), params, sizes, 0, 0..10).map(|_| ()).unwrap_err();
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        let many: Vec<f64> = (0..101).map(|at| f64::from(at) / 101.0).collect();
        assert!(SecurityCurve::new(&trained(), params, &many, 0, 0..10).is_err());
        let l2 = AttackParams { norm: Norm::L2, ..params };
        assert!(SecurityCurve::new(&trained(), l2, &[1.0, 5.0], 0, 0..10).is_ok());
        let none = AttackParams { steps: 0, ..params };
        for size in [0.0, 0.1] {
            assert!(SecurityCurve::new(&trained(), none, &[size], 0, 0..10).is_err());
        }
    }
}
