//! Bounds against what networks do, against bounds computed plainly, and against closed forms.

use super::*;
use crate::data::CLASSES;
use crate::network::Layer;
use crate::rng::{Purpose, Stream};
use ndarray::{Array1, ArrayView2};
use proptest::prelude::*;

/// A small network with weights like a trained one's, some of them and some units pruned.
fn network(hidden: &[usize], seed: u32, pruned: bool) -> Mlp {
    let plain = Mlp::he_normal(hidden, seed);
    let mut stream = Stream::new(seed, Purpose::Noise, &[]);
    let layers = plain.layers().iter().map(|layer| {
        let biases = Array1::from_shape_fn(layer.biases().len(), |_| 0.3 * stream.normal());
        Layer::new(layer.weights(), biases).unwrap()
    });
    let mut network = Mlp::from_layers(layers.collect()).unwrap();
    if pruned {
        for layer in 0..=hidden.len() {
            let (outputs, inputs) = network.layers()[layer].weights().dim();
            for place in (0..outputs * inputs).filter(|_| stream.uniform() < 0.7) {
                network.prune_weight(layer, place / inputs, place % inputs);
            }
        }
        network.set_pruned_units(&hidden.iter().map(|_| vec![0]).collect::<Vec<_>>()).unwrap();
    }
    network
}

fn image(seed: u32) -> Images {
    let mut stream = Stream::new(seed, Purpose::Noise, &[1]);
    let value = |x: f32| if x < 0.8 { 0 } else { (255.0 * (6.0 * x - 4.8).min(1.0)) as u8 };
    Images::new((0..PIXELS).map(|_| value(stream.uniform())).collect(), vec![0]).unwrap()
}

/// Bounds of an image at a size, the label set by hand.
struct Bounded {
    compact: Compact,
    boxes: Boxes,
    crown: Crown,
}

/// All bounds there are: those by lines for every layer if `quick` is not set.
fn bounded(network: &Mlp, images: &Images, eps: f64, label: usize, quick: bool) -> Bounded {
    let mut certifying = Certifying::new(network, &[eps], 0..1).unwrap();
    certifying.clean =
        Array2::from_shape_fn((1, PIXELS), |(_, p)| PIXEL_VALUE[usize::from(images.image(0)[p])]);
    let proven = 0;
    certifying.group.push(Candidate { place: 0, label, proven, by_intervals: 0, limit: 1 });
    certifying.begin_round();
    let Certifying { frame, pixels, first, mut crown, network: compact, .. } = certifying;
    crown.begin(&frame, &pixels, &first, 0, label);
    crown.begin_pass(quick);
    crown.finish_pass(&frame);
    Bounded { compact, boxes: pixels, crown }
}

/// Points of a box: its centre, random ones, random corners, and the corners that drive each
/// first-layer unit as far as it goes.
fn points(boxes: &Boxes, network: &Mlp, seed: u32) -> Array2<f32> {
    let mut stream = Stream::new(seed, Purpose::Noise, &[2]);
    let first = &network.layers()[0];
    let units = first.biases().len();
    Array2::from_shape_fn((40 + 2 * units, PIXELS), |(line, pixel)| {
        let (low, high) = (boxes.low.get(0, pixel), boxes.high.get(0, pixel));
        let toward = |up: bool| if up { high } else { low };
        match line {
            0..20 => (low + stream.uniform() * (high - low)).clamp(low, high),
            20..40 => toward(stream.uniform() < 0.5),
            _ => {
                let (unit, up) = ((line - 40) / 2, line % 2 == 0);
                toward((first.weights()[[unit, pixel]] > 0.0) == up)
            }
        }
    })
}

/// How many values, of all units and margins at all points, leave the bounds; `shrunk` of their
/// width is taken off the bounds before.
fn leaving(bounded: &Bounded, points: ArrayView2<f32>, label: usize, shrunk: f64) -> usize {
    let mut pass = Pass::default();
    bounded.compact.forward(Input::Values(points), &mut pass);
    let mut leaving = 0;
    for (layer, bounds) in bounded.crown.bounds.iter().enumerate() {
        let outputs = pass.outputs(layer).to_array();
        for ((_, unit), value) in outputs.indexed_iter() {
            let (low, high) = (bounds.low[unit], bounds.high[unit]);
            let less = shrunk * (high - low);
            let (low, high) = ((low + less).max(0.0), (high - less).max(0.0));
            leaving += usize::from(!(low..=high).contains(&f64::from(*value)));
        }
    }
    for logits in pass.logits().rows() {
        for class in (0..CLASSES).filter(|class| *class != label) {
            let margin = f64::from(logits[label]) - f64::from(logits[class]);
            leaving += usize::from(margin < bounded.crown.margins[class]);
        }
    }
    leaving
}

