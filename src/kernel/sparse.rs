//! The product of a matrix that is mostly zero: four fifths of MNIST's pixels are black.

use super::lanes::{LANES, Lanes};
use super::panels::{Right, Row, Wide};

/// The entries of a matrix that are not zero, row by row, columns ascending.
///
/// Its memory is kept from one filling to the next.
#[derive(Debug, Default, Clone)]
pub struct SparseRows {
    columns: usize,
    /// Row `i` holds `entries[starts[i]..starts[i + 1]]`; what lies behind the last row is room.
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl SparseRows {
    /// Starts anew with no rows and this many columns.
    pub fn clear(&mut self, columns: usize) {
        self.columns = columns;
        self.starts.clear();
        self.starts.push(0);
    }

    /// Appends a row; zeros are left out.
    pub fn push_row(&mut self, values: impl Iterator<Item = f32>) {
        self.entries.truncate(self.count());
        let kept = values.enumerate().filter(|(_, value)| *value != 0.0);
        self.entries.extend(kept.map(|(column, value)| (column as u32, value)));
        self.starts.push(self.entries.len() as u32);
    }

    /// Appends a row of bytes that stand for numbers; 0 must stand for 0.
    pub fn push_bytes(&mut self, bytes: &[u8], value: &[f32; 256]) {
        /// Bytes looked at together: black pixels mostly lie side by side.
        const EIGHT: usize = 8;
        debug_assert_eq!(value[0], 0.0);
        let mut end = self.count();
        let most = end + bytes.len() + EIGHT;
        if self.entries.len() < most {
            self.entries.resize(most, (0, 0.0));
        }
        for (index, eight) in bytes.chunks(EIGHT).enumerate() {
            let eight = eight.first_chunk().copied().unwrap_or_else(|| {
                std::array::from_fn(|place| eight.get(place).copied().unwrap_or(0))
            });
            if u64::from_ne_bytes(eight) == 0 {
                continue;
            }
            let Some(room) = self.entries[end..].first_chunk_mut::<EIGHT>() else { break };
            // Every byte is written, and the next one over it if it was 0: there is no branch to
            // mispredict.
            let mut count = 0;
            for (column, byte) in (EIGHT * index..).zip(eight) {
                room[count % EIGHT] = (column as u32, value[usize::from(byte)]);
                count += usize::from(byte != 0);
            }
            end += count;
        }
        self.starts.push(end as u32);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Number of elements that are not zero.
    pub fn count(&self) -> usize {
        self.starts.last().map_or(0, |end| *end as usize)
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Fills `self` with the transpose of `source`.
    pub fn transpose_from(&mut self, source: &SparseRows) {
        self.columns = source.rows();
        // A counting sort: how many entries each new row has, then where each starts.
        self.starts.clear();
        self.starts.resize(source.columns + 1, 0);
        for (column, _) in &source.entries[..source.count()] {
            self.starts[*column as usize + 1] += 1;
        }
        for row in 1..self.starts.len() {
            self.starts[row] += self.starts[row - 1];
        }
        if self.entries.len() < source.count() {
            self.entries.resize(source.count(), (0, 0.0));
        }
        for row in 0..source.rows() {
            for (column, value) in source.row(row) {
                let place = &mut self.starts[*column as usize];
                self.entries[*place as usize] = (row as u32, *value);
                *place += 1;
            }
        }
        // Every start has moved to its row's end, which is the next row's start.
        self.starts.rotate_right(1);
        self.starts[0] = 0;
    }

    /// Columns and values of a row, columns ascending.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

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
    debug_assert_eq!(sparse.columns, wide.depth(), "the sums must have one length");
    for index in 0..wide.panels() {
        let column = index * Wide::LINES;
        let panel = wide.panel(index);
        // A last panel that is hardly filled costs only what is in it.
        match (wide.lines() - column).div_ceil(2 * LANES) {
            1 => panel_rows::<2>(sparse, panel, |row, sums| sink(row, column, sums)),
            2 => panel_rows::<4>(sparse, panel, |row, sums| sink(row, column, sums)),
            3 => panel_rows::<6>(sparse, panel, |row, sums| sink(row, column, sums)),
            _ => panel_rows::<8>(sparse, panel, |row, sums| sink(row, column, sums)),
        }
    }
}

/// The sums of all rows with the first `4·N` lines of a panel. Eight vectors hide the latency of
/// the additions.
#[inline(always)]
fn panel_rows<const N: usize>(
    sparse: &SparseRows,
    panel: &[Row<8>],
    mut sink: impl FnMut(usize, &[Lanes; 8]),
) {
    for row in 0..sparse.rows() {
        let mut sums = [Lanes::zero(); N];
        for (k, value) in sparse.row(row) {
            let value = Lanes::splat(*value);
            let Some(factors) = panel.get(*k as usize) else { continue };
            for (sum, factors) in sums.iter_mut().zip(factors) {
                *sum = *sum + value * Lanes::load(factors);
            }
        }
        let mut all = [Lanes::zero(); 8];
        all[..N].copy_from_slice(&sums);
        sink(row, &all);
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
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn sparse_of(matrix: &Array2<f32>) -> SparseRows {
        let mut sparse = SparseRows::default();
        sparse.clear(matrix.ncols());
        matrix.rows().into_iter().for_each(|row| sparse.push_row(row.iter().copied()));
        sparse
    }

    fn matrix(rows: usize, columns: usize, zeros: u32) -> impl Strategy<Value = Array2<f32>> {
        let entry = prop_oneof![zeros => Just(0.0f32), 1 => -4.0f32..4.0];
        prop::collection::vec(entry, rows * columns)
            .prop_map(move |v| Array2::from_shape_vec((rows, columns), v).unwrap())
    }

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

        #[test]
        fn bytes_are_the_numbers_they_stand_for(bytes in prop::collection::vec(
            prop_oneof![3 => Just(0u8), 1 => any::<u8>()], 0..40
        )) {
            let value = std::array::from_fn(|byte| byte as f32 / 2.0);
            let (mut by_bytes, mut by_numbers) = (SparseRows::default(), SparseRows::default());
            by_bytes.clear(bytes.len());
            by_numbers.clear(bytes.len());
            for _ in 0..2 {
                by_bytes.push_bytes(&bytes, &value);
                by_numbers.push_row(bytes.iter().map(|byte| value[usize::from(*byte)]));
            }
            prop_assert_eq!(by_bytes.row(1), by_numbers.row(1));
            prop_assert_eq!(by_bytes.rows(), 2);
        }

        #[test]
        fn transposes(a in (0usize..12, 0usize..30).prop_flat_map(|(m, n)| matrix(m, n, 2))) {
            let mut transposed = SparseRows::default();
            transposed.transpose_from(&sparse_of(&a));
            let expected = sparse_of(&a.t().to_owned());
            prop_assert_eq!(transposed.rows(), expected.rows());
            for row in 0..expected.rows() {
                prop_assert_eq!(transposed.row(row), expected.row(row));
            }
        }
    }
}
