use super::*;
use crate::data::{PIXEL_VALUE, PIXELS};
use crate::learn::LearnedOn;
use crate::learn::MaskRule;
use crate::network::multiply_columns;
use crate::prune::{Scope, target};
use ndarray::Array2;

/// Pictures that are easy to tell apart, with some of their pixels lit at random.
fn images(count: usize) -> Images {
    let mut stream = Stream::new(3, Purpose::Noise, &[]);
    let mut pixels = vec![0; count * PIXELS];
    for (place, pixel) in pixels.iter_mut().enumerate() {
        let (image, row) = (place / PIXELS, place % PIXELS / 56);
        let lit = if row == image % 10 { 0.9 } else { 0.1 };
        if stream.uniform() < lit {
            *pixel = 55 + (200.0 * stream.uniform()) as u8;
        }
    }
    Images::new(pixels, (0..count).map(|image| (image % 10) as u8).collect()).unwrap()
}

fn params() -> LearnParams {
    LearnParams { amount: 50.0, images: 60, batch: 16, steps: 3, ..LearnParams::default() }
}

/// A network of which something is pruned already.
fn pruned() -> Mlp {
    let mut network = Mlp::he_normal(&[12, 9], 3);
    network.set_pruned_units(&[vec![2, 7], vec![0]]).unwrap();
    network.prune_weights(0, (0..300).map(|input| (4, input)));
    network.prune_weights(2, [(3, 5), (9, 8)]);
    network
}

fn learned(network: &Mlp, params: LearnParams, (seed, place): (u32, usize)) -> Mlp {
    let images = images(60);
    let mut learning = MaskLearning::new(network.clone(), params, seed, place).unwrap();
    let mut batches = 0;
    while !learning.is_done() {
        batches += usize::from(learning.step(&images).unwrap().is_some());
    }
    assert_eq!(batches, 4 * params.epochs);
    learning.finish().unwrap()
}

/// All that can be learned.
fn all() -> Vec<LearnParams> {
    let mut all = Vec::new();
    for (what, mask) in [
        (Masked::Weights, MaskRule::Top),
        (Masked::Units, MaskRule::Top),
        (Masked::Units, MaskRule::Bayes),
    ] {
        for scope in [Scope::Layer, Scope::Global] {
            for (on, suppress) in
                [(LearnedOn::Clean, 0.0), (LearnedOn::Fgsm, 0.0), (LearnedOn::Pgd, 1.5)]
            {
                all.push(LearnParams { what, mask, scope, on, suppress, ..params() });
            }
        }
    }
    all
}

/// What is kept of each layer: units, or weights.
fn kept_and_all(network: &Mlp, what: Masked) -> Vec<(usize, usize)> {
    let count = |layer: usize| {
        let (outputs, inputs) = network.layers()[layer].weights().dim();
        let places = (0..outputs).flat_map(|o| (0..inputs).map(move |i| (o, i)));
        (places.filter(|(o, i)| network.acts(layer, *o, *i)).count(), outputs * inputs)
    };
    match what {
        Masked::Weights => (0..network.layers().len()).map(count).collect(),
        Masked::Units => {
            let kept = |kept: &Vec<bool>| (kept.iter().filter(|kept| **kept).count(), kept.len());
            network.kept_units().iter().map(kept).collect()
        }
    }
}

#[test]
fn the_amount_is_reached_exactly_and_no_weight_moves() {
    for network in [Mlp::he_normal(&[12, 9], 3), pruned()] {
        for params in all() {
            let masked = learned(&network, params, (0, 1));
            for (before, after) in network.layers().iter().zip(masked.layers()) {
                let bits = |layer: &Layer| -> Vec<u32> {
                    layer.weights().iter().chain(layer.biases()).map(|x| x.to_bits()).collect()
                };
                assert_eq!(bits(before), bits(after));
            }
            let mut groups = kept_and_all(&masked, params.what);
            if params.scope == Scope::Global {
                let sum = groups.iter().fold((0, 0), |sum, (k, a)| (sum.0 + k, sum.1 + a));
                groups = vec![sum];
            }
            for (kept, all) in groups {
                assert_eq!(all - kept, target(params.amount, all), "{params:?}");
            }
            for (layer, weights) in network.layers().iter().enumerate() {
                for ((output, input), _) in weights.weights().indexed_iter() {
                    let was = network.acts(layer, output, input);
                    assert!(was || !masked.acts(layer, output, input), "{params:?}");
                }
            }
        }
    }
}