fn shapes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(2usize..12, 1..=4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_leaves_the_bounds(
        hidden in shapes(), seed in 0u32..1000, eps in 0.0f64..0.3, label in 0..CLASSES,
        (pruned, quick) in any::<(bool, bool)>(),
    ) {
        let network = network(&hidden, seed, pruned);
        let bounded = bounded(&network, &image(seed), eps, label, quick);
        let points = points(&bounded.boxes, &network, seed);
        prop_assert_eq!(leaving(&bounded, points.view(), label, 0.0), 0);
    }

    #[test]
    fn balls_hold_what_clipping_leaves(byte: u8, eps in 0.0f64..=1.0) {
        let (clean, size) = (PIXEL_VALUE[usize::from(byte)], eps as f32);
        let wide = widened(eps);
        let exact = f64::from(clean);
        prop_assert!(f64::from(clean + size) <= exact + wide);
        prop_assert!(f64::from(clean - size) >= exact - wide);
        prop_assert!(wide - eps < 1e-6);
    }

    #[test]
    fn rounding_goes_outward(value in prop_oneof![-1e3f64..1e3, 0.0f64..1e-40, 0.0f64..1e39]) {
        let (down, up) = (f64::from(rounding::down(value)), f64::from(rounding::up(value)));
        let value = value.max(0.0);
        prop_assert!(0.0 <= down && down <= value && value <= up);
        prop_assert!(value > 1e38 || up - down <= 4.0 * rounding::UNIT * value + 1e-44);
    }
}

/// They are those of the paper, but for rounding: neither tighter nor much looser. Networks are
/// drawn once and for all: where a unit is settled by less than rounding, the two ways may part.
#[test]
fn bounds_are_those_of_the_plain_way() {
    let close = |ours: f64, plain: f64| (0.0..4e-3 * (1.0 + plain.abs())).contains(&ours);
    let shapes = [&[9][..], &[12, 7], &[6, 11, 4], &[8, 5, 2, 9]];
    for seed in 0..60 {
        let mut stream = Stream::new(seed, Purpose::Noise, &[3]);
        let eps = 0.005 + 0.2 * f64::from(stream.uniform());
        let (hidden, label) = (shapes[seed as usize % 4], seed as usize % CLASSES);
        let network = network(hidden, seed, stream.uniform() < 0.5);
        let bounded = bounded(&network, &image(seed), eps, label, false);
        let (expected, margins) = plain::bounds(&network, &bounded, label);
        for (ours, plain) in bounded.crown.bounds.iter().zip(&expected) {
            for (unit, [low, high]) in plain.iter().enumerate() {
                assert!(close(low - ours.low[unit], *low), "{seed} {low} {}", ours.low[unit]);
                assert!(close(ours.high[unit] - high, *high), "{seed} {high} {}", ours.high[unit]);
            }
        }
        for class in (0..CLASSES).filter(|class| *class != label) {
            let (ours, [by_intervals, best]) = (bounded.crown.margins[class], margins[class]);
            // Where intervals prove a margin, the lines are not asked.
            let is_proven = by_intervals > 0.0 && close(by_intervals - ours, by_intervals);
            assert!(is_proven || close(best - ours, best), "{seed} {ours} {best}");
        }
    }
}

/// [`leaving`] finds bounds that are too tight.
#[test]
fn bounds_that_promise_too_much_are_caught() {
    let mut caught = 0;
    for seed in 0..20 {
        let network = network(&[8, 6], seed, false);
        let bounded = bounded(&network, &image(seed), 0.05, 0, false);
        let points = points(&bounded.boxes, &network, seed);
        assert_eq!(leaving(&bounded, points.view(), 0, 0.0), 0);
        caught += usize::from(leaving(&bounded, points.view(), 0, 0.01) > 0);
    }
    assert_eq!(caught, 20);
}

/// The bounds once more, in `f64`, one sum at a time, nothing taken off for rounding.
mod plain {
    use super::*;

    type Rows = Vec<(Vec<f64>, f64)>;

