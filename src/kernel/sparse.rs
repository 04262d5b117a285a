//! Products of a matrix that is mostly zero: four fifths of MNIST's pixels are black.

use super::lanes::{LANES, Lanes};
use super::panels::{Right, Row, Wide};
use super::sparse_rows::SparseRows;

/// Rows of a product that are worked on together.
const ROWS: usize = 2 * LANES;

/// Hands every row of `sparse · wideᵀ` to `sink(first row, column, sums)`, up to eight rows of 32
/// columns at a time, with `sparse` of `m × k` and `wide` of `n × k`; the bits are those of the
/// dense product.
///
/// The sums of the last columns reach past the matrix; what they hold there means nothing.
#[inline(always)]
pub fn sparse_product(
    sparse: &SparseRows,
    wide: &Wide,
    mut sink: impl FnMut(usize, usize, &[Row<8>]),
) {
    debug_assert_eq!(sparse.columns(), wide.depth(), "the sums must have one length");
    let mut sums = [[[0.0; LANES]; 8]; ROWS];
    for index in 0..wide.panels() {
        let column = index * Wide::LINES;
        for first in (0..sparse.rows()).step_by(ROWS) {
            let sums = &mut sums[..ROWS.min(sparse.rows() - first)];
            sums_of_rows(sparse, first, wide.panel(index), wide.lines() - column, sums);
            sink(first, column, sums);
        }
    }
}

/// The sums of the rows from `first` on, as many as there is room for, with the first `columns`
/// lines of a panel: one that is hardly filled costs only what is in it. Never inlined: the loops
/// are in the module once, not once for each sink.
#[inline(never)]
fn sums_of_rows(
    sparse: &SparseRows,
    first: usize,
    panel: &[Row<8>],
    columns: usize,
    sums: &mut [Row<8>],
) {
    match columns.div_ceil(2 * LANES) {
        1 => row_sums::<2>(sparse, first, panel, sums),
        2 => row_sums::<4>(sparse, first, panel, sums),
        3 => row_sums::<6>(sparse, first, panel, sums),
        _ => row_sums::<8>(sparse, first, panel, sums),
    }
}

/// The same with the first `4·N` lines. Eight vectors hide the latency of the additions.
fn row_sums<const N: usize>(
    sparse: &SparseRows,
    first: usize,
    panel: &[Row<8>],
    sums: &mut [Row<8>],
) {
    for (row, to) in (first..).zip(sums) {
        let mut sums = [Lanes::zero(); N];
        for (k, value) in sparse.row(row) {
            let value = Lanes::splat(*value);
            let Some(factors) = panel.get(*k as usize) else { continue };
            for (sum, factors) in sums.iter_mut().zip(factors) {
                *sum = *sum + value * Lanes::load(factors);
            }
        }
        for (to, sum) in to.iter_mut().zip(sums) {
            *to = sum.to_array();
        }
    }
}

/// [`sparse_product`] written into the panels of its transpose (lines are the columns of the
/// product, the depth its rows): `out[j, i] = change(i, j's panel, sums)`, eight `j` at a time.
#[inline(always)]
pub fn sparse_product_into(
    sparse: &SparseRows,
    wide: &Wide,
    out: &mut Right,
    change: impl Fn(usize, usize, [Lanes; 2]) -> [Lanes; 2],
) {
    out.reshape(wide.lines(), sparse.rows());
    let panels = out.panels();
    sparse_product(sparse, wide, |first, column, rows| {
        let column = column / Right::LINES;
        for (row, sums) in (first..).zip(rows) {
            for (panel, sums) in (column..panels).zip(sums.as_chunks::<2>().0) {
                let sums = [Lanes::load(&sums[0]), Lanes::load(&sums[1])];
                out.panel_mut(panel)[row] = change(row, panel, sums).map(Lanes::to_array);
            }
        }
    });
}

