//! Pruning many weights in one go, pixels, and going back to other weights under the same masks.

use super::{Layer, Mlp};
use crate::data::PIXELS;
use ndarray::{Array2, ShapeBuilder};
use std::sync::{Arc, OnceLock};

impl Layer {
    /// The weight mask, made if there was none.
    fn mask_mut(&mut self) -> &mut Array2<bool> {
        let shape = self.weights.dim();
        self.kept.get_or_insert_with(|| Array2::from_elem(shape.f(), true))
    }
}

impl Mlp {
    /// Prunes weights of one layer, each given as output and input.
    pub fn prune_weights(
        &mut self,
        layer: usize,
        weights: impl IntoIterator<Item = (usize, usize)>,
    ) {
        let mut weights = weights.into_iter().peekable();
        // A layer that others share is not copied for nothing.
        if weights.peek().is_some() {
            let kept = self.layer_mut(layer).mask_mut();
            weights.for_each(|(output, input)| kept[[output, input]] = false);
        }
    }

    /// Prunes pixels: all weights out of each.
    pub fn prune_pixels(&mut self, pixels: &[usize]) {
        if !pixels.is_empty() {
            let kept = self.layer_mut(0).mask_mut();
            pixels.iter().for_each(|pixel| kept.column_mut(*pixel).fill(false));
        }
    }

    /// Which of the 784 pixels are kept: those of which a weight acts.
    pub fn kept_pixels(&self) -> Vec<bool> {
        let layer = &self.layers[0];
        // With no hidden layer every output is kept.
        let units = self.kept_units.first();
        let is_kept = |pixel: usize| match &layer.kept {
            None => units.is_none_or(|units| units.contains(&true)),
            Some(kept) => {
                let mut acting = kept.column(pixel).into_iter().enumerate();
                acting.any(|(unit, kept)| *kept && units.is_none_or(|units| units[unit]))
            }
        };
        (0..PIXELS).map(is_kept).collect()
    }

    /// The pruned pixels, ascending.
    pub fn pruned_pixels(&self) -> Vec<usize> {
        let kept = self.kept_pixels();
        (0..PIXELS).filter(|pixel| !kept[*pixel]).collect()
    }

    /// Another network's weights and biases under this one's masks; of layers of other sizes this
    /// one's own. What is pruned takes the other's values too, so that all that can be restored
    /// is of one network.
    pub fn with_weights_of(&self, other: &Mlp) -> Mlp {
        let layer = |(own, other): (&Arc<Layer>, &Arc<Layer>)| {
            if own.weights.dim() != other.weights.dim() {
                return own.clone();
            }
            let (weights, biases) = (other.weights.clone(), other.biases.clone());
            Arc::new(Layer { weights, biases, kept: own.kept.clone(), hash: OnceLock::new() })
        };
        Mlp {
            layers: self.layers.iter().zip(&other.layers).map(layer).collect(),
            kept_units: self.kept_units.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_pruned_when_none_of_its_weights_acts() {
        let mut network = Mlp::he_normal(&[3, 2], 0);
        assert_eq!(network.kept_pixels(), vec![true; PIXELS]);
        let mut bulk = network.clone();
        bulk.prune_pixels(&[5, 700]);
        for unit in 0..3 {
            network.prune_weight(0, unit, 5);
            network.prune_weight(0, unit, 700);
        }
        assert_eq!((&bulk, bulk.digest()), (&network, network.digest()));
        assert_eq!(network.pruned_pixels(), [5, 700]);
        assert_eq!(network.pruned_weight_count(), 6);
        // What a pruned unit takes away acts no more.
        network.prune_weights(0, [(0, 9), (1, 9)]);
        assert_eq!(network.pruned_pixels(), [5, 700]);
        network.set_pruned_units(&[vec![2], vec![]]).unwrap();
        assert_eq!(network.pruned_pixels(), [5, 9, 700]);
        network.set_pruned_units(&[vec![0, 1, 2], vec![]]).unwrap();
        assert_eq!(network.pruned_pixels().len(), PIXELS);
    }

    #[test]
    fn pruning_nothing_makes_no_mask() {
        let mut network = Mlp::he_normal(&[3], 0);
        network.prune_pixels(&[]);
        network.prune_weights(1, []);
        assert!(!network.layers().iter().any(|layer| layer.has_mask()));
    }

    #[test]
    fn other_weights_come_under_the_same_masks() {
        let (first, mut trained) = (Mlp::he_normal(&[3, 2], 0), Mlp::he_normal(&[3, 2], 1));
        trained.prune_weights(1, [(0, 1), (1, 2)]);
        trained.prune_pixels(&[4]);
        trained.set_pruned_units(&[vec![1], vec![]]).unwrap();
        let back = trained.with_weights_of(&first);
        assert_eq!(back.kept_units(), trained.kept_units());
        assert_eq!(back.pruned_weight_count(), trained.pruned_weight_count());
        for (layer, (back, first)) in back.layers().iter().zip(first.layers()).enumerate() {
            assert_eq!((back.weights(), back.biases()), (first.weights(), first.biases()));
            for ((output, input), _) in back.weights().indexed_iter() {
                let kept = trained.layers()[layer].keeps_weight(output, input);
                assert_eq!(back.keeps_weight(output, input), kept);
            }
        }
        assert_eq!(trained.with_weights_of(&trained), trained);
    }
}
