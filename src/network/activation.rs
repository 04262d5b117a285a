//! What happens between the products: biases, ReLU and its derivative.

use crate::kernel::{Lanes, Right, Row};

/// Adds a unit's bias to its products, then applies ReLU if it is a hidden one.
#[inline(always)]
pub(crate) fn add_bias(sums: [Lanes; 2], bias: f32, relu: bool) -> [Lanes; 2] {
    let bias = Lanes::splat(bias);
    let sums = sums.map(|sum| sum + bias);
    if relu { sums.map(Lanes::rectified) } else { sums }
}

/// The outputs of hidden units from their products (`images × units`): of those units only that
/// stand at `places`, with `biases[place]`.
pub(crate) fn outputs_from(sums: &Right, places: &[usize], biases: &[f32], out: &mut Right) {
    out.reshape(sums.lines(), places.len());
    for panel in 0..sums.panels() {
        let sums = sums.panel(panel);
        for (to, place) in out.panel_mut(panel).iter_mut().zip(places) {
            *to = add_bias(load(&sums[*place]), biases[*place], true).map(Lanes::to_array);
        }
    }
}

/// [`add_bias`] of a whole layer, in place.
pub(crate) fn add_biases(sums: &mut Right, biases: &[f32], relu: bool) {
    for panel in 0..sums.panels() {
        for (row, bias) in sums.panel_mut(panel).iter_mut().zip(biases) {
            *row = add_bias(load(row), *bias, relu).map(Lanes::to_array);
        }
    }
}

/// The outputs of a whole layer of hidden units from their pre-activations.
pub(crate) fn rectify(before: &Right, out: &mut Right) {
    out.reshape(before.lines(), before.depth());
    for panel in 0..before.panels() {
        for (to, row) in out.panel_mut(panel).iter_mut().zip(before.panel(panel)) {
            *to = load(row).map(|lanes| lanes.rectified().to_array());
        }
    }
}

/// The gradient by a unit's pre-activation from that by its output `z`.
#[inline(always)]
pub(crate) fn through_relu(gradients: [Lanes; 2], z: &Row<2>) -> [Lanes; 2] {
    let [low, high] = gradients;
    [low.where_positive(Lanes::load(&z[0])), high.where_positive(Lanes::load(&z[1]))]
}

/// Eight neighbours, ready to be worked on.
#[inline(always)]
pub(crate) fn load(row: &Row<2>) -> [Lanes; 2] {
    [Lanes::load(&row[0]), Lanes::load(&row[1])]
}
