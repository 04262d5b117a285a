use super::*;
use crate::kernel::{Right, SparseRows};
use ndarray::Array2;

/// A small picture-like batch: mostly zeros.
fn batch(rows: usize) -> Array2<f32> {
    let mut stream = Stream::new(5, Purpose::Noise, &[]);
    Array2::from_shape_fn((rows, PIXELS), |_| (stream.uniform() - 0.7).max(0.0))
}

fn sparse(batch: &Array2<f32>) -> SparseRows {
    let mut sparse = SparseRows::default();
    sparse.clear(PIXELS);
    batch.rows().into_iter().for_each(|row| sparse.push_row(row.iter().copied()));
    sparse
}

fn logits(network: &Mlp, batch: &Array2<f32>) -> Array2<f32> {
    let mut pass = Pass::default();
    Compact::new(network).forward(Input::Values(batch.view()), &mut pass);
    pass.logits()
}

/// One weight (or, without an input, one bias) and how far it is moved.
type Move = (usize, usize, Option<usize>, f64);

/// The loss of a network in f64, by the plainest code: the oracle of the gradients.
fn plain_loss(network: &Mlp, image: &[f64], label: usize, moved: Option<Move>) -> f64 {
    let shift = |place: (usize, usize, Option<usize>)| match moved {
        Some((layer, output, input, by)) if (layer, output, input) == place => by,
        _ => 0.0,
    };
    let mut values = image.to_vec();
    for (index, layer) in network.layers.iter().enumerate() {
        values = (0..layer.biases.len())
            .map(|o| {
                let kept = network.kept_units.get(index).is_none_or(|kept| kept[o]);
                let weight = |i: usize| {
                    if layer.keeps_weight(o, i) {
                        f64::from(layer.weights[[o, i]]) + shift((index, o, Some(i)))
                    } else {
                        0.0
                    }
                };
                let sum: f64 = values.iter().enumerate().map(|(i, x)| weight(i) * x).sum();
                let z = sum + f64::from(layer.biases[o]) + shift((index, o, None));
                if index + 1 == network.layers.len() {
                    z
                } else if kept {
                    z.max(0.0)
                } else {
                    0.0
                }
            })
            .collect();
    }
    values.iter().map(|z| z.exp()).sum::<f64>().ln() - values[label]
}

/// A network with pruned units and weights, and one that has none.
fn networks() -> [Mlp; 2] {
    let whole = Mlp::he_normal(&[12, 9, 7], 3);
    let mut pruned = whole.clone();
    pruned.set_pruned_units(&[vec![0, 5, 11], vec![], vec![2]]).unwrap();
    for input in 100..400 {
        pruned.prune_weight(0, 3, input);
    }
    pruned.prune_weight(2, 1, 4);
    pruned.prune_weight(3, 9, 0);
    [whole, pruned]
}

#[test]
fn input_gradient_matches_finite_differences() {
    for network in networks() {
        let batch = batch(5);
        let compact = Compact::new(&network);
        let mut pass = Pass::default();
        compact.forward(Input::Values(batch.view()), &mut pass);
        pass.cross_entropy(|row| row, 1.0, |_, _| {});
        compact.input_gradient(&mut pass);
        let mut gradients = Array2::zeros((5, PIXELS));
        pass.write_input_gradient(gradients.as_slice_mut().unwrap());
        for row in 0..5 {
            let image: Vec<f64> = batch.row(row).iter().map(|x| f64::from(*x)).collect();
            for pixel in (0..PIXELS).step_by(61) {
                let loss = |shift: f64| {
                    let mut moved = image.clone();
                    moved[pixel] += shift;
                    plain_loss(&network, &moved, row, None)
                };
                let difference = (loss(1e-6) - loss(-1e-6)) / 2e-6;
                let gradient = f64::from(gradients[[row, pixel]]);
                assert!((gradient - difference).abs() < 1e-4, "{gradient} {difference}");
            }
        }
    }
}

