//! A matrix that is mostly zero, by its entries.

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
    /// Entries that are written together, and so may be written past the last.
    const SPARE: usize = 8;

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
        const EIGHT: usize = SparseRows::SPARE;
        debug_assert_eq!(value[0], 0.0);
        let mut end = self.count();
        self.make_room(end + bytes.len());
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

    /// Makes room for this many entries, so that no row appended before there are more has to.
    pub fn make_room(&mut self, entries: usize) {
        if self.entries.len() < entries + Self::SPARE {
            self.entries.resize(entries + Self::SPARE, (0, 0.0));
        }
    }

    /// Appends a row of numbers, many of which may be zero: [`SparseRows::push_row`] without a
    /// branch to mispredict.
    pub fn push_values(&mut self, values: &[f32]) {
        const EIGHT: usize = SparseRows::SPARE;
        let mut end = self.count();
        self.make_room(end + values.len());
        for (index, eight) in values.chunks(EIGHT).enumerate() {
            let Some(room) = self.entries[end..].first_chunk_mut::<EIGHT>() else { break };
            let mut count = 0;
            for (column, value) in (EIGHT * index..).zip(eight) {
                room[count % EIGHT] = (column as u32, *value);
                count += usize::from(*value != 0.0);
            }
            end += count;
        }
        self.starts.push(end as u32);
    }

    /// Gives back the room that no row takes.
    pub fn shrink(&mut self) {
        self.entries.truncate(self.count());
        self.entries.shrink_to_fit();
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

    /// Fills `self` with the transpose of `source`. Never inlined: callers may be compiled for size.
    #[inline(never)]
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
        // As much room as the source has: it need not grow where the source does not.
        if self.entries.len() < source.entries.len() {
            self.entries.resize(source.entries.len(), (0, 0.0));
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    pub fn sparse_of(matrix: &Array2<f32>) -> SparseRows {
        let mut sparse = SparseRows::default();
        sparse.clear(matrix.ncols());
        matrix.rows().into_iter().for_each(|row| sparse.push_row(row.iter().copied()));
        sparse
    }

    pub fn matrix(rows: usize, columns: usize, zeros: u32) -> impl Strategy<Value = Array2<f32>> {
        let entry = prop_oneof![zeros => Just(0.0f32), 1 => -4.0f32..4.0];
        prop::collection::vec(entry, rows * columns)
            .prop_map(move |v| Array2::from_shape_vec((rows, columns), v).unwrap())
    }

    proptest! {
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
        fn values_are_pushed_as_a_row_is(a in (0usize..5, 0usize..40)
            .prop_flat_map(|(m, n)| matrix(m, n, 1)))
        {
            let (by_rows, mut by_values) = (sparse_of(&a), SparseRows::default());
            for _ in 0..2 {
                by_values.clear(a.ncols());
                a.rows().into_iter().for_each(|row| by_values.push_values(&row.to_vec()));
                prop_assert_eq!(by_values.rows(), by_rows.rows());
                for row in 0..by_rows.rows() {
                    prop_assert_eq!(by_values.row(row), by_rows.row(row));
                }
            }
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
