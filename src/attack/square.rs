//! The square attack (Andriushchenko et al. 2020, “Square Attack: a query-efficient black-box
//! adversarial attack via random search”, Algorithms 1 to 3): tries random squares of change and
//! keeps those that help, without any gradient.
//!
//! Agrees with `square.py` of AutoAttack (Croce & Hein 2020), down to its squares' never touching
//! the last row and column; but every image draws squares of its own, where there a batch shares
//! their places. As there, an image that is fooled is left as it is.

use super::{Attack, Ball, Goal, Image, Logits, Next, Norm, Seen, Streams, Wanted, loss};
use crate::network::argmax;
use crate::rng::Stream;

/// Rows and columns of an image.
const SIDE: usize = 28;

/// Parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Square {
    pub ball: Ball,
    pub queries: usize,
    /// Share of the pixels that the first squares change (p).
    pub share: f32,
}

/// A square of pixels: its first row and column, and its side.
#[derive(Debug, Clone, Copy)]
struct Window {
    row: usize,
    column: usize,
    side: usize,
}

impl Window {
    /// At a random place, never in the last row or column unless it fills the image.
    fn random(side: usize, random: &mut Stream) -> Self {
        let room = SIDE - side.min(SIDE);
        let mut place = || ((random.uniform() * room as f32) as usize).min(room);
        let row = place();
        Window { row, column: place(), side: side.min(SIDE) }
    }

    /// Its rows, as ranges of pixels.
    fn rows(self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let first = self.row * SIDE + self.column;
        (0..self.side).map(move |row| first + row * SIDE..first + row * SIDE + self.side)
    }

    fn contains(self, row: usize, column: usize) -> bool {
        row.wrapping_sub(self.row) < self.side && column.wrapping_sub(self.column) < self.side
    }
}

pub(super) struct Search {
    params: Square,
    /// Proposals made.
    made: usize,
    /// Nothing before the first look.
    least: Option<f32>,
    /// What the look just taken found: whether the point is the best, and whether all ends there.
    improved: bool,
    last: bool,
    /// L∞: the square under trial, and what was there before.
    window: Window,
    covered: Vec<f32>,
    /// L2: the best point, the change that is being made of it, and the pattern of this side.
    best: Vec<f32>,
    change: Vec<f32>,
    pattern: Pattern,
}

impl Square {
    pub fn start(self) -> Search {
        Search {
            params: self,
            made: 0,
            least: None,
            improved: false,
            last: false,
            window: Window { row: 0, column: 0, side: 0 },
            covered: Vec::new(),
            best: Vec::new(),
            change: Vec::new(),
            pattern: Pattern::default(),
        }
    }

    /// The share of pixels that the squares of this proposal change: halved on the schedule of
    /// section 5.1 for 10,000 queries, which AutoAttack does not shrink for fewer.
    fn share(&self, proposal: usize) -> f64 {
        let halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];
        let passed = halvings.iter().filter(|end| proposal > **end).count();
        f64::from(self.share) / f64::from(1u32 << passed)
    }

    /// The side of the squares of this proposal.
    fn side(&self, proposal: usize) -> usize {
        let pixels = self.share(proposal) * (SIDE * SIDE) as f64;
        let side = (pixels.sqrt() + 0.5) as usize;
        match self.ball.norm {
            Norm::Linf => side.clamp(1, SIDE),
            // Odd, so that there is a pixel in the middle.
            Norm::L2 | Norm::L1 => (side.max(3) | 1).min(SIDE),
        }
    }
}

/// What falls the better the attack does: the lead of the label over all other classes, or for a
/// target the cross-entropy to it.
fn lead(goal: Goal, logits: &Logits) -> f32 {
    let mut unused = *logits;
    match goal.target {
        Some(_) => -loss::cross_entropy(goal, logits, &mut unused),
        None => {
            let label = usize::from(goal.label);
            logits[label] - logits[loss::strongest_but(label, logits)]
        }
    }
}