/// With rate 1, no momentum and no decay, a step of SGD takes the gradient off every weight.
#[test]
fn weight_gradients_match_finite_differences() {
    for network in networks() {
        let batch = batch(4);
        let mut learner = Learner::new(&network);
        let mut optimiser = Optimiser::new(Rule::Sgd { momentum: 0.0 }, 1.0, 0.0);
        optimiser.fit(learner.tensors());
        let pixels = sparse(&batch);
        let loss = learner.forward(&pixels, &|row| row);
        let image = |r: usize| batch.row(r).iter().map(|x| f64::from(*x)).collect::<Vec<_>>();
        let plain = |moved| (0..4).map(|r| plain_loss(&network, &image(r), r, moved)).sum::<f64>();
        assert!((loss - plain(None)).abs() < 1e-4);
        learner.backward(&pixels, &mut optimiser);
        let mut stepped = network.clone();
        learner.write_back(&mut stepped);
        for (layer, (before, after)) in network.layers.iter().zip(&stepped.layers).enumerate() {
            let (outputs, inputs) = before.weights.dim();
            for output in 0..outputs {
                let difference = |input| {
                    let loss = |by| plain(Some((layer, output, input, by)));
                    // The learner takes the mean of the four losses.
                    (loss(1e-6) - loss(-1e-6)) / 2e-6 / 4.0
                };
                let kept = network.kept_units.get(layer).is_none_or(|kept| kept[output]);
                let moved = f64::from(before.biases[output] - after.biases[output]);
                let expected = if kept { difference(None) } else { 0.0 };
                assert!((moved - expected).abs() < 1e-4, "{moved} {expected}");
                for input in (0..inputs).step_by(97) {
                    let place = [output, input];
                    let moved = f64::from(before.weights[place] - after.weights[place]);
                    let acts = network.acts(layer, output, input);
                    let expected = if acts { difference(Some(input)) } else { 0.0 };
                    assert!((moved - expected).abs() < 1e-4, "{moved} {expected}");
                }
            }
        }
    }
}

#[test]
fn summed_gradients_are_those_of_a_step_at_their_places() {
    for network in networks() {
        let pixels = sparse(&batch(4));
        let mut learner = Learner::new(&network);
        let mut sums = Optimiser::new(Rule::Sum, 0.0, 0.0);
        sums.fit(learner.tensors());
        learner.forward(&pixels, &|row| row);
        learner.backward(&pixels, &mut sums);
        let mut step = Optimiser::new(Rule::Sgd { momentum: 0.0 }, 1.0, 0.0);
        step.fit(learner.tensors());
        learner.update(&pixels, &mut step);
        let mut stepped = network.clone();
        learner.write_back(&mut stepped);
        for layer in 0..network.layers.len() {
            let mut seen = 0;
            let values = sums.sums(2 * layer).as_flattened();
            let places = learner.places(&network, layer);
            assert_eq!(places.len(), values.len());
            for (sum, place) in values.iter().zip(places) {
                let Some((output, input)) = place.filter(|(o, i)| network.acts(layer, *o, *i))
                else {
                    continue;
                };
                let place = [output, input];
                let before = network.layers[layer].weights[place];
                assert_eq!(before - sum, stepped.layers[layer].weights[place]);
                seen += 1;
            }
            let all = network.layers[layer].weights.indexed_iter();
            assert_eq!(seen, all.filter(|((o, i), _)| network.acts(layer, *o, *i)).count());
        }
        sums.forget_sums();
        assert!(sums.sums(0).as_flattened().iter().all(|sum| *sum == 0.0));
    }
}

#[test]
fn a_learners_input_gradient_is_that_of_a_pass() {
    for network in networks() {
        let batch = batch(9);
        let (compact, mut pass) = (Compact::new(&network), Pass::default());
        compact.forward(Input::Pixels(&sparse(&batch)), &mut pass);
        pass.cross_entropy(|row| row % 10, 1.0 / 9.0, |_, _| {});
        compact.input_gradient(&mut pass);
        let mut expected = vec![0.0; batch.len()];
        pass.write_input_gradient(&mut expected);
        let mut learner = Learner::new(&network);
        learner.forward(&sparse(&batch), &|row| row % 10);
        learner.carry_back(&[]);
        learner.turn();
        let mut gradient = vec![1.0; batch.len()];
        learner.input_gradient(&mut gradient);
        assert_eq!(gradient, expected);
        assert_eq!(learner.logits_of(3), pass.logits_of(3));
    }
}

#[test]
fn a_part_of_the_loss_that_looks_at_hidden_outputs_is_carried_back() {
    let [network, _] = networks();
    let batch = batch(3);
    let mut learner = Learner::new(&network);
    learner.run(&sparse(&batch));
    // Nothing but Σ factor · z over all hidden outputs.
    learner.set_logit_gradients(3, &|_, _| 0.0);
    let factor = |layer: usize, unit: usize| 0.5 + layer as f32 - 0.25 * unit as f32;
    let extra: Vec<_> = network
        .hidden()
        .into_iter()
        .enumerate()
        .map(|(layer, units)| Right::filled(3, units, &|_, unit| factor(layer, unit)))
        .collect();
    learner.carry_back(&extra);
    learner.turn();
    let mut gradient = vec![0.0; batch.len()];
    learner.input_gradient(&mut gradient);
    let mut loss = |shift: f32, pixel: usize| -> f64 {
        let mut moved = batch.clone();
        moved[[1, pixel]] += shift;
        learner.run(&sparse(&moved));
        let hidden = network.hidden();
        let layers = hidden.iter().enumerate();
        let units = layers.flat_map(|(layer, units)| (0..*units).map(move |unit| (layer, unit)));
        let term = |(layer, unit)| {
            f64::from(learner.outputs(layer).get(1, unit)) * f64::from(factor(layer, unit))
        };
        units.map(term).sum()
    };
    for pixel in (0..PIXELS).step_by(61) {
        let difference = (loss(1e-3, pixel) - loss(-1e-3, pixel)) / 2e-3;
        let gradient = f64::from(gradient[PIXELS + pixel]);
        assert!((gradient - difference).abs() < 1e-2, "{gradient} {difference}");
    }
}

