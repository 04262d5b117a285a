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
        let mut layers: Vec<BasisLayer> = Vec::new();
        let mut first = None;
        // Whether the weights have been the same up to here.
        let mut same = before.is_some_and(|before| before.layers.len() == network.layers().len());
        for (index, layer) in network.layers().iter().enumerate() {
            let mask = network.kept_units().get(index);
            let all = || (0..layer.biases().len()).collect::<Vec<_>>();
            let kept: Vec<_> = mask
                .map_or_else(all, |mask| all().into_iter().filter(|unit| mask[*unit]).collect());
            let old = before.filter(|_| same).map(|before| &before.layers[index]);
            let old = old.filter(|old| Arc::ptr_eq(&old.layer, layer));
            same = old.is_some();
            // What is kept is enough at first; whoever restores units is likely to go on.
            let held = match old {
                None => Rc::new(kept.clone()),
                Some(old) if kept.iter().all(|unit| old.held.binary_search(unit).is_ok()) => {
                    old.held.clone()
                }
                Some(_) => Rc::new(all()),
            };
            let place = |unit: &usize| held.binary_search(unit).ok();
            let kept: Vec<_> = kept.iter().filter_map(place).collect();
            let old = old.filter(|old| Rc::ptr_eq(&old.held, &held));
            let bias = |unit: &usize| layer.biases()[*unit];
            let biases = match old {
                Some(old) => old.biases.clone(),
                None => Rc::new(held.iter().map(bias).collect()),
            };
            let norms = old.map_or_else(|| Norms::of(layer), |old| old.norms);
            let below = layers.last();
            let weights = if let Some(below) = below {
                let old_below = before.filter(|_| old.is_some()).map(|b| &b.layers[index - 1]);
                let lent = old.filter(|_| {
                    old_below.is_some_and(|old| {
                        Rc::ptr_eq(&old.held, &below.held) && old.kept == below.kept
                    })
                });
                lent.map_or_else(
                    || {
                        let inputs = below.kept.iter().map(|place| below.held[*place]).collect();
                        Rc::new(Weights::new(pack(layer, &held, inputs), layer.has_mask()))
                    },
                    |old| old.weights.clone(),
                )
            } else {
                let lent = before.filter(|_| old.is_some()).map(|before| before.first.clone());
                first = Some(lent.unwrap_or_else(|| {
                    let inputs = (0..layer.weights().ncols()).collect();
                    Rc::new(InputWeights::new(pack(layer, &held, inputs), layer.has_mask()))
                }));
                Rc::new(Weights::Dense(Left::default()))
            };
            layers.push(BasisLayer { layer: layer.clone(), held, kept, biases, weights, norms });
        }
        let first = first.unwrap_or_else(|| Rc::new(InputWeights::new(Left::default(), false)));
        Basis { layers, first }
    }
}

fn pack(layer: &Layer, outputs: &[usize], inputs: Vec<usize>) -> Left {
    Left::filled(outputs.len(), inputs.len(), |output, input| {
        layer.acting_weight(outputs[output], inputs[input])
    })
}

impl BasisLayer {
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
