use super::arrays::{Named, Values, acting, masks};
use super::*;
use crate::data::PIXELS;
use crate::network::Mlp;
use crate::recipe::{Recipe, check_recipe, parse_link};
use ::safetensors::{Dtype, SafeTensors};
use ndarray_npy::NpzReader;
use proptest::prelude::*;
use std::io::Cursor;

fn recipe() -> Recipe {
    check_recipe(&serde_json::json!({})).unwrap()
}

/// A network with weights, units and pixels pruned, as the numbers have it.
fn pruned(hidden: &[usize], seed: u32) -> Mlp {
    let mut network = Mlp::he_normal(hidden, seed);
    let draw = |at: usize, of: usize| (seed as usize * 7919 + at * 104_729) % of;
    for layer in 0..network.layers().len() {
        let (outputs, inputs) = network.layers()[layer].weights().dim();
        network.prune_weights(layer, (0..9).map(|at| (draw(at, outputs), draw(at + 1, inputs))));
    }
    network.prune_pixels(&[draw(3, PIXELS)]);
    let units = hidden.iter().map(|units| vec![draw(5, *units)]).collect::<Vec<_>>();
    network.set_pruned_units(&units).unwrap();
    network
}

fn floats(array: &Named) -> Vec<u32> {
    match &array.values {
        Values::Float(values) => values.iter().map(|value| value.to_bits()).collect(),
        Values::Bool(_) => Vec::new(),
    }
}

