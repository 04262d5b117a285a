//! Robust accuracy by a set of attacks, per image the worst case: an image is robust if it
//! withstands every one of them (Croce & Hein 2020, “Reliable evaluation of adversarial robustness
//! with an ensemble of diverse parameter-free attacks”, section 4).
//!
//! Each attack runs only on the images that withstood those before, which changes no verdict.

use crate::attack::{Blocks, Purpose, Valid};
use crate::data::Images;
use crate::network::{Compact, Mlp};
use std::ops::Range;

/// What a set of attacks came to on one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// What the image shows.
    pub label: u8,
    /// What the network reads in the clean image.
    pub clean: u8,
    /// What it reads in the adversarial image of the attack that broke it; as clean where none
    /// did.
    pub attacked: u8,
    /// Whether the clean image is read right and withstands every attack.
    pub robust: bool,
    /// Size of the smallest perturbation found that fools the network, as long as no attack had
    /// broken the image: infinite where none was found, 0 where the clean image is misread.
    pub norm: f32,
    /// Which attack broke it, counted from 0.
    pub by: Option<usize>,
}

/// What one attack of a set came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Images read right that withstood every attack before this one.
    pub seen: usize,
    /// How many of them it broke.
    pub broken: usize,
    /// Images that withstand this attack alone, if that was asked for.
    pub alone: Option<usize>,
}

/// A stepper: a set of attacks on a range of images, one attack after the other.
#[derive(Debug)]
pub struct WorstCase {
    attacks: Vec<Valid>,
    seed: u32,
    first: usize,
    alone: bool,
    /// The attack under way and the images it is run on, by their places in the range.
    now: usize,
    blocks: Blocks,
    places: Vec<usize>,
    /// How many of them are done.
    done: usize,
    outcomes: Vec<Outcome>,
    parts: Vec<Part>,
}

impl WorstCase {
    /// Prepares to attack images `range`. With `alone` every attack is run on all images, so that
    /// its own count is known too.
    ///
    /// # Errors
    /// A sentence when there is no attack.
    pub fn new(
        network: &Mlp,
        attacks: Vec<Valid>,
        seed: u32,
        range: Range<usize>,
        alone: bool,
    ) -> Result<Self, String> {
        let Some(attack) = attacks.first() else {
            return Err("A set of attacks holds at least one, but this one is empty.".into());
        };
        let (first, places) = (range.start, (0..range.len()).collect());
        Ok(WorstCase {
            blocks: Blocks::new(network, *attack, seed, range, Purpose::Evaluate),
            parts: vec![Part::default(); attacks.len()],
            attacks,
            seed,
            first,
            alone,
            now: 0,
            places,
            done: 0,
            outcomes: Vec::new(),
        })
    }

    /// Share of the work done, each attack counted alike.
    pub fn fraction(&self) -> f64 {
        let under_way = if self.is_done() { 0.0 } else { self.blocks.fraction() };
        (self.now as f64 + under_way) / self.attacks.len().max(1) as f64
    }

    /// Whether every attack is done.
    pub fn is_done(&self) -> bool {
        self.now >= self.attacks.len()
    }

