//! Four numbers worked on at once. In the browser these are wasm's own vectors; elsewhere they
//! are arrays, which the compiler turns into the machine's.

use std::ops::{Add, Div, Mul, Sub};

#[cfg(not(target_arch = "wasm32"))]
use portable as machine;
#[cfg(target_arch = "wasm32")]
use wasm as machine;

/// Numbers in one [`Lanes`].
pub const LANES: usize = 4;

/// Four `f32`. Every operation is IEEE's, lane by lane: nothing is fused or reordered.
#[derive(Debug, Clone, Copy)]
pub struct Lanes(machine::Vector);

impl Lanes {
    /// Four zeros.
    #[inline(always)]
    pub fn zero() -> Self {
        Self::splat(0.0)
    }

    /// The same number four times.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Lanes(machine::splat(value))
    }

    /// Reads four neighbours.
    #[inline(always)]
    pub fn load(values: &[f32; LANES]) -> Self {
        Lanes(machine::load(values))
    }

    /// The four numbers.
    #[inline(always)]
    pub fn to_array(self) -> [f32; LANES] {
        machine::to_array(self.0)
    }

    /// Square roots.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Lanes(machine::sqrt(self.0))
    }

    /// 0 where a lane is below 0, the lane itself elsewhere: a NaN stays one, so that divergence
    /// is noticed.
    #[inline(always)]
    pub fn rectified(self) -> Self {
        self.where_not_less(self, Self::zero())
    }

    /// The lane where `other`'s is above 0, else 0: the derivative of ReLU, taken as 0 at 0.
    #[inline(always)]
    pub fn where_positive(self, other: Self) -> Self {
        Lanes(machine::where_greater(self.0, other.0, machine::splat(0.0)))
    }

    /// 0 where a lane's magnitude is below `threshold`, the lane itself elsewhere.
    #[inline(always)]
    pub fn flushed(self, threshold: Self) -> Self {
        self.where_not_less(Lanes(machine::abs(self.0)), threshold)
    }

    /// The lane where `a` is not less than `b` (or either is a NaN), else 0.
    #[inline(always)]
    fn where_not_less(self, a: Self, b: Self) -> Self {
        Lanes(machine::where_not_less(self.0, a.0, b.0))
    }

    /// Four by four numbers, with rows and columns exchanged.
    #[inline(always)]
    pub fn transposed(rows: [Self; LANES]) -> [Self; LANES] {
        machine::transposed(rows.map(|row| row.0)).map(Lanes)
    }
}

impl Add for Lanes {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Lanes(machine::add(self.0, other.0))
    }
}

impl Sub for Lanes {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Lanes(machine::sub(self.0, other.0))
    }
}

impl Mul for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Lanes(machine::mul(self.0, other.0))
    }
}

impl Div for Lanes {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Lanes(machine::div(self.0, other.0))
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::arch::wasm32::{
        f32x4, f32x4_extract_lane, f32x4_gt, f32x4_lt, i32x4_shuffle, v128, v128_and, v128_andnot,
    };
    pub use core::arch::wasm32::{
        f32x4_abs as abs, f32x4_add as add, f32x4_div as div, f32x4_mul as mul,
        f32x4_splat as splat, f32x4_sqrt as sqrt, f32x4_sub as sub,
    };

    pub type Vector = v128;

    #[inline(always)]
    pub fn load(values: &[f32; 4]) -> v128 {
        f32x4(values[0], values[1], values[2], values[3])
    }

    #[inline(always)]
    pub fn to_array(vector: v128) -> [f32; 4] {
        [
            f32x4_extract_lane::<0>(vector),
            f32x4_extract_lane::<1>(vector),
            f32x4_extract_lane::<2>(vector),
            f32x4_extract_lane::<3>(vector),
        ]
    }

    #[inline(always)]
    pub fn where_greater(vector: v128, a: v128, b: v128) -> v128 {
        v128_and(vector, f32x4_gt(a, b))
    }

    #[inline(always)]
    pub fn where_not_less(vector: v128, a: v128, b: v128) -> v128 {
        v128_andnot(vector, f32x4_lt(a, b))
    }

    #[inline(always)]
    pub fn transposed([a, b, c, d]: [v128; 4]) -> [v128; 4] {
        let (ab_low, ab_high) =
            (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let (cd_low, cd_high) =
            (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        [
            i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
            i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
            i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
            i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
        ]
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod portable {
    pub type Vector = [f32; 4];

    #[inline(always)]
    pub fn splat(value: f32) -> Vector {
        [value; 4]
    }

    #[inline(always)]
    pub fn load(values: &[f32; 4]) -> Vector {
        *values
    }

    #[inline(always)]
    pub fn to_array(vector: Vector) -> [f32; 4] {
        vector
    }

    #[inline(always)]
    fn each(a: Vector, b: Vector, what: impl Fn(f32, f32) -> f32) -> Vector {
        [what(a[0], b[0]), what(a[1], b[1]), what(a[2], b[2]), what(a[3], b[3])]
    }

    #[inline(always)]
    pub fn add(a: Vector, b: Vector) -> Vector {
        each(a, b, |a, b| a + b)
    }

    #[inline(always)]
    pub fn sub(a: Vector, b: Vector) -> Vector {
        each(a, b, |a, b| a - b)
    }

    #[inline(always)]
    pub fn mul(a: Vector, b: Vector) -> Vector {
        each(a, b, |a, b| a * b)
    }

    #[inline(always)]
    pub fn div(a: Vector, b: Vector) -> Vector {
        each(a, b, |a, b| a / b)
    }

    #[inline(always)]
    pub fn abs(vector: Vector) -> Vector {
        vector.map(f32::abs)
    }

    #[inline(always)]
    pub fn sqrt(vector: Vector) -> Vector {
        vector.map(f32::sqrt)
    }

    #[inline(always)]
    pub fn where_greater(vector: Vector, a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|lane| if a[lane] > b[lane] { vector[lane] } else { 0.0 })
    }

    #[inline(always)]
    pub fn where_not_less(vector: Vector, a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|lane| if a[lane] < b[lane] { 0.0 } else { vector[lane] })
    }

    #[inline(always)]
    pub fn transposed(rows: [Vector; 4]) -> [Vector; 4] {
        std::array::from_fn(|column| rows.map(|row| row[column]))
    }
}