impl Attack for Search {
    fn begin(&mut self, image: &Image, point: &mut [f32], random: &mut Streams) {
        (self.made, self.least, self.last) = (0, None, false);
        let Ball { norm, eps } = self.params.ball;
        if norm == Norm::Linf {
            // Stripes from top to bottom.
            let signs: [f32; SIDE] = std::array::from_fn(|_| random_sign(&mut random.start));
            for row in point.chunks_mut(SIDE) {
                row.iter_mut().zip(signs).for_each(|(point, sign)| *point += eps * sign);
            }
            self.covered.clear();
            self.window.side = 0;
        } else {
            self.tile(image.clean, point, &mut random.start);
        }
    }

    fn ask(&mut self, image: &Image, point: &[f32], logits: &Logits, _: &mut Wanted) -> Next {
        if self.last || image.goal.is_reached(argmax(logits) as u8) {
            return Next::Done;
        }
        let lead = lead(image.goal, logits);
        self.improved = self.least.is_none_or(|least| lead < least);
        if self.improved {
            self.least = Some(lead);
            if self.params.ball.norm != Norm::Linf {
                self.best.clear();
                self.best.extend_from_slice(point);
            }
        }
        // The first look was at no proposal.
        self.last = self.made + 1 >= self.params.queries;
        if self.last && self.improved { Next::Done } else { Next::Look }
    }

    fn go(&mut self, image: &Image, _: &Seen, point: &mut [f32], random: &mut Streams) {
        let side = self.params.side(self.made);
        self.made += 1;
        if self.params.ball.norm == Norm::Linf {
            self.uncover(point);
            if !self.last {
                self.cover(side, image.clean, point, &mut random.start);
            }
        } else if self.last {
            point.copy_from_slice(&self.best);
        } else {
            self.shift(side, image.clean, point, &mut random.start);
        }
    }
}

/// L∞: in a square every pixel goes as far up, or as far down, as the ball allows.
impl Search {
    /// Takes the square under trial back, if it did not help.
    fn uncover(&self, point: &mut [f32]) {
        if self.improved {
            return;
        }
        let covered = self.covered.chunks(self.window.side.max(1));
        for (range, before) in self.window.rows().zip(covered) {
            point[range].copy_from_slice(before);
        }
    }

    fn cover(&mut self, side: usize, clean: &[f32], point: &mut [f32], random: &mut Stream) {
        let window = Window::random(side, random);
        let change = self.params.ball.eps * random_sign(random);
        self.window = window;
        self.covered.clear();
        for range in window.rows() {
            let (point, clean) = (&mut point[range.clone()], &clean[range]);
            self.covered.extend_from_slice(point);
            for (point, clean) in point.iter_mut().zip(clean) {
                *point = (clean + change).clamp(0.0, 1.0);
            }
        }
    }
}

/// L2: the change of two windows is gathered in one of them.
impl Search {
    /// The start: tiles of five by five pixels.
    fn tile(&mut self, clean: &[f32], point: &mut [f32], random: &mut Stream) {
        let side = SIDE / 5;
        let border = (SIDE - 5 * side) / 2;
        self.pattern.set(side);
        point.fill(0.0);
        for tile in 0..(SIDE / side) * (SIDE / side) {
            let (row, column) = (tile / (SIDE / side), tile % (SIDE / side));
            let window = Window { row: border + row * side, column: border + column * side, side };
            let (turned, sign) = (random.uniform() > 0.5, random_sign(random));
            for (row, range) in window.rows().enumerate() {
                for (column, point) in point[range].iter_mut().enumerate() {
                    *point = sign * self.pattern.at(row, column, turned);
                }
            }
        }
        stretch(point, clean, self.params.ball.eps);
    }