    /// One step of the attack under way; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        if self.is_done() {
            return true;
        }
        if let Some((_, run)) = self.blocks.step(images) {
            for verdict in run.verdicts() {
                if self.now == 0 {
                    let right = verdict.clean == verdict.label;
                    self.outcomes.push(Outcome {
                        label: verdict.label,
                        clean: verdict.clean,
                        attacked: verdict.clean,
                        robust: right,
                        norm: if right { f32::INFINITY } else { 0.0 },
                        by: None,
                    });
                }
                let part = &mut self.parts[self.now];
                if self.alone {
                    *part.alone.get_or_insert(0) += usize::from(verdict.robust);
                }
                let outcome = &mut self.outcomes[self.places[self.done]];
                self.done += 1;
                if !outcome.robust {
                    continue;
                }
                part.seen += 1;
                if verdict.is_fooled() && verdict.norm < outcome.norm {
                    outcome.norm = verdict.norm;
                }
                if !verdict.robust {
                    part.broken += 1;
                    (outcome.robust, outcome.attacked) = (false, verdict.attacked);
                    outcome.by = Some(self.now);
                }
            }
        }
        if self.blocks.is_done() {
            self.next_attack();
        }
        self.is_done()
    }

    /// Goes on to the next attack that has images to be run on.
    fn next_attack(&mut self) {
        self.now += 1;
        if let Some(attack) = self.attacks.get(self.now) {
            if !self.alone {
                self.places.retain(|place| self.outcomes[*place].robust);
            }
            self.done = 0;
            let indices = self.places.iter().map(|place| self.first + place).collect();
            let network: Compact = self.blocks.network().clone();
            self.blocks = Blocks::of(network, *attack, self.seed, indices, Purpose::Evaluate);
        }
    }

    /// What became of each image, in order; final once [`WorstCase::step`] said that it is done.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// What each attack did.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Images that the network reads right clean.
    pub fn clean(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.clean == outcome.label).count()
    }

    /// Images that withstood every attack so far.
    pub fn robust(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.robust).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{images, trained};
    use super::*;
    use crate::attack::{AttackParams, Method};

    fn attacks() -> Vec<Valid> {
        [(Method::Noise, 1), (Method::Fgsm, 1), (Method::FabT, 6), (Method::Pgd, 5)]
            .map(|(method, steps)| {
                let norm = crate::attack::Norm::Linf;
                AttackParams { norm, ..AttackParams::usual(method, 0.05, steps) }.check().unwrap()
            })
            .into()
    }

    fn run(attacks: Vec<Valid>, range: Range<usize>, alone: bool) -> WorstCase {
        let mut worst = WorstCase::new(&trained(), attacks, 3, range, alone).unwrap();
        let mut before = 0.0;
        while !worst.step(&images()) {
            assert!(worst.fraction() >= before && worst.fraction() <= 1.0);
            before = worst.fraction();
        }
        assert_eq!(worst.fraction(), 1.0);
        worst
    }

    #[test]
    fn an_image_is_robust_if_it_withstands_every_attack() {
        let worst = run(attacks(), 0..300, false);
        let each: Vec<_> =
            attacks().into_iter().map(|attack| run(vec![attack], 0..300, false)).collect();
        let mut broken = vec![0; 4];
        for (image, outcome) in worst.outcomes().iter().enumerate() {
            let own = |part: usize| each[part].outcomes()[image];
            assert_eq!(outcome.robust, (0..4).all(|part| own(part).robust));
            let first = (0..4).find(|part| own(*part).by.is_some());
            assert_eq!(outcome.by, first);
            if let Some(first) = first {
                broken[first] += 1;
                assert_eq!(outcome.attacked, own(first).attacked);
                assert_ne!(outcome.attacked, outcome.label);
            }
        }
        let parts = worst.parts();
        assert_eq!(parts.iter().map(|part| part.broken).collect::<Vec<_>>(), broken);
        assert_eq!(parts[0].seen, worst.clean());
        for (part, next) in parts.iter().zip(&parts[1..]) {
            assert_eq!(part.seen - part.broken, next.seen);
        }
        assert_eq!(parts[3].seen - parts[3].broken, worst.robust());
        // The set is worth having: no attack alone does as much.
        assert!(worst.robust() < each.iter().map(WorstCase::robust).min().unwrap() + 1);
        assert!(broken.iter().filter(|count| **count > 0).count() >= 2, "{broken:?}");
    }

    #[test]
    fn counts_of_each_attack_alone_change_no_verdict() {
        let (worst, alone) = (run(attacks(), 0..300, false), run(attacks(), 0..300, true));
        assert_eq!(worst.outcomes(), alone.outcomes());
        for ((part, own), attack) in worst.parts().iter().zip(alone.parts()).zip(attacks()) {
            assert_eq!(part.alone, None);
            assert_eq!((part.seen, part.broken), (own.seen, own.broken));
            assert_eq!(own.alone, Some(run(vec![attack], 0..300, false).robust()));
        }
    }

    #[test]
    fn the_split_into_ranges_changes_nothing() {
        let whole = run(attacks(), 0..300, false);
        let parts = [run(attacks(), 0..131, false), run(attacks(), 131..300, false)];
        let joined: Vec<_> = parts.iter().flat_map(|part| part.outcomes()).copied().collect();
        assert_eq!(whole.outcomes(), joined);
    }

    #[test]
    fn no_attack_at_all_gets_a_sentence() {
        let sentence = WorstCase::new(&trained(), Vec::new(), 0, 0..10, false).unwrap_err();
        assert!(sentence.ends_with('.'));
    }
}
