//! The engine: runs an attack on a block of images, look by look.

mod judge;

use super::ball::clip;
use super::plan::Plan;
use super::{
    Attack, Goal, Image, Logits, MOST_WANTED, Purpose, Seen, Streams, Valid, Verdict, Wanted,
};
use crate::data::{CLASSES, Images, PIXEL_VALUE, PIXELS};
use crate::network::{Compact, Input, Pass};
use crate::rng;
use ndarray::{Array2, ArrayView1, ArrayView2, s};

/// One image of the block.
struct Place {
    goal: Goal,
    logits: Logits,
    streams: Streams,
    /// Rounds begun.
    rounds: usize,
    /// Attacks by the parts of the plan, kept for the next image.
    attacks: Vec<Box<dyn Attack>>,
    /// The part and its round under way.
    now: (usize, usize),
}

/// How many gradients an image's attack asked for.
#[derive(Debug, Clone, Copy)]
enum Count {
    /// Its round has just begun: its first point is still to be looked at.
    Begun,
    Wanted(usize),
}

impl Count {
    fn wanted(self) -> usize {
        if let Count::Wanted(count) = self { count } else { 0 }
    }
}

/// A stepper: an attack on a block of images of one network, and on the next one after it.
pub struct Run {
    plan: Plan,
    valid: Valid,
    seed: u32,
    purpose: Purpose,
    /// Places in the block of the images still attacked, in order; `points` holds them so.
    active: Vec<usize>,
    clean: Array2<f32>,
    adversarial: Array2<f32>,
    /// Points of the active images, row by row, and the gradients there.
    points: Array2<f32>,
    gradients: Vec<Array2<f32>>,
    verdicts: Vec<Verdict>,
    places: Vec<Place>,
    pass: Pass,
    /// What the network reads in the points just run, and the rows that stay.
    read: Vec<u8>,
    kept: Vec<usize>,
    /// What each active image asked for, `MOST_WANTED` rows each, and how many.
    asked: Vec<Logits>,
    counts: Vec<Count>,
    wanted: Wanted,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Run")
    }
}

impl Run {
    /// Prepares the attack on these images, which must be here.
    ///
    /// Random draws belong to an image, so any split into blocks gives the same result.
    pub fn new(
        network: &Compact,
        images: &Images,
        indices: impl ExactSizeIterator<Item = usize>,
        valid: Valid,
        seed: u32,
        purpose: Purpose,
    ) -> Self {
        let mut run = Run {
            plan: valid.plan(),
            valid,
            seed,
            purpose,
            active: Vec::new(),
            clean: Array2::default((0, PIXELS)),
            adversarial: Array2::default((0, PIXELS)),
            points: Array2::default((0, PIXELS)),
            gradients: Vec::new(),
            verdicts: Vec::new(),
            places: Vec::new(),
            pass: Pass::default(),
            read: Vec::new(),
            kept: Vec::new(),
            asked: Vec::new(),
            counts: Vec::new(),
            wanted: Wanted::default(),
        };
        run.begin(network, images, indices);
        run
    }

    /// Begins the same attack on other images, in the memory of those before.
    pub fn begin(
        &mut self,
        network: &Compact,
        images: &Images,
        indices: impl ExactSizeIterator<Item = usize>,
    ) {
        let count = indices.len();
        // A last block that is smaller takes the first rows.
        if self.clean.nrows() < count {
            self.clean = Array2::zeros((count, PIXELS));
            self.adversarial = self.clean.clone();
            self.points = self.clean.clone();
            self.gradients.clear();
        }
        self.verdicts.clear();
        for (place, index) in indices.enumerate() {
            for (value, byte) in self.clean.row_mut(place).iter_mut().zip(images.image(index)) {
                *value = PIXEL_VALUE[usize::from(*byte)];
            }
            self.prepare(place, index, images.label(index));
        }
        self.adversarial.assign(&self.clean);
        network.forward(Input::Values(self.clean.slice(s![..count, ..])), &mut self.pass);
        self.pass.predictions(&mut self.read);
        self.active.clear();
        for place in 0..count {
            let (read, state) = (self.read[place], &mut self.places[place]);
            state.logits = self.pass.logits_of(place);
            let verdict = &mut self.verdicts[place];
            (verdict.clean, verdict.attacked) = (read, read);
            verdict.robust = read == verdict.label;
            // An image that is misread already need not be attacked to know that it is not robust;
            // and no perturbation is smaller than none.
            let needed = match self.purpose {
                Purpose::Evaluate => read == verdict.label,
                Purpose::Craft => !self.plan.minimal || !state.goal.is_reached(read),
            };
            if needed {
                self.active.push(place);
            }
        }
        for row in 0..self.active.len() {
            let place = self.active[row];
            self.next_round(row, place);
        }
    }

    /// Sets a place up for an image.
    fn prepare(&mut self, place: usize, index: usize, label: u8) {
        let stream = |purpose| rng::Stream::new(self.seed, purpose, &[index as u64]);
        let streams =
            Streams { start: stream(rng::Purpose::Attack), noise: stream(rng::Purpose::Noise) };
        let goal = Goal { label, target: self.valid.target() };
        let verdict = Verdict {
            label,
            clean: label,
            attacked: label,
            norm: 0.0,
            robust: true,
            iterations: 0,
            queries: 0,
        };
        self.verdicts.push(verdict);
        match self.places.get_mut(place) {
            Some(place) => {
                (place.goal, place.streams, place.rounds) = (goal, streams, 0);
            }
            None => self.places.push(Place {
                goal,
                logits: [0.0; CLASSES],
                streams,
                rounds: 0,
                attacks: self.plan.parts.iter().map(|part| part.kind.start()).collect(),
                now: (0, 0),
            }),
        }
    }

