use super::testing::*;
use super::*;
use crate::data::{self, PIXELS};
use proptest::prelude::*;

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn read(bytes: &[u8]) -> Result<Brought, String> {
    network(bytes, How::default(), json)
}

/// Sentences of every refusal.
fn refused(bytes: &[u8]) -> String {
    let sentence = read(bytes).unwrap_err();
    assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
    sentence
}

fn small() -> Mlp {
    let mut network = Mlp::he_normal(&[12, 12, 7], 3);
    let layers = network.layers().iter().enumerate().map(|(index, layer)| {
        let biases = (0..layer.biases().len()).map(|unit| (unit + index) as f32 * 0.25).collect();
        crate::network::Layer::new(layer.weights(), biases).unwrap()
    });
    network = Mlp::from_layers(layers.collect()).unwrap();
    network
}

#[test]
fn every_form_of_file_gives_the_same_network() {
    let original = small();
    let torch = arrays(&original, "layers.{}.weight", "layers.{}.bias", false);
    let keras = arrays(&original, "dense_{}/kernel:0", "dense_{}/bias:0", true);
    let plain = arrays(&original, "w{}", "b{}", false);
    let files = [
        ("torch", safetensors(&torch, "F32"), false),
        ("double", safetensors(&torch, "F64"), false),
        ("keras", safetensors(&keras, "F32"), true),
        ("stored", npz(&plain, "<f4", false, false), false),
        ("deflated", npz(&plain, "<f4", false, true), false),
        ("doubles", npz(&plain, "<f8", false, true), false),
        ("by columns", npz(&plain, "<f4", true, true), false),
        ("transposed", npz(&keras, "<f4", false, true), true),
        ("transposed by columns", npz(&keras, "<f4", true, false), true),
    ];
    for (what, bytes, transposed) in files {
        let brought = read(&bytes).unwrap();
        assert_eq!(brought.network.digest(), original.digest(), "{what}");
        assert_eq!((brought.transposed, brought.biases), (transposed, 4), "{what}");
        assert_eq!(brought.sentence(), "784-12-12-7-10, 4 weights and 4 biases, 0 % zeros.");
    }
}

#[test]
fn an_older_header_and_a_newer_one_are_read() {
    let original = small();
    for version in [1, 2, 3] {
        let entries = arrays(&original, "w{}", "b{}", false).into_iter();
        let entries = entries.map(|a| (format!("{}.npy", a.name), npy(&a, "<f4", false, version)));
        let bytes = zip(&entries.collect::<Vec<_>>(), true);
        assert_eq!(read(&bytes).unwrap().network.digest(), original.digest());
    }
}

#[test]
fn arrays_that_were_never_named_are_taken_in_order() {
    let original = small();
    let mut nameless = arrays(&original, "arr", "arr", false);
    nameless.iter_mut().enumerate().for_each(|(at, array)| array.name = format!("arr_{at}"));
    let brought = read(&npz(&nameless, "<f4", false, true)).unwrap();
    assert_eq!(brought.network.digest(), original.digest());
    assert_eq!(brought.weights, ["`arr_0`", "`arr_2`", "`arr_4`", "`arr_6`"]);
}

#[test]
fn layers_of_one_shape_are_ordered_by_the_numbers_in_their_names() {
    let original = Mlp::he_normal(&[9, 9, 9], 1);
    let mut named = arrays(&original, "net.{}.weight", "net.{}.bias", false);
    // As a Sequential has them, with its ReLUs between: 0, 2, 4, … and 10 after 8.
    for array in &mut named {
        let place: usize = array.name[4..5].parse().unwrap();
        array.name = format!("net.{}{}", 7 + 2 * place, &array.name[5..]);
    }
    named.reverse();
    assert_eq!(read(&safetensors(&named, "F32")).unwrap().network.digest(), original.digest());
}

