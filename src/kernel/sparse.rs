//! The product of a matrix that is mostly zero: four fifths of MNIST's pixels are black.

use super::product::{COLUMNS, Right};
use ndarray::{ArrayViewMut2, Axis};

/// The entries of a matrix that are not zero, row by row, columns ascending.
///
/// Its memory is kept from one filling to the next.
#[derive(Debug, Default, Clone)]
pub struct SparseRows {
    columns: usize,
    /// Row `i` holds `entries[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl SparseRows {
    /// Starts anew with no rows and this many columns.
    pub fn clear(&mut self, columns: usize) {
        self.columns = columns;
        self.starts.clear();
        self.starts.push(0);
        self.entries.clear();
    }

    /// Appends a row; zeros are left out.
    pub fn push_row(&mut self, values: impl Iterator<Item = f32>) {
        let kept = values.enumerate().filter(|(_, value)| *value != 0.0);
        self.entries.extend(kept.map(|(column, value)| (column as u32, value)));
        self.starts.push(self.entries.len() as u32);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
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
        for (column, _) in &source.entries {
            self.starts[*column as usize + 1] += 1;
        }
        for row in 1..self.starts.len() {
            self.starts[row] += self.starts[row - 1];
        }
        self.entries.clear();
        self.entries.resize(source.entries.len(), (0, 0.0));
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

    fn row(&self, row: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// `out = sparse · right`, the same bits as the dense product.
pub fn sparse_product(sparse: &SparseRows, right: &Right, mut out: ArrayViewMut2<f32>) {
    /// Panels of eight columns worked at together: 32 sums hide the latency of the additions.
    const TOGETHER: usize = 4;
    debug_assert_eq!(sparse.columns, right.depth(), "the sums must have one length");
    debug_assert_eq!(out.dim(), (sparse.rows(), right.columns()));
    if right.depth() == 0 {
        out.fill(0.0);
        return;
    }
    let panels: Vec<_> = right.panels().collect();
    let groups = out.axis_chunks_iter_mut(Axis(1), TOGETHER * COLUMNS);
    for (target, panels) in groups.zip(panels.chunks(TOGETHER)) {
        match panels {
            [a, b, c, d] => column_group(sparse, [a, b, c, d], target),
            [a, b, c] => column_group(sparse, [a, b, c], target),
            [a, b] => column_group(sparse, [a, b], target),
            [a] => column_group(sparse, [a], target),
            _ => {}
        }
    }
}

/// All rows of up to `8·N` neighbouring columns.
fn column_group<const N: usize>(
    sparse: &SparseRows,
    panels: [&[[f32; COLUMNS]]; N],
    mut target: ArrayViewMut2<f32>,
) {
    for (row, mut target) in target.rows_mut().into_iter().enumerate() {
        let mut sums = [[0.0f32; COLUMNS]; N];
        for (k, value) in sparse.row(row) {
            for (sums, panel) in sums.iter_mut().zip(&panels) {
                for (sum, b) in sums.iter_mut().zip(&panel[*k as usize]) {
                    *sum += value * b;
                }
            }
        }
        let sums = sums.as_flattened();
        match target.as_slice_mut() {
            Some(row) => row.copy_from_slice(&sums[..row.len()]),
            None => target.iter_mut().zip(sums).for_each(|(target, sum)| *target = *sum),
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
                .prop_flat_map(|(m, k, n)| (matrix(m, k, 4), matrix(k, n, 0)))
        ) {
            let mut right = Right::default();
            right.pack(b.view());
            let mut out = Array2::from_elem((a.nrows(), b.ncols()), f32::NAN);
            sparse_product(&sparse_of(&a), &right, out.view_mut());
            let bits = |m: &Array2<f32>| m.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&out), bits(&naive::product(a.view(), b.view())));
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
