use super::*;
use crate::attack::{Blocks, Method, Purpose};
use crate::data::PIXELS;
use crate::network::{Compact, Input, Pass};
use crate::rng::{self, Stream};
use ndarray::{Array1, Array2};

const COUNT: usize = 150;

/// Digits' outlines are mostly black, and so are these.
fn images() -> Images {
    let mut stream = Stream::new(4, rng::Purpose::Noise, &[]);
    let pixel = |at: usize, x: f32| if at % PIXELS < 9 { 0.0 } else { (2.0 * x - 1.0).max(0.0) };
    let pixels = (0..COUNT * PIXELS).map(|at| (255.0 * pixel(at, stream.uniform())) as u8);
    Images::new(pixels.collect(), (0..COUNT).map(|i| (i % 10) as u8).collect()).unwrap()
}

/// Everything of two kinds pruned.
fn network() -> Mlp {
    let mut network = Mlp::he_normal(&[7, 5], 2);
    network.set_pruned_units(&[vec![3], vec![0, 4]]).unwrap();
    network.prune_weights(0, (0..PIXELS).map(|pixel| (2, pixel)).filter(|(_, p)| p % 3 == 0));
    network.prune_weights(1, [(1, 1), (2, 6)]);
    network
}

fn profile(subject: Subject, images: usize) -> Profile {
    let params = ProfileParams { subject, on: Set::Train, images };
    let mut profiling = Profiling::new(&network(), params, 3).unwrap();
    let (data, mut fraction) = (self::images(), 0.0);
    while !profiling.step(&data) {
        assert!(profiling.fraction() >= fraction);
        fraction = profiling.fraction();
    }
    assert_eq!(profiling.fraction(), 1.0);
    profiling.finish()
}

/// Each level's values before and after ReLU, and those of a clean image and its adversarial one.
type Way = Vec<[Array1<f64>; 2]>;
type Ways = [Way; 2];

/// The plain way through the network in `f64`: pixels, and each layer before and after ReLU.
fn plain(network: &Mlp, image: &[f32]) -> Way {
    let pixels: Array1<f64> = image.iter().map(|x| f64::from(*x)).collect();
    let mut levels = vec![[pixels.clone(), pixels]];
    for (index, layer) in network.layers().iter().enumerate() {
        let (outputs, inputs) = layer.weights().dim();
        let input = levels.last().unwrap()[1].clone();
        let hidden = network.kept_units().get(index);
        let before: Array1<f64> = (0..outputs)
            .map(|o| {
                let sum: f64 = (0..inputs)
                    .filter(|i| network.acts(index, o, *i))
                    .map(|i| f64::from(layer.weights()[[o, i]]) * input[i])
                    .sum();
                let kept = hidden.is_none_or(|kept| kept[o]);
                if kept { sum + f64::from(layer.biases()[o]) } else { 0.0 }
            })
            .collect();
        let after = if hidden.is_some() { before.mapv(|a| a.max(0.0)) } else { before.clone() };
        levels.push([before, after]);
    }
    levels
}

fn row(images: &Images, index: usize) -> Vec<f32> {
    images.image(index).iter().map(|byte| crate::data::PIXEL_VALUE[usize::from(*byte)]).collect()
}

fn close(ours: &[f64], plain: &Array1<f64>) {
    assert_eq!(ours.len(), plain.len());
    for (ours, plain) in ours.iter().zip(plain) {
        assert!((ours - plain).abs() <= 1e-5 * (1.0 + plain.abs()), "{ours} {plain}");
    }
}

