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

/// A hidden layer’s distortion as a part of the loss, of a batch whose first half are attacked
/// images and whose second half the same images unharmed; a half has a multiple of eight images,
/// filled up with black ones, whose distortion is zero.
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
    let half = outputs.panels() / 2;
    let mut loss = 0.0;
    for (unit, by_factor) in by_factors.iter_mut().enumerate() {
        let factor = factors.map_or(1.0, |factors| factors[unit]);
        let slope = Lanes::splat(scale * factor);
        let mut sums = [Lanes::zero(); 2];
        for panel in 0..half {
            let (attacked, clean) = (&outputs.panel(panel)[unit], &outputs.panel(panel + half)[unit]);
            let (mut up, mut down) = ([[0.0; LANES]; 2], [[0.0; LANES]; 2]);
            for group in 0..2 {
                let (attacked, clean) = (Lanes::load(&attacked[group]), Lanes::load(&clean[group]));
                let (over, under) = (attacked - clean, clean - attacked);
                sums[group] = sums[group] + over.where_positive(over) + under.where_positive(under);
                let (over, under) = (slope.where_positive(over), slope.where_positive(under));
                up[group] = (over - under).to_array();
                down[group] = (under - over).to_array();
            }
            by_outputs.panel_mut(panel)[unit] = up;
            by_outputs.panel_mut(panel + half)[unit] = down;
        }
        let [a, b, c, d] = (sums[0] + sums[1]).to_array();
        let distortion = scale * (a + b + c + d);
        *by_factor += distortion;
        loss += f64::from(factor * distortion);
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
    fn distortion_is_zero_where_nothing_differs_and_its_gradients_follow_it() {
        let batch = |shift: f32| {
            Right::filled(16, 3, &|image, unit| {
                let clean = (image % 8 * (unit + 1)) as f32 / 7.0;
                let attack = [0.5, -0.25, 0.0][unit] * (image % 3) as f32;
                if image < 8 { clean + attack + if image == 4 { shift } else { 0.0 } } else { clean }
            })
        };
        let factors = [0.5, 1.0, 0.25];
        let loss = |shift, factors: &[f32]| {
            let (mut by_outputs, mut by_factors) = (Right::default(), vec![0.0; 3]);
            let outputs = batch(shift);
            let loss = distortion_loss(&outputs, Some(factors), 0.1, &mut by_outputs, &mut by_factors);
            (loss, by_outputs, by_factors)
        };
        let (value, by_outputs, by_factors) = loss(0.0, &factors);
        let naive: f64 = (0..3)
            .flat_map(|unit| (0..8).map(move |image| (unit, image)))
            .map(|(unit, image)| {
                let batch = batch(0.0);
                let difference = batch.get(image, unit) - batch.get(image + 8, unit);
                0.1 * f64::from(factors[unit] * difference.abs())
            })
            .sum();
        assert!((value - naive).abs() < 1e-6, "{value} {naive}");
        let sum: f32 = (0..3).map(|unit| by_outputs.get(4, unit)).sum();
        let moved = (loss(1e-2, &factors).0 - value) / 1e-2;
        // The third unit’s output does not differ: its slope to the right is not counted.
        let third = f64::from(0.1 * factors[2]);
        assert!((f64::from(sum) + third - moved).abs() < 1e-4, "{sum} {moved}");
        for unit in 0..3 {
            assert_eq!(by_outputs.get(4, unit), -by_outputs.get(12, unit));
            let mut more = factors;
            more[unit] += 0.1;
            let moved = (loss(0.0, &more).0 - value) / 0.1;
            assert!((f64::from(by_factors[unit]) - moved).abs() < 1e-5);
        }
    }
}