#[test]
fn coarser_numbers_are_read_too() {
    let coarse = |bits: u32| f32::from_bits(bits >> 16 << 16);
    let weights = Mlp::he_normal(&[5], 0);
    let rounded = arrays(&weights, "fc{}.weight", "fc{}.bias", false);
    let brought = read(&safetensors(&rounded, "BF16")).unwrap();
    let expected = weights.layers()[0].weights().mapv(|weight| coarse(weight.to_bits()));
    assert_eq!(brought.network.layers()[0].weights(), expected);
}

#[test]
fn missing_biases_are_zeros_and_zeros_are_told() {
    let mut some = vec![
        array("fc1.weight", &[4, 784], |at| if at % 2 == 0 { 0.0 } else { 0.5 }),
        array("fc2.weight", &[10, 4], |_| 1.0),
    ];
    let brought = read(&safetensors(&some, "F32")).unwrap();
    assert_eq!(brought.sentence(), "784-4-10, 2 weights and 0 biases, 49 % zeros.");
    assert_eq!((brought.zeros, brought.network.sparsity()), (4 * 392, 0.0));
    assert!(brought.network.layers().iter().all(|layer| layer.biases().iter().all(|b| *b == 0.0)));
    let how = How { zeros_pruned: true, ..How::default() };
    let pruned = network(&safetensors(&some, "F32"), how, json).unwrap();
    assert_eq!(pruned.network.pruned_weight_count(), 4 * 392);
    assert_ne!(pruned.network.digest(), brought.network.digest());
    some.push(array("fc2.bias", &[10], |_| 1.0));
    let said = read(&safetensors(&some, "F32")).unwrap().sentence();
    assert!(said.contains("2 weights and 1 bias,"), "{said}");
}

#[test]
fn masks_of_pytorch_prune() {
    let file = [
        array("fc1.weight_orig", &[3, 784], |at| 1.0 + at as f32),
        array("fc1.weight_mask", &[3, 784], |at| (at % 3) as f32),
        array("fc1.bias", &[3], |_| 0.5),
        array("fc2.weight", &[10, 3], |_| 1.0),
        array("fc2.bias_orig", &[10], |_| 1.0),
        array("fc2.bias_mask", &[10], |at| (at % 2) as f32),
    ];
    let brought = read(&safetensors(&file, "F32")).unwrap();
    assert!(brought.masks);
    assert_eq!(brought.network.pruned_weight_count(), 784);
    let layer = &brought.network.layers()[0];
    assert!(!layer.keeps_weight(1, 2) && layer.weights()[[1, 2]] == 787.0);
    assert_eq!(brought.network.layers()[1].biases().sum(), 5.0);
}

#[test]
fn what_was_trained_on_normalised_images_reads_ours() {
    let file = [
        array("w1", &[2, 784], |at| (at as f32).sin()),
        array("b1", &[2], |_| 1.0),
        array("w2", &[10, 2], |_| 1.0),
    ];
    let how = How { normalised: true, ..How::default() };
    let network = network(&safetensors(&file, "F32"), how, json).unwrap().network;
    let pixel = |at: usize| (at % 256) as f64 / 255.0;
    let layer = &network.layers()[0];
    for unit in 0..2 {
        let weight = |at: usize| f64::from(file[0].values[unit * 784 + at]);
        let theirs: f64 = (0..784).map(|at| weight(at) * (pixel(at) - 0.1307) / 0.3081).sum();
        let ours: f64 = (0..784).map(|at| f64::from(layer.weights()[[unit, at]]) * pixel(at)).sum();
        let ours = ours + f64::from(layer.biases()[unit]);
        assert!((1.0 + theirs - ours).abs() < 1e-3, "{theirs} {ours}");
    }
}