    /// Weights and biases of every layer with everything pruned as zero.
    fn layers(network: &Mlp, kept: &[Vec<usize>]) -> Vec<Rows> {
        let layers = network.layers().iter().enumerate();
        let rows = layers.map(|(index, layer)| {
            let (outputs, inputs) = layer.weights().dim();
            let all = |count: usize| (0..count).collect::<Vec<_>>();
            let outputs = kept.get(index).cloned().unwrap_or_else(|| all(outputs));
            let below = index.checked_sub(1).map(|below| kept[below].clone());
            let inputs = below.unwrap_or_else(|| all(inputs));
            let row = |output: &usize| {
                let weights = inputs.iter().map(|input| layer.acting_weight(*output, *input));
                (weights.map(f64::from).collect(), f64::from(layer.biases()[*output]))
            };
            outputs.iter().map(row).collect()
        });
        rows.collect()
    }

    /// The least a row can be over a box.
    fn corner((weights, constant): &(Vec<f64>, f64), ends: &[[f64; 2]]) -> f64 {
        let terms = weights.iter().zip(ends).map(|(w, [low, high])| (w * low).min(w * high));
        constant + terms.sum::<f64>()
    }

    /// The least a row of coefficients on the outputs of hidden layer `layer - 1` can be.
    fn least(
        row: &(Vec<f64>, f64),
        layers: &[Rows],
        bounds: &[Vec<[f64; 2]>],
        ends: &[[f64; 2]],
        ours: &Bounded,
    ) -> f64 {
        let (mut weights, mut constant) = row.clone();
        for ((rows, bounds), ours) in layers.iter().zip(bounds).zip(&ours.crown.bounds).rev() {
            let mut below = vec![0.0; rows.first().map_or(0, |row| row.0.len())];
            let units = weights.iter().zip(bounds).zip(rows).enumerate();
            for (unit, ((a, [low, high]), (row, bias))) in units {
                // Where the two choices are about as good, rounding decides.
                let lower_slope = if ours.high[unit] > -ours.low[unit] { 1.0 } else { 0.0 };
                let (slope, intercept) = match (*low >= 0.0, *high <= 0.0) {
                    (true, _) => (1.0, 0.0),
                    (_, true) => (0.0, 0.0),
                    _ if *a < 0.0 => (high / (high - low), -low * high / (high - low)),
                    _ => (lower_slope, 0.0),
                };
                constant += a * (slope * bias + intercept);
                for (below, weight) in below.iter_mut().zip(row) {
                    *below += a * slope * weight;
                }
            }
            weights = below;
        }
        corner(&(weights, constant), ends)
    }

    /// Bounds of the kept units of every hidden layer; and of the margins, by intervals and by
    /// the better way.
    pub fn bounds(
        network: &Mlp,
        ours: &Bounded,
        label: usize,
    ) -> (Vec<Vec<[f64; 2]>>, [[f64; 2]; CLASSES]) {
        let compact = Compact::new(network);
        let layers = layers(network, compact.units());
        let ends: Vec<_> = (0..PIXELS)
            .map(|pixel| {
                [&ours.boxes.low, &ours.boxes.high].map(|end| f64::from(end.get(0, pixel)))
            })
            .collect();
        let mut bounds: Vec<Vec<[f64; 2]>> = Vec::new();
        let negative = |row: &(Vec<f64>, f64)| (row.0.iter().map(|w| -w).collect(), -row.1);
        for (index, rows) in layers[..layers.len() - 1].iter().enumerate() {
            let outputs = bounds.last().map(|last| outputs(last));
            let inputs = outputs.as_ref().unwrap_or(&ends);
            let bound = |row: &(Vec<f64>, f64)| {
                let other = negative(row);
                let (low, high) = (corner(row, inputs), -corner(&other, inputs));
                if low >= 0.0 || high <= 0.0 {
                    return [low, high];
                }
                let by_lines = |row| least(row, &layers[..index], &bounds, &ends, ours);
                [low.max(by_lines(row)), high.min(-by_lines(&other))]
            };
            let next = rows.iter().map(bound).collect();
            bounds.push(next);
        }
        let (hidden, last) = (&layers[..layers.len() - 1], &layers[layers.len() - 1]);
        let last_outputs = outputs(&bounds[bounds.len() - 1]);
        let margins = std::array::from_fn(|class| {
            let weights = last[label].0.iter().zip(&last[class].0).map(|(a, b)| a - b);
            let row = (weights.collect(), last[label].1 - last[class].1);
            let by_intervals = corner(&row, &last_outputs);
            [by_intervals, by_intervals.max(least(&row, hidden, &bounds, &ends, ours))]
        });
        (bounds, margins)
    }

    fn outputs(bounds: &[[f64; 2]]) -> Vec<[f64; 2]> {
        bounds.iter().map(|ends| ends.map(|end| end.max(0.0))).collect()
    }
}

