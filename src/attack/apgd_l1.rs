//! Auto-PGD in L1 (Croce & Hein 2021, “Mind the box: l1-APGD for sparse adversarial attacks on
//! image classifiers”, Algorithm 1 and section 4): steps along the signs of the few largest
//! gradients, projected onto the L1 ball where it meets [0, 1]. How few adapts to how sparse the
//! best point is. It begins in balls of three and two times the size (section 4.3).
//!
//! Agrees with `autopgd_base.py` of AutoAttack with `norm='L1'` and `use_largereps`. Points of the
//! greater balls do not count: the engine sees to it.

use super::apgd::{Apgd, Best};
use super::{Attack, Image, Logits, Next, Seen, Streams, Wanted, l1, sign};

/// The share of pixels that the first steps move, by which that of the best point's is divided,
/// and by which a step is at most shortened as often as it has to be.
const LESS: f32 = 1.5;
/// The shortest step, as a share of the ball's radius.
const SHORTEST: f32 = 0.1;
/// A best point with less than this share of the changed pixels of the one before is sparser.
const SPARSER: f32 = 0.95;

/// A ball, how many steps are made in it and how many between checkpoints.
#[derive(Debug, Clone, Copy, Default)]
struct Phase {
    radius: f32,
    steps: usize,
    period: usize,
}

impl Phase {
    /// The three balls: 30 % of the steps in the first, as many in the second, the rest in the
    /// last.
    fn all(params: &Apgd) -> [Phase; 3] {
        let third = (3 * params.steps).div_ceil(10).min(params.steps);
        let second = third.min(params.steps - third);
        let steps = [third, second, params.steps - third - second];
        // A hair less, so that rounding cannot leave a point outside.
        let eps = params.ball.eps * (1.0 - 2e-6);
        std::array::from_fn(|phase| Phase {
            radius: (3 - phase) as f32 * eps,
            steps: steps[phase],
            period: (4 * steps[phase] / 100).max(1),
        })
    }
}

pub(super) struct SparseAscent {
    params: Apgd,
    phases: [Phase; 3],
    phase: usize,
    /// Steps done in this phase and since the last checkpoint; nothing before its first look.
    done: Option<usize>,
    since: usize,
    step: f32,
    /// Share of the pixels that a step moves, and pixels that the best point had changed.
    share: f32,
    changed: f32,
    best: Best,
    /// What the look just taken told to do.
    improved: bool,
    back: bool,
    next_phase: bool,
    last: bool,
}

impl SparseAscent {
    pub fn new(params: Apgd) -> Self {
        SparseAscent {
            params,
            phases: Phase::all(&params),
            phase: 0,
            done: None,
            since: 0,
            step: 0.0,
            share: 0.0,
            changed: 0.0,
            best: Best::default(),
            improved: false,
            back: false,
            next_phase: false,
            last: false,
        }
    }

    fn now(&self) -> Phase {
        self.phases.get(self.phase).copied().unwrap_or_default()
    }

    fn begin_phase(&mut self, image: &Image, point: &mut [f32]) {
        (self.done, self.since) = (None, 0);
        self.step = self.now().radius;
        self.best.forget();
        l1::project(point, image.clean, self.now().radius);
        self.changed = changed(point, image.clean);
        self.share = self.changed / point.len() as f32 / LESS;
    }

    /// At a checkpoint: whether to go back to the best point, because it is sparser.
    fn adapt(&mut self, clean: &[f32]) -> bool {
        let now = changed(self.best.point(), clean);
        let sparser = now / self.changed < SPARSER;
        let radius = self.now().radius;
        self.share = now / clean.len() as f32 / LESS;
        self.step = if sparser { radius } else { (self.step / LESS).max(SHORTEST * radius) };
        self.changed = now;
        sparser
    }
}