#[test]
fn what_does_not_fit_is_said_precisely() {
    let one = |arrays: &[Array]| refused(&safetensors(arrays, "F32"));
    let ones = |_| 1.0;
    let fits = || vec![array("a.weight", &[5, 784], ones), array("b.weight", &[10, 5], ones)];
    let with = |more: Array| {
        let mut arrays = fits();
        arrays.push(more);
        one(&arrays)
    };
    assert_eq!(
        with(array("conv1.weight", &[2, 1, 3, 3], ones)),
        "The array `conv1.weight` has 4 dimensions (2 × 1 × 3 × 3); only fully connected layers \
         fit here, whose weights have 2."
    );
    let sentence = with(array("bn.running_mean", &[5], ones));
    assert!(sentence.contains("`bn.running_mean` (5) belongs to no weight"), "{sentence}");
    let sentence = with(array("a.bias", &[6], ones));
    assert!(sentence.contains("`a.bias` is 6, but its weight `a.weight` makes 5"), "{sentence}");
    let sentence = with(array("c.weight_mask", &[5, 784], ones));
    assert!(sentence.contains("masks nothing"), "{sentence}");
    let sentence = with(array("a.weight_mask", &[4, 784], ones));
    assert!(sentence.contains("is 4 × 784, but the weight it masks is 5 × 784"), "{sentence}");
    let sentence = with(array("a.kernel", &[5, 5], ones));
    assert!(sentence.contains("the same name"), "{sentence}");
    let sentence = with(array("far.weight", &[3, 4], ones));
    assert!(sentence.contains("do not follow each other"), "{sentence}");
    assert!(sentence.contains("`far.weight` is 3 × 4"), "{sentence}");
    let sentence = one(&[array("w", &[10, 784], ones)]);
    assert!(sentence.contains("no hidden layer"), "{sentence}");
    let sentence = one(&[array("w1", &[1025, 784], ones), array("w2", &[10, 1025], ones)]);
    assert!(sentence.contains("at most 1024"), "{sentence}");
    let sentence = one(&[array("w1", &[5, 3072], ones), array("w2", &[10, 5], ones)]);
    assert!(sentence.contains("784 pixels"), "{sentence}");
    let sentence = one(&[array("w1", &[5, 784], ones), array("w2", &[100, 5], ones)]);
    assert!(sentence.contains("10 outputs"), "{sentence}");
    let sentence = one(&[array("b1", &[5], ones)]);
    assert!(sentence.contains("belongs to no weight"), "{sentence}");
    assert!(one(&[]).contains("no weights"));
    let six: Vec<_> = (0..6).map(|at| array(&format!("w{at}"), &[10, 10], ones)).collect();
    assert!(one(&six).contains("6 weight matrices"));
    let mut infinite = fits();
    infinite[1].values[3] = f32::INFINITY;
    assert!(one(&infinite).contains("`b.weight`: A weight or bias is not a finite number"));
}

#[test]
fn what_no_network_is_made_of_is_left_aside() {
    let mut entries: Vec<_> = arrays(&small(), "w{}", "b{}", false)
        .iter()
        .map(|a| (format!("{}.npy", a.name), npy(a, "<f4", false, 1)))
        .collect();
    entries.push(("accuracy.npy".into(), npy(&array("accuracy", &[], |_| 0.9), "<f4", false, 1)));
    entries.push(("labels.npy".into(), npy(&array("labels", &[2], |_| 0.0), "<i4", false, 1)));
    entries.push(("notes.txt".into(), b"trained at night".to_vec()));
    let brought = read(&zip(&entries, true)).unwrap();
    assert_eq!(brought.network.digest(), small().digest());
    assert_eq!(brought.aside, ["accuracy", "labels"]);
    entries[0].1 = npy(&array("w0", &[12, 784], |_| 0.0), ">f4", false, 1);
    assert!(refused(&zip(&entries, true)).contains("`w0` are of the type `>f4`"));
}

#[test]
fn other_files_get_their_own_sentence() {
    assert!(refused(b"").contains("neither"));
    assert!(refused(b"\x89HDF\r\n\x1a\n").contains("HDF5"));
    assert!(refused(&npy(&array("w", &[2, 2], |_| 0.0), "<f4", false, 1)).contains("single"));
    let pickle = zip(&[("net/data.pkl".into(), b"cos\nsystem\n".to_vec())], false);
    assert!(refused(&pickle).contains("pickle"));
    assert!(refused(&zip(&[("a.txt".into(), vec![])], false)).contains("no NumPy array"));
}

