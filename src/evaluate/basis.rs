//! What a network is to the caches: its weights, packed, and the masks of its units.

use crate::kernel::Left;
use crate::network::{InputWeights, Layer, Mlp, Weights};
use std::rc::Rc;
use std::sync::Arc;

/// A network as the caches see it.
#[derive(Debug)]
pub(super) struct Basis {
    /// Input side first; the last layer makes the logits.
    pub layers: Vec<BasisLayer>,
    pub first: Rc<InputWeights>,
}

/// One layer.
#[derive(Debug)]
pub(super) struct BasisLayer {
    layer: Arc<Layer>,
    /// The units whose pre-activations are computed, pruned ones among them: so a unit comes back
    /// without any product. All ten for the last layer.
    pub held: Rc<Vec<usize>>,
    /// Which of the held units are kept, by their places among the held.
    pub kept: Vec<usize>,
    /// Biases of the held units.
    pub biases: Rc<Vec<f32>>,
    /// Held units × kept inputs; empty for the first layer.
    pub weights: Rc<Weights>,
    pub norms: Norms,
}

/// Euclidean norms of all weights and biases of a layer: no mask makes them larger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Norms {
    pub weights: f64,
    pub biases: f64,
}

impl Norms {
    fn of(layer: &Layer) -> Self {
        let norm = |squares: f64| squares.sqrt();
        let square = |value: &f32| f64::from(*value) * f64::from(*value);
        Norms {
            weights: norm(layer.weights().iter().map(square).sum()),
            biases: norm(layer.biases().iter().map(square).sum()),
        }
    }
}

impl Basis {
    /// `before` lends what it has packed already.
    pub fn new(network: &Mlp, before: Option<&Basis>) -> Self {
        let before = before.filter(|before| before.layers.len() == network.layers().len());
        // The layers before, as far up as their weights are those of now.
        let old = before.map_or(&[][..], |before| &before.layers).iter().zip(network.layers());
        let old = old.take_while(|(old, layer)| Arc::ptr_eq(&old.layer, layer));
        let old: Vec<_> = old.map(|(old, _)| old).collect();
        let mut layers: Vec<BasisLayer> = Vec::new();
        for (index, layer) in network.layers().iter().enumerate() {
            let mask = network.kept_units().get(index);
            let below = index.checked_sub(1).map(|below| (&layers[below], old.get(below).copied()));
            layers.push(BasisLayer::new(layer, mask, old.get(index).copied(), below));
        }
        let lent = before.filter(|before| before.layers[0].holds_the_same(&layers[0]));
        let first = lent.map_or_else(|| Rc::new(layers[0].first_weights()), |b| b.first.clone());
        Basis { layers, first }
    }
}

fn pack(layer: &Layer, outputs: &[usize], inputs: Vec<usize>) -> Left {
    Left::filled(outputs.len(), inputs.len(), &|output, input| {
        layer.acting_weight(outputs[output], inputs[input])
    })
}

impl BasisLayer {
    /// `old` is the layer of the same weights before, and `below` the layer under this one with
    /// that before it.
    fn new(
        layer: &Arc<Layer>,
        mask: Option<&Vec<bool>>,
        old: Option<&Self>,
        below: Option<(&Self, Option<&Self>)>,
    ) -> Self {
        let all = 0..layer.biases().len();
        let keeps = |unit: &usize| mask.is_none_or(|mask| mask[*unit]);
        let kept: Vec<_> = all.clone().filter(keeps).collect();
        // What is kept is enough at first; whoever restores units is likely to go on.
        let held = match old {
            None => Rc::new(kept.clone()),
            Some(old) if kept.iter().all(|unit| old.held.binary_search(unit).is_ok()) => {
                old.held.clone()
            }
            Some(_) => Rc::new(all.collect()),
        };
        let kept = kept.iter().filter_map(|unit| held.binary_search(unit).ok()).collect();
        let bias = |unit: &usize| layer.biases()[*unit];
        let biases = Rc::new(held.iter().map(bias).collect());
        let norms = old.map_or_else(|| Norms::of(layer), |old| old.norms);
        let packed = |below: &Self| {
            let inputs = below.kept.iter().map(|place| below.held[*place]).collect();
            Rc::new(Weights::new(pack(layer, &held, inputs), layer.has_mask()))
        };
        let weights = match (old, below) {
            (Some(old), Some((now, Some(before))))
                if Rc::ptr_eq(&old.held, &held)
                    && Rc::ptr_eq(&before.held, &now.held)
                    && before.kept == now.kept =>
            {
                old.weights.clone()
            }
            (_, Some((now, _))) => packed(now),
            (_, None) => Rc::default(),
        };
        BasisLayer { layer: layer.clone(), held, kept, biases, weights, norms }
    }

    /// The first layer's weights, for images.
    fn first_weights(&self) -> InputWeights {
        let inputs = (0..self.layer.weights().ncols()).collect();
        InputWeights::new(pack(&self.layer, &self.held, inputs), self.layer.has_mask())
    }

    /// Whether cached pre-activations of `other` hold here too, as far as this layer goes.
    pub fn holds_the_same(&self, other: &BasisLayer) -> bool {
        Arc::ptr_eq(&self.layer, &other.layer) && Rc::ptr_eq(&self.held, &other.held)
    }

    /// The weights of one unit of the layer below, given by its number, to every held unit;
    /// negative if it goes.
    pub fn factors(&self, input: usize, comes: bool, factors: &mut Vec<f32>) {
        let sign = if comes { 1.0 } else { -1.0 };
        factors.clear();
        let weight = |output: &usize| sign * self.layer.acting_weight(*output, input);
        factors.extend(self.held.iter().map(weight));
    }
}
