//! Clean and transfer accuracy, fast enough for a slider: the outputs of every hidden layer are
//! kept, and a change of masks is carried on from the first layer whose inputs it touches, never
//! from the pixels, and only for the images in which a changed unit puts something out. What is
//! carried on is computed anew rather than corrected by differences, which would drift: the
//! figure has the bits of a replay.

use super::Count;
use crate::attack::BLOCK;
use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::{Left, Right, SparseRows, product, sparse_product};
use crate::network::{Layer, Mlp, argmax};
use ndarray::{Array2, s};
use std::rc::Rc;
use std::sync::Arc;

/// Adversarial images crafted against the network before the first cut.
#[derive(Debug, Default, Clone)]
pub struct OldImages {
    /// Which network and attack they belong to.
    pub key: String,
    /// 784 values each, in file order from the first test image on.
    blocks: Vec<Option<Rc<Array2<f32>>>>,
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
            *block = Some(Rc::new(super::adaptive::as_rows(images, PIXELS)));
        }
        Ok(())
    }

    /// Whether all images are here.
    pub fn is_complete(&self) -> bool {
        self.blocks.iter().all(Option::is_some)
    }
}

/// What the cached outputs of a block were computed from.
#[derive(Debug)]
struct Basis {
    layers: Vec<Arc<Layer>>,
    kept: Vec<Vec<bool>>,
    /// Each layer's weights, masked weights as zero. What a pruned unit puts out is left out of
    /// the sums instead, so a change of unit masks packs nothing anew.
    weights: Vec<Rc<Right>>,
}

impl Basis {
    /// `before` lends what it has packed already.
    fn new(network: &Mlp, before: Option<&Basis>) -> Self {
        let layers = network.layers().to_vec();
        let packed = |(index, layer): (usize, &Arc<Layer>)| {
            let lent = before.filter(|before| {
                before.layers.get(index).is_some_and(|known| Arc::ptr_eq(known, layer))
            });
            lent.map_or_else(|| Rc::new(pack(layer)), |before| before.weights[index].clone())
        };
        let weights = layers.iter().enumerate().map(packed).collect();
        Basis { layers, kept: network.kept_units().to_vec(), weights }
    }

    /// How many layers, from the first on, have the same weights as in `other`.
    fn same_layers(&self, other: &Basis) -> usize {
        if self.layers.len() != other.layers.len() {
            return 0;
        }
        let pairs = self.layers.iter().zip(&other.layers);
        pairs.take_while(|(own, other)| Arc::ptr_eq(own, other)).count()
    }

    /// Units of a hidden layer that are kept in one and pruned in the other.
    fn changed_units(&self, other: &Basis, layer: usize) -> Vec<usize> {
        let pairs = self.kept[layer].iter().zip(&other.kept[layer]).enumerate();
        pairs.filter(|(_, (own, other))| own != other).map(|(unit, _)| unit).collect()
    }
}

/// Packs a layer's weights with its weight mask applied.
fn pack(layer: &Layer) -> Right {
    let mut acting = layer.weights().reversed_axes().as_standard_layout().into_owned();
    if layer.has_mask() {
        for ((input, output), weight) in acting.indexed_iter_mut() {
            *weight = if layer.keeps_weight(output, input) { *weight } else { 0.0 };
        }
    }
    let mut right = Right::default();
    right.pack(acting.view());
    right
}

/// What is known of one block of images.
#[derive(Debug, Default)]
struct Block {
    basis: Option<Rc<Basis>>,
    /// Outputs of each cached hidden layer, `images × units`, before the layer's own unit mask.
    outputs: Vec<Array2<f32>>,
    /// Which images are read correctly.
    correct: Vec<bool>,
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
}