#[test]
fn what_files_promise_is_not_believed() {
    let huge = with_header(
        r#"{"w1":{"dtype":"F32","shape":[1000000000000,784],"data_offsets":[0,4]}}"#,
        &[0; 4],
    );
    refused(&huge);
    let overflowing =
        format!(r#"{{"w1":{{"dtype":"F32","shape":[{0},{0}],"data_offsets":[0,4]}}}}"#, usize::MAX);
    refused(&with_header(&overflowing, &[0; 4]));
    let backwards = r#"{"w1":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#;
    assert!(refused(&with_header(backwards, &[0; 4])).contains("cut short"));
    let long = [&u64::MAX.to_le_bytes()[..], b"{}"].concat();
    assert!(refused(&long).contains("at most"));
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(refused(&with_header(&deep, &[])).contains("damaged"));
    // A bomb: a few bytes that say they unpack to gigabytes, and some that do not say it.
    let zeros = zip(&[("w1.npy".into(), vec![0; 1 << 20])], true);
    let place = zeros.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let mut bomb = zeros.clone();
    bomb[place + 24..place + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refused(&bomb).contains("more than 1 MiB"));
    let mut liar = npz(&arrays(&small(), "w{}", "b{}", false), "<f4", false, true);
    let place = liar.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    liar[place + 24] ^= 1;
    assert!(refused(&liar).contains("is damaged"));
    let mut flipped = npz(&arrays(&small(), "w{}", "b{}", false), "<f4", false, false);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert!(refused(&flipped).contains("checksum"));
}

fn labels(count: usize) -> Vec<u8> {
    (0..count).map(|index| (index % 10) as u8).collect()
}

fn pixels(count: usize) -> Vec<u8> {
    (0..count * PIXELS).map(|index| (index * 7 % 256) as u8).collect()
}

fn set(count: usize) -> [Vec<u8>; 2] {
    [idx(&[count as u32, 28, 28], &pixels(count)), idx(&[count as u32], &labels(count))]
}

fn brought(files: &[(&str, &[u8])]) -> Result<BroughtImages, String> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
    images(&files)
}

#[test]
fn sets_of_images_are_recognised_whatever_their_names() {
    let ([big, big_labels], [few, few_labels]) = (set(12), set(5));
    let packed = gzip(&big);
    let found =
        brought(&[("c", &few_labels), ("a", &packed), ("d", &big_labels), ("b", &few)]).unwrap();
    assert_eq!((found.data.train.len(), found.data.test.len(), found.split), (12, 5, false));
    assert_eq!(found.data.train.image(11), &pixels(12)[11 * PIXELS..]);
    assert_eq!(found.data.test.label(4), 4);
    let digest = found.data.digest.clone().unwrap();
    // Links to one's own images hold it.
    let parts = [labels(12), pixels(12), labels(5), pixels(5)].map(|part| data::digest(&part));
    assert_eq!(digest, data::digest(parts.concat().as_bytes()));
    let again = brought(&[("x", &big), ("y", &few), ("z", &big_labels), ("w", &few_labels)]);
    assert_eq!(again.unwrap().data.digest, Some(digest.clone()));
    // Named for testing, the larger one is for testing.
    let named = [
        ("t10k-images", &big[..]),
        ("t10k-labels", &big_labels),
        ("images", &few),
        ("l", &few_labels),
    ];
    let named = brought(&named).unwrap().data;
    assert_eq!((named.train.len(), named.test.len()), (5, 12));
    assert_ne!(named.digest, Some(digest));
}

#[test]
fn sets_of_one_size_are_told_apart_by_their_names() {
    let [images, mut other] = set(7);
    let [test_images, labels] = set(7);
    other[8] = 9;
    let found = brought(&[
        ("test-labels", &labels),
        ("train-labels", &other),
        ("train-images", &images),
        ("test-images", &test_images),
    ]);
    let data = found.unwrap().data;
    assert_eq!((data.train.label(0), data.test.label(0)), (9, 0));
}