    /// Begins the next round of an active image.
    fn next_round(&mut self, row: usize, place: usize) {
        let Run { plan, points, clean, places, valid, .. } = self;
        let (state, clean) = (&mut places[place], clean.row(place));
        let Some((part, round)) = plan.round(state.rounds) else { return };
        state.rounds += 1;
        state.now = (part, round);
        let mut point = points.row_mut(row);
        point.assign(&clean);
        let (Some(point), Some(clean)) = (point.as_slice_mut(), clean.as_slice()) else {
            return;
        };
        let (image, attack, streams) = parts_of(state, clean);
        attack.begin(&image, point, streams);
        confine(plan.parts[part].confined, *valid, point, clean);
    }

    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        self.active.is_empty()
    }

    /// Share of the images that are done.
    pub fn fraction(&self) -> f64 {
        1.0 - self.active.len() as f64 / self.verdicts.len().max(1) as f64
    }

    /// Looks at every active image's point and moves it. Returns whether the run is done.
    pub fn step(&mut self, network: &Compact) -> bool {
        if self.is_done() {
            return true;
        }
        let points = self.points.slice(s![..self.active.len(), ..]);
        network.forward(Input::Values(points), &mut self.pass);
        self.judge();
        if !self.is_done() {
            self.look_at_gradients(network);
            self.go();
        }
        self.is_done()
    }

    /// Carries what was asked for back through the network.
    fn look_at_gradients(&mut self, network: &Compact) {
        let images = self.active.len();
        let counts = self.counts[..images].iter();
        let most = counts.map(|count| count.wanted()).max().unwrap_or(0);
        for wanted in 0..most {
            let Run { asked, counts, pass, .. } = self;
            let derivative = |row: usize, class: usize| {
                let is_wanted = wanted < counts[row].wanted();
                if is_wanted { asked[row * MOST_WANTED + wanted][class] } else { 0.0 }
            };
            pass.set_logit_gradients(images, &derivative);
            network.input_gradient(pass);
            if self.gradients.len() == wanted {
                self.gradients.push(Array2::zeros(self.clean.dim()));
            }
            if let Some(gradient) = self.gradients[wanted].as_slice_mut() {
                self.pass.write_input_gradient(&mut gradient[..images * PIXELS]);
            }
        }
    }

    /// Lets every attack move its point that has just looked at one.
    fn go(&mut self) {
        let Run { places, clean, points, gradients, pass, counts, plan, valid, verdicts, .. } =
            self;
        for (row, place) in self.active.iter().enumerate() {
            let Count::Wanted(count) = counts[row] else { continue };
            let (clean, mut point) = (clean.row(*place), points.row_mut(row));
            let (Some(clean), Some(point)) = (clean.as_slice(), point.as_slice_mut()) else {
                continue;
            };
            let mut seen: [&[f32]; MOST_WANTED] = [&[]; MOST_WANTED];
            for (seen, gradient) in seen.iter_mut().zip(gradients.iter()).take(count) {
                *seen = gradient.row(row).to_slice().unwrap_or_default();
            }
            let seen = Seen { logits: &pass.logits_of(row), gradients: &seen[..count] };
            let confined = plan.parts[places[*place].now.0].confined;
            let (image, attack, streams) = parts_of(&mut places[*place], clean);
            attack.go(&image, &seen, point, streams);
            verdicts[*place].iterations += 1;
            confine(confined, *valid, point, clean);
        }
    }

    /// What was seen of each image; final once the run is done.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The clean images.
    pub fn clean(&self) -> ArrayView2<'_, f32> {
        self.clean.slice(s![..self.verdicts.len(), ..])
    }

    /// The adversarial images; final once the run is done.
    pub fn adversarial(&self) -> ArrayView2<'_, f32> {
        self.adversarial.slice(s![..self.verdicts.len(), ..])
    }

    /// What the attacker would show for each image: the adversarial one, or where only one outside
    /// of the ball was found, which is not allowed, the clean one.
    pub fn allowed(&self) -> impl Iterator<Item = ArrayView1<'_, f32>> {
        self.verdicts.iter().enumerate().map(|(place, verdict)| {
            let is_outside = verdict.robust && verdict.is_fooled();
            if is_outside { self.clean.row(place) } else { self.adversarial.row(place) }
        })
    }

    /// Where the `row`-th image still attacked is looked at next.
    pub fn point(&self, row: usize) -> ArrayView1<'_, f32> {
        self.points.row(row)
    }

    /// Replaces the attack, to see what the engine does with one that lies.
    #[cfg(test)]
    pub(super) fn set_attack(&mut self, part: usize, attack: impl Fn() -> Box<dyn Attack>) {
        for row in 0..self.active.len() {
            let place = self.active[row];
            self.places[place].attacks[part] = attack();
        }
    }
}

/// An image's parts: what its attack may know, the attack, its random streams.
fn parts_of<'a>(
    place: &'a mut Place,
    clean: &'a [f32],
) -> (Image<'a>, &'a mut dyn Attack, &'a mut Streams) {
    let Place { goal, logits, streams, attacks, now: (part, round), .. } = place;
    let image = Image { clean, goal: *goal, logits, round: *round };
    (image, attacks[*part].as_mut(), streams)
}

fn confine(confined: bool, valid: Valid, point: &mut [f32], clean: &[f32]) {
    if confined {
        valid.ball().confine(point, clean);
    } else {
        clip(point, clean);
    }
}
