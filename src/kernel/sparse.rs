//! Products of a matrix that is mostly zero: four fifths of MNIST's pixels are black.

use super::lanes::{LANES, Lanes};
use super::panels::{Right, Row, Wide};
use super::sparse_rows::SparseRows;

/// Hands every row of `sparse · wideᵀ` to `sink(row, column, sums)`, 32 columns at a time, with
/// `sparse` of `m × k` and `wide` of `n × k`; the bits are those of the dense product.
///
/// The sums of the last columns reach past the matrix; what they hold there means nothing.
#[inline(always)]
pub fn sparse_product(
    sparse: &SparseRows,
    wide: &Wide,
    mut sink: impl FnMut(usize, usize, &[Lanes; 8]),
) {
    debug_assert_eq!(sparse.columns(), wide.depth(), "the sums must have one length");
    for index in 0..wide.panels() {
        let column = index * Wide::LINES;
        let panel = wide.panel(index);
        // A last panel that is hardly filled costs only what is in it.
        let sums_of = match (wide.lines() - column).div_ceil(2 * LANES) {
            1 => row_sums::<2>,
            2 => row_sums::<4>,
            3 => row_sums::<6>,
            _ => row_sums::<8>,
        };
        for row in 0..sparse.rows() {
            sink(row, column, &sums_of(sparse.row(row), panel));
        }
    }
}

/// The sums of one row with the first `4·N` lines of a panel. Eight vectors hide the latency of
/// the additions. Called by address, so that its loop is in the module once, not once for each sink.
fn row_sums<const N: usize>(row: &[(u32, f32)], panel: &[Row<8>]) -> [Lanes; 8] {
    let mut sums = [Lanes::zero(); N];
    for (k, value) in row {
        let value = Lanes::splat(*value);
        let Some(factors) = panel.get(*k as usize) else { continue };
        for (sum, factors) in sums.iter_mut().zip(factors) {
            *sum = *sum + value * Lanes::load(factors);
        }
    }
    let mut all = [Lanes::zero(); 8];
    all[..N].copy_from_slice(&sums);
    all
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
    sparse_product(sparse, wide, |row, column, sums| {
        let first = column / Right::LINES;
        let pairs = sums.as_chunks::<2>().0;
        for (panel, sums) in (first..panels).zip(pairs) {
            out.panel_mut(panel)[row] = change(row, panel, *sums).map(Lanes::to_array);
        }
    });
}

/// [`sparse_product`] written row by row: `out[i, j]` is element `[i, j]` of the product.
pub fn sparse_product_rows(sparse: &SparseRows, wide: &Wide, out: &mut Right) {
    out.reshape(sparse.rows(), wide.lines());
    sparse_product(sparse, wide, |row, column, sums| {
        let (group, lane) = (row % Right::LINES / LANES, row % LANES);
        let targets = &mut out.panel_mut(row / Right::LINES)[column..];
        let sums = sums.map(Lanes::to_array);
        for (to, sum) in targets.iter_mut().zip(sums.as_flattened()) {
            to[group][lane] = *sum;
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
            let (mut wide, mut out) = (Wide::default(), Wide::filled(3, 3, |_, _| 1.0));
            wide.pack(b.view());
            transposed_sparse_product(&sparse_of(&a), &wide, &mut out);
            let bits = |m: ndarray::ArrayView2<f32>| m.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            let expected = naive::product(a.t(), b.t());
            prop_assert_eq!(bits(out.to_array().view()), bits(expected.t()));
        }
    }
}
