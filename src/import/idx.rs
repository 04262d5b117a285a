//! One's own images: IDX files as MNIST is published in, packed by gzip or not, recognised by what
//! they hold and not by their names.

use super::called;
use super::source::Source;
use crate::data::{
    CLASSES, Dataset, IMAGES_HEADER, LABELS_HEADER, PIXELS, Set, digest, image_count, label_count,
};
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

/// Images of a file whose pixels have not been read yet.
struct Pictures<'a> {
    name: &'a str,
    count: usize,
    pixels: Source<'a>,
}

/// All files of images, and of labels with their names.
type Opened<'a> = (Vec<Pictures<'a>>, Vec<(&'a str, Vec<u8>)>);

/// A set: its images and their labels.
type Labelled<'a> = (Pictures<'a>, Vec<u8>);

/// Reads one or two sets from two or four files, each with its name, in any order.
///
/// # Errors
/// One sentence that says what is missing or does not fit.
pub fn images(files: &[(String, &[u8])]) -> Result<BroughtImages, String> {
    let mut sets = matched(opened(files)?)?.into_iter();
    let mut data = Dataset::default();
    let split = match (sets.next(), sets.next()) {
        (Some(whole), None) => {
            let all = whole.1.len();
            if all < EVERY {
                return Err(format!(
                    "There are {all} images in one set, but at least {EVERY} are needed to train \
                     on some and test on others."
                ));
            }
            let is_test = |index| index % EVERY == EVERY - 1;
            read(whole, &mut data, |index| if is_test(index) { Set::Test } else { Set::Train })?;
            true
        }
        (Some(first), Some(second)) => {
            read(first, &mut data, |_| Set::Train)?;
            read(second, &mut data, |_| Set::Test)?;
            false
        }
        _ => return Err("There is no IDX file of images among these files.".into()),
    };
    data.digest = Some(digest((data.train.digest() + &data.test.digest()).as_bytes()));
    data.expected = Some((data.train.len(), data.test.len()));
    Ok(BroughtImages { data, split })
}

/// Reads what is short: all labels, and of the images how many there are.
fn opened<'a>(files: &'a [(String, &'a [u8])]) -> Result<Opened<'a>, String> {
    let (mut pictures, mut labels) = (Vec::new(), Vec::new());
    let mut counts = [0; 2];
    for (name, bytes) in files {
        let of = |why: String| format!("{} cannot be used: {why}", called(name));
        if bytes.len() > FILE_BYTES {
            return Err(of(format!("it is longer than {} MiB.", FILE_BYTES >> 20)));
        }
        let mut source = Source::of(bytes).map_err(of)?;
        let mut start = [0; IMAGES_HEADER];
        let begun = source.fill(&mut start[..LABELS_HEADER]).map_err(of)?;
        match start[..4] {
            [0, 0, 8, 3] => {
                let begun = begun + source.fill(&mut start[begun..]).map_err(of)?;
                let count = image_count(&start[..begun]).map_err(of)?;
                check_count(&mut counts[0], count).map_err(of)?;
                pictures.push(Pictures { name, count, pixels: source });
            }
            [0, 0, 8, 1] => {
                let count = label_count(&start[..begun]).map_err(of)?;
                check_count(&mut counts[1], count).map_err(of)?;
                let mut read = vec![0; count];
                let here = source.fill(&mut read).map_err(of)?;
                check_all(&mut source, here, count).map_err(of)?;
                if let Some(label) = read.iter().find(|label| usize::from(**label) >= CLASSES) {
                    return Err(of(format!("a label is {label}, but labels are 0 to 9.")));
                }
                labels.push((name.as_str(), read));
            }
            [0, 0, kind, dimensions] if begun >= 4 => {
                return Err(of(format!(
                    "it is an IDX file of type {kind:#04x} with {dimensions} dimensions, but \
                     images are bytes (0x08) with 3 and labels bytes with 1."
                )));
            }
            _ => return Err(of("it is no IDX file.".into())),
        }
    }
    Ok((pictures, labels))
}

/// Puts images and their labels together: one set or two, the one to train on first.
fn matched((pictures, mut labels): Opened) -> Result<Vec<Labelled>, String> {
    let mut sets = Vec::new();
    for pictures in pictures {
        let (name, count) = (pictures.name, pictures.count);
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
        sets.push((pictures, read));
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
    let last = |(pictures, labels): &Labelled| {
        (is_test(&pictures.name.to_ascii_lowercase()), std::cmp::Reverse(labels.len()))
    };
    if let [first, second] = &sets[..]
        && last(first) > last(second)
    {
        sets.swap(0, 1);
    }
    Ok(sets)
}

/// Reads the pixels of a set, and puts every image where it belongs by its place in the file.
fn read(
    (mut pictures, labels): Labelled,
    data: &mut Dataset,
    belongs: impl Fn(usize) -> Set,
) -> Result<(), String> {
    let of = |why: String| format!("{} cannot be used: {why}", called(pictures.name));
    let promised = labels.len() * PIXELS;
    let mut image = [0; PIXELS];
    for (index, label) in labels.iter().enumerate() {
        let here = pictures.pixels.fill(&mut image).map_err(of)?;
        if here < PIXELS {
            return Err(of(lacking(index * PIXELS + here, promised)));
        }
        data.set_mut(belongs(index)).append(&[*label], &image)?;
    }
    check_all(&mut pictures.pixels, promised, promised).map_err(of)
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
fn belongs(images: &str, label: &str, labels: &[(&str, Vec<u8>)], count: usize) -> bool {
    let alike = labels.iter().filter(|(_, read)| read.len() == count).count();
    let set = |name: &str| {
        let name = name.to_ascii_lowercase();
        (name.contains("t10k") || name.contains("test"), name.contains("train"))
    };
    alike == 1 || set(images) == set(label)
}

/// Whether a file holds as many bytes as it promises, neither fewer nor more.
fn check_all(source: &mut Source, here: usize, promised: usize) -> Result<(), String> {
    if here < promised {
        return Err(lacking(here, promised));
    }
    if source.fill(&mut [0])? > 0 {
        return Err(format!(
            "The IDX file is damaged: its header promises {promised} bytes, but more follow."
        ));
    }
    Ok(())
}

fn lacking(here: usize, promised: usize) -> String {
    format!("The IDX file is damaged: its header promises {promised} bytes, but {here} follow.")
}
