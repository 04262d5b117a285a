//! What the engine makes of a look: who is fooled, whose attack goes on.

use super::super::{MOST_WANTED, Next, Norm, Purpose};
use super::{Count, Run, parts_of};
use crate::data::CLASSES;
use ndarray::{ArrayView1, s};

impl Run {
    /// Writes down which points fool the network, asks the attacks what they want to know, and
    /// lets those images go that need no more.
    pub(super) fn judge(&mut self) {
        self.pass.predictions(&mut self.read);
        self.asked.resize(self.active.len() * MOST_WANTED, [0.0; CLASSES]);
        self.counts.resize(self.active.len(), Count::Begun);
        self.kept.clear();
        for row in 0..self.active.len() {
            let (place, read) = (self.active[row], self.read[row]);
            self.verdicts[place].queries += 1;
            if self.is_enough(place, row, read) {
                continue;
            }
            let count = match self.ask(place, row) {
                Some(count) => Count::Wanted(count),
                None if self.end_round(place, row, read) => Count::Begun,
                None => continue,
            };
            // Never behind a row that is still to be asked.
            let to = self.kept.len();
            self.counts[to] = count;
            let rows = &mut self.asked[to * MOST_WANTED..][..self.wanted.count];
            rows.copy_from_slice(&self.wanted.rows[..self.wanted.count]);
            self.kept.push(row);
        }
        if self.kept.len() < self.active.len() {
            self.pass.keep_images(&self.kept);
            self.keep_rows();
        }
    }

    /// Whether what is read at an image's point makes every further look needless.
    fn is_enough(&mut self, place: usize, row: usize, read: u8) -> bool {
        let Run { places, clean, pass, .. } = self;
        let state = &mut places[place];
        if !state.goal.is_reached(read) {
            return false;
        }
        let clean = clean.row(place);
        let (image, attack, _) = parts_of(state, clean.as_slice().unwrap_or_default());
        if !attack.counts(&image, &pass.logits_of(row)) {
            return false;
        }
        let evaluates = self.purpose == Purpose::Evaluate;
        if !self.plan.parts[self.places[place].now.0].confined {
            return self.record(place, row, read) && evaluates && !self.plan.minimal;
        }
        if evaluates {
            self.settle(place, row, read);
        }
        evaluates
    }

    /// Tells an attack the logits at its point and takes down how many gradients it asks for;
    /// none if its round is over.
    fn ask(&mut self, place: usize, row: usize) -> Option<usize> {
        let Run { places, clean, points, pass, wanted, .. } = self;
        let (clean, point) = (clean.row(place), points.row(row));
        let (clean, point) = (clean.as_slice()?, point.as_slice()?);
        let (image, attack, _) = parts_of(&mut places[place], clean);
        wanted.count = 0;
        match attack.ask(&image, point, &pass.logits_of(row), wanted) {
            Next::Look => Some(wanted.count),
            Next::Done => None,
        }
    }

    /// A round is over: whether another begins.
    fn end_round(&mut self, place: usize, row: usize, read: u8) -> bool {
        let state = &self.places[place];
        let confined = self.plan.parts[state.now.0].confined;
        let verdict = &self.verdicts[place];
        let has_found = !confined && verdict.norm > 0.0 && state.goal.is_reached(verdict.attacked);
        // Only to have an image is one attacked on that is fooled already.
        let crafted = if confined { state.goal.is_reached(read) } else { has_found };
        // A smaller perturbation is looked for until a round has ended with one in the ball, as in
        // the AutoAttack package.
        let is_enough = !self.plan.minimal || verdict.norm <= self.valid.ball().eps;
        if (crafted && is_enough) || self.plan.round(state.rounds).is_none() {
            // What was not kept in the ball may be there all the same.
            if confined || (!self.plan.minimal && !has_found && self.is_in_ball(place, row)) {
                self.settle(place, row, read);
            }
            return false;
        }
        self.next_round(row, place);
        true
    }

    fn is_in_ball(&self, place: usize, row: usize) -> bool {
        let ball = self.valid.ball();
        distance(ball.norm, self.points.row(row), self.clean.row(place)) <= ball.eps
    }

    /// Keeps the rows `kept` of the points and of the active images.
    fn keep_rows(&mut self) {
        for (to, from) in self.kept.iter().enumerate().filter(|(to, from)| to != *from) {
            let (mut to_row, from_row) = self.points.multi_slice_mut((s![to, ..], s![*from, ..]));
            to_row.assign(&from_row);
            self.active[to] = self.active[*from];
        }
        self.active.truncate(self.kept.len());
    }

    /// Writes down an image's last point.
    fn settle(&mut self, place: usize, row: usize, read: u8) {
        let mut adversarial = self.adversarial.row_mut(place);
        adversarial.assign(&self.points.row(row));
        let norm = self.valid.ball().norm;
        let verdict = &mut self.verdicts[place];
        verdict.attacked = read;
        verdict.norm = distance(norm, adversarial.view(), self.clean.row(place));
        verdict.robust = verdict.clean == verdict.label && read == verdict.label;
    }

    /// Writes down a point that fools the network if it is the nearest so far. Returns whether
    /// the image is fooled within the ball.
    fn record(&mut self, place: usize, row: usize, read: u8) -> bool {
        let ball = self.valid.ball();
        let point = self.points.row(row);
        let norm = distance(ball.norm, point, self.clean.row(place));
        if norm > ball.eps && !self.plan.minimal {
            return false;
        }
        let verdict = &mut self.verdicts[place];
        if verdict.norm == 0.0 || norm < verdict.norm {
            self.adversarial.row_mut(place).assign(&point);
            (verdict.attacked, verdict.norm) = (read, norm);
        }
        if verdict.norm <= ball.eps && verdict.attacked != verdict.label {
            verdict.robust = false;
        }
        !verdict.robust
    }
}

fn distance(norm: Norm, point: ArrayView1<f32>, clean: ArrayView1<f32>) -> f32 {
    match (point.as_slice(), clean.as_slice()) {
        (Some(point), Some(clean)) => norm.distance(point, clean),
        _ => 0.0,
    }
}
