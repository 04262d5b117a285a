//! The dense product: operands packed into panels, outputs computed in 4×8 register tiles.
//!
//! 4×8 keeps eight 128-bit accumulators and spills nothing; 6×8, 8×8 and 4×16 spill in wasm.

use ndarray::{ArrayView2, ArrayViewMut2, Axis};

/// Rows of a tile.
const ROWS: usize = 4;
/// Columns of a tile.
pub(super) const COLUMNS: usize = 8;

/// A left operand, packed: panels of four rows, each laid out `k × 4`, padded with zeros.
///
/// Its memory is kept from one packing to the next.
#[derive(Debug, Default, Clone)]
pub struct Left {
    rows: usize,
    depth: usize,
    panels: Vec<[f32; ROWS]>,
}

/// A right operand, packed: panels of eight columns, each laid out `k × 8`, padded with zeros.
///
/// Its memory is kept from one packing to the next.
#[derive(Debug, Default, Clone)]
pub struct Right {
    columns: usize,
    depth: usize,
    panels: Vec<[f32; COLUMNS]>,
}

impl Left {
    /// Rows of the packed matrix.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Packs an `m × k` matrix of any strides.
    pub fn pack(&mut self, matrix: ArrayView2<f32>) {
        (self.rows, self.depth) = matrix.dim();
        let panels = self.rows.div_ceil(ROWS);
        self.panels.clear();
        self.panels.resize(panels * self.depth, [0.0; ROWS]);
        for (panel, group) in self
            .panels
            .chunks_exact_mut(self.depth.max(1))
            .zip(matrix.axis_chunks_iter(Axis(0), ROWS))
        {
            pack_panel(panel, group);
        }
    }
}

impl Right {
    /// Packs a `k × n` matrix of any strides.
    pub fn pack(&mut self, matrix: ArrayView2<f32>) {
        (self.depth, self.columns) = matrix.dim();
        let panels = self.columns.div_ceil(COLUMNS);
        self.panels.clear();
        self.panels.resize(panels * self.depth, [0.0; COLUMNS]);
        for (panel, group) in self
            .panels
            .chunks_exact_mut(self.depth.max(1))
            .zip(matrix.t().axis_chunks_iter(Axis(0), COLUMNS))
        {
            pack_panel(panel, group);
        }
    }

    /// Columns of the packed matrix.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows of the packed matrix, the length of the sums.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The panels, eight columns each.
    pub(super) fn panels(&self) -> impl Iterator<Item = &[[f32; COLUMNS]]> {
        self.panels.chunks_exact(self.depth.max(1))
    }
}

/// Writes up to `N` lines of a matrix side by side: `panel[k][line] = group[line][k]`.
fn pack_panel<const N: usize>(panel: &mut [[f32; N]], group: ArrayView2<f32>) {
    if group.nrows() == N && group.strides()[0] == 1 {
        // The lines lie side by side in memory already: copy N neighbours at a time.
        for (target, neighbours) in panel.iter_mut().zip(group.columns()) {
            if let Some(neighbours) = neighbours.as_slice() {
                target.copy_from_slice(neighbours);
            }
        }
        return;
    }
    for (line, values) in group.rows().into_iter().enumerate() {
        // A slice's iterator is several times faster than a view's.
        match values.as_slice() {
            Some(values) => panel.iter_mut().zip(values).for_each(|(to, from)| to[line] = *from),
            None => panel.iter_mut().zip(values).for_each(|(to, from)| to[line] = *from),
        }
    }
}

/// `out = left · right` with `left` `m × k`, `right` `k × n` and `out` `m × n`.
///
/// `out` may have any strides, but row-major is what it is written fast in.
pub fn product(left: &Left, right: &Right, mut out: ArrayViewMut2<f32>) {
    debug_assert_eq!(left.depth, right.depth, "the sums must have one length");
    debug_assert_eq!(out.dim(), (left.rows, right.columns));
    if left.depth == 0 {
        out.fill(0.0);
        return;
    }
    for (mut column_group, right_panel) in
        out.axis_chunks_iter_mut(Axis(1), COLUMNS).zip(right.panels())
    {
        let row_groups = column_group.axis_chunks_iter_mut(Axis(0), ROWS);
        for (target, left_panel) in row_groups.zip(left.panels.chunks_exact(left.depth)) {
            write_tile(&tile(left_panel, right_panel), target);
        }
    }
}

/// One 4×8 tile of sums over k.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn tile(left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for (a, b) in left.iter().zip(right) {
        for (row, a) in sums.iter_mut().zip(a) {
            for (sum, b) in row.iter_mut().zip(b) {
                *sum += a * b;
            }
        }
    }
    sums
}

/// One 4×8 tile of sums over k, written with wasm's vectors: a PGD step is a tenth faster than
/// with what the compiler makes of the portable loop.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn tile(left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    use core::arch::wasm32::{f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat};
    let mut sums = [[f32x4_splat(0.0); 2]; ROWS];
    for (a, b) in left.iter().zip(right) {
        let low = f32x4(b[0], b[1], b[2], b[3]);
        let high = f32x4(b[4], b[5], b[6], b[7]);
        for (row, a) in sums.iter_mut().zip(a) {
            let a = f32x4_splat(*a);
            row[0] = f32x4_add(row[0], f32x4_mul(a, low));
            row[1] = f32x4_add(row[1], f32x4_mul(a, high));
        }
    }
    sums.map(|[low, high]| {
        [
            f32x4_extract_lane::<0>(low),
            f32x4_extract_lane::<1>(low),
            f32x4_extract_lane::<2>(low),
            f32x4_extract_lane::<3>(low),
            f32x4_extract_lane::<0>(high),
            f32x4_extract_lane::<1>(high),
            f32x4_extract_lane::<2>(high),
            f32x4_extract_lane::<3>(high),
        ]
    })
}

/// Writes the part of a tile that lies inside the matrix.
#[inline(always)]
fn write_tile(sums: &[[f32; COLUMNS]; ROWS], mut target: ArrayViewMut2<f32>) {
    for (mut row, sums) in target.rows_mut().into_iter().zip(sums) {
        match row.as_slice_mut() {
            Some(row) => row.copy_from_slice(&sums[..row.len()]),
            None => row.iter_mut().zip(sums).for_each(|(target, sum)| *target = *sum),
        }
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
                (matrix(m, k), matrix(k, n), any::<[bool; 3]>())
            })
        ) {
            // The same matrices, laid out row by row or column by column.
            let relay = |x: &Array2<f32>, flip: bool| {
                if flip { x.t().as_standard_layout().into_owned().reversed_axes() } else { x.clone() }
            };
            let (left_matrix, right_matrix) = (relay(&a, transposed[0]), relay(&b, transposed[1]));
            let mut left = Left::default();
            let mut right = Right::default();
            left.pack(left_matrix.view());
            right.pack(right_matrix.view());
            let mut out = relay(&Array2::from_elem((a.nrows(), b.ncols()), f32::NAN), transposed[2]);
            product(&left, &right, out.view_mut());
            prop_assert_eq!(bits(&out), bits(&naive::product(a.view(), b.view())));
        }
    }
}
