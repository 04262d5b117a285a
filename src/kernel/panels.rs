//! Matrices cut into panels, the form in which the kernels read and write them.

use super::lanes::{LANES, Lanes};
use super::sparse_rows::SparseRows;
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// A matrix of `lines × depth`, cut into panels of `4·M` lines each. A panel lies in memory as
/// `depth` rows of `4·M` neighbours, one of each line; lines that are missing in the last panel
/// are there as padding.
///
/// A product sums along the depth. Its memory is kept from one shape to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels<const M: usize> {
    lines: usize,
    depth: usize,
    rows: Vec<Row<M>>,
}

/// `4·M` neighbours in memory, one of each line of a panel.
pub type Row<const M: usize> = [[f32; LANES]; M];

/// Panels of 4 lines: the side of a dense product that is spread over the lanes, one number at a
/// time. Weights are kept so, their outputs being the lines.
pub type Left = Panels<1>;
/// Panels of 8 lines: the side of a dense product that fills the lanes. A layer's outputs are
/// kept so, the images being the lines.
pub type Right = Panels<2>;
/// Panels of 32 lines: what a matrix with many zeros is multiplied with. The more lines at a
/// time, the less its indices cost.
pub type Wide = Panels<8>;

impl<const M: usize> Default for Panels<M> {
    fn default() -> Self {
        Panels { lines: 0, depth: 0, rows: Vec::new() }
    }
}

impl<const M: usize> Panels<M> {
    /// Lines of a panel.
    pub const LINES: usize = LANES * M;

    /// Lines of the matrix.
    pub fn lines(&self) -> usize {
        self.lines
    }

    /// Length of every line.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Gives the matrix another shape; what its elements then are is not said.
    pub fn reshape(&mut self, lines: usize, depth: usize) {
        if (self.lines, self.depth) != (lines, depth) {
            (self.lines, self.depth) = (lines, depth);
            self.rows.resize(lines.div_ceil(Self::LINES) * depth, [[0.0; LANES]; M]);
        }
    }

    /// Makes every element zero.
    pub fn zero(&mut self) {
        self.rows.fill([[0.0; LANES]; M]);
    }

    /// Forgets the lines from `lines` on, of which there must be as many.
    pub fn truncate(&mut self, lines: usize) {
        self.lines = lines;
        self.rows.truncate(lines.div_ceil(Self::LINES) * self.depth);
    }

    /// One panel: as many rows as the matrix is deep.
    #[inline(always)]
    pub fn panel(&self, panel: usize) -> &[Row<M>] {
        self.part(panel..panel + 1)
    }

    /// One panel, to be changed.
    #[inline(always)]
    pub fn panel_mut(&mut self, panel: usize) -> &mut [Row<M>] {
        self.part_mut(panel..panel + 1)
    }

    /// Several panels, one after the other.
    #[inline(always)]
    pub fn part(&self, panels: Range<usize>) -> &[Row<M>] {
        &self.rows[panels.start * self.depth..panels.end * self.depth]
    }

    /// Several panels, to be changed.
    #[inline(always)]
    pub fn part_mut(&mut self, panels: Range<usize>) -> &mut [Row<M>] {
        &mut self.rows[panels.start * self.depth..panels.end * self.depth]
    }

    /// Number of panels.
    #[inline(always)]
    pub fn panels(&self) -> usize {
        self.lines.div_ceil(Self::LINES)
    }

    /// All rows, panel by panel.
    pub fn rows(&self) -> &[Row<M>] {
        &self.rows
    }

    /// One element.
    #[inline(always)]
    pub fn get(&self, line: usize, k: usize) -> f32 {
        self.panel(line / Self::LINES)[k].as_flattened()[line % Self::LINES]
    }

    /// Changes one element.
    #[inline(always)]
    pub fn set(&mut self, line: usize, k: usize, value: f32) {
        self.panel_mut(line / Self::LINES)[k].as_flattened_mut()[line % Self::LINES] = value;
    }

    /// Takes the shape and every element, padding as zero.
    pub fn fill(&mut self, lines: usize, depth: usize, value: &dyn Fn(usize, usize) -> f32) {
        self.reshape(lines, depth);
        for panel in 0..self.panels() {
            let first = panel * Self::LINES;
            for (k, row) in self.panel_mut(panel).iter_mut().enumerate() {
                for (line, to) in (first..).zip(row.as_flattened_mut()) {
                    *to = if line < lines { value(line, k) } else { 0.0 };
                }
            }
        }
    }

    /// [`Panels::fill`] of new ones.
    pub fn filled(lines: usize, depth: usize, value: &dyn Fn(usize, usize) -> f32) -> Self {
        let mut panels = Self::default();
        panels.fill(lines, depth, value);
        panels
    }