fn certify(network: &Mlp, images: &Images, sizes: &[f64]) -> Certified {
    let mut certifying = Certifying::new(network, sizes, 0..images.len()).unwrap();
    while !certifying.step(images) {}
    assert!((certifying.fraction() - 1.0).abs() < 1e-9);
    certifying.counts()
}

/// Layers whose weights and biases are given by functions, 784 → hidden → 10.
fn made(
    hidden: &[usize],
    weight: impl Fn(usize, usize, usize) -> f32,
    bias: impl Fn(usize, usize) -> f32,
) -> Mlp {
    let sizes = [&[PIXELS], hidden, &[CLASSES]].concat();
    let layers = sizes.windows(2).enumerate().map(|(layer, pair)| {
        let weights = Array2::from_shape_fn((pair[1], pair[0]), |(o, i)| weight(layer, o, i));
        let biases = Array1::from_shape_fn(pair[1], |output| bias(layer, output));
        Layer::new(weights.view(), biases).unwrap()
    });
    Mlp::from_layers(layers.collect()).unwrap()
}

/// Where every unit is active the network is linear, and the largest ball has a closed form: the
/// least of the margins over the L1 norms of their gradients.
#[test]
fn a_linear_network_is_proven_as_far_as_it_holds() {
    /// So large that every unit is active.
    const BIASES: [f64; 2] = [4.0, 20.0];
    let mut stream = Stream::new(5, Purpose::Noise, &[]);
    let draws: Vec<f32> = (0..PIXELS * 20).map(|_| stream.normal()).collect();
    let scales = [0.005, 0.3, 0.3];
    let with_biases = |last: [f64; CLASSES]| {
        made(
            &[6, 5],
            |layer, output, input| {
                scales[layer] * draws[(layer * 4001 + output * 787 + input) % draws.len()]
            },
            |layer, output| if layer < 2 { BIASES[layer] as f32 } else { last[output] as f32 },
        )
    };
    let bytes = (0..PIXELS).map(|pixel| 100 + (pixel % 56) as u8).collect();
    let images = Images::new(bytes, vec![0]).unwrap();
    let plain = with_biases([0.0; CLASSES]);
    let weights = |layer: usize| plain.layers()[layer].weights().mapv(f64::from);
    let whole = weights(2).dot(&weights(1)).dot(&weights(0));
    let clean =
        Array1::from_shape_fn(PIXELS, |p| f64::from(PIXEL_VALUE[usize::from(images.image(0)[p])]));
    let biases = |layer: usize, units: usize| Array1::from_elem(units, BIASES[layer]);
    let products =
        whole.dot(&clean) + weights(2).dot(&(weights(1).dot(&biases(0, 6)) + biases(1, 5)));
    let network = with_biases(std::array::from_fn(|class| -products[class] - 0.3 * class as f64));
    let logits = products + network.layers()[2].biases().mapv(f64::from);
    let radius = (1..CLASSES)
        .map(|class| {
            let slope = &whole.row(0) - &whole.row(class);
            (logits[0] - logits[class]) / slope.mapv(f64::abs).sum()
        })
        .fold(f64::INFINITY, f64::min);
    assert!((0.1..0.3).contains(&radius), "{radius}");
    let certified = certify(&network, &images, &[0.99 * radius, 1.001 * radius]);
    assert_eq!(certified.proven, [1, 0]);
    assert_eq!(certified.largest, [Some(0)]);
}

/// In real numbers the margin is 0.4 all over the ball; in `f32` it is lost where the first pixel
/// is light. An image is proven only for the network that is run.
#[test]
fn what_rounding_breaks_is_not_proven() {
    let scaled = |scale: f32| {
        made(
            &[3],
            move |layer, output, input| match (layer, output, input) {
                (0, 0 | 2, 0) => scale,
                (1, 1, 0) => 1.0,
                (1, 1, 1) => 0.4,
                (1, 1, 2) => -1.0,
                _ => 0.0,
            },
            |layer, output| if layer == 0 { [2.0, 1.0, 2.0][output] } else { 0.0 },
        )
    };
    let images = Images::new(vec![0; PIXELS], vec![1]).unwrap();
    assert_eq!(certify(&scaled(1.0), &images, &[1.0]).proven, [1]);
    let network = scaled(1e7);
    let light = Array2::from_elem((1, PIXELS), 1.0);
    let (mut pass, mut read) = (Pass::default(), Vec::new());
    Compact::new(&network).forward(Input::Values(light.view()), &mut pass);
    pass.predictions(&mut read);
    assert_eq!(read, [0]);
    let certified = certify(&network, &images, &[1e-6, 1.0]);
    assert_eq!((certified.clean_correct, certified.proven), (1, vec![1, 0]));
}