#[test]
fn levels_are_the_plain_means() {
    let (network, images) = (network(), images());
    let attack = AttackParams::usual(Method::Pgd, 0.1, 4);
    let clean = profile(Subject::Outputs, COUNT);
    let attacked = profile(Subject::Attack(attack), COUNT);
    let mut blocks = Blocks::new(&network, attack.check().unwrap(), 3, 0..COUNT, Purpose::Craft);
    let mut runs = Vec::new();
    while !blocks.is_done() {
        if let Some((_, run)) = blocks.step(&images) {
            for (image, verdict) in run.verdicts().iter().enumerate() {
                runs.push((run.adversarial().row(image).to_vec(), *verdict));
            }
        }
    }
    let ways: Vec<_> = runs
        .iter()
        .enumerate()
        .map(|(index, (adversarial, verdict))| {
            let ways = [plain(&network, &row(&images, index)), plain(&network, adversarial)];
            (ways, verdict.is_fooled())
        })
        .collect();
    let fooled = ways.iter().filter(|(_, fooled)| *fooled).count();
    assert!(fooled > 3 && fooled < COUNT, "{fooled}");
    assert_eq!(attacked.fooled, fooled);
    for index in 0..3 {
        let mean = |value: &dyn Fn(&Ways, bool) -> Array1<f64>, count: usize| {
            let mut sum = Array1::zeros(clean.levels[index].mean.len());
            ways.iter().for_each(|(ways, fooled)| sum += &value(ways, *fooled));
            sum / count as f64
        };
        let z = |way: &Way| way[index][1].clone();
        let apart = |ways: &Ways, side: usize| {
            (&ways[0][index][side] - &ways[1][index][side]).mapv(f64::abs)
        };
        for level in [&clean.levels[index], &attacked.levels[index]] {
            close(&level.mean, &mean(&|ways, _| z(&ways[0]), COUNT));
            close(&level.square, &mean(&|ways, _| z(&ways[0]).mapv(|z| z * z), COUNT));
            let silent = |z: f64| if z == 0.0 { 1.0 } else { 0.0 };
            let mut expected = mean(&|ways, _| z(&ways[0]).mapv(silent), COUNT);
            if let Some(kept) = index.checked_sub(1).map(|layer| &network.kept_units()[layer]) {
                // A pruned unit is no silent one.
                expected
                    .iter_mut()
                    .zip(kept)
                    .filter(|(_, kept)| !**kept)
                    .for_each(|(x, _)| *x = 0.0);
            }
            close(&level.silent, &expected);
        }
        let level = &attacked.levels[index];
        close(&level.distance, &mean(&|ways, _| apart(ways, 1), COUNT));
        close(&level.distance_square, &mean(&|ways, _| apart(ways, 1).mapv(|d| d * d), COUNT));
        close(&level.pre, &mean(&|ways, _| apart(ways, 0), COUNT));
        let of_fooled = |ways: &Ways, fooled: bool| {
            if fooled { apart(ways, 1) } else { 0.0 * apart(ways, 1) }
        };
        close(&level.fooled, &mean(&of_fooled, fooled));
        assert!(clean.levels[index].distance.iter().all(|d| *d == 0.0));
    }
    // Before ReLU a unit moves at least as far.
    let hidden = &attacked.levels[1];
    assert!(hidden.pre.iter().zip(&hidden.distance).all(|(pre, post)| pre >= post));
}

/// The mean cross-entropy of the network with one weight or output changed, by finite differences.
fn loss(network: &Mlp, images: &Images, count: usize) -> f64 {
    let values = Array2::from_shape_vec(
        (count, PIXELS),
        (0..count).flat_map(|image| row(images, image)).collect(),
    );
    let (compact, mut pass, mut sum) = (Compact::new(network), Pass::default(), 0.0);
    compact.forward(Input::Values(values.unwrap().view()), &mut pass);
    for image in 0..count {
        let logits = pass.logits_of(image).map(f64::from);
        let most = logits.iter().copied().fold(f64::MIN, f64::max);
        let total: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
        sum += total.ln() + most - logits[usize::from(images.label(image))];
    }
    sum / count as f64
}

/// The network with a layer's weights changed.
fn changed(network: &Mlp, layer: usize, change: impl Fn(&mut Array2<f32>)) -> Mlp {
    let mut layers: Vec<_> = network.layers().iter().map(|layer| (**layer).clone()).collect();
    let mut weights = layers[layer].weights().to_owned();
    change(&mut weights);
    let biases = layers[layer].biases().clone();
    layers[layer] = crate::network::Layer::new(weights.view(), biases).unwrap();
    network.with_weights_of(&Mlp::from_layers(layers).unwrap())
}

#[test]
fn gradients_are_finite_differences() {
    let (network, images, count) = (network(), images(), 140);
    let profile = profile(Subject::Gradients, count);
    for (layer, output, input) in [(0, 1, 300), (0, 6, 500), (1, 2, 5), (1, 3, 2), (2, 9, 1)] {
        assert!(network.acts(layer, output, input));
        let moved = |shift: f32| {
            let moved = changed(&network, layer, |w| w[[output, input]] += shift);
            loss(&moved, &images, count)
        };
        let difference = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        let ours = f64::from(profile.gradients[layer][[output, input]]);
        assert!((ours - difference).abs() < 2e-3 * (1.0 + difference.abs()), "{ours} {difference}");
    }
    for (layer, gradients) in profile.gradients.iter().enumerate() {
        for ((output, input), gradient) in gradients.indexed_iter() {
            assert!(network.acts(layer, output, input) || *gradient == 0.0);
        }
    }
}

#[test]
fn saliency_is_what_scaling_a_unit_changes() {
    // z · ∂L/∂z is the derivative of L by a factor on z, which is one on the weights out of it.
    let (network, images) = (network(), images());
    let saliency = profile(Subject::Saliency, 30).saliency;
    for (layer, unit) in [(0, 1), (0, 5), (1, 2), (1, 3)] {
        let mut sum = 0.0;
        for image in 0..30 {
            let one = Images::new(images.image(image).to_vec(), vec![images.label(image)]).unwrap();
            let scaled = |factor: f32| {
                let scale = |weights: &mut Array2<f32>| {
                    weights.column_mut(unit).iter_mut().for_each(|w| *w *= factor);
                };
                loss(&changed(&network, layer + 1, scale), &one, 1)
            };
            sum += ((scaled(1.01) - scaled(0.99)) / 0.02f64).abs();
        }
        let (ours, plain) = (saliency[layer][unit], sum / 30.0);
        assert!((ours - plain).abs() < 0.02 * (0.05 + plain), "{layer} {unit}: {ours} {plain}");
    }
    assert_eq!((saliency[0][3], saliency[1][0]), (0.0, 0.0));
}
