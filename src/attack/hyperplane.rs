//! The nearest point of a hyperplane that is still a picture: the projections of Croce & Hein
//! (2020), “Minimally distorted adversarial examples with a fast adaptive boundary attack”,
//! section 2.2, equation 4.
//!
//! They sort the pixels by how far each can move before it leaves [0, 1]. Here Newton's method
//! finds the same point: how near the hyperplane the point comes is a concave and piecewise linear
//! function of the length of the way, so that from below it meets the end exactly, after a few
//! passes over the pixels (as Michelot 1986 projects onto a simplex).

use super::Norm;
use crate::data::PIXELS;

/// A picture, or a change of one.
pub(super) type Row = [f32; PIXELS];

/// A slice of so many numbers as such.
pub(super) fn row(values: &[f32]) -> Option<&Row> {
    values.try_into().ok()
}

/// Sums are added up so many side by side, in the same order on every machine.
const SIDE: usize = 8;

/// What the reference, the authors' package, takes for no gradient in L2.
const NONE_L2: f32 = 1e-8;

/// Writes the smallest change, in L∞ or L2, that takes a point of [0, 1]⁷⁸⁴ on to the hyperplane
/// with this normal without leaving [0, 1]; if there is none, the one that comes nearest. `above`
/// is by how much ⟨normal, point⟩ is larger than it is on the hyperplane. Returns the change's size.
pub(super) fn project(norm: Norm, normal: &Row, above: f32, point: &Row, change: &mut Row) -> f32 {
    let down = above >= 0.0;
    let none = if norm == Norm::Linf { 0.0 } else { NONE_L2 };
    // How much it brings to move a pixel, and how far it can move.
    let (mut pull, mut room) = ([0.0; PIXELS], [0.0; PIXELS]);
    for index in 0..PIXELS {
        let (weight, value) = (normal[index], point[index]);
        pull[index] = if weight.abs() > none { weight.abs() } else { 0.0 };
        room[index] = if (weight > 0.0) == down { value } else { 1.0 - value };
    }
    // In L∞ all pixels move alike, in L2 in proportion to what it brings.
    let size = match norm {
        Norm::Linf => walk(&pull, &room, above.abs(), change, |_| 1.0),
        _ => walk(&pull, &room, above.abs(), change, |pull| pull),
    };
    for (change, weight) in change.iter_mut().zip(normal) {
        *change = if (*weight > 0.0) == down { -*change } else { *change };
    }
    if norm == Norm::Linf { size.0 } else { size.1.sqrt() }
}

/// Writes how far every pixel moves for `wanted` to be made up, and returns the largest of these
/// distances and the sum of their squares.
#[inline(always)]
fn walk(
    pull: &Row,
    room: &Row,
    wanted: f32,
    way: &mut Row,
    speed: impl Fn(f32) -> f32 + Copy,
) -> (f32, f32) {
    let mut length = 0.0;
    loop {
        // What pixels at the end of their way have brought, and what the others bring by length.
        let [brought, rate] = sums(|index| {
            let (pull, room) = (pull[index], room[index]);
            let stuck = length * speed(pull) > room;
            if stuck { [pull * room, 0.0] } else { [0.0, pull * speed(pull)] }
        });
        let next = if rate > 0.0 { (wanted - brought) / rate } else { f32::INFINITY };
        if next > length {
            length = next;
        } else {
            break;
        }
    }
    let mut largest = 0.0;
    for index in 0..PIXELS {
        let (pull, room) = (pull[index], room[index]);
        let far = length * speed(pull);
        let far = if far < room { far } else { room };
        way[index] = if pull > 0.0 { far } else { 0.0 };
        largest = if way[index] > largest { way[index] } else { largest };
    }
    let [squares] = sums(|index| [way[index] * way[index]]);
    (largest, squares)
}

/// ⟨a, b − c⟩.
pub(super) fn product_of_difference(a: &Row, b: &Row, c: &Row) -> f32 {
    let [sum] = sums(|index| [a[index] * (b[index] - c[index])]);
    sum
}