/// Sums that overflow prove nothing, whatever infinities and NaN they leave behind.
#[test]
fn nothing_is_proven_where_sums_overflow() {
    for (weight, bias) in [(1e36, 0.0), (3e38, 0.0), (-3e38, 1.0), (1e-3, 3e38)] {
        for hidden in [&[4][..], &[4, 4], &[4, 4, 4]] {
            let network = made(
                hidden,
                |_, output, input| if (output + input) % 3 == 0 { weight } else { 0.0 },
                |layer, output| if layer == 0 { bias } else { (output == 0).into() },
            );
            let images = Images::new(vec![9; PIXELS], vec![0]).unwrap();
            for pruned in [false, true] {
                let mut network = network.clone();
                if pruned {
                    network.prune_weight(1, 0, 0);
                }
                assert_eq!(
                    certify(&network, &images, &[0.0, 0.1]).proven,
                    [0, 0],
                    "{weight} {bias} {hidden:?} {pruned}"
                );
            }
        }
    }
}

#[test]
fn without_units_only_the_biases_are_left_and_they_are_proven() {
    let mut network = made(&[3, 2], |_, _, _| 0.1, |_, output| output as f32);
    network.set_pruned_units(&[vec![], vec![0, 1]]).unwrap();
    let images = Images::new(vec![77; 2 * PIXELS], vec![9, 3]).unwrap();
    let certified = certify(&network, &images, &[0.5, 1.0]);
    assert_eq!(certified.largest, [Some(1), None]);
    assert_eq!((certified.total, certified.clean_correct), (2, 1));
    assert_eq!((&certified.proven, &certified.by_intervals), (&vec![1, 1], &vec![1, 1]));
}

#[test]
fn sizes_and_ranges_do_not_change_what_is_proven() {
    let network = network(&[12, 8], 3, true);
    let pixels = (0..30).flat_map(|seed| image(seed).image(0).to_vec()).collect();
    let plain = Images::new(pixels, vec![0; 30]).unwrap();
    // The labels are what the network reads, so that there is something to prove.
    let rows =
        Array2::from_shape_fn((30, PIXELS), |(i, p)| PIXEL_VALUE[usize::from(plain.image(i)[p])]);
    let (mut pass, mut labels) = (Pass::default(), Vec::new());
    Compact::new(&network).forward(Input::Values(rows.view()), &mut pass);
    pass.predictions(&mut labels);
    labels[7] = (labels[7] + 1) % 10;
    let pixels = (0..30).flat_map(|index| plain.image(index).to_vec()).collect();
    let images = Images::new(pixels, labels).unwrap();
    let sizes = [0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.5];
    let all = certify(&network, &images, &sizes);
    assert_eq!((all.total, all.clean_correct, all.largest[7]), (30, 29, None));
    assert!(all.proven.is_sorted_by(|a, b| a >= b) && all.by_intervals.is_sorted_by(|a, b| a >= b));
    assert!(all.proven[1] > 20 && all.proven[6] == 0, "{all:?}");
    assert!(all.by_intervals.iter().zip(&all.proven).all(|(a, b)| a <= b), "{all:?}");
    for (index, size) in sizes.iter().enumerate() {
        let alone = certify(&network, &images, &[*size]);
        assert_eq!(alone.proven[0], all.proven[index]);
        assert_eq!(alone.by_intervals[0], all.by_intervals[index]);
    }
    let mut parts = Vec::new();
    for range in [0..11, 11..11, 11..30] {
        let mut certifying = Certifying::new(&network, &sizes, range).unwrap();
        while !certifying.step(&images) {}
        parts.extend(certifying.counts().largest);
    }
    assert_eq!(parts, all.largest);
}

#[test]
fn sizes_that_make_no_sense_get_a_sentence() {
    let network = Mlp::he_normal(&[2], 0);
    for sizes in [&[][..], &[0.1, 0.1], &[0.2, 0.1], &[-0.1], &[1.1], &[f64::NAN]] {
        let sentence = Certifying::new(&network, sizes, 0..1).unwrap_err();
        assert!(sentence.contains("from 0 to 1") && sentence.contains("ascending"), "{sentence}");
    }
    assert!(Certifying::new(&network, &[0.0, 1.0], 0..0).unwrap().step(&Images::default()));
}