    fn shift(&mut self, side: usize, clean: &[f32], point: &mut [f32], random: &mut Stream) {
        let eps = self.params.ball.eps;
        self.pattern.set(side);
        let (here, there) = (Window::random(side, random), Window::random(side, random));
        let (turned, sign) = (random.uniform() > 0.5, random_sign(random));
        self.change.clear();
        self.change.extend(self.best.iter().zip(clean).map(|(best, clean)| best - clean));
        let whole = Norm::L2.of(&self.change);
        let (mut in_here, mut only_there) = (0.0, 0.0);
        for range in here.rows() {
            in_here += sum_of_squares(&self.change[range]);
        }
        for (row, range) in there.rows().enumerate() {
            for (column, change) in self.change[range].iter_mut().enumerate() {
                if !here.contains(there.row + row, there.column + column) {
                    only_there += *change * *change;
                    *change = 0.0;
                }
            }
        }
        // The budget: what both windows had, and what the whole change leaves of the ball.
        let unused = (eps * eps - whole * whole).max(0.0);
        let budget = (unused + in_here + only_there).sqrt();
        let scale_old = 1.0 / (in_here.sqrt() + TINY);
        let mut size = 0.0;
        for (row, range) in here.rows().enumerate() {
            for (column, change) in self.change[range].iter_mut().enumerate() {
                *change = sign * self.pattern.at(row, column, turned) + scale_old * *change;
                size += *change * *change;
            }
        }
        let scale = budget / (size.sqrt() + TINY);
        for range in here.rows() {
            self.change[range].iter_mut().for_each(|change| *change *= scale);
        }
        point.copy_from_slice(&self.change);
        stretch(point, clean, eps);
    }
}

/// What the authors add to a length before they divide by it.
const TINY: f32 = 1e-12;

fn sum_of_squares(values: &[f32]) -> f32 {
    values.iter().map(|x| x * x).sum()
}

/// Makes a point of a change: at length ε, then clipped to [0, 1].
fn stretch(change: &mut [f32], clean: &[f32], eps: f32) {
    let scale = eps / (Norm::L2.of(change) + TINY);
    for (value, clean) in change.iter_mut().zip(clean) {
        *value = (clean + scale * *value).clamp(0.0, 1.0);
    }
}

fn random_sign(random: &mut Stream) -> f32 {
    if random.uniform() < 0.5 { -1.0 } else { 1.0 }
}

/// The pattern η of a side (section 3.4, equation 2): two stacked rectangles of opposite sign,
/// each highest in its middle; of length 1.
#[derive(Debug, Default)]
struct Pattern {
    side: usize,
    values: Vec<f32>,
}

impl Pattern {
    fn set(&mut self, side: usize) {
        if self.side == side {
            return;
        }
        self.side = side;
        self.values.clear();
        self.values.resize(side * side, 0.0);
        let (upper, lower) = self.values.split_at_mut(side / 2 * side);
        pyramid(upper, side);
        pyramid(lower, side);
        lower.iter_mut().for_each(|value| *value = -*value);
        normalise(&mut self.values);
    }

    fn at(&self, row: usize, column: usize, turned: bool) -> f32 {
        let (row, column) = if turned { (column, row) } else { (row, column) };
        self.values[row * self.side + column]
    }
}

/// A rectangle of this width: the sum of ever larger blocks round its middle, the `n`-th of them
/// (2n−1) pixels wide and 1/n² high; of length 1.
fn pyramid(values: &mut [f32], width: usize) {
    let height = values.len() / width.max(1);
    for block in 0..height.max(width) / 2 + 1 {
        let value = 1.0 / ((block + 1) * (block + 1)) as f32;
        let around =
            |middle: usize, end: usize| middle.saturating_sub(block)..(middle + block + 1).min(end);
        for row in around(height / 2, height) {
            for column in around(width / 2, width) {
                values[row * width + column] += value;
            }
        }
    }
    normalise(values);
}