#[test]
fn what_is_pruned_already_counts_and_no_more_is_pruned_than_asked() {
    let mut network = Mlp::he_normal(&[4, 4], 0);
    network.set_pruned_units(&[vec![0, 1, 3], vec![]]).unwrap();
    let params = LearnParams { what: Masked::Units, scope: Scope::Layer, ..params() };
    let masked = learned(&network, params, (0, 0));
    assert_eq!(masked.pruned_units()[0], [0, 1, 3]);
    assert_eq!(masked.pruned_units()[1].len(), 2);
}

#[test]
fn joint_learning_moves_weights_and_keeps_what_is_pruned_where_it_was() {
    let network = pruned();
    for params in all() {
        let params = LearnParams { joint: true, ..params };
        let masked = learned(&network, params, (0, 1));
        let mut moved = [0, 0];
        for (layer, (before, after)) in network.layers().iter().zip(masked.layers()).enumerate() {
            for ((output, input), weight) in before.weights().indexed_iter() {
                let same = after.weights()[[output, input]] == *weight;
                assert!(same || network.acts(layer, output, input));
                moved[0] += usize::from(!same);
            }
            moved[1] += before.biases().iter().zip(after.biases()).filter(|(a, b)| a != b).count();
        }
        assert!(moved[0] > 500 && moved[1] > 10, "{params:?} {moved:?}");
    }
}

#[test]
fn a_mask_is_a_function_of_its_seed_and_place() {
    let network = Mlp::he_normal(&[40, 30], 3);
    for params in all().into_iter().filter(|params| params.scope == Scope::Global) {
        let params = LearnParams { rate: 0.5, ..params };
        let digest = |at| learned(&network, params, at).digest();
        assert_eq!(digest((0, 1)), digest((0, 1)));
        assert_ne!(digest((0, 1)), digest((1, 1)), "{params:?}");
        assert_ne!(digest((0, 1)), digest((0, 2)), "{params:?}");
    }
}

/// The mean cross-entropy’s gradient by every acting weight, by the plainest code in f64.
fn naive_gradients(
    weights: &[Array2<f64>],
    biases: &[Vec<f64>],
    batch: &[(&[u8], usize)],
) -> Vec<Array2<f64>> {
    let mut gradients: Vec<_> = weights.iter().map(|w| Array2::zeros(w.dim())).collect();
    let last = weights.len() - 1;
    for (image, label) in batch {
        let first = image.iter().map(|byte| f64::from(PIXEL_VALUE[usize::from(*byte)])).collect();
        let mut outputs: Vec<Vec<f64>> = vec![first];
        for (layer, (weights, biases)) in weights.iter().zip(biases).enumerate() {
            let before = &outputs[layer];
            let sum = |o: usize| -> f64 {
                before.iter().enumerate().map(|(i, x)| weights[[o, i]] * x).sum::<f64>() + biases[o]
            };
            let relu = |z: f64| if layer < last { z.max(0.0) } else { z };
            outputs.push((0..biases.len()).map(|o| relu(sum(o))).collect());
        }
        let logits = &outputs[weights.len()];
        let total: f64 = logits.iter().map(|z| z.exp()).sum();
        let mut by: Vec<f64> = logits.iter().map(|z| z.exp() / total).collect();
        by[*label] -= 1.0;
        by.iter_mut().for_each(|by| *by /= batch.len() as f64);
        for layer in (0..weights.len()).rev() {
            for ((o, i), gradient) in gradients[layer].indexed_iter_mut() {
                *gradient += by[o] * outputs[layer][i];
            }
            let below = |i: usize| -> f64 {
                by.iter().enumerate().map(|(o, by)| by * weights[layer][[o, i]]).sum()
            };
            let alive = |i: usize| layer > 0 && outputs[layer][i] > 0.0;
            by = (0..outputs[layer].len()).map(|i| if alive(i) { below(i) } else { 0.0 }).collect();
        }
    }
    gradients
}