    /// Packs a matrix whose rows are the lines.
    pub fn pack(&mut self, matrix: ArrayView2<f32>) {
        let (lines, depth) = matrix.dim();
        self.reshape(lines, depth);
        let copy: Vec<f32>;
        let numbers = match matrix.as_slice() {
            Some(numbers) => numbers,
            None => {
                // A matrix that is not row-major.
                copy = matrix.iter().copied().collect();
                &copy
            }
        };
        for four in 0..self.panels() * M {
            let line = |lane: usize| (four * LANES + lane) * depth;
            let lines = std::array::from_fn(|lane| numbers.get(line(lane)..line(lane) + depth));
            pack_rows(lines.map(Option::unwrap_or_default), self.panel_mut(four / M), four % M);
        }
    }

    /// Writes the matrix out, row by row, into `lines × depth` numbers.
    pub fn unpack(&self, rows: &mut [f32]) {
        debug_assert_eq!(rows.len(), self.lines * self.depth);
        if self.depth == 0 {
            return;
        }
        for (four, lines) in rows.chunks_mut(LANES * self.depth).enumerate() {
            let panel = self.panel(four / M);
            let group = four % M;
            let whole =
                if lines.len() == LANES * self.depth { self.depth / LANES * LANES } else { 0 };
            if whole > 0 {
                let (ab, cd) = lines.split_at_mut(2 * self.depth);
                let ((a, b), (c, d)) = (ab.split_at_mut(self.depth), cd.split_at_mut(self.depth));
                let targets = fours(a).zip(fours(b)).zip(fours(c).zip(fours(d)));
                for (from, ((a, b), (c, d))) in panel.as_chunks::<LANES>().0.iter().zip(targets) {
                    let rows =
                        Lanes::transposed(std::array::from_fn(|k| Lanes::load(&from[k][group])));
                    [*a, *b, *c, *d] = rows.map(Lanes::to_array);
                }
            }
            for (lane, line) in lines.chunks_mut(self.depth).enumerate() {
                for (to, from) in line[whole..].iter_mut().zip(&panel[whole..]) {
                    *to = from[group][lane];
                }
            }
        }
    }

    /// The matrix, row by row.
    pub fn to_array(&self) -> Array2<f32> {
        let mut matrix = Array2::zeros((self.lines, self.depth));
        if let Some(rows) = matrix.as_slice_mut() {
            self.unpack(rows);
        }
        matrix
    }

    /// Takes the elements of `source` with lines and depth exchanged.
    pub fn transpose_from<const N: usize>(&mut self, source: &Panels<N>) {
        self.reshape(source.depth, source.lines);
        for panel in 0..self.panels() {
            for group in 0..M {
                // Four lines of this matrix are four rows of the source.
                let first = panel * Self::LINES + group * LANES;
                let lines = source.depth.saturating_sub(first).min(LANES);
                for k in (0..source.lines).step_by(LANES) {
                    let from = source.panel(k / Panels::<N>::LINES);
                    let four = std::array::from_fn(|line| {
                        if line < lines {
                            Lanes::load(&from[first + line][k % Panels::<N>::LINES / LANES])
                        } else {
                            Lanes::zero()
                        }
                    });
                    let columns = Lanes::transposed(four);
                    for (to, column) in self.panel_mut(panel)[k..].iter_mut().zip(columns) {
                        to[group] = column.to_array();
                    }
                }
            }
        }
    }

    /// Takes these lines of `source`.
    pub fn gather_lines(&mut self, source: &Self, lines: &[usize]) {
        self.reshape(lines.len(), source.depth);
        for (to, from) in lines.iter().enumerate() {
            for k in 0..self.depth {
                self.set(to, k, source.get(*from, k));
            }
        }
    }

    /// Keeps only these lines, given in ascending order.
    pub fn keep_lines(&mut self, lines: &[usize]) {
        for (to, from) in lines.iter().enumerate().filter(|(to, from)| to != *from) {
            for k in 0..self.depth {
                self.set(to, k, self.get(*from, k));
            }
        }
        self.truncate(lines.len());
    }
}

impl Wide {
    /// Takes the elements of `source`, whose rows are the lines, and zeros between them.
    pub fn scatter_from(&mut self, source: &SparseRows) {
        self.reshape(source.rows(), source.columns());
        self.zero();
        for line in 0..source.rows() {
            let (group, lane) = (line % Self::LINES / LANES, line % LANES);
            let panel = self.panel_mut(line / Self::LINES);
            for (k, value) in source.row(line) {
                panel[*k as usize][group][lane] = *value;
            }
        }
    }

