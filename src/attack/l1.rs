//! Steps and projections in L1.
//!
//! The projection is the exact one onto the L1 ball where it meets [0, 1] (Croce & Hein 2021, “Mind
//! the box: l1-APGD for sparse adversarial attacks on image classifiers”, proposition 2.1), not
//! merely onto the one and then the other, which is weaker. A single step is the steepest in both
//! together (their section 2.2); a small one among many is spread over the hundredth of the pixels
//! that bring most (Tramèr & Boneh 2019, “Adversarial training and robustness for multiple
//! perturbations”, section 2, SLIDE), because the steepest would move one pixel at a time.

use super::sign;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One pixel of so many is moved in a small step.
const SPARSE: usize = 100;

/// Moves a point to the nearest one in the L1 ball of this radius round the clean image that is
/// in [0, 1].
///
/// The nearest change of pixel i is min(max(|u_i| − λ, 0), γ_i) in the direction of u_i, the
/// change asked for, with γ_i what room the pixel has that way. λ is 0 if that is small enough,
/// and otherwise what makes the sum the radius. The sum falls with λ piece by piece linearly:
/// Newton's steps find it, halvings of an interval where they leave it.
pub(super) fn project(point: &mut [f32], clean: &[f32], radius: f32) {
    let Sum { value, .. } = sum(point, clean, 0.0);
    if value <= radius {
        return shrink(point, clean, 0.0);
    }
    // The sum is too large at `low` and not at `high`.
    let (mut low, mut high) = (0.0, furthest(point, clean));
    let mut lambda = low;
    for _ in 0..MOST_STEPS {
        let Sum { value, falling } = sum(point, clean, lambda);
        if value > radius {
            low = lambda;
        } else {
            high = lambda;
        }
        if (value <= radius && value >= radius * CLOSE) || high - low <= f32::EPSILON * high {
            break;
        }
        // A little less than the radius is aimed at, so that it is met from below.
        let newton = lambda + (value - radius * 0.5 * (1.0 + CLOSE)) / falling.max(1.0);
        let inside = newton > low && newton < high;
        lambda = if inside { newton } else { 0.5 * (low + high) };
    }
    shrink(point, clean, high);
}

/// How near the radius the sum has to come from below, as a share of it.
const CLOSE: f32 = 1.0 - 4e-6;

/// More than halvings alone need.
const MOST_STEPS: usize = 60;

struct Sum {
    value: f32,
    /// How fast it falls with λ: how many pixels are neither at rest nor at the end of their room.
    falling: f32,
}

/// The sum of the changes at λ.
fn sum(point: &[f32], clean: &[f32], lambda: f32) -> Sum {
    const LANES: usize = 8;
    let (mut values, mut falling) = ([0.0; LANES], [0.0; LANES]);
    let mut add = |lane: usize, point: f32, clean: f32| {
        let (size, room) = size_and_room(point, clean);
        let left = size - lambda;
        values[lane] += smaller(larger(left, 0.0), room);
        falling[lane] += if left > 0.0 && left < room { 1.0 } else { 0.0 };
    };
    let ((points, rest), (cleans, clean_rest)) =
        (point.as_chunks::<LANES>(), clean.as_chunks::<LANES>());
    for (point, clean) in points.iter().zip(cleans) {
        for lane in 0..LANES {
            add(lane, point[lane], clean[lane]);
        }
    }
    for (point, clean) in rest.iter().zip(clean_rest) {
        add(0, *point, *clean);
    }
    Sum { value: values.iter().sum(), falling: falling.iter().sum() }
}

/// Makes the changes those of λ.
fn shrink(point: &mut [f32], clean: &[f32], lambda: f32) {
    for (point, clean) in point.iter_mut().zip(clean) {
        let (size, room) = size_and_room(*point, *clean);
        let change = smaller(larger(size - lambda, 0.0), room);
        *point = if *point > *clean { clean + change } else { clean - change };
    }
}

/// How far a point wants to go from a clean pixel, and how far it may.
fn size_and_room(point: f32, clean: f32) -> (f32, f32) {
    let change = point - clean;
    (change.abs(), if change > 0.0 { 1.0 - clean } else { clean })
}

/// The largest change.
fn furthest(point: &[f32], clean: &[f32]) -> f32 {
    point.iter().zip(clean).fold(0.0, |most, (point, clean)| larger((point - clean).abs(), most))
}

fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The pixels that can move along the gradient, those where it is largest first, the first of
/// equals first.
fn strongest(gradient: &[f32], point: &[f32]) -> impl Iterator<Item = usize> + use<> {
    let able = gradient.iter().zip(point).enumerate().filter(|(_, (gradient, point))| {
        if **gradient > 0.0 { **point < 1.0 } else { **gradient < 0.0 && **point > 0.0 }
    });
    // The bits of numbers above 0 are in their order.
    let ranks = able.map(|(index, (gradient, _))| (gradient.abs().to_bits(), Reverse(index)));
    let mut heap: BinaryHeap<_> = ranks.collect();
    std::iter::from_fn(move || heap.pop()).map(|(_, Reverse(index))| index)
}

