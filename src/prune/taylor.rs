//! Taylor saliency: how much the loss would change without a unit, to first order, |z · ∂L/∂z|
//! of each image and then the mean (Molchanov et al. 2017, “Pruning convolutional neural networks
//! for resource efficient inference”, eq. 8).

use super::Scope;

/// Scores of the hidden layers from their saliencies. Where layers are ranked together each
/// layer's are divided by their L2 norm (the same paper, “Normalization”): scales
/// differ from layer to layer.
pub(super) fn scores(saliency: &[Vec<f64>], scope: Scope) -> Vec<Vec<f64>> {
    let normalised = |layer: &Vec<f64>| {
        let norm = layer.iter().map(|score| score * score).sum::<f64>().sqrt();
        let norm = if scope == Scope::Global && norm > 0.0 { norm } else { 1.0 };
        layer.iter().map(|score| score / norm).collect()
    };
    saliency.iter().map(normalised).collect()
}