    /// Takes the elements of `source`.
    pub fn regroup_from<const M: usize>(&mut self, source: &Panels<M>) {
        self.reshape(source.lines, source.depth);
        for panel in 0..source.panels() {
            let first = panel * M;
            let target = self.panel_mut(first / 8);
            for (to, from) in target.iter_mut().zip(source.panel(panel)) {
                to[first % 8..first % 8 + M].copy_from_slice(from);
            }
        }
    }
}

/// Four neighbours at a time.
fn fours(line: &mut [f32]) -> impl Iterator<Item = &mut [f32; LANES]> {
    line.as_chunks_mut().0.iter_mut()
}

/// Writes four lines side by side into the `group`-th four of each row; a missing line is empty,
/// and zeros are written for it.
fn pack_rows<const M: usize>(lines: [&[f32]; LANES], rows: &mut [Row<M>], group: usize) {
    let [a, b, c, d] = lines;
    // No line is missing unless the last one is.
    let whole = d.len() / LANES * LANES;
    let (first, last) = rows.split_at_mut(whole);
    let sources = a.as_chunks().0.iter().zip(b.as_chunks().0);
    let sources = sources.zip(c.as_chunks().0.iter().zip(d.as_chunks().0));
    for (to, ((a, b), (c, d))) in first.as_chunks_mut::<LANES>().0.iter_mut().zip(sources) {
        let columns = Lanes::transposed([a, b, c, d].map(Lanes::load));
        for (to, column) in to.iter_mut().zip(columns) {
            to[group] = column.to_array();
        }
    }
    for (k, to) in (whole..).zip(last) {
        to[group] = lines.map(|line| line.get(k).copied().unwrap_or(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix() -> impl Strategy<Value = Array2<f32>> {
        (0usize..70, 0usize..19).prop_map(|(lines, depth)| {
            Array2::from_shape_fn((lines, depth), |(line, k)| (100 * line + k) as f32 + 1.0)
        })
    }

    /// Everything that can be done to panels, against the same done to a plain matrix. `stale` is
    /// what the panels held before: nothing of it may be seen.
    fn follows<const M: usize>(matrix: &Array2<f32>, stale: &Array2<f32>, kept: &[usize]) {
        let old = |panels: &mut Panels<M>| panels.pack(stale.view());
        let (mut packed, mut other) = (Panels::<M>::default(), Panels::<M>::default());
        old(&mut packed);
        packed.pack(matrix.view());
        assert_eq!(packed.to_array(), matrix);
        let turned = matrix.t().as_standard_layout().into_owned();
        old(&mut other);
        other.pack(turned.t());
        assert_eq!(other.to_array(), matrix);
        old(&mut other);
        other.fill(matrix.nrows(), matrix.ncols(), &|line, k| matrix[[line, k]]);
        assert_eq!(other.to_array(), matrix);
        old(&mut other);
        other.transpose_from(&packed);
        assert_eq!(other.to_array(), turned);
        let mut narrow = Left::default();
        narrow.transpose_from(&packed);
        assert_eq!(narrow.to_array(), turned);
        old(&mut other);
        other.gather_lines(&packed, kept);
        let rows = matrix.select(ndarray::Axis(0), kept);
        assert_eq!(other.to_array(), rows);
        packed.keep_lines(kept);
        assert_eq!(packed.to_array(), rows);
    }

    proptest! {
        #[test]
        fn panels_are_matrices(matrix in matrix(), stale in matrix(), every in 1usize..4) {
            let kept: Vec<_> = (0..matrix.nrows()).step_by(every).collect();
            follows::<1>(&matrix, &stale, &kept);
            follows::<2>(&matrix, &stale, &kept);
            follows::<8>(&matrix, &stale, &kept);
        }

        #[test]
        fn wide_panels_are_taken_from_others(matrix in matrix(), stale in matrix()) {
            let (mut right, mut wide, mut sparse) =
                (Right::default(), Wide::default(), SparseRows::default());
            right.pack(matrix.view());
            wide.pack(stale.view());
            wide.regroup_from(&right);
            prop_assert_eq!(wide.to_array(), &matrix);
            let (mut left, mut from_left) = (Left::default(), Wide::default());
            left.pack(matrix.view());
            from_left.pack(stale.view());
            from_left.regroup_from(&left);
            prop_assert_eq!(from_left.to_array(), &matrix);
            let holes = matrix.mapv(|value| if value % 3.0 == 0.0 { value } else { 0.0 });
            sparse.clear(holes.ncols());
            holes.rows().into_iter().for_each(|row| sparse.push_row(row.iter().copied()));
            wide.scatter_from(&sparse);
            prop_assert_eq!(wide.to_array(), holes);
        }
    }
}
