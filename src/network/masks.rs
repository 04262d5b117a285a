//! Pruning many weights in one go.

use super::{Layer, Mlp};
use ndarray::{Array2, ShapeBuilder};

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
}