/// Learning on clean images by the plainest code, with scores of weights or units; which are kept
/// in the end, over all layers.
fn naive(network: &Mlp, params: LearnParams, images: &Images) -> Vec<bool> {
    let wide = |layer: &Layer| layer.weights().mapv(f64::from);
    let weights: Vec<_> = network.layers().iter().map(|layer| wide(layer)).collect();
    let narrow = |layer: &Layer| layer.biases().iter().map(|b| f64::from(*b)).collect();
    let biases: Vec<Vec<f64>> = network.layers().iter().map(|layer| narrow(layer)).collect();
    let hidden = network.hidden();
    let of_weights = params.what == Masked::Weights;
    let mut scores: Vec<f64> = Vec::new();
    for (layer, weights) in weights.iter().enumerate() {
        let sizes: Vec<f64> = if of_weights {
            weights.iter().map(|w| w.abs()).collect()
        } else if layer < hidden.len() {
            weights.rows().into_iter().map(|row| row.iter().map(|w| w.abs()).sum()).collect()
        } else {
            Vec::new()
        };
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        scores.extend(sizes.iter().map(|size| size / largest));
    }
    let keep = scores.len() - target(params.amount, scores.len());
    let highest = |scores: &[f64]| {
        let mut order: Vec<_> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let mut kept = vec![false; scores.len()];
        order[..keep].iter().for_each(|place| kept[*place] = true);
        kept
    };
    // The score that a weight hangs on, if any.
    let place = |layer: usize, o: usize, i: usize| {
        if of_weights {
            let first: usize = weights[..layer].iter().map(Array2::len).sum();
            Some(first + o * weights[layer].ncols() + i)
        } else {
            layer.checked_sub(1).map(|below| hidden[..below].iter().sum::<usize>() + i)
        }
    };
    let mut order: Vec<u32> = (0..params.images as u32).collect();
    Stream::new(0, Purpose::Shuffle, &[1, 0]).shuffle(&mut order);
    let (mut m, mut v) = (vec![0.0; scores.len()], vec![0.0; scores.len()]);
    for (step, batch) in order.chunks(params.batch).enumerate() {
        let kept = highest(&scores);
        let mut masked = weights.clone();
        for (layer, weights) in masked.iter_mut().enumerate() {
            for ((o, i), weight) in weights.indexed_iter_mut() {
                if place(layer, o, i).is_some_and(|place| !kept[place]) {
                    *weight = 0.0;
                }
            }
        }
        let read = |index: &u32| {
            let index = *index as usize;
            (images.image(index), usize::from(images.label(index)))
        };
        let batch: Vec<_> = batch.iter().map(read).collect();
        let mut by_scores = vec![0.0; scores.len()];
        let gradients = naive_gradients(&masked, &biases, &batch);
        for (layer, gradients) in gradients.iter().enumerate() {
            for ((o, i), gradient) in gradients.indexed_iter() {
                if let Some(place) = place(layer, o, i) {
                    by_scores[place] += gradient * weights[layer][[o, i]];
                }
            }
        }
        let fraction = (step * params.batch) as f64 / params.images as f64;
        let rate = params.rate * 0.5 * (1.0 + (std::f64::consts::PI * fraction).cos());
        let power = step as i32 + 1;
        for (place, gradient) in by_scores.into_iter().enumerate() {
            m[place] = 0.9 * m[place] + 0.1 * gradient;
            v[place] = 0.999 * v[place] + 0.001 * gradient * gradient;
            let first = m[place] / (1.0 - 0.9f64.powi(power));
            let second: f64 = v[place] / (1.0 - 0.999f64.powi(power));
            scores[place] -= rate * first / (second.sqrt() + 1e-8);
        }
    }
    highest(&scores)
}

#[test]
fn masks_are_those_that_plain_code_learns() {
    let (network, images) = (Mlp::he_normal(&[12, 9], 3), images(60));
    for (what, most_different) in [(Masked::Weights, 4), (Masked::Units, 0)] {
        let params = LearnParams { what, on: LearnedOn::Clean, rate: 0.05, ..params() };
        let masked = learned(&network, params, (0, 1));
        let expected = naive(&network, params, &images);
        let kept: Vec<bool> = match what {
            Masked::Units => masked.kept_units().concat(),
            Masked::Weights => {
                let layers = masked.layers().iter().enumerate();
                layers
                    .flat_map(|(layer, weights)| {
                        let weights = weights.weights();
                        let places = weights.indexed_iter().map(|(place, _)| place);
                        places.map(|(o, i)| masked.acts(layer, o, i)).collect::<Vec<_>>()
                    })
                    .collect()
            }
        };
        let differences = kept.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert!(differences <= most_different, "{what:?}: {differences} of {}", kept.len());
        // The scores have moved: it is not the mask that they begin with.
        let first = naive(&network, LearnParams { rate: 0.0, ..params }, &images);
        assert!(kept.iter().zip(&first).filter(|(a, b)| a != b).count() > kept.len() / 20);
    }
}

