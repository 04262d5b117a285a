//! The inner loops of masks that are learned: which scores are the highest, weights under a mask,
//! and a mask's gradients. Numbers lie in fours, as a learner's tensors do.

use crate::kernel::{LANES, Lanes, Right};

/// Finds the highest of many scores, in memory of its own.
#[derive(Debug, Clone)]
pub struct Highest {
    /// How often each value of the digit looked at occurs.
    counts: Vec<u32>,
}

/// The end of the highest scores: what is above `least` is kept, and the first `equal` of those
/// that equal it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    least: f32,
    equal: usize,
}

impl Default for Highest {
    fn default() -> Self {
        Highest { counts: vec![0; 1 << Self::DIGIT] }
    }
}

impl Highest {
    /// Bits looked at in one pass.
    const DIGIT: u32 = 11;

    /// Where the `keep` highest scores end, with equal ones kept in the order they lie in.
    ///
    /// There must be at least `keep` scores, none a NaN. A radix search from the highest digit
    /// down: three passes, whatever the scores are.
    pub fn of(&mut self, scores: &[[f32; LANES]], keep: usize) -> Cut {
        if keep == 0 {
            return Cut { least: f32::INFINITY, equal: 0 };
        }
        let (mut found, mut known) = (0, 0);
        let mut left = keep;
        for shift in [21, 10, 0] {
            // The last digit shares a bit with the one before.
            let digit = (1 << Self::DIGIT) - 1;
            self.counts.fill(0);
            for score in scores.as_flattened() {
                let rank = rank(*score);
                if rank & known == found {
                    self.counts[(rank >> shift & digit) as usize] += 1;
                }
            }
            for (value, count) in self.counts.iter().enumerate().rev() {
                let count = *count as usize;
                if count >= left {
                    found |= (value as u32) << shift;
                    break;
                }
                left -= count;
            }
            known |= digit << shift;
        }
        Cut { least: unranked(found), equal: left }
    }
}