/// Sums over the pixels.
#[inline(always)]
fn sums<const N: usize>(terms: impl Fn(usize) -> [f32; N]) -> [f32; N] {
    const { assert!(PIXELS.is_multiple_of(SIDE)) };
    let mut sums = [[0.0; SIDE]; N];
    for start in (0..PIXELS).step_by(SIDE) {
        for lane in 0..SIDE {
            for (sum, term) in sums.iter_mut().zip(terms(start + lane)) {
                sum[lane] += term;
            }
        }
    }
    sums.map(|sum| sum.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};
    use proptest::prelude::*;

    /// The length of the way by bisection in f64, and the way.
    fn oracle(norm: Norm, normal: &Row, above: f64, point: &Row) -> Vec<f64> {
        let way = |length: f64| -> Vec<f64> {
            let pixels = normal.iter().zip(point).map(|(weight, value)| {
                let (weight, value) = (f64::from(*weight), f64::from(*value));
                let speed = if norm == Norm::Linf { 1.0 } else { weight.abs() };
                let to = value - above.signum() * weight.signum() * length * speed;
                if weight == 0.0 { 0.0 } else { to.clamp(0.0, 1.0) - value }
            });
            pixels.collect()
        };
        let left = |length: f64| {
            let moved = way(length);
            let gain: f64 = moved.iter().zip(normal).map(|(d, w)| d * f64::from(*w)).sum();
            above + gain
        };
        let (mut low, mut high) = (0.0, 1e6);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if left(middle) * above.signum() > 0.0 { low = middle } else { high = middle }
        }
        way(high)
    }

    fn case(seed: u32, zeros: f32, black: f32) -> (Row, Row) {
        let mut stream = Stream::new(seed, Purpose::Noise, &[]);
        let mut draw = |empty: f32, value: &dyn Fn(&mut Stream) -> f32| -> Row {
            std::array::from_fn(|_| if stream.uniform() < empty { 0.0 } else { value(&mut stream) })
        };
        let normal = draw(zeros, &|stream| 0.1 * stream.normal());
        let point = draw(black, &|stream| stream.uniform());
        (normal, point)
    }

    proptest! {
        #[test]
        fn projections_are_those_of_a_bisection(
            seed in any::<u32>(),
            zeros in 0.0f32..1.0,
            black in 0.0f32..1.0,
            above in prop_oneof![-60.0f32..60.0, -1.0f32..1.0, -0.01f32..0.01],
            linf in any::<bool>(),
        ) {
            let norm = if linf { Norm::Linf } else { Norm::L2 };
            let (normal, point) = case(seed, zeros, black);
            let mut change = [0.0; PIXELS];
            let size = project(norm, &normal, above, &point, &mut change);
            let expected = oracle(norm, &normal, f64::from(above), &point);
            for (index, (change, expected)) in change.iter().zip(&expected).enumerate() {
                let (value, apart) = (point[index], (f64::from(*change) - expected).abs());
                // A pixel of next to no weight moves far for what a sum in f32 leaves over.
                let brought = apart * f64::from(normal[index].abs());
                let near = apart < 1e-4 || brought < 1e-5 * f64::from(above.abs().max(1.0));
                prop_assert!(near, "{change} {expected}");
                prop_assert!((0.0..=1.0).contains(&(value + change)));
            }
            prop_assert!((size - norm.of(&change)).abs() <= 1e-5 * size);
        }
    }

    #[test]
    fn without_a_gradient_nothing_moves() {
        let (_, point) = case(3, 0.5, 0.5);
        for norm in [Norm::Linf, Norm::L2] {
            let mut change = [7.0; PIXELS];
            let size = project(norm, &[0.0; PIXELS], 1.0, &point, &mut change);
            assert_eq!(size, 0.0);
            assert!(change.iter().all(|change| *change == 0.0));
        }
    }
}
