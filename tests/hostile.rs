//! Hostile links and files: what fuzzing found worth keeping is read again, in every test run. The
//! targets are those of `cargo xtask fuzz`; so is the bound on memory. Time is only measured there.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "fuzz/targets/mod.rs"]
mod targets;

use arbitrary::Unstructured;
use secateurs::data::{ChunkInfo, Dataset, PIXELS, Set, hex};
use secateurs::import::{Brought, How, images, network};
use secateurs::recipe::parse_link;
use secateurs::words::is_plain;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use targets::archive::{crc32, deflated, zip};
use targets::{MOST_BYTES, TARGETS, run};

/// The corpus of a target: an input a line, in hexadecimal digits.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let file = folder.join(format!("{target}.txt"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.lines().map(|line| line.as_bytes().as_chunks().0.iter().map(byte).collect()).collect()
}

#[test]
fn the_corpus_is_read_or_refused_within_bounds() {
    for (target, _) in TARGETS {
        let inputs = corpus(target);
        assert!(inputs.len() >= 10, "{target} has only {} inputs", inputs.len());
        for (at, input) in inputs.iter().enumerate() {
            let mut most = 0;
            run(target, input, &mut |read| {
                most = most.max(allocation_counter::measure(&mut *read).bytes_max);
            });
            assert!(most <= MOST_BYTES, "{target}, line {}: {most} bytes were held", at + 1);
        }
    }
}

/// What comes of reading, and the most that was held meanwhile.
fn held<T>(read: impl FnOnce() -> T) -> (T, u64) {
    let mut outcome = None;
    let most = allocation_counter::measure(|| outcome = Some(read())).bytes_max;
    (outcome.unwrap(), most)
}

fn safetensors(arrays: &[(String, Vec<usize>)]) -> Vec<u8> {
    let (mut header, mut end) = (Map::new(), 0);
    for (name, shape) in arrays {
        let length = 4 * shape.iter().product::<usize>();
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": [end, end + length] });
        header.insert(name.clone(), entry);
        end += length;
    }
    let header = Value::Object(header).to_string();
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &vec![0; end]].concat()
}

fn read(bytes: &[u8]) -> Result<Brought, String> {
    let json = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    network(bytes, How { zeros_pruned: true, normalised: true }, json)
}

#[test]
fn the_largest_network_of_nothing_but_zeros_is_read_within_bounds() {
    let sizes = [784, 1024, 1024, 1024, 1024, 10];
    let layers = sizes.windows(2).enumerate();
    let layers = layers.map(|(at, pair)| (format!("l{at}.weight"), vec![pair[1], pair[0]]));
    let file = safetensors(&layers.collect::<Vec<_>>());
    let (brought, most) = held(|| read(&file).unwrap());
    assert_eq!(brought.zeros, brought.network.weight_count());
    assert!(most <= MOST_BYTES, "{most} bytes were held");
}

#[test]
fn the_largest_archive_is_read_within_bounds() {
    let sizes = [784, 1024, 1024, 1024, 1024, 10];
    let array = |(name, [rows, columns], value): (String, [usize; 2], f64)| {
        let header =
            format!("{{'descr': '<f8', 'fortran_order': True, 'shape': ({rows}, {columns})}}");
        let length = (header.len() as u16).to_le_bytes();
        let mut bytes = [b"\x93NUMPY\x01\0", &length[..], header.as_bytes()].concat();
        bytes.extend(std::iter::repeat_n(value.to_le_bytes(), rows * columns).flatten());
        (name, bytes, 0)
    };
    let arrays = sizes.windows(2).enumerate().flat_map(|(at, pair)| {
        let shape = [pair[1], pair[0]];
        [
            (format!("l{at}.weight_orig.npy"), shape, 0.001),
            (format!("l{at}.weight_mask.npy"), shape, 1.0),
        ]
    });
    let arrays: Vec<_> = arrays.map(array).collect();
    // Ones decide that entries are packed, and that nothing is a lie.
    let file = zip(&mut Unstructured::new(&[1; 10_000]), &arrays).unwrap();
    let (brought, most) = held(|| read(&file).unwrap());
    assert!(brought.masks);
    assert_eq!(brought.network.hidden(), [1024; 4]);
    assert!(most <= MOST_BYTES, "{most} bytes were held");
}