#[test]
fn a_changed_tensor_is_used_both_ways() {
    let [network, _] = networks();
    let batch = batch(5);
    let mut learner = Learner::new(&network);
    for layer in 0..network.layers.len() {
        let double = |fours: &mut [[f32; 4]]| {
            fours.as_flattened_mut().iter_mut().for_each(|value| *value *= 2.0);
        };
        learner.change_tensor(2 * layer, double);
        learner.change_tensor(2 * layer + 1, double);
    }
    let mut doubled = network.clone();
    learner.write_back(&mut doubled);
    for (before, after) in network.layers.iter().zip(&doubled.layers) {
        assert_eq!(&before.weights * 2.0, after.weights);
        assert_eq!(&before.biases * 2.0, after.biases);
    }
    let mut fresh = Learner::new(&doubled);
    let mut gradients = [&mut learner, &mut fresh].map(|learner| {
        learner.forward(&sparse(&batch), &|row| row);
        learner.carry_back(&[]);
        learner.turn();
        let mut gradient = vec![0.0; batch.len()];
        learner.input_gradient(&mut gradient);
        gradient
    });
    assert_eq!(std::mem::take(&mut gradients[0]), gradients[1]);
}

#[test]
fn leaving_out_zeros_changes_no_bit() {
    let batch = batch(11);
    let mut seen = Vec::new();
    for thin in [false, true] {
        let mut learner = Learner::new(&Mlp::he_normal(&[37, 9], 3));
        learner.change_tensor(0, |fours| {
            let numbers = fours.as_flattened_mut().iter_mut().enumerate();
            numbers.filter(|(place, _)| place % 7 > 1).for_each(|(_, number)| *number = 0.0);
        });
        if thin {
            learner.leave_out_zeros();
            assert!(learner.first.is_thin());
        }
        let mut gradient = vec![0.0; batch.len()];
        let mut sums = Optimiser::new(Rule::Sum, 0.0, 0.0);
        sums.fit(learner.tensors());
        learner.forward(&sparse(&batch), &|row| row % CLASSES);
        learner.backward(&sparse(&batch), &mut sums);
        learner.turn();
        learner.input_gradient(&mut gradient);
        seen.push((learner.logits_of(10), gradient, sums.sums(0).to_vec()));
        // What has changed since is seen.
        learner.change_tensor(0, |fours| fours[0] = [1.0; 4]);
        learner.turn();
        learner.forward(&sparse(&batch), &|row| row % CLASSES);
        learner.carry_back(&[]);
        let mut gradient = vec![0.0; batch.len()];
        learner.input_gradient(&mut gradient);
        seen.push((learner.logits_of(10), gradient, Vec::new()));
    }
    assert_eq!(seen[0], seen[2]);
    assert_eq!(seen[1], seen[3]);
    assert_ne!(seen[0].1, seen[1].1);
}

#[test]
fn pixels_and_values_give_the_same_bits() {
    for network in networks() {
        let batch = batch(9);
        let mut pass = Pass::default();
        Compact::new(&network).forward(Input::Pixels(&sparse(&batch)), &mut pass);
        assert_eq!(pass.logits(), logits(&network, &batch));
    }
}

#[test]
fn leaving_pruned_units_out_gives_the_bits_of_zeroing_them() {
    let [whole, pruned] = networks();
    // The same masks, written into the weights by hand.
    let mut zeroed = whole.clone();
    for layer in 0..zeroed.layers.len() {
        let (outputs, inputs) = zeroed.layers[layer].weights.dim();
        for output in 0..outputs {
            for input in 0..inputs {
                if !pruned.acts(layer, output, input) {
                    zeroed.layer_mut(layer).weights[[output, input]] = 0.0;
                }
            }
            if pruned.kept_units.get(layer).is_some_and(|kept| !kept[output]) {
                zeroed.layer_mut(layer).biases[output] = 0.0;
            }
        }
    }
    let batch = batch(6);
    assert_eq!(logits(&pruned, &batch), logits(&zeroed, &batch));
}