#[test]
fn what_is_pruned_is_zero_and_all_else_is_untouched() {
    let network = pruned(&[12, 7], 3);
    let arrays = acting(&network);
    let names: Vec<_> = arrays.iter().map(|array| array.name.as_str()).collect();
    assert_eq!(names[..3], ["layers.0.weight", "layers.0.bias", "layers.1.weight"]);
    assert_eq!(arrays[0].shape, [12, PIXELS]);
    let mut zeros = 0;
    for (index, layer) in network.layers().iter().enumerate() {
        let [weights, biases] = [&arrays[2 * index], &arrays[2 * index + 1]].map(floats);
        for ((output, input), weight) in layer.weights().indexed_iter() {
            let written = weights[output * layer.weights().ncols() + input];
            let acts = network.acts(index, output, input);
            assert_eq!(written, if acts { weight.to_bits() } else { 0 });
            zeros += usize::from(!acts);
        }
        for (unit, bias) in layer.biases().iter().enumerate() {
            let kept = network.kept_units().get(index).is_none_or(|kept| kept[unit]);
            assert_eq!(biases[unit], if kept { bias.to_bits() } else { 0 });
        }
    }
    assert_eq!(zeros, network.pruned_weight_count());
    assert_eq!(masks(&network).len(), arrays.len());
    assert!(masks(&Mlp::he_normal(&[4], 0)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn safetensors_are_read_back_bit_by_bit(
        hidden in prop::collection::vec(1usize..20, 1..4), seed in 0u32..1000
    ) {
        let network = pruned(&hidden, seed);
        let about = About::new(&recipe(), &network);
        let file = Format::Safetensors.write(&network, &about);
        let (_, header) = SafeTensors::read_metadata(&file).unwrap();
        let told = header.metadata().clone().unwrap();
        prop_assert_eq!(&told["digest"], &network.digest());
        prop_assert_eq!(&told["format"], "pt");
        let read = SafeTensors::deserialize(&file).unwrap();
        let arrays: Vec<_> = acting(&network).into_iter().chain(masks(&network)).collect();
        prop_assert_eq!(read.len(), arrays.len());
        for array in arrays {
            let found = read.tensor(&array.name).unwrap();
            prop_assert_eq!(found.shape(), &array.shape[..]);
            prop_assert_eq!(found.data(), &array.values.bytes()[..]);
            let of_bool = matches!(array.values, Values::Bool(_));
            prop_assert_eq!(found.dtype(), if of_bool { Dtype::BOOL } else { Dtype::F32 });
        }
    }

    #[test]
    fn archives_are_read_back_bit_by_bit(
        hidden in prop::collection::vec(1usize..20, 1..4), seed in 0u32..1000
    ) {
        let network = pruned(&hidden, seed);
        let file = Format::Npz.write(&network, &About::new(&recipe(), &network));
        let mut read = NpzReader::new(Cursor::new(file)).unwrap();
        for array in acting(&network) {
            let found: ndarray::ArrayD<f32> = read.by_name(&array.name).unwrap();
            prop_assert_eq!(found.shape(), &array.shape[..]);
            let bits: Vec<_> = found.iter().map(|value| value.to_bits()).collect();
            prop_assert_eq!(bits, floats(&array));
        }
        for array in masks(&network) {
            let found: ndarray::ArrayD<bool> = read.by_name(&array.name).unwrap();
            let Values::Bool(values) = array.values else { unreachable!() };
            prop_assert_eq!(found.into_raw_vec_and_offset().0, values);
        }
    }
}

#[test]
fn the_same_network_is_the_same_file_and_says_what_it_is() {
    let network = pruned(&[6], 1);
    let about = About::new(&recipe(), &network);
    assert_eq!(parse_link(&about.link).unwrap().digest, Some(network.digest()));
    for format in [Format::Safetensors, Format::Npz, Format::Onnx] {
        let file = format.write(&network, &about);
        assert_eq!(file, format.write(&network.clone(), &about));
        // NumPy keeps text with four bytes a letter.
        let plain: Vec<u8> = file.iter().copied().filter(|byte| *byte != 0).collect();
        let holds = |text: &str| plain.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(holds(&network.digest()) && holds(&about.link), "{format:?}");
    }
}

fn script(link: &str) -> String {
    script_of(&parse_link(link).unwrap().recipe)
}

fn script_of(recipe: &Recipe) -> String {
    let (network, before) = (pruned(&[9, 4], 2), Mlp::he_normal(&[9, 4], 2));
    let figures = Figures {
        clean: Some(97),
        distortion: vec![vec![0.0, 0.5, 0.25], vec![0.125]],
        ..Figures::default()
    };
    let names = Weights { after: "a.npz".into(), before: "b.npz".into() };
    Experiment::new(recipe, &network, &before, &figures).script("e.py", &names)
}

#[test]
fn the_script_is_short_and_has_no_gap_whatever_the_recipe() {
    let methods = crate::attack::METHODS.iter();
    let attacks = methods.flat_map(|facts| facts.norms.iter().map(move |norm| (facts, norm)));
    for (facts, norm) in attacks {
        for train in ["", "against:fgsm", "against:pgd,ramp:2,optimiser:sgd", "against:trades"] {
            let (method, norm) = (facts.name, norm.name());
            let restarts = if facts.usual("restarts").is_some() { ",restarts:2" } else { "" };
            let link = format!(
                "v=1&hidden=9-4&train={train}&prune&attack=method:{method},norm:{norm}{restarts}"
            );
            let script = script(&link);
            assert!(!script.contains("{{") && !script.contains("}}"), "{script}");
            assert!(script.lines().count() <= 235, "{}", script.lines().count());
        }
    }
    let usual = script("v=1&hidden=9-4&train=epochs:5&prune=amount:20");
    assert!(usual.lines().count() <= 190, "{}", usual.lines().count());
    assert!(usual.contains("Its steps: train=epochs:5, then prune=amount:20\n"));
    assert!(usual.contains("OURS = {\"clean\": 97, \"old\": None, \"again\": None}"));
    assert!(usual.contains("DISTORTED = [(1, 1, 0.5), (1, 2, 0.25), (2, 0, 0.125)]"));
    assert!(usual.contains("Network(\"a.npz\").eval(), Network(\"b.npz\")"));
}

/// A recipe that begins with a file and cuts units and pixels by hand.
fn brought() -> Recipe {
    let link = "v=1&data=00000000000000aa&hidden=9-4&file=0123456789abcdef";
    let mut json = serde_json::to_value(parse_link(link).unwrap().recipe).unwrap();
    let cut = serde_json::json!({ "step": "cut", "units": [[1], []], "pixels": [3, 700] });
    json["steps"].as_array_mut().unwrap().push(cut);
    check_recipe(&json).unwrap()
}

#[test]
fn the_script_says_where_a_network_from_a_file_came_from() {
    let script_text = script_of(&brought());
    assert!(script_text.contains("began as one from a file, digest 0123456789abcdef"));
    assert!(script_text.contains("Its steps: file=0123456789abcdef, then cut="));
    assert!(script_text.contains("Network(\"a.npz\")"));
    // Nobody knows how it was trained, so nothing is said of it and nothing offered.
    assert!(!script_text.contains("train]") && !script_text.contains("def trained"));
    // Trained from fresh weights since, the file has left no trace in the weights.
    let fresh = script("v=1&hidden=9-4&file=0123456789abcdef&train=epochs:3");
    assert!(!fresh.contains("began as one") && fresh.contains("range(3)"), "{fresh}");
}

#[test]
fn the_script_asks_for_images_of_ones_own() {
    let own = script("v=1&data=00000000000000aa&hidden=9-4&train=epochs:3");
    assert!(own.contains("digest 00000000000000aa"), "{own}");
    assert!(own.contains("python e.py FOLDER [--train]\n"), "{own}");
    // It must not measure on MNIST what was measured on other images.
    assert!(!own.contains("torchvision") && !own.contains("nargs"), "{own}");
    assert!(script("v=1&hidden=9-4&train").contains("python e.py [FOLDER] [--train]\n"));
}

#[test]
fn recipes_of_files_and_cuts_of_pixels_are_written_whole() {
    let recipe = brought();
    let network = pruned(&[9, 4], 2);
    let archive = Experiment::new(&recipe, &network, &network, &Figures::default()).archive();
    // Nothing in the zip is packed, so that the recipe's own text can be found in it.
    let text = crate::recipe::json_text(&recipe);
    assert!(archive.windows(text.len()).any(|part| part == text.as_bytes()));
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(check_recipe(&read).unwrap(), recipe);
    let link = About::new(&recipe, &network).link;
    assert_eq!(parse_link(&link).unwrap().recipe, recipe);
}
