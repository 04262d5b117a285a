//! The dense product, computed in 4×8 register tiles.
//!
//! 4×8 keeps eight 128-bit accumulators and spills nothing; 6×8, 8×8 and 4×16 spill in wasm.

use super::lanes::{LANES, Lanes};
use super::panels::{Left, Right, Row};

/// A part of a product: four rows of eight columns.
pub type Tile = [[Lanes; 2]; LANES];

/// Hands every tile of `left · rightᵀ` to `sink(row, column, tile)`, with `left` of `m × k` and
/// `right` of `n × k`: element `[i, j]` is the sum over k of `left[i, k] · right[j, k]`.
///
/// Tiles at the edges reach past the matrix; what they hold there means nothing.
#[inline(always)]
pub fn product(left: &Left, right: &Right, mut sink: impl FnMut(usize, usize, Tile)) {
    debug_assert_eq!(left.depth(), right.depth(), "the sums must have one length");
    for column in 0..right.panels() {
        let right_panel = right.panel(column);
        for row in 0..left.panels() {
            let tile = tile(left.panel(row), right_panel);
            sink(row * Left::LINES, column * Right::LINES, tile);
        }
    }
}

/// [`product`] written into the panels of its transpose (lines are the columns of the product,
/// the depth its rows): `out[j, i] = change(i, j's panel, sums)`, eight `j` at a time.
#[inline(always)]
pub fn product_into(
    left: &Left,
    right: &Right,
    out: &mut Right,
    change: impl Fn(usize, usize, [Lanes; 2]) -> [Lanes; 2],
) {
    let rows = left.lines();
    out.reshape(right.lines(), rows);
    product(left, right, |row, column, tile| {
        let panel = column / Right::LINES;
        let end = rows.min(row + LANES);
        let targets = &mut out.panel_mut(panel)[row..end];
        for ((row, to), sums) in (row..).zip(targets).zip(tile) {
            *to = change(row, panel, sums).map(Lanes::to_array);
        }
    });
}

/// Leaves sums as they are.
pub fn as_is(_: usize, _: usize, sums: [Lanes; 2]) -> [Lanes; 2] {
    sums
}

/// One tile of sums over k. Never inlined: the loop is in the module once, not once for each sink.
#[inline(never)]
fn tile(left: &[Row<1>], right: &[Row<2>]) -> Tile {
    let mut sums = [[Lanes::zero(); 2]; LANES];
    // Two at a time halve what the loop itself costs; four would spill registers in wasm.
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<2>(), right.as_chunks::<2>());
    for (left, right) in left.iter().zip(right) {
        add_outer(&mut sums, &left[0], &right[0]);
        add_outer(&mut sums, &left[1], &right[1]);
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        add_outer(&mut sums, left, right);
    }
    sums
}

/// Adds the products of four numbers with eight.
#[inline(always)]
fn add_outer(sums: &mut Tile, [four]: &Row<1>, [low, high]: &Row<2>) {
    let (low, high) = (Lanes::load(low), Lanes::load(high));
    for (row, factor) in sums.iter_mut().zip(four) {
        let factor = Lanes::splat(*factor);
        row[0] = row[0] + factor * low;
        row[1] = row[1] + factor * high;
    }
}

#[cfg(test)]
mod tests {
    use super::super::naive;
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f32>> {
        // A third of the entries are zero, as pixels and ReLU outputs are.
        let entry = prop_oneof![Just(0.0f32), -4.0f32..4.0, -1e-3f32..1e-3];
        prop::collection::vec(entry, rows * columns)
            .prop_map(move |v| Array2::from_shape_vec((rows, columns), v).unwrap())
    }

    fn bits(matrix: &Array2<f32>) -> Vec<u32> {
        matrix.iter().map(|x| x.to_bits()).collect()
    }

    proptest! {
        #[test]
        fn equals_the_naive_product_bit_for_bit(
            (a, b, transposed) in (0usize..21, 0usize..35, 0usize..27).prop_flat_map(|(m, k, n)| {
                (matrix(m, k), matrix(n, k), any::<[bool; 2]>())
            })
        ) {
            // The same matrices, laid out row by row or column by column.
            let relay = |x: &Array2<f32>, flip: bool| {
                if flip { x.t().as_standard_layout().into_owned().reversed_axes() } else { x.clone() }
            };
            let (mut left, mut right) = (Left::default(), Right::default());
            left.pack(relay(&a, transposed[0]).view());
            right.pack(relay(&b, transposed[1]).view());
            let mut out = Right::default();
            product_into(&left, &right, &mut out, |_, _, sums| sums);
            let expected = naive::product(a.view(), b.t());
            prop_assert_eq!(bits(&out.to_array()), bits(&expected.t().as_standard_layout().into_owned()));
        }
    }
}
