//! One's own images: IDX files as MNIST is published in, packed by gzip or not, recognised by what
//! they hold and not by their names.

use super::called;
use super::inflate::unpacked;
use crate::data::{CLASSES, Dataset, Images, PIXELS, digest, read_images, read_labels};
use crate::limits::{FILE_BYTES, IMAGES};

/// Of one set alone, every sixth image is for testing: MNIST's own share is a seventh.
const EVERY: usize = 6;

/// Images from files.
#[derive(Debug, Clone)]
pub struct BroughtImages {
    /// The images, named by their digest.
    pub data: Dataset,
    /// Whether there was one set alone, of which every sixth image is now for testing.
    pub split: bool,
}

/// A set: pixels and labels.
type Labelled = (Vec<u8>, Vec<u8>);

/// Reads one or two sets from two or four files, each with its name, in any order.
///
/// # Errors
/// One sentence that says what is missing or does not fit.
pub fn images(files: &[(String, &[u8])]) -> Result<BroughtImages, String> {
    let (mut pictures, mut labels) = (Vec::new(), Vec::new());
    let mut counts = [0; 2];
    for (name, bytes) in files {
        let of = |why: String| format!("{} cannot be used: {why}", called(name));
        if bytes.len() > FILE_BYTES {
            return Err(of(format!("it is longer than {} MiB.", FILE_BYTES >> 20)));
        }
        let content = unpacked(bytes).map_err(of)?;
        match content.get(..4) {
            Some([0, 0, 8, 3]) => {
                let pixels = read_images(&content).map_err(of)?;
                check_count(&mut counts[0], pixels.len() / PIXELS).map_err(of)?;
                pictures.push((name, pixels));
            }
            Some([0, 0, 8, 1]) => {
                let read = read_labels(&content).map_err(of)?;
                check_count(&mut counts[1], read.len()).map_err(of)?;
                if let Some(label) = read.iter().find(|label| usize::from(**label) >= CLASSES) {
                    return Err(of(format!("a label is {label}, but labels are 0 to 9.")));
                }
                labels.push((name, read));
            }
            Some([0, 0, kind, dimensions]) => {
                return Err(of(format!(
                    "it is an IDX file of type {kind:#04x} with {dimensions} dimensions, but \
                     images are bytes (0x08) with 3 and labels bytes with 1."
                )));
            }
            _ => return Err(of("it is no IDX file.".into())),
        }
    }
    let mut sets = Vec::new();
    for (name, pixels) in pictures {
        let count = pixels.len() / PIXELS;
        let own = labels
            .iter()
            .position(|(label, read)| read.len() == count && belongs(name, label, &labels, count));
        let Some(own) = own else {
            return Err(format!(
                "{} holds {count} images, but no file {count} labels for them.",
                called(name)
            ));
        };
        let (_, read) = labels.swap_remove(own);
        sets.push((name.to_ascii_lowercase(), (pixels, read)));
    }
    if let Some((name, _)) = labels.first() {
        return Err(format!("The labels in {} belong to no file of images.", called(name)));
    }
    if sets.len() > 2 {
        return Err(format!(
            "There are {} sets of images, but at most two are used: one to train on, one to test \
             on.",
            sets.len()
        ));
    }
    // The set for testing is named so, or is the smaller one.
    let is_test = |name: &str| name.contains("t10k") || name.contains("test");
    let last =
        |(name, (_, labels)): &(String, Labelled)| (is_test(name), std::cmp::Reverse(labels.len()));
    if let [first, second] = &sets[..]
        && last(first) > last(second)
    {
        sets.swap(0, 1);
    }
    let mut sets = sets.into_iter().map(|(_, set)| set);
    let (train, test) = (sets.next(), sets.next());
    let split = test.is_none();
    let (train, test) = match (train, test) {
        (Some(train), Some(test)) => (train, test),
        (Some(whole), None) => parted(whole)?,
        _ => return Err("There is no IDX file of images among these files.".into()),
    };
    let digest = digest_of(&train, &test);
    let [train, test] = [train, test].map(|(pixels, labels)| Images::new(pixels, labels));
    let (train, test) = (train?, test?);
    let expected = Some((train.len(), test.len()));
    Ok(BroughtImages { data: Dataset { train, test, expected, digest: Some(digest) }, split })
}

/// Adds what a file holds to what the files before it hold.
fn check_count(all: &mut usize, count: usize) -> Result<(), String> {
    *all += count;
    if count == 0 || count > IMAGES {
        return Err(format!("it is of {count} images, but 1 to {IMAGES} are allowed."));
    }
    if *all > IMAGES {
        return Err(format!(
            "with it there are {all} images, but at most {IMAGES} are used, those to train and \
             those to test on together."
        ));
    }
    Ok(())
}

/// Whether labels are those of images: by their number, and where several are as many, by the set
/// that the names say.
fn belongs(images: &str, label: &str, labels: &[(&String, Vec<u8>)], count: usize) -> bool {
    let alike = labels.iter().filter(|(_, read)| read.len() == count).count();
    let set = |name: &str| {
        let name = name.to_ascii_lowercase();
        (name.contains("t10k") || name.contains("test"), name.contains("train"))
    };
    alike == 1 || set(images) == set(label)
}

/// One set as two: every sixth image is for testing.
fn parted((pixels, labels): Labelled) -> Result<(Labelled, Labelled), String> {
    if labels.len() < EVERY {
        return Err(format!(
            "There are {} images in one set, but at least {EVERY} are needed to train on some and \
             test on others.",
            labels.len()
        ));
    }
    let (mut train, mut test) = (Labelled::default(), Labelled::default());
    for (index, (image, label)) in pixels.chunks_exact(PIXELS).zip(labels).enumerate() {
        let set = if index % EVERY == EVERY - 1 { &mut test } else { &mut train };
        set.0.extend_from_slice(image);
        set.1.push(label);
    }
    Ok((train, test))
}

/// What stands for both sets.
fn digest_of(train: &Labelled, test: &Labelled) -> String {
    let parts = [train, test].map(|(pixels, labels)| digest(labels) + &digest(pixels));
    digest(parts.concat().as_bytes())
}
