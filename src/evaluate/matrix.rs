//! Tables of what becomes of what: digits made into digits, networks' images shown to networks.

use crate::attack::{AttackParams, Blocks, Purpose, Valid};
use crate::data::{CLASSES, Images};
use crate::network::{Compact, Input, Mlp, Pass};
use ndarray::Array2;
use std::ops::Range;

/// Counts of images, ten digits by ten.
pub type Digits = [[usize; CLASSES]; CLASSES];

/// Which digit can be made to be read as which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetCount {
    /// Images of each digit that are read right.
    pub images: [usize; CLASSES],
    /// How many of a digit's images (row) the attack made to be read as the target (column); the
    /// diagonal is empty.
    pub reached: Digits,
}

/// A stepper: a targeted attack on every image towards each of the nine other digits, as Carlini
/// & Wagner (2017, figure 1) show it.
#[derive(Debug)]
pub struct TargetMatrix {
    attacks: [Valid; CLASSES],
    seed: u32,
    range: Range<usize>,
    target: usize,
    network: Compact,
    blocks: Option<Blocks>,
    count: TargetCount,
}

impl TargetMatrix {
    /// Prepares to attack images `range`; the target of `params` is not looked at.
    ///
    /// # Errors
    /// A sentence when the parameters are out of range or the attack has no target.
    pub fn new(
        network: &Mlp,
        params: AttackParams,
        seed: u32,
        range: Range<usize>,
    ) -> Result<Self, String> {
        let towards = |target: usize| AttackParams { target: target as i64, ..params }.check();
        let mut attacks = [towards(0)?; CLASSES];
        for (target, attack) in attacks.iter_mut().enumerate() {
            *attack = towards(target)?;
        }
        Ok(TargetMatrix {
            attacks,
            seed,
            range,
            target: 0,
            network: Compact::new(network),
            blocks: None,
            count: TargetCount { images: [0; CLASSES], reached: Default::default() },
        })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        let under_way = self.blocks.as_ref().map_or(0.0, Blocks::fraction);
        (self.target as f64 + under_way) / CLASSES as f64
    }

    /// One step of the attack under way; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Some(attack) = self.attacks.get(self.target) else { return true };
        let blocks = self.blocks.get_or_insert_with(|| {
            let other = |index: &usize| usize::from(images.label(*index)) != self.target;
            let indices = self.range.clone().filter(other).collect();
            Blocks::of(self.network.clone(), *attack, self.seed, indices, Purpose::Evaluate)
        });
        if let Some((_, run)) = blocks.step(images) {
            let count = &mut self.count;
            for verdict in run.verdicts() {
                let (label, read) = (usize::from(verdict.label), usize::from(verdict.attacked));
                if verdict.clean != verdict.label {
                    continue;
                }
                // Every digit's images are attacked towards 0, but the zeros, which are towards 1.
                if self.target == usize::from(label == 0) {
                    count.images[label] += 1;
                }
                if !verdict.robust && read == self.target {
                    count.reached[label][read] += 1;
                }
            }
        }
        if blocks.is_done() {
            self.blocks = None;
            self.target += 1;
        }
        self.target >= CLASSES
    }

    /// The table; final once [`TargetMatrix::step`] said that it is done.
    pub fn count(&self) -> TargetCount {
        self.count
    }
}

/// A stepper: what is read under attack, by what the images show.
#[derive(Debug)]
pub struct Confusion {
    blocks: Blocks,
    read: Digits,
}

impl Confusion {
    /// Prepares to attack images `range`.
    pub fn new(network: &Mlp, valid: Valid, seed: u32, range: Range<usize>) -> Self {
        let blocks = Blocks::new(network, valid, seed, range, Purpose::Evaluate);
        Confusion { blocks, read: Default::default() }
    }

    /// Share of the images done.
    pub fn fraction(&self) -> f64 {
        self.blocks.fraction()
    }

    /// One step of the attack; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        if let Some((_, run)) = self.blocks.step(images) {
            for verdict in run.verdicts() {
                // What a minimal-norm attack finds outside of the ball does not count.
                let read = if verdict.robust { verdict.label } else { verdict.attacked };
                self.read[usize::from(verdict.label)][usize::from(read)] += 1;
            }
        }
        self.blocks.is_done()
    }

    /// How many of a digit's images (row) are read as a digit (column) under attack; final once
    /// [`Confusion::step`] said that it is done.
    pub fn read(&self) -> Digits {
        self.read
    }
}

/// What became of images crafted on some networks and shown to each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferCount {
    /// Images in all.
    pub total: usize,
    /// Images that each network reads right unchanged.
    pub clean: Vec<usize>,
    /// How many of the images crafted on a network (row) each network (column) still reads right.
    pub correct: Vec<Vec<usize>>,
}

/// A stepper: an attack crafted on every network of a list and tested on all of them (Papernot,
/// McDaniel & Goodfellow 2016, “Transferability in machine learning”).
///
/// The images are crafted at full strength to the attack's last step, so the diagonal can be
/// slightly above the robust accuracy, for which every step counts.
#[derive(Debug)]
pub struct TransferMatrix {
    networks: Vec<Compact>,
    valid: Valid,
    seed: u32,
    range: Range<usize>,
    /// The network crafted on.
    from: usize,
    blocks: Option<Blocks>,
    pass: Pass,
    predictions: Vec<u8>,
    count: TransferCount,
}