#[test]
fn of_one_set_every_sixth_image_is_for_testing() {
    let [images, labels] = set(20);
    let found = brought(&[("images", &images), ("labels", &labels)]).unwrap();
    assert!(found.split);
    assert_eq!((found.data.train.len(), found.data.test.len()), (17, 3));
    assert_eq!(found.data.test.image(1), &pixels(20)[11 * PIXELS..12 * PIXELS]);
}

#[test]
fn images_that_do_not_fit_get_a_sentence() {
    let [images, labels] = set(8);
    let said = |files: &[(&str, &[u8])]| {
        let sentence = brought(files).unwrap_err();
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{sentence}");
        sentence
    };
    assert!(said(&[]).contains("no IDX file of images"));
    assert!(said(&[("a", &images)]).contains("no file 8 labels"));
    assert!(said(&[("a", &labels)]).contains("belong to no file of images"));
    assert!(said(&[("a", b"hello")]).contains("no IDX file"));
    let [small, small_labels] = set(3);
    assert!(said(&[("a", &small), ("b", &small_labels)]).contains("at least 6"));
    assert!(said(&[("a", &idx(&[1, 32, 32], &[0; 1024]))]).contains("28 × 28"));
    assert!(said(&[("a", &idx(&[8], &[10; 8]))]).contains("a label is 10"));
    assert!(said(&[("a", &idx(&[0, 28, 28], &[]))]).contains("1 to 70000"));
    assert!(said(&[("a", &idx(&[u32::MAX, 28, 28], &[]))]).contains("1 to 70000"));
    assert!(said(&[("a", &images[..100]), ("b", &labels)]).contains("but 84 follow"));
    let mut packed = gzip(&labels);
    let end = packed.len() - 6;
    packed[end] ^= 1;
    assert!(said(&[("a", &packed)]).contains("checksum"));
    assert!(said(&[("a", &packed[..12])]).contains("cut short"));
    let mut more = images.clone();
    more.push(0);
    assert!(said(&[("a", &more), ("b", &labels)]).contains("more follow"));
    let bomb = gzip(&idx(&[20_000, 28, 28], &vec![0; 20_000 * PIXELS]));
    let many = idx(&[20_000], &vec![0; 20_000]);
    assert!(said(&[("a", &bomb), ("b", &many)]).contains("more than it may"));
}

/// Files that are good, to be damaged.
fn good(kind: usize) -> Vec<u8> {
    let network = arrays(&Mlp::he_normal(&[3], 0), "fc{}.weight", "fc{}.bias", false);
    match kind {
        0 => safetensors(&network, "F32"),
        1 => npz(&network, "<f4", false, false),
        2 => npz(&network, "<f8", true, true),
        3 => gzip(&set(7)[0]),
        _ => set(7)[1].clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_files_are_read_or_refused_in_a_sentence(
        kind in 0usize..5,
        // Most of the structure stands at a file's ends.
        changes in prop::collection::vec((0usize..400, any::<bool>(), any::<u8>()), 0..12),
        cut in prop::option::of(0.0f64..1.0),
    ) {
        let mut bytes = good(kind);
        for (at, from_end, byte) in changes {
            let at = at % bytes.len();
            let at = if from_end { bytes.len() - 1 - at } else { at };
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate((cut * bytes.len() as f64) as usize);
        }
        let outcomes = [
            network(&bytes, How { zeros_pruned: true, normalised: true }, json).map(drop),
            images(&[("a".into(), &bytes), ("b".into(), &set(7)[1])]).map(drop),
        ];
        for sentence in outcomes.into_iter().filter_map(Result::err) {
            prop_assert!(sentence.ends_with('.') && sentence.len() < 1000, "{}", sentence);
        }
    }

    #[test]
    fn any_bytes_are_refused_in_a_sentence(mut bytes: Vec<u8>, start in 0usize..5) {
        let starts: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\0\0\x08\x03", b"\x05\0\0\0\0\0\0\0{"];
        bytes.splice(0..0, starts[start].iter().copied());
        prop_assert!(network(&bytes, How::default(), json).unwrap_err().ends_with('.'));
        prop_assert!(images(&[("a".into(), &bytes)]).unwrap_err().ends_with('.'));
    }
}