#[test]
fn the_gradients_by_masks_are_those_of_the_whole_loss() {
    let images = images(60);
    let params = LearnParams {
        what: Masked::Units,
        mask: MaskRule::Bayes,
        suppress: 5.0,
        batch: 13,
        ..params()
    };
    let mut learning = MaskLearning::new(pruned(), params, 0, 0).unwrap();
    assert_eq!(learning.step(&images), Ok(None));
    assert!(learning.attack.is_done());
    let layers = learning.by_outputs.len();
    let Mask::Units(mask) = &mut learning.mask else { unreachable!() };
    let factors: Vec<Vec<f32>> =
        (0..layers).map(|layer| mask.factors(layer).0.unwrap().to_vec()).collect();
    let loss = |learning: &mut MaskLearning, factors: &[Vec<f32>]| {
        let count = learning.batch().len();
        let MaskLearning { learner, attack, weights, order, .. } = learning;
        for (below, factors) in factors.iter().enumerate() {
            let layer = below + 1;
            learner.change_tensor(2 * layer, |out| {
                multiply_columns(&weights[layer], factors, out);
            });
        }
        attack.batch().run_both(learner);
        let mut loss = 0.0;
        for (image, index) in order[..count].iter().enumerate() {
            let mut logits = learner.logits_of(count + image).map(f64::from);
            let label = usize::from(images.label(*index as usize));
            let chosen = logits[label];
            logits.iter_mut().for_each(|logit| *logit = logit.exp());
            loss += (logits.iter().sum::<f64>().ln() - chosen) / count as f64;
        }
        for (layer, factors) in factors.iter().enumerate() {
            let outputs = learner.outputs(layer);
            for (unit, factor) in factors.iter().enumerate() {
                for image in 0..count {
                    let difference = outputs.get(image, unit) - outputs.get(image + count, unit);
                    let parts = (count * factors.len() * layers) as f64;
                    loss += 5.0 * f64::from(factor * difference.abs()) / parts;
                }
            }
        }
        loss
    };
    let mut expected = Vec::new();
    for layer in 0..layers {
        for unit in 0..factors[layer].len() {
            let mut moved = |by: f32| {
                let mut moved = factors.clone();
                moved[layer][unit] += by;
                loss(&mut learning, &moved)
            };
            expected.push((moved(2e-3) - moved(-2e-3)) / 4e-3);
        }
    }
    let whole = loss(&mut learning, &factors);
    let told = learning.descend(&images);
    assert!((told - whole).abs() < 1e-5, "{told} {whole}");
    let Mask::Units(mask) = &mut learning.mask else { unreachable!() };
    let gradients: Vec<f32> =
        (0..layers).flat_map(|layer| mask.factors(layer).1.to_vec()).collect();
    assert_eq!(gradients.len(), expected.len());
    for (gradient, expected) in gradients.iter().zip(&expected) {
        let error = (f64::from(*gradient) - expected).abs();
        assert!(error < 2e-3 * expected.abs().max(0.1), "{gradient} {expected}");
    }
    assert!(expected.iter().any(|gradient| gradient.abs() > 0.05));
}

#[test]
fn learning_lowers_the_loss() {
    let (network, images) = (Mlp::he_normal(&[24, 16], 3), images(60));
    for params in all().into_iter().filter(|params| params.what == Masked::Weights) {
        let params = LearnParams { epochs: 25, eps: 0.02, rate: 0.05, ..params };
        let mut learning = MaskLearning::new(network.clone(), params, 0, 0).unwrap();
        let mut losses = Vec::new();
        while !learning.is_done() {
            losses.extend(learning.step(&images).unwrap());
        }
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        let (first, last) = (mean(&losses[..8]), mean(&losses[losses.len() - 8..]));
        assert!(last < 0.95 * first, "{params:?} {first} {last}");
    }
}

#[test]
fn what_cannot_be_learned_is_said_in_a_sentence() {
    let network = Mlp::he_normal(&[4], 0);
    let refused = |params: LearnParams| {
        MaskLearning::new(network.clone(), params, 0, 0).map(|_| ()).unwrap_err()
    };
    let bayes = LearnParams { mask: MaskRule::Bayes, ..params() };
    assert!(refused(bayes).contains("hidden units only"));
    let clean = LearnParams { on: LearnedOn::Clean, suppress: 1.0, ..params() };
    assert!(refused(clean).contains("attacked images"));
    let finish = |network: &Mlp, params: LearnParams| {
        let mut learning = MaskLearning::new(network.clone(), params, 0, 0).unwrap();
        while !learning.is_done() {
            learning.step(&images(60))?;
        }
        learning.finish()
    };
    let everything = LearnParams { what: Masked::Units, amount: 100.0, ..params() };
    let sentence = finish(&network, everything).unwrap_err();
    assert!(sentence.contains("hidden layer 1 without any unit"), "{sentence}");
    let mut layers: Vec<Layer> = network.layers().iter().map(|layer| (**layer).clone()).collect();
    for layer in &mut layers {
        *layer =
            Layer::new(layer.weights().mapv(|w| w * 1e25).view(), layer.biases().clone()).unwrap();
    }
    let huge = Mlp::from_layers(layers).unwrap();
    assert!(finish(&huge, params()).unwrap_err().contains("diverged"));
}