/// Memory of one block's pass.
#[derive(Debug, Default)]
struct Room {
    /// The images that have to be carried on.
    rows: Vec<usize>,
    pixels: SparseRows,
    /// What the layer under way reads, one row for each of `rows`.
    inputs: Array2<f32>,
    /// Outputs of the layer computed last, one row for each of `rows`.
    outputs: Array2<f32>,
    left: Left,
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
        let bytes = network.hidden().into_iter().scan(0, |sum, units| {
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
        let labels: Vec<u8> = range.clone().map(|image| images.label(image)).collect();
        let room = &mut scorer.room;
        let from_pixels = |weights: &Right, room: &mut Room| {
            room.pixels.clear(PIXELS);
            for image in range.clone() {
                let bytes = images.image(image).iter();
                room.pixels.push_row(bytes.map(|byte| PIXEL_VALUE[usize::from(*byte)]));
            }
            sparse_product(&room.pixels, weights, room.outputs.view_mut());
        };
        let block = block_at(&mut scorer.clean, index);
        self.clean_correct += self.correct(block, &labels, room, from_pixels);
        let crafted = old.blocks.get(index).and_then(Option::as_ref);
        if let (true, Some(crafted)) = (self.with_old, crafted) {
            let rows = crafted.slice(s![..labels.len().min(crafted.nrows()), ..]);
            let from_crafted = |weights: &Right, room: &mut Room| {
                room.left.pack(rows);
                product(&room.left, weights, room.outputs.view_mut());
            };
            let block = block_at(&mut scorer.old, index);
            self.old_correct += self.correct(block, &labels, room, from_crafted);
        }
        self.next >= blocks
    }

    /// Images of a block that are read correctly; `from_images` makes the first layer's products.
    fn correct(
        &self,
        block: &mut Block,
        labels: &[u8],
        room: &mut Room,
        from_images: impl Fn(&Right, &mut Room),
    ) -> usize {
        let first = self.first_to_compute(block, labels.len(), room);
        for layer in first..self.basis.layers.len() {
            if room.rows.is_empty() {
                break;
            }
            let weights = &self.basis.weights[layer];
            if layer > 0 {
                self.gather_inputs(block, layer, room);
            }
            let shape = (room.rows.len(), weights.columns());
            if room.outputs.dim() != shape {
                room.outputs = Array2::zeros(shape);
            }
            if layer == 0 {
                from_images(weights, room);
            } else {
                room.left.pack(room.inputs.view());
                product(&room.left, weights, room.outputs.view_mut());
            }
            self.finish_layer(block, layer, labels, room);
        }
        block.basis = Some(self.basis.clone());
        block.outputs.truncate(self.cached_layers);
        block.correct.iter().filter(|correct| **correct).count()
    }

    /// The first layer whose outputs have to be computed anew; `room.rows` says for which images.
    ///
    /// A unit that was cut or restored changes an image only where it puts something out.
    fn first_to_compute(&self, block: &mut Block, images: usize, room: &mut Room) -> usize {
        let hidden = self.basis.kept.len();
        room.rows.clear();
        room.rows.extend(0..images);
        // A block of another size (fewer images were asked for) is of no use.
        let before = block.basis.as_ref().filter(|_| block.correct.len() == images);
        let same = before.map_or(0, |before| before.same_layers(&self.basis));
        let cached = block.outputs.len().min(self.cached_layers).min(same);
        let Some(before) = before.filter(|_| cached > 0) else {
            block.outputs.clear();
            block.correct = vec![false; images];
            return 0;
        };
        let changed: Vec<_> =
            (0..same.min(hidden)).map(|layer| before.changed_units(&self.basis, layer)).collect();
        let first = changed.iter().position(|units| !units.is_empty());
        if same <= hidden || changed.iter().skip(cached).any(|units| !units.is_empty()) {
            // Other weights further on, or a mask of a layer whose outputs are not cached.
            return first.map_or(cached, |first| cached.min(first + 1));
        }
        room.rows.retain(|row| {
            let puts_out = |(values, units): (&Array2<f32>, &Vec<usize>)| {
                units.iter().any(|unit| values[[*row, *unit]] != 0.0)
            };
            block.outputs.iter().zip(&changed).any(puts_out)
        });
        first.map_or(hidden, |first| first + 1)
    }

    /// Collects what a layer reads: outputs of the layer below, those of pruned units as zero.
    fn gather_inputs(&self, block: &Block, layer: usize, room: &mut Room) {
        let kept = &self.basis.kept[layer - 1];
        let Room { rows, inputs, outputs, .. } = room;
        if inputs.dim() != (rows.len(), kept.len()) {
            *inputs = Array2::zeros((rows.len(), kept.len()));
        }
        for (place, (mut input, row)) in inputs.rows_mut().into_iter().zip(rows).enumerate() {
            let values = match block.outputs.get(layer - 1) {
                Some(cached) => cached.row(*row),
                None => outputs.row(place),
            };
            for ((input, value), kept) in input.iter_mut().zip(values).zip(kept) {
                *input = if *kept { *value } else { 0.0 };
            }
        }
    }

    /// Adds the biases, then keeps a hidden layer's outputs or reads the logits.
    fn finish_layer(&self, block: &mut Block, layer: usize, labels: &[u8], room: &mut Room) {
        let last = layer + 1 == self.basis.layers.len();
        if layer < self.cached_layers && block.outputs.len() <= layer {
            block.outputs.push(Array2::zeros((labels.len(), room.outputs.ncols())));
        }
        let biases = self.basis.layers[layer].biases();
        for (mut values, row) in room.outputs.rows_mut().into_iter().zip(&room.rows) {
            for (value, bias) in values.iter_mut().zip(biases) {
                let sum = *value + bias;
                *value = if !last && sum < 0.0 { 0.0 } else { sum };
            }
            if last {
                let read = values.as_slice().map(argmax);
                block.correct[*row] = read == Some(usize::from(labels[*row]));
            } else if layer < self.cached_layers {
                block.outputs[layer].row_mut(*row).assign(&values);
            }
        }
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

fn block_at(blocks: &mut Vec<Block>, index: usize) -> &mut Block {
    if blocks.len() <= index {
        blocks.resize_with(index + 1, Block::default);
    }
    &mut blocks[index]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Compact, Input, Pass};
    use crate::rng::{Purpose, Stream};
    use ndarray::ArrayView2;

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
        let logits = pass.logits();
        let read = logits.rows().into_iter().map(|row| argmax(row.as_slice().unwrap()));
        read.zip(labels).filter(|(read, label)| *read == usize::from(**label)).count()
    }

    #[test]
    fn scores_equal_the_plain_way_whatever_was_cut_or_restored() {
        for most_cached in 0..=3 {
            cut_and_restore(most_cached);
        }
    }

    fn cut_and_restore(most_cached: usize) {
        let images = images(300);
        let labels: Vec<u8> = (0..300).map(|i| images.label(i)).collect();
        let clean = Array2::from_shape_fn((300, PIXELS), |(i, p)| {
            PIXEL_VALUE[usize::from(images.image(i)[p])]
        });
        let crafted = clean.mapv(|x| (x + 0.2).min(1.0));
        let mut old = OldImages::new("a".into(), 300);
        assert!(!old.is_complete());
        old.insert(128, crafted.slice(ndarray::s![128.., ..]).to_owned().as_slice().unwrap())
            .unwrap();
        old.insert(0, crafted.slice(ndarray::s![..128, ..]).to_owned().as_slice().unwrap())
            .unwrap();
        assert!(old.is_complete());
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
            let mut scoring = Scoring::new(&mut scorer, &network, count, true);
            scoring.cached_layers = scoring.cached_layers.min(most_cached);
            while !scoring.step(&mut scorer, &images, &old) {}
            let head = |rows: &Array2<f32>| rows.slice(ndarray::s![..count, ..]).to_owned();
            let expected =
                |rows: &Array2<f32>| plain(&network, head(rows).view(), &labels[..count]);
            assert_eq!(scoring.clean().correct, expected(&clean), "round {round}");
            assert_eq!(scoring.transfer().unwrap().correct, expected(&crafted), "round {round}");
        }
    }
}