/// Adds the perturbation of at most this length in [0, 1] along which a function with this
/// gradient grows most.
pub(super) fn steepest(length: f32, gradient: &[f32], point: &mut [f32]) {
    let mut left = length;
    for index in strongest(gradient, point) {
        let way = sign(gradient[index]);
        let room = if way > 0.0 { 1.0 - point[index] } else { point[index] };
        if left <= room {
            point[index] += way * left;
            return;
        }
        point[index] += way * room;
        left -= room;
    }
}

/// Adds a perturbation of this length, spread over the pixels with the largest gradients.
pub(super) fn sparse_step(length: f32, gradient: &[f32], point: &mut [f32]) {
    let count = gradient.len().div_ceil(SPARSE);
    let pixels: Vec<usize> = strongest(gradient, point).take(count).collect();
    for index in &pixels {
        point[*index] += sign(gradient[*index]) * length / pixels.len() as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Norm;
    use proptest::prelude::*;

    /// By halvings alone, in double precision.
    fn oracle(point: &[f32], clean: &[f32], radius: f64) -> Vec<f64> {
        let change = |lambda: f64| {
            let pairs = point.iter().zip(clean).map(|(a, b)| (f64::from(*a), f64::from(*b)));
            pairs.map(move |(point, clean)| {
                let room = if point > clean { 1.0 - clean } else { clean };
                ((point - clean).abs() - lambda).clamp(0.0, room).copysign(point - clean)
            })
        };
        let size = |lambda| change(lambda).map(f64::abs).sum::<f64>();
        let (mut low, mut high) = (0.0, 10.0);
        if size(0.0) <= radius {
            high = 0.0;
        }
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if size(middle) > radius { low = middle } else { high = middle }
        }
        change(high).collect()
    }

    fn pixels() -> impl Strategy<Value = f32> {
        prop_oneof![Just(0.0), Just(1.0), 0.0f32..=1.0]
    }

    proptest! {
        #[test]
        fn it_is_the_nearest_point(
            pixels in prop::collection::vec((0u8..=255, -2.0f32..2.0), 100),
            sparse in any::<bool>(),
            radius in 0.0f32..40.0,
        ) {
            let clean: Vec<f32> = pixels.iter().map(|(byte, _)| f32::from(*byte) / 255.0).collect();
            let moved = |(index, (_, step)): (usize, &(u8, f32))| {
                clean[index] + if sparse && index % 3 > 0 { 0.0 } else { *step }
            };
            let before: Vec<f32> = pixels.iter().enumerate().map(moved).collect();
            let mut point = before.clone();
            project(&mut point, &clean, radius);
            let expected = oracle(&before, &clean, f64::from(radius));
            let mut total = 0.0;
            for ((point, clean), expected) in point.iter().zip(&clean).zip(expected) {
                let change = f64::from(*point) - f64::from(*clean);
                prop_assert!((change - expected).abs() < 1e-4, "{change} for {expected}");
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(point));
                total += change.abs();
            }
            prop_assert!(total <= f64::from(radius) * (1.0 + 1e-5) + 1e-6);
        }

        #[test]
        fn no_step_raises_a_linear_function_more(
            point in prop::collection::vec(pixels(), 50),
            gradient in prop::collection::vec(-1.0f32..1.0, 50),
            rival in prop::collection::vec(-1.0f32..1.0, 50),
            length in 0.0f32..20.0,
        ) {
            let rise = |to: &[f32]| -> f32 {
                to.iter().zip(&point).zip(&gradient).map(|((a, b), g)| g * (a - b)).sum()
            };
            let mut ours = point.clone();
            steepest(length, &gradient, &mut ours);
            prop_assert!(ours.iter().all(|value| (0.0..=1.0).contains(value)));
            prop_assert!(Norm::L1.distance(&ours, &point) <= length + 1e-5);
            // Any other point of the ball and of [0, 1]: along the gradient's signs, or at random.
            for pull in [0.0, 1.0] {
                let mut other: Vec<f32> = point
                    .iter()
                    .zip(&rival)
                    .zip(&gradient)
                    .map(|((a, b), g)| a + (1.0 - pull) * b + pull * b.abs() * sign(*g))
                    .collect();
                project(&mut other, &point, length);
                prop_assert!(rise(&other) <= rise(&ours) + 1e-4);
            }
        }
    }

    #[test]
    fn a_small_step_moves_the_strongest_that_can() {
        let mut gradient = vec![0.01; 300];
        (gradient[7], gradient[100], gradient[200], gradient[299]) = (-0.9, 0.5, -0.7, 0.4);
        let mut point = vec![0.5; 300];
        point[200] = 0.0;
        sparse_step(0.3, &gradient, &mut point);
        let moved: Vec<_> = (0..300).filter(|i| point[*i] != 0.5 && *i != 200).collect();
        assert_eq!(moved, [7, 100, 299]);
        assert!((point[7] - 0.4).abs() < 1e-6 && (point[100] - 0.6).abs() < 1e-6);
    }
}