/// A whole number for each score, in the same order; −0 is 0.
fn rank(score: f32) -> u32 {
    const SIGN: u32 = 1 << 31;
    let bits = (score + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The score of a rank.
fn unranked(rank: u32) -> f32 {
    const SIGN: u32 = 1 << 31;
    f32::from_bits(if rank & SIGN == 0 { !rank } else { rank ^ SIGN })
}

impl Cut {
    /// Whether the next score is kept. They must be asked for in their order, each once.
    #[inline(always)]
    pub fn keeps(&mut self, score: f32) -> bool {
        if score == self.least && self.equal > 0 {
            self.equal -= 1;
            return true;
        }
        score > self.least
    }

    /// Writes the values whose scores are kept, and zeros.
    pub fn apply(
        &mut self,
        scores: &[[f32; LANES]],
        values: &[[f32; LANES]],
        out: &mut [[f32; LANES]],
    ) {
        let all = out.as_flattened_mut().iter_mut();
        let from = scores.as_flattened().iter().zip(values.as_flattened());
        for (to, (score, value)) in all.zip(from) {
            *to = if self.keeps(*score) { *value } else { 0.0 };
        }
    }
}

/// Writes `a · b`, number by number.
pub fn multiply(a: &[[f32; LANES]], b: &[[f32; LANES]], out: &mut [[f32; LANES]]) {
    for ((a, b), to) in a.iter().zip(b).zip(out) {
        *to = (Lanes::load(a) * Lanes::load(b)).to_array();
    }
}

/// Writes a later layer’s weights (as they lie in a learner), each multiplied by its input’s
/// factor. The inputs are as many as the factors.
pub fn multiply_columns(weights: &[[f32; LANES]], factors: &[f32], out: &mut [[f32; LANES]]) {
    let panels = weights.chunks(factors.len().max(1)).zip(out.chunks_mut(factors.len().max(1)));
    for (weights, out) in panels {
        for ((weights, factor), to) in weights.iter().zip(factors).zip(out) {
            *to = (Lanes::load(weights) * Lanes::splat(*factor)).to_array();
        }
    }
}

/// Adds the loss’s gradient by every input’s factor to `sums`: that of input k is the sum over the
/// outputs of `weights · gradients`, the gradients being those by weight times factor.
///
/// It is known where the factor is zero, too: by it a unit comes back.
pub fn add_factor_gradients(
    weights: &[[f32; LANES]],
    gradients: &[[f32; LANES]],
    sums: &mut [f32],
) {
    let inputs = sums.len().max(1);
    for (weights, gradients) in weights.chunks(inputs).zip(gradients.chunks(inputs)) {
        for ((weights, gradients), sum) in weights.iter().zip(gradients).zip(&mut *sums) {
            let four = (Lanes::load(weights) * Lanes::load(gradients)).to_array();
            *sum += four[0] + four[1] + four[2] + four[3];
        }
    }
}

/// A hidden layer’s distortion as a part of the loss, of a batch whose first half are clean images
/// and whose second half the same images attacked, in the same order.
///
/// With `factors[k]` the unit’s mask, or none where every unit counts as it is, the loss is
/// `scale · Σ factors[k] · |z̃ₖ − zₖ|` over units and images. Returns it; writes its gradient by
/// the outputs, and adds that by the factors to `by_factors`.
pub fn distortion_loss(
    outputs: &Right,
    factors: Option<&[f32]>,
    scale: f32,
    by_outputs: &mut Right,
    by_factors: &mut [f32],
) -> f64 {
    by_outputs.reshape(outputs.lines(), outputs.depth());
    let half = outputs.lines() / 2;
    let mut loss = 0.0;
    for (unit, by_factor) in by_factors.iter_mut().enumerate() {
        let factor = factors.map_or(1.0, |factors| factors[unit]);
        let slope = scale * factor;
        let mut sum = 0.0;
        for image in 0..half {
            let difference = outputs.get(image + half, unit) - outputs.get(image, unit);
            // 0 where nothing differs.
            let sign = f32::from(i8::from(difference > 0.0) - i8::from(difference < 0.0));
            sum += f64::from(difference * sign);
            by_outputs.set(image + half, unit, slope * sign);
            by_outputs.set(image, unit, -slope * sign);
        }
        let distortion = f64::from(scale) * sum;
        *by_factor += distortion as f32;
        loss += f64::from(factor) * distortion;
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fours(numbers: &[f32]) -> Vec<[f32; LANES]> {
        numbers.chunks(LANES).map(|four| std::array::from_fn(|i| four[i])).collect()
    }

    proptest! {
        #[test]
        fn the_highest_are_those_that_sorting_puts_first(
            scores in prop::collection::vec(
                prop_oneof![3 => -2.0f32..2.0, 1 => Just(0.5f32), 1 => Just(-0.0f32),
                    1 => Just(0.0f32), 1 => Just(f32::MIN), 1 => any::<i8>().prop_map(f32::from)],
                0..60,
            ),
            share in 0.0f64..=1.0,
        ) {
            let scores = &scores[..scores.len() / LANES * LANES];
            let keep = (share * scores.len() as f64).round() as usize;
            let mut order: Vec<_> = (0..scores.len()).collect();
            // Stable: equal ones stay in their order.
            order.sort_by(|a, b| scores[*b].partial_cmp(&scores[*a]).unwrap());
            let mut expected = order[..keep].to_vec();
            expected.sort_unstable();
            let mut cut = Highest::default().of(&fours(scores), keep);
            let kept = |place: &usize| cut.keeps(scores[*place]);
            prop_assert_eq!((0..scores.len()).filter(kept).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_cut_writes_what_it_keeps() {
        let scores = fours(&[1.0, 3.0, 2.0, 2.0, 2.0, -1.0, 0.0, 5.0]);
        let values = fours(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, -8.0]);
        let mut out = fours(&[9.0; 8]);
        Highest::default().of(&scores, 4).apply(&scores, &values, &mut out);
        assert_eq!(out, fours(&[0.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, -8.0]));
    }

    #[test]
    fn a_distortions_loss_and_gradients_are_those_of_its_formula() {
        const IMAGES: usize = 5;
        let clean = |image: usize, unit: usize| ((image * (unit + 1)) % 4) as f32 / 2.0;
        // The third unit of every third image does not differ.
        let attack = |image: usize, unit: usize| [0.5, -0.25, 0.75][unit] * (image % 3) as f32;
        let outputs = |moved: (usize, usize), by: f32| {
            Right::filled(2 * IMAGES, 3, &|row, unit| {
                let image = row % IMAGES;
                let attack = if row < IMAGES { 0.0 } else { attack(image, unit) };
                clean(image, unit) + attack + if (row, unit) == moved { by } else { 0.0 }
            })
        };
        let factors = [0.5, 1.0, 0.25];
        let formula = |outputs: &Right, factors: &[f32]| -> f64 {
            let rows = (0..IMAGES).flat_map(|image| (0..3).map(move |unit| (image, unit)));
            rows.map(|(image, unit)| {
                let difference = outputs.get(image, unit) - outputs.get(image + IMAGES, unit);
                0.1 * f64::from(factors[unit]) * f64::from(difference.abs())
            })
            .sum()
        };
        let none = (usize::MAX, 0);
        let (mut by_outputs, mut by_factors) = (Right::default(), vec![1.0; 3]);
        let whole = outputs(none, 0.0);
        let loss = distortion_loss(&whole, Some(&factors), 0.1, &mut by_outputs, &mut by_factors);
        assert!((loss - formula(&whole, &factors)).abs() < 1e-6);
        for unit in 0..3 {
            let mut more = factors;
            more[unit] += 1.0;
            let slope = formula(&whole, &more) - formula(&whole, &factors);
            // What was there is added to.
            assert!((f64::from(by_factors[unit]) - 1.0 - slope).abs() < 1e-6);
            for row in 0..2 * IMAGES {
                let moved = |by| formula(&outputs((row, unit), by), &factors);
                let slope = (moved(0.125) - moved(-0.125)) / 0.25;
                assert!((f64::from(by_outputs.get(row, unit)) - slope).abs() < 1e-6);
            }
        }
        let mut same = vec![0.0; 3];
        assert!(distortion_loss(&whole, None, 0.1, &mut by_outputs, &mut same) > loss);
    }
}