/// [`sparse_product`] written row by row: `out[i, j]` is element `[i, j]` of the product.
pub fn sparse_product_rows(sparse: &SparseRows, wide: &Wide, out: &mut Right) {
    out.reshape(sparse.rows(), wide.lines());
    sparse_product(sparse, wide, |first, column, rows| {
        let targets = &mut out.panel_mut(first / Right::LINES)[column..];
        for group in 0..2 {
            let row = |lane: usize| rows.get(group * LANES + lane);
            for (four, targets) in targets.chunks_mut(LANES).enumerate().take(8) {
                let from = |lane| row(lane).map_or(Lanes::zero(), |row| Lanes::load(&row[four]));
                let columns = Lanes::transposed(std::array::from_fn(from));
                for (to, column) in targets.iter_mut().zip(columns) {
                    to[group] = column.to_array();
                }
            }
        }
    });
}

/// `sparseᵀ · wideᵀ` for a `wide` of at most 32 lines: fills `out` (`n × columns`) without asking
/// for the transpose, which costs more than the product when there are few lines.
pub fn transposed_sparse_product(sparse: &SparseRows, wide: &Wide, out: &mut Wide) {
    debug_assert!(sparse.rows() == wide.depth() && wide.lines() <= Wide::LINES);
    out.reshape(wide.lines(), sparse.columns());
    out.zero();
    match wide.lines().div_ceil(2 * LANES) {
        0 => {}
        1 => add_rows::<2>(sparse, wide.panel(0), out.panel_mut(0)),
        2 => add_rows::<4>(sparse, wide.panel(0), out.panel_mut(0)),
        3 => add_rows::<6>(sparse, wide.panel(0), out.panel_mut(0)),
        _ => add_rows::<8>(sparse, wide.panel(0), out.panel_mut(0)),
    }
}

/// Adds every row's factors to the sums of its columns, `4·N` lines of each.
fn add_rows<const N: usize>(sparse: &SparseRows, factors: &[Row<8>], sums: &mut [Row<8>]) {
    for (row, factors) in factors.iter().enumerate() {
        let factors: [Lanes; N] = std::array::from_fn(|lane| Lanes::load(&factors[lane]));
        for (column, value) in sparse.row(row) {
            let value = Lanes::splat(*value);
            let Some(sums) = sums.get_mut(*column as usize) else { continue };
            for (sum, factor) in sums.iter_mut().zip(factors) {
                *sum = (Lanes::load(sum) + value * factor).to_array();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::naive;
    use super::super::sparse_rows::tests::{matrix, sparse_of};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_product_bit_for_bit(
            (a, b) in (0usize..12, 0usize..30, 0usize..75)
                .prop_flat_map(|(m, k, n)| (matrix(m, k, 4), matrix(n, k, 0)))
        ) {
            let mut wide = Wide::default();
            wide.pack(b.view());
            let mut out = Right::default();
            sparse_product_into(&sparse_of(&a), &wide, &mut out, |_, _, sums| sums);
            let bits = |m: ndarray::ArrayView2<f32>| m.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            let expected = naive::product(a.view(), b.t());
            prop_assert_eq!(bits(out.to_array().view()), bits(expected.t()));
            sparse_product_rows(&sparse_of(&a), &wide, &mut out);
            prop_assert_eq!(bits(out.to_array().view()), bits(expected.view()));
        }

        #[test]
        fn the_transposed_product_equals_the_naive_one(
            (a, b) in (0usize..12, 0usize..30, 0usize..33)
                .prop_flat_map(|(k, m, n)| (matrix(k, m, 4), matrix(n, k, 0)))
        ) {
            let (mut wide, mut out) = (Wide::default(), Wide::filled(3, 3, &|_, _| 1.0));
            wide.pack(b.view());
            transposed_sparse_product(&sparse_of(&a), &wide, &mut out);
            let bits = |m: ndarray::ArrayView2<f32>| m.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            let expected = naive::product(a.t(), b.t());
            prop_assert_eq!(bits(out.to_array().view()), bits(expected.t()));
        }
    }
}