fn normalise(values: &mut [f32]) {
    let size = Norm::L2.of(values);
    if size > 0.0 {
        values.iter_mut().for_each(|value| *value /= size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{AttackParams, Method, Purpose, Run};
    use crate::data::{Images, PIXELS};
    use crate::network::{Compact, Mlp};

    fn square(norm: Norm) -> Square {
        Square { ball: Ball { norm, eps: 0.1 }, queries: 5000, share: 0.8 }
    }

    #[test]
    fn squares_shrink_as_in_the_package() {
        let sides = |norm| {
            [0, 10, 11, 51, 201, 501, 1001, 2001, 4001, 6001, 8001]
                .map(|proposal| square(norm).side(proposal))
        };
        assert_eq!(sides(Norm::Linf), [25, 25, 18, 13, 9, 6, 4, 3, 2, 2, 1]);
        assert_eq!(sides(Norm::L2), [25, 25, 19, 13, 9, 7, 5, 3, 3, 3, 3]);
    }

    #[test]
    fn patterns_are_the_papers() {
        let mut pattern = Pattern::default();
        pattern.set(3);
        // The upper rectangle is one row, the lower two: 1 + 1/4 in their middles, each of
        // length 1, and then both together.
        let upper = [0.25, 1.25, 0.25];
        let size = upper.iter().map(|x| x * x).sum::<f32>().sqrt();
        for (column, value) in upper.iter().enumerate() {
            let expected = value / size / 2f32.sqrt();
            assert!((pattern.at(0, column, false) - expected).abs() < 1e-6);
            assert!((pattern.at(column, 0, true) - expected).abs() < 1e-6);
        }
        for side in [3, 5, 7, 9, 13, 19, 25] {
            pattern.set(side);
            assert!((sum_of_squares(&pattern.values) - 1.0).abs() < 1e-5);
            let (upper, lower) = pattern.values.split_at(side / 2 * side);
            assert!(upper.iter().all(|x| *x > 0.0) && lower.iter().all(|x| *x < 0.0));
        }
    }

    /// A network that cannot be fooled: the search goes to its end.
    fn run(norm: Norm, queries: usize) -> (Vec<f32>, Vec<f32>, u32) {
        let network = Compact::new(&Mlp::he_normal(&[8], 3));
        let pixels: Vec<u8> = (0..PIXELS).map(|pixel| (pixel * 89 % 256) as u8).collect();
        let mut pass = crate::network::Pass::default();
        let values =
            ndarray::Array2::from_shape_fn((1, PIXELS), |(_, p)| f32::from(pixels[p]) / 255.0);
        network.forward(crate::network::Input::Values(values.view()), &mut pass);
        let label = argmax(&pass.logits_of(0)) as u8;
        let images = Images::new(pixels, vec![label]).unwrap();
        let params = AttackParams { norm, ..AttackParams::usual(Method::Square, 0.01, queries) };
        let mut run =
            Run::new(&network, &images, 0..1, params.check().unwrap(), 0, Purpose::Evaluate);
        while !run.step(&network) {}
        assert!(run.verdicts()[0].robust);
        let row = |rows: ndarray::ArrayView2<f32>| rows.row(0).to_vec();
        network.forward(crate::network::Input::Values(run.adversarial()), &mut pass);
        let lead = lead(Goal { label, target: None }, &pass.logits_of(0));
        let [clean, adversarial] = [run.clean(), run.adversarial()].map(row);
        let changes = adversarial.iter().zip(&clean).map(|(a, b)| a - b).collect();
        (changes, vec![lead], run.verdicts()[0].queries)
    }

    #[test]
    fn queries_are_counted_and_the_lead_never_grows() {
        for norm in [Norm::Linf, Norm::L2] {
            let mut before = f32::INFINITY;
            for queries in [1, 2, 3, 10, 100, 400] {
                let (changes, lead, asked) = run(norm, queries);
                // One more only to go back from a proposal that did not help.
                assert!((queries as u32..=queries as u32 + 1).contains(&asked));
                assert!(lead[0] <= before + 1e-5, "{norm:?} {queries}: {lead:?} after {before}");
                before = lead[0];
                assert!(norm.of(&changes) <= 0.01 + 1e-6);
            }
        }
    }

    #[test]
    fn the_start_is_striped() {
        let (changes, _, _) = run(Norm::Linf, 1);
        for column in 0..SIDE {
            let inside = |change: &&f32| (change.abs() - 0.01).abs() < 1e-6;
            let stripe: Vec<&f32> =
                changes.iter().skip(column).step_by(SIDE).filter(inside).collect();
            assert!(stripe.len() > SIDE / 2);
            assert!(
                stripe
                    .iter()
                    .all(|change| change.is_sign_positive() == stripe[0].is_sign_positive())
            );
        }
    }
}
