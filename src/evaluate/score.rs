//! Clean and transfer accuracy, fast enough for a slider: the outputs of every hidden layer are
//! kept, and a change of masks is carried on from the first layer whose inputs it touches, never
//! from the pixels. What is carried on is computed anew rather than corrected by differences, so
//! the figure has the bits of a replay.

use super::Count;
use crate::attack::BLOCK;
use crate::data::{Images, PIXEL_VALUE, PIXELS};
use crate::kernel::{Left, Right, SparseRows, product, sparse_product};
use crate::network::{Layer, Mlp, add_biases, argmax};
use ndarray::{Array2, ArrayView2};
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
    /// Each layer's weights with all that is pruned set to zero, except the pruning of its own
    /// outputs: a hidden layer's cached outputs do not depend on its own mask.
    weights: Vec<Rc<Right>>,
}

impl Basis {
    /// `before` lends what it has packed already.
    fn new(network: &Mlp, before: Option<&Basis>) -> Self {
        let layers = network.layers().to_vec();
        let kept = network.kept_units().to_vec();
        let packed = |(index, layer): (usize, &Arc<Layer>)| {
            let inputs_kept = index.checked_sub(1).map(|below| &kept[below]);
            let lent = before.filter(|before| {
                before.kept.len() == kept.len()
                    && Arc::ptr_eq(&before.layers[index], layer)
                    && index.checked_sub(1).map(|below| &before.kept[below]) == inputs_kept
            });
            lent.map_or_else(
                || Rc::new(pack_acting(layer, inputs_kept)),
                |before| before.weights[index].clone(),
            )
        };
        let weights = layers.iter().enumerate().map(packed).collect();
        Basis { layers, kept, weights }
    }

    /// How many hidden layers' cached outputs also hold for `other`.
    fn shared_with(&self, other: &Basis) -> usize {
        if self.kept.len() != other.kept.len() {
            return 0;
        }
        let same = |layer: &usize| {
            Arc::ptr_eq(&self.layers[*layer], &other.layers[*layer])
                && (*layer == 0 || self.kept[layer - 1] == other.kept[layer - 1])
        };
        (0..self.kept.len()).take_while(same).count()
    }
}

/// Packs a layer's weights, those that are masked or come from a pruned unit as zero.
fn pack_acting(layer: &Layer, inputs_kept: Option<&Vec<bool>>) -> Right {
    let mut right = Right::default();
    let mut acting = layer.weights().reversed_axes().as_standard_layout().into_owned();
    for (input, mut outputs) in acting.rows_mut().into_iter().enumerate() {
        if inputs_kept.is_some_and(|kept| !kept[input]) {
            outputs.fill(0.0);
        } else if layer.has_mask() {
            for (output, weight) in outputs.iter_mut().enumerate() {
                *weight = if layer.keeps_weight(output, input) { *weight } else { 0.0 };
            }
        }
    }
    right.pack(acting.view());
    right
}

/// The cached outputs of one block of images.
#[derive(Debug, Default)]
struct Block {
    basis: Option<Rc<Basis>>,
    /// Outputs of each cached hidden layer, packed for the next product.
    outputs: Vec<Left>,
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
    pixels: SparseRows,
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
        let block = block_at(&mut scorer.clean, index);
        let first_layer = |weights: &Right, room: &mut Room| {
            room.pixels.clear(PIXELS);
            for image in range.clone() {
                let bytes = images.image(image).iter();
                room.pixels.push_row(bytes.map(|byte| PIXEL_VALUE[usize::from(*byte)]));
            }
            sparse_product(&room.pixels, weights, room.outputs.view_mut());
        };
        self.clean_correct += self.correct(block, &labels, room, first_layer);
        let crafted = old.blocks.get(index).and_then(Option::as_ref);
        if let (true, Some(crafted)) = (self.with_old, crafted) {
            let block = block_at(&mut scorer.old, index);
            let rows = crafted.slice(ndarray::s![..labels.len().min(crafted.nrows()), ..]);
            let first_layer = |weights: &Right, room: &mut Room| {
                room.left.pack(rows);
                product(&room.left, weights, room.outputs.view_mut());
            };
            self.old_correct += self.correct(block, &labels, room, first_layer);
        }
        self.next >= blocks
    }

    /// Images of a block that are read correctly; `first_layer` makes the products of the pixels.
    fn correct(
        &self,
        block: &mut Block,
        labels: &[u8],
        room: &mut Room,
        first_layer: impl Fn(&Right, &mut Room),
    ) -> usize {
        let hidden = self.basis.kept.len();
        let valid = block.basis.as_ref().map_or(0, |basis| basis.shared_with(&self.basis));
        // A block of another size (fewer images were asked for) is of no use.
        let same_rows = block.outputs.first().is_some_and(|left| left.rows() == labels.len());
        let valid = if same_rows { valid.min(block.outputs.len()) } else { 0 };
        for layer in valid..=hidden {
            let weights = &self.basis.weights[layer];
            let shape = (labels.len(), weights.columns());
            if room.outputs.dim() != shape {
                room.outputs = Array2::zeros(shape);
            }
            if layer == 0 {
                first_layer(weights, room);
            } else {
                let cached = block.outputs.get(layer - 1).filter(|_| layer <= self.cached_layers);
                product(cached.unwrap_or(&room.left), weights, room.outputs.view_mut());
            }
            let last = layer == hidden;
            let biases = self.basis.layers[layer].biases();
            add_biases(&mut room.outputs.view_mut(), biases, !last);
            if last {
                break;
            }
            if layer < self.cached_layers {
                if block.outputs.len() <= layer {
                    block.outputs.resize_with(layer + 1, Left::default);
                }
                block.outputs[layer].pack(room.outputs.view());
            } else {
                let Room { left, outputs, .. } = room;
                left.pack(outputs.view());
            }
        }
        block.basis = Some(self.basis.clone());
        block.outputs.truncate(self.cached_layers);
        read_correctly(room.outputs.view(), labels)
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

fn read_correctly(logits: ArrayView2<f32>, labels: &[u8]) -> usize {
    let correct = |(logits, label): (ndarray::ArrayView1<f32>, &u8)| {
        logits.as_slice().map(argmax) == Some(usize::from(*label))
    };
    logits.rows().into_iter().zip(labels).filter(|(l, y)| correct((*l, y))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Compact, Input, Pass};
    use crate::rng::{Purpose, Stream};

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
        read_correctly(pass.logits().to_owned().view(), labels)
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
