//! Measures of a range of test images, which a pool of workers shares block by block.

use super::jobs::Bench;
use super::results::{AttackBlock, CertifiedBlock, CurveBlock, GradientBlock, JobResult};
use crate::certify::Certifying;
use crate::data::Images;
use crate::evaluate::{Attacked, InputGradients, SecurityCurve};
use std::ops::Range;

/// A measure of some test images, worked at step by step.
pub(super) trait Ranged {
    /// One small piece of work; the images must be here. Returns whether all is done.
    fn step(&mut self, images: &Images) -> bool;

    /// Share of the work done.
    fn fraction(&self) -> f64;

    /// What came of it.
    fn finish(self: Box<Self>, range: Range<usize>, bench: &mut Bench) -> JobResult;
}

impl Ranged for Attacked {
    fn step(&mut self, images: &Images) -> bool {
        self.step(images)
    }

    fn fraction(&self) -> f64 {
        self.fraction()
    }

    fn finish(self: Box<Self>, Range { start, end }: Range<usize>, bench: &mut Bench) -> JobResult {
        let count = self.count();
        bench.crafted = self.into_images();
        JobResult::Attack(AttackBlock {
            from: start,
            to: end,
            correct: count.correct,
            total: count.total,
            predictions: count.predictions,
            median_norm: count.median_norm,
            norms: count.norms,
            queries: count.queries as f64,
        })
    }
}

impl Ranged for SecurityCurve {
    fn step(&mut self, images: &Images) -> bool {
        self.step(images)
    }

    fn fraction(&self) -> f64 {
        self.fraction()
    }

    fn finish(self: Box<Self>, Range { start, end }: Range<usize>, _: &mut Bench) -> JobResult {
        let count = self.count();
        let (total, clean, correct) = (count.total, count.clean, count.correct);
        JobResult::Curve(CurveBlock { from: start, to: end, total, clean, correct })
    }
}

impl Ranged for Certifying {
    fn step(&mut self, images: &Images) -> bool {
        self.step(images)
    }

    fn fraction(&self) -> f64 {
        self.fraction()
    }

    fn finish(self: Box<Self>, Range { start, end }: Range<usize>, _: &mut Bench) -> JobResult {
        let counts = self.counts();
        JobResult::Certify(CertifiedBlock {
            from: start,
            to: end,
            total: counts.total,
            proven: counts.proven,
            by_intervals: counts.by_intervals,
        })
    }
}

impl Ranged for InputGradients {
    fn step(&mut self, images: &Images) -> bool {
        self.step(images)
    }

    fn fraction(&self) -> f64 {
        self.fraction()
    }

    fn finish(self: Box<Self>, Range { start, end }: Range<usize>, _: &mut Bench) -> JobResult {
        let count = self.count();
        JobResult::Gradients(GradientBlock {
            from: start,
            to: end,
            total: end - start,
            correct: count.correct,
            zero: count.zero,
            vanishing: count.vanishing,
        })
    }
}