impl Attack for SparseAscent {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        point.iter_mut().for_each(|point| *point += random.start.normal());
        (self.phase, self.last) = (0, false);
        self.begin_phase(image, point);
    }

    fn ask(&mut self, image: &Image, point: &[f32], logits: &Logits, wanted: &mut Wanted) -> Next {
        if self.last {
            return Next::Done;
        }
        let mut derivatives = *logits;
        let loss = self.params.loss(image, logits, &mut derivatives);
        let in_last = self.phase + 1 == self.phases.len();
        self.improved = self.best.see(point, loss);
        let fools_best = in_last && self.best.see_fooling(image.goal, logits, point, loss);
        let done = self.done.map_or(0, |done| done + 1);
        self.done = Some(done);
        self.back = false;
        if done > 0 {
            self.since += 1;
            if self.since == self.now().period {
                self.since = 0;
                self.back = self.adapt(image.clean);
            }
        }
        self.next_phase = false;
        if done < self.now().steps {
            wanted.push(derivatives);
            return Next::Look;
        }
        self.next_phase = !in_last;
        self.last = in_last;
        let here = self.last && if self.best.fools() { fools_best } else { self.improved };
        if here { Next::Done } else { Next::Look }
    }

    fn go(&mut self, image: &Image, seen: &Seen, point: &mut [f32], _: &mut Streams) {
        if self.last {
            return point.copy_from_slice(self.best.last_word());
        }
        if self.next_phase {
            point.copy_from_slice(self.best.point());
            self.phase += 1;
            return self.begin_phase(image, point);
        }
        if self.improved {
            self.best.keep_gradient(seen.gradient());
        }
        if self.back {
            point.copy_from_slice(self.best.point());
        }
        let gradient = if self.back { self.best.gradient() } else { seen.gradient() };
        // As the authors round it.
        let pixels = gradient.len();
        let rest = (((1.0 - self.share) * pixels as f32).max(0.0) as usize).min(pixels - 1);
        let least = largest(pixels - rest, gradient);
        let moves = |gradient: f32| if gradient.abs() >= least { sign(gradient) } else { 0.0 };
        let moved: f32 = gradient.iter().map(|gradient| moves(*gradient).abs()).sum();
        let step = self.step / (moved + 1e-10);
        for (point, gradient) in point.iter_mut().zip(gradient) {
            *point += step * moves(*gradient);
        }
        l1::project(point, image.clean, self.now().radius);
    }
}

/// How many pixels differ.
fn changed(point: &[f32], clean: &[f32]) -> f32 {
    point.iter().zip(clean).map(|(a, b)| if a == b { 0.0 } else { 1.0 }).sum()
}

/// The size of the `rank`-th largest number, the largest being the first: its bits one by one,
/// which are in the order of the numbers.
fn largest(rank: usize, numbers: &[f32]) -> f32 {
    let mut bits = 0;
    for bit in (0..31).rev() {
        let tried = bits | 1u32 << bit;
        let reaching = numbers.iter().map(|x| u32::from(x.abs().to_bits() >= tried)).sum::<u32>();
        if reaching as usize >= rank {
            bits = tried;
        }
    }
    f32::from_bits(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::apgd::Surrogate;
    use crate::attack::{Ball, Norm};
    use proptest::prelude::*;

    #[test]
    fn steps_are_shared_out_over_three_balls() {
        let phases = |steps| {
            let ball = Ball { norm: Norm::L1, eps: 2.0 };
            let surrogate = Surrogate::CrossEntropy;
            Phase::all(&Apgd { ball, steps, rho: 0.75, surrogate })
        };
        assert_eq!(phases(100).map(|phase| phase.steps), [30, 30, 40]);
        assert_eq!(phases(7).map(|phase| phase.steps), [3, 3, 1]);
        assert_eq!(phases(1).map(|phase| phase.steps), [1, 0, 0]);
        for (phase, radius) in phases(100).into_iter().zip([6.0, 4.0, 2.0]) {
            assert!(phase.radius < radius && phase.radius > radius - 1e-4);
        }
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_a_sort(
            numbers in prop::collection::vec(prop_oneof![Just(0.0f32), -2.0f32..2.0], 1..60),
            rank in any::<prop::sample::Index>(),
        ) {
            let rank = rank.index(numbers.len());
            let mut sorted: Vec<f32> = numbers.iter().map(|x| x.abs()).collect();
            sorted.sort_by(|a, b| b.total_cmp(a));
            prop_assert_eq!(largest(rank + 1, &numbers), sorted[rank]);
        }
    }
}