impl TransferMatrix {
    /// Prepares to attack images `range`.
    ///
    /// # Errors
    /// A sentence when there is no network.
    pub fn new(
        networks: &[Mlp],
        valid: Valid,
        seed: u32,
        range: Range<usize>,
    ) -> Result<Self, String> {
        if networks.is_empty() {
            return Err("A transfer matrix is of at least one network, but none was given.".into());
        }
        let none = vec![0; networks.len()];
        let (total, correct) = (range.len(), vec![none.clone(); networks.len()]);
        Ok(TransferMatrix {
            networks: networks.iter().map(Compact::new).collect(),
            valid,
            seed,
            range,
            from: 0,
            blocks: None,
            pass: Pass::default(),
            predictions: Vec::new(),
            count: TransferCount { total, clean: none, correct },
        })
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        let under_way = self.blocks.as_ref().map_or(0.0, Blocks::fraction);
        (self.from as f64 + under_way) / self.networks.len().max(1) as f64
    }

    /// One step of the attack under way; the images must be here. Returns whether all is done.
    pub fn step(&mut self, images: &Images) -> bool {
        let Some(network) = self.networks.get(self.from) else { return true };
        let blocks = self.blocks.get_or_insert_with(|| {
            let indices = self.range.clone().collect();
            Blocks::of(network.clone(), self.valid, self.seed, indices, Purpose::Craft)
        });
        if let Some((_, run)) = blocks.step(images) {
            let Self { count, pass, predictions, .. } = self;
            let mut shown = Array2::zeros(run.clean().dim());
            shown
                .rows_mut()
                .into_iter()
                .zip(run.allowed())
                .for_each(|(mut to, from)| to.assign(&from));
            for (to, network) in self.networks.iter().enumerate() {
                let mut right = |values| {
                    network.forward(Input::Values(values), pass);
                    pass.predictions(predictions);
                    let read = predictions.iter().zip(run.verdicts());
                    read.filter(|(read, verdict)| **read == verdict.label).count()
                };
                count.correct[self.from][to] += right(shown.view());
                if self.from == 0 {
                    count.clean[to] += right(run.clean());
                }
            }
        }
        if blocks.is_done() {
            self.blocks = None;
            self.from += 1;
        }
        self.from >= self.networks.len()
    }

    /// The table; final once [`TransferMatrix::step`] said that it is done.
    pub fn count(&self) -> &TransferCount {
        &self.count
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{images, trained};
    use super::*;
    use crate::attack::{Method, Run};

    fn params() -> AttackParams {
        AttackParams::usual(Method::Pgd, 0.1, 5)
    }

    #[test]
    fn a_target_matrix_holds_what_targeted_attacks_reach() {
        let network = trained();
        let mut matrix = TargetMatrix::new(&network, params(), 2, 0..150).unwrap();
        let mut before = 0.0;
        while !matrix.step(&images()) {
            assert!(matrix.fraction() >= before);
            before = matrix.fraction();
        }
        let count = matrix.count();
        let compact = Compact::new(&network);
        let mut expected = Digits::default();
        let mut right = [0; CLASSES];
        for target in 0..10 {
            let valid = AttackParams { target: target as i64, ..params() }.check().unwrap();
            let all = images();
            let mut run = Run::new(&compact, &all, 0..150, valid, 2, Purpose::Evaluate);
            while !run.step(&compact) {}
            for verdict in run.verdicts().iter().filter(|verdict| verdict.clean == verdict.label) {
                let label = usize::from(verdict.label);
                right[label] += usize::from(target == 0);
                let read = usize::from(verdict.attacked);
                expected[label][read] += usize::from(label != target && read == target);
            }
        }
        assert_eq!(count, TargetCount { images: right, reached: expected });
        assert!((0..10).all(|digit| count.reached[digit][digit] == 0));
        let reached: usize = count.reached.as_flattened().iter().sum();
        assert!((100..9 * 150).contains(&reached), "{reached}");
    }

    #[test]
    fn an_attack_without_target_gets_a_sentence() {
        let params = AttackParams::usual(Method::Noise, 0.1, 1);
        let sentence = TargetMatrix::new(&trained(), params, 0, 0..10).map(|_| ()).unwrap_err();
        assert!(sentence.contains("target") && sentence.ends_with('.'));
    }

    #[test]
    fn confusion_counts_every_image_once() {
        let valid = params().check().unwrap();
        let mut confusion = Confusion::new(&trained(), valid, 2, 0..150);
        while !confusion.step(&images()) {}
        let all = images();
        let mut attacked =
            crate::evaluate::Attacked::new(&trained(), valid, 2, 0..150, Purpose::Evaluate);
        while !attacked.step(&all) {}
        let count = attacked.count();
        let mut expected = Digits::default();
        for (image, read) in count.predictions.iter().enumerate() {
            expected[usize::from(all.label(image))][usize::from(*read)] += 1;
        }
        assert_eq!(confusion.read(), expected);
        let diagonal: usize = (0..10).map(|digit| expected[digit][digit]).sum();
        assert_eq!(diagonal, count.correct);
        assert!(diagonal < 140);
    }

    #[test]
    fn images_transfer_from_network_to_network() {
        let (network, stranger) = (trained(), Mlp::he_normal(&[16], 8));
        let valid = params().check().unwrap();
        let networks = [network.clone(), stranger, network];
        let mut matrix = TransferMatrix::new(&networks, valid, 2, 0..150).unwrap();
        while !matrix.step(&images()) {}
        assert_eq!(matrix.fraction(), 1.0);
        let TransferCount { total, clean, correct } = matrix.count();
        assert_eq!((*total, clean[0]), (150, clean[2]));
        // The same network twice: the same images, read the same.
        assert!(correct[0] == correct[2] && correct.iter().all(|row| row[0] == row[2]));
        // What was crafted on a stranger is harmless next to what was crafted on itself.
        assert!(correct[0][0] + 30 < correct[1][0], "{correct:?} {clean:?}");
        assert!(TransferMatrix::new(&[], valid, 0, 0..10).is_err());
    }
}