#[test]
fn names_without_end_are_refused() {
    let long = |at: usize| (format!("{}{at}", "a.".repeat(500)), vec![1]);
    let file = safetensors(&(0..900).map(long).collect::<Vec<_>>());
    let (outcome, most) = held(|| read(&file).map(drop));
    assert!(outcome.unwrap_err().contains("at most 256"));
    assert!(most <= MOST_BYTES, "{most} bytes were held");
}

#[test]
fn more_images_than_are_held_are_refused() {
    let labels =
        |count: u32| [&[0, 0, 8, 1][..], &count.to_be_bytes(), &vec![3; count as usize]].concat();
    let many = labels(40_000);
    let two = [("a".to_owned(), &many[..]), ("b".to_owned(), &many[..])];
    assert!(images(&two).unwrap_err().contains("80000 images, but at most 70000"));
    let more = labels(70_001);
    assert!(images(&[("a".to_owned(), &more[..])]).unwrap_err().contains("1 to 70000"));
}

/// Bytes packed by gzip.
fn gzip(content: &[u8]) -> Vec<u8> {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];
    let packed = deflated(content, 0);
    let (sum, length) = (crc32(content), content.len() as u32);
    [&head[..], &packed, &sum.to_le_bytes(), &length.to_le_bytes()].concat()
}

#[test]
fn as_many_images_as_are_held_are_read_within_bounds() {
    let pixels = (0..70_000 * PIXELS).map(|at| (at * at % 253) as u8);
    let pixels: Vec<_> =
        [0, 0, 8, 3].into_iter().chain(sizes([70_000, 28, 28])).chain(pixels).collect();
    let labels = (0..70_000).map(|at| (at % 10) as u8);
    let labels: Vec<_> = [0, 0, 8, 1].into_iter().chain(sizes([70_000])).chain(labels).collect();
    for (pixels, labels) in [(gzip(&pixels), gzip(&labels)), (pixels, labels)] {
        let files = [("a".to_owned(), &pixels[..]), ("b".to_owned(), &labels[..])];
        let (brought, most) = held(|| images(&files).unwrap());
        assert_eq!((brought.data.train.len(), brought.data.test.len()), (58_334, 11_666));
        assert_eq!(brought.data.test.label(11_665), 5);
        assert!(most <= MOST_BYTES, "{most} bytes were held");
    }
}

fn sizes<const N: usize>(sizes: [u32; N]) -> impl Iterator<Item = u8> {
    sizes.into_iter().flat_map(u32::to_be_bytes)
}

#[test]
fn a_chunk_from_far_away_takes_no_more_than_its_own_place() {
    let bytes = vec![1; PIXELS + 1];
    let info = |first| ChunkInfo {
        file: "x".into(),
        set: Set::Train,
        first,
        count: 1,
        bytes: 0,
        sha256: hex(&Sha256::digest(&bytes)),
    };
    let mut data = Dataset::default();
    let (outcome, most) = held(|| data.add_chunk(&info(69_999), &bytes));
    assert_eq!((outcome, data.train.len()), (Ok(()), 0));
    assert!(most < 1 << 20, "{most} bytes were held");
    assert!(data.add_chunk(&info(70_000), &bytes).is_err());
}

#[test]
fn sentences_hold_nothing_that_turns_or_ends_them() {
    for link in ["v=1&\u{202e}a\u{0}=1", "v=1&a%0Ab=c", "v=1&prune=by:%E2%80%AEx", "v=%1B[31m"] {
        let sentence = parse_link(link).unwrap_err();
        assert!(sentence.chars().all(is_plain), "{sentence:?}");
    }
}
