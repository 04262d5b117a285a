//! Clean and transfer accuracy, fast enough for a slider: the outputs of every hidden layer are
//! kept, and a change of masks is carried on from the first layer whose inputs it touches, never
//! from the pixels. The counts are those of a replay, exactly (see [`super::cache`]).

use super::Count;
use super::basis::Basis;
use super::cache::{Block, Pixels, Room};
use crate::attack::BLOCK;
use crate::data::{CLASSES, Images, PIXEL_VALUE, PIXELS};
use crate::kernel::{Right, SparseRows};
use crate::network::Mlp;
use ndarray::ArrayView2;
use std::rc::Rc;

/// Adversarial images crafted against the network before the first cut.
#[derive(Debug, Default, Clone)]
pub struct OldImages {
    /// Which network and attack they belong to.
    pub key: String,
    /// In file order from the first test image on.
    blocks: Vec<Option<Rc<Right>>>,
}

impl OldImages {
    /// No images yet, but room for `count`.
    pub fn new(key: String, count: usize) -> Self {
        OldImages { key, blocks: vec![None; count.div_ceil(BLOCK)] }
    }

    /// Takes in the images from index `from` on, whole blocks of 128 or what is left at the end.
    ///
    /// # Errors
    /// A sentence when they do not begin at a block's start or go past the end.
    pub fn insert(&mut self, from: usize, images: &[f32]) -> Result<(), String> {
        let first = from / BLOCK;
        let chunks = images.chunks(BLOCK * PIXELS);
        if !from.is_multiple_of(BLOCK) || first + chunks.len() > self.blocks.len() {
            return Err(format!("Crafted images {from} and on do not fit the blocks of 128."));
        }
        for (block, images) in self.blocks[first..].iter_mut().zip(chunks) {
            let mut packed = Right::default();
            if let Ok(rows) = ArrayView2::from_shape((images.len() / PIXELS, PIXELS), images) {
                packed.pack(rows);
            }
            *block = Some(Rc::new(packed));
        }
        Ok(())
    }

    /// Whether all images are here.
    pub fn is_complete(&self) -> bool {
        self.blocks.iter().all(Option::is_some)
    }
}

/// Caches for the clean and the old adversarial images.
#[derive(Debug, Default)]
pub struct Scorer {
    clean: Vec<Block>,
    old: Vec<Block>,
    old_key: String,
    /// What was scored last.
    latest: Option<Rc<Basis>>,
    room: Room,
    labels: Vec<u8>,
    /// The clean images' lit pixels, block by block.
    pixels: Vec<SparseRows>,
}

/// A stepper that scores one network with a [`Scorer`].
#[derive(Debug)]
pub struct Scoring {
    basis: Rc<Basis>,
    images: usize,
    with_old: bool,
    next: usize,
    clean_correct: usize,
    old_correct: usize,
    cached_layers: usize,
}

impl Scoring {
    /// Prepares to score a network on the first `images` test images, and on the old adversarial
    /// images if `with_old`.
    pub fn new(scorer: &mut Scorer, network: &Mlp, images: usize, with_old: bool) -> Self {
        /// Bytes of outputs that are cached for one set: the first layers as far as this goes.
        const MOST_CACHED_BYTES: usize = 48 << 20;
        let outputs = network.hidden().into_iter().chain([CLASSES]);
        let bytes = outputs.scan(0, |sum, units| {
            *sum += 4 * units * images;
            Some(*sum)
        });
        let basis = Rc::new(Basis::new(network, scorer.latest.as_deref()));
        scorer.latest = Some(basis.clone());
        Scoring {
            basis,
            images,
            with_old,
            next: 0,
            clean_correct: 0,
            old_correct: 0,
            cached_layers: bytes.take_while(|bytes| *bytes <= MOST_CACHED_BYTES).count(),
        }
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        (self.next * BLOCK) as f64 / self.images.max(1) as f64
    }

    /// Scores one block of images, which must be here. Returns whether all are done.
    pub fn step(&mut self, scorer: &mut Scorer, images: &Images, old: &OldImages) -> bool {
        let blocks = self.images.div_ceil(BLOCK);
        if self.next >= blocks {
            return true;
        }
        let index = self.next;
        self.next += 1;
        if scorer.old_key != old.key {
            scorer.old.clear();
            scorer.old_key.clone_from(&old.key);
        }
        let range = index * BLOCK..self.images.min((index + 1) * BLOCK);
        let Scorer { clean, old: old_blocks, room, labels, pixels, .. } = scorer;
        labels.clear();
        labels.extend(range.clone().map(|image| images.label(image)));
        let block = block_at(clean, index);
        let pixels = block_at(pixels, index);
        if pixels.rows() != labels.len() && !block.has_first(&self.basis, labels.len()) {
            pixels.clear(PIXELS);
            for image in range {
                pixels.push_bytes(images.image(image), &PIXEL_VALUE);
            }
            pixels.shrink();
        }
        let (basis, cached) = (&self.basis, self.cached_layers);
        self.clean_correct += block.correct(basis, Pixels::Sparse(pixels), labels, cached, room);
        let crafted = old.blocks.get(index).and_then(Option::as_ref);
        if let (true, Some(crafted)) = (self.with_old, crafted) {
            let block = block_at(old_blocks, index);
            labels.truncate(crafted.lines());
            self.old_correct += block.correct(basis, Pixels::Packed(crafted), labels, cached, room);
        }
        self.next >= blocks
    }

    /// Accuracy on the clean images; final once [`Scoring::step`] said that it is done.
    pub fn clean(&self) -> Count {
        Count::new(self.clean_correct, self.images)
    }