#[test]
fn a_pruned_unit_has_no_influence_whatever_its_weights() {
    let [_, pruned] = networks();
    let mut wild = pruned.clone();
    for unit in [0, 5, 11] {
        wild.layer_mut(0).weights.row_mut(unit).fill(1e30);
        wild.layer_mut(0).biases[unit] = -7.0;
        wild.layer_mut(1).weights.column_mut(unit).fill(1e30);
    }
    wild.layer_mut(0).weights.row_mut(3).slice_mut(ndarray::s![100..400]).fill(1e30);
    let batch = batch(6);
    assert_eq!(logits(&pruned, &batch), logits(&wild, &batch));
    assert_ne!(pruned.digest(), wild.digest());
}

#[test]
fn an_emptied_layer_passes_only_biases_on() {
    let mut network = Mlp::he_normal(&[4], 0);
    network.set_pruned_units(&[vec![0, 1, 2, 3]]).unwrap();
    assert_eq!(network.empty_layers(), [1]);
    assert_eq!(logits(&network, &batch(2)), Array2::<f32>::zeros((2, CLASSES)));
    assert_eq!(network.sparsity(), 1.0);
}

#[test]
fn restoring_brings_the_digest_back() {
    let [whole, mut pruned] = networks();
    assert_ne!(whole.digest(), pruned.digest());
    pruned.set_pruned_units(&[vec![], vec![], vec![]]).unwrap();
    (0..4).for_each(|layer| pruned.layer_mut(layer).kept = None);
    assert_eq!(whole.digest(), pruned.digest());
}

#[test]
fn a_network_survives_being_stored() {
    for network in networks() {
        let bytes = postcard::to_stdvec(&network).unwrap();
        let back: Mlp = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, network);
        assert_eq!(back.digest(), network.digest());
        assert!(postcard::from_bytes::<Mlp>(&bytes[..bytes.len() / 2]).is_err());
    }
}

#[test]
fn sparsity_counts_units_and_weights_once() {
    let mut network = Mlp::he_normal(&[2], 0);
    network.set_pruned_units(&[vec![1]]).unwrap();
    network.prune_weight(0, 1, 0); // of a pruned unit already
    network.prune_weight(0, 0, 0);
    assert_eq!(network.pruned_weight_count(), 784 + 10 + 1);
}

#[test]
fn impossible_networks_are_refused() {
    assert!(check_hidden(&[]).is_err() && check_hidden(&[1; 5]).is_err());
    assert!(check_hidden(&[0]).is_err() && check_hidden(&[1025]).is_err());
    let mut network = Mlp::he_normal(&[3], 0);
    assert!(network.set_pruned_units(&[vec![3]]).is_err());
    assert!(network.set_pruned_units(&[]).is_err());
    let nan = Array2::from_elem((2, 2), f32::NAN);
    assert!(Layer::new(nan.view(), Array1::zeros(2)).is_err());
}

#[test]
fn leaving_masked_weights_out_gives_the_bits_of_zeroing_them() {
    // So few are left that sparse products are taken: of any images, and of black ones.
    [0.65, 0.9].into_iter().for_each(leave_out);
}

fn leave_out(share: f32) {
    let mut masked = Mlp::he_normal(&[12, 9], 3);
    let mut zeroed = masked.clone();
    let mut stream = Stream::new(8, Purpose::Noise, &[]);
    for layer in 0..3 {
        let (outputs, inputs) = masked.layers[layer].weights.dim();
        for (output, input) in (0..outputs).flat_map(|o| (0..inputs).map(move |i| (o, i))) {
            if stream.uniform() < share {
                masked.prune_weight(layer, output, input);
                zeroed.layer_mut(layer).weights[[output, input]] = 0.0;
            }
        }
    }
    let (batch, mut seen) = (batch(37), Vec::new());
    for network in [masked, zeroed] {
        let compact = Compact::new(&network);
        let (mut pass, mut gradient) = (Pass::default(), vec![0.0; 37 * PIXELS]);
        compact.forward(Input::Pixels(&sparse(&batch)), &mut pass);
        let from_pixels = pass.logits();
        compact.forward(Input::Values(batch.view()), &mut pass);
        assert_eq!(pass.logits(), from_pixels);
        pass.cross_entropy(|row| row % CLASSES, 1.0, |_, _| {});
        compact.input_gradient(&mut pass);
        pass.write_input_gradient(&mut gradient);
        seen.push((from_pixels, gradient));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].1.iter().any(|gradient| *gradient != 0.0));
}