    /// Accuracy on the old adversarial images, if it was measured.
    pub fn transfer(&self) -> Option<Count> {
        self.with_old.then(|| Count::new(self.old_correct, self.images))
    }
}

fn block_at<T: Default>(blocks: &mut Vec<T>, index: usize) -> &mut T {
    if blocks.len() <= index {
        blocks.resize_with(index + 1, T::default);
    }
    &mut blocks[index]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Compact, Input, Layer, Pass};
    use crate::rng::{Purpose, Stream};
    use ndarray::Array2;

    fn images(count: usize) -> Images {
        let mut stream = Stream::new(9, Purpose::Noise, &[]);
        let value = |x: f32| (255.0 * (2.0 * x - 1.0).max(0.0)) as u8;
        let pixels = (0..count * PIXELS).map(|_| value(stream.uniform())).collect();
        Images::new(pixels, (0..count).map(|i| (i % 10) as u8).collect()).unwrap()
    }

    /// The plain way: the whole network, from the pixels.
    fn plain(network: &Mlp, rows: ArrayView2<f32>, labels: &[u8]) -> usize {
        let mut pass = Pass::default();
        Compact::new(network).forward(Input::Values(rows), &mut pass);
        let mut read = Vec::new();
        pass.predictions(&mut read);
        read.iter().zip(labels).filter(|(read, label)| read == label).count()
    }

    #[test]
    fn scores_equal_the_plain_way_whatever_was_cut_or_restored() {
        for most_cached in 0..=4 {
            cut_and_restore(most_cached);
        }
    }

    /// Images with their old adversarial ones, and both as rows.
    struct Sets {
        images: Images,
        old: OldImages,
        clean: Array2<f32>,
        crafted: Array2<f32>,
    }

    impl Sets {
        fn new() -> Self {
            let images = images(300);
            let clean = Array2::from_shape_fn((300, PIXELS), |(i, p)| {
                PIXEL_VALUE[usize::from(images.image(i)[p])]
            });
            let crafted = clean.mapv(|x| (x + 0.2).min(1.0));
            let mut old = OldImages::new("a".into(), 300);
            assert!(!old.is_complete());
            for rows in [128..300, 0..128] {
                let from = rows.start;
                let rows = crafted.slice(ndarray::s![rows, ..]);
                old.insert(from, rows.to_owned().as_slice().unwrap()).unwrap();
            }
            assert!(old.is_complete());
            Sets { images, old, clean, crafted }
        }

        /// Scores the network on the first `count` images and compares with the plain way.
        fn check(&self, scorer: &mut Scorer, network: &Mlp, count: usize, most_cached: usize) {
            let mut scoring = Scoring::new(scorer, network, count, true);
            scoring.cached_layers = scoring.cached_layers.min(most_cached);
            while !scoring.step(scorer, &self.images, &self.old) {}
            let labels: Vec<u8> = (0..count).map(|i| self.images.label(i)).collect();
            let expected =
                |rows: &Array2<f32>| plain(network, rows.slice(ndarray::s![..count, ..]), &labels);
            assert_eq!(scoring.clean().correct, expected(&self.clean));
            assert_eq!(scoring.transfer().unwrap().correct, expected(&self.crafted));
        }
    }

    fn cut_and_restore(most_cached: usize) {
        let sets = Sets::new();
        let mut network = Mlp::he_normal(&[30, 20, 10], 1);
        let mut scorer = Scorer::default();
        let mut stream = Stream::new(0, Purpose::Noise, &[]);
        for round in 0..40 {
            if round % 9 == 8 {
                network.prune_weight(round % 4, 3, round % 10);
            }
            if round == 20 {
                network = Mlp::he_normal(&[30, 20, 10], 2);
            }
            let share = stream.uniform();
            let mut cut =
                |units: usize| (0..units).filter(|_| stream.uniform() < share).collect::<Vec<_>>();
            let mut pruned = network.pruned_units();
            let layer = round % 3;
            pruned[layer] = cut([30, 20, 10][layer]);
            network.set_pruned_units(&pruned).unwrap();
            let count = if round % 7 == 6 { 200 } else { 300 };
            sets.check(&mut scorer, &network, count, most_cached);
        }
    }

    /// Two classes that differ by less than a sum can drift: only an exact count gets them right.
    #[test]
    fn sums_that_drift_do_not_change_a_count() {
        let sets = Sets::new();
        let mut layers: Vec<_> =
            Mlp::he_normal(&[30, 20], 4).layers().iter().map(|layer| (**layer).clone()).collect();
        let mut weights = layers[2].weights().to_owned();
        for class in 5..10 {
            let twin = weights.row(class - 5).mapv(|weight| weight * (1.0 + 2e-7));
            weights.row_mut(class).assign(&twin);
        }
        layers[2] = Layer::new(weights.view(), layers[2].biases().clone()).unwrap();
        let mut network = Mlp::from_layers(layers).unwrap();
        let mut scorer = Scorer::default();
        let mut stream = Stream::new(1, Purpose::Noise, &[]);
        for _ in 0..120 {
            let layer = usize::from(stream.uniform() < 0.4);
            let unit = (stream.uniform() * [30.0, 20.0][layer]) as usize;
            let mut pruned = network.pruned_units();
            match pruned[layer].binary_search(&unit) {
                Ok(place) => drop(pruned[layer].remove(place)),
                Err(place) => pruned[layer].insert(place, unit),
            }
            network.set_pruned_units(&pruned).unwrap();
            sets.check(&mut scorer, &network, 300, 3);
        }
    }
}
