//! MNIST's images, kept as bytes, arriving chunk by chunk.

mod idx;
mod manifest;
#[cfg(not(target_arch = "wasm32"))]
pub mod pack;

pub use idx::{IMAGES_HEADER, LABELS_HEADER, image_count, label_count, read_images, read_labels};
pub use manifest::{ChunkInfo, Manifest, Set};

use crate::limits::IMAGES;
use sha2::{Digest, Sha256};

/// Pixels of an image, 28 × 28 row by row.
pub const PIXELS: usize = 784;
/// Digits an image can show.
pub const CLASSES: usize = 10;

/// A pixel's byte as the number the network sees: `byte / 255` in `f32`.
pub const PIXEL_VALUE: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte as f32 / 255.0;
        byte += 1;
    }
    table
};

/// Images whose pixels lie in one piece.
const BLOCK: usize = 500;

/// Images in file order, with their labels.
#[derive(Debug, Default, Clone)]
pub struct Images {
    /// [`BLOCK`] images each: one piece that grows with every chunk would be copied again and
    /// again, and the memory of its smaller selves is never given back in the browser.
    pixels: Vec<Box<[u8]>>,
    labels: Vec<u8>,
    /// Ranges that are here, sorted, apart from each other.
    here: Vec<(usize, usize)>,
}

impl Images {
    /// All images at once; `pixels` holds 784 bytes for every label.
    ///
    /// # Errors
    /// A sentence when the two do not fit together, or a label is no digit.
    pub fn new(pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self, String> {
        let mut images = Images::default();
        images.insert(0, &labels, &pixels)?;
        Ok(images)
    }

    /// How many images are here without a gap from the first on.
    pub fn len(&self) -> usize {
        self.here.first().filter(|(from, _)| *from == 0).map_or(0, |(_, to)| *to)
    }

    /// Whether the first image is not here yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Pixels of image `index`, which must be below [`Images::len`].
    pub fn image(&self, index: usize) -> &[u8] {
        let first = index % BLOCK * PIXELS;
        &self.pixels[index / BLOCK][first..first + PIXELS]
    }

    /// Label of image `index`, which must be below [`Images::len`].
    pub fn label(&self, index: usize) -> u8 {
        self.labels[index]
    }

    /// Adds images behind those that are here; `pixels` holds 784 bytes for every label.
    ///
    /// # Errors
    /// A sentence when the two do not fit together, or a label is no digit.
    pub fn append(&mut self, labels: &[u8], pixels: &[u8]) -> Result<(), String> {
        self.insert(self.len(), labels, pixels)
    }

    /// What stands for all of them: the digest of the labels, and then that of the pixels.
    pub fn digest(&self) -> String {
        let mut pixels = Sha256::new();
        (0..self.len()).for_each(|index| pixels.update(self.image(index)));
        digest(&self.labels) + &hex(&pixels.finalize()[..8])
    }

    fn insert(&mut self, first: usize, labels: &[u8], pixels: &[u8]) -> Result<(), String> {
        if pixels.len() != labels.len() * PIXELS {
            return Err(format!(
                "There are {} labels for {} bytes of pixels; every label needs {PIXELS}.",
                labels.len(),
                pixels.len()
            ));
        }
        if let Some(label) = labels.iter().find(|label| usize::from(**label) >= CLASSES) {
            return Err(format!("A label is {label}; labels are digits from 0 to 9."));
        }
        let end = first + labels.len();
        if self.labels.len() < end {
            self.labels.resize(end, 0);
            self.pixels.resize_with(end.div_ceil(BLOCK), Box::default);
        }
        self.labels[first..end].copy_from_slice(labels);
        for (index, pixels) in (first..end).zip(pixels.chunks_exact(PIXELS)) {
            let first = index % BLOCK * PIXELS;
            let block = &mut self.pixels[index / BLOCK];
            // Only once an image of it is here: where it stands is a stranger's word.
            if block.is_empty() {
                *block = vec![0; BLOCK * PIXELS].into_boxed_slice();
            }
            block[first..first + PIXELS].copy_from_slice(pixels);
        }
        let place = self.here.partition_point(|range| *range < (first, end));
        self.here.insert(place, (first, end));
        self.here.dedup_by(|next, kept| {
            let joined = next.0 <= kept.1;
            if joined {
                kept.1 = kept.1.max(next.1);
            }
            joined
        });
        Ok(())
    }
}

/// The training and the test images.
#[derive(Debug, Default, Clone)]
pub struct Dataset {
    /// Images to train and to score on.
    pub train: Images,
    /// Images to measure on.
    pub test: Images,
    /// How many training and test images there will be, where that is known.
    pub expected: Option<(usize, usize)>,
    /// The digest of images that are one's own; nothing where they are MNIST's.
    pub digest: Option<String>,
}

impl Dataset {
    /// Whether the first `images` images of a set are not all here yet.
    ///
    /// # Errors
    /// A sentence when they never will be: waiting would have no end.
    pub fn lacks(&self, set: Set, images: usize) -> Result<bool, String> {
        if self.set(set).len() >= images {
            return Ok(false);
        }
        let (name, all) = match set {
            Set::Train => ("training", self.expected.map(|(train, _)| train)),
            Set::Test => ("test", self.expected.map(|(_, test)| test)),
        };
        match all {
            Some(all) if all < images => {
                Err(format!("This needs {images} {name} images, but this data set has only {all}."))
            }
            _ => Ok(true),
        }
    }

    /// The images of a set.
    pub fn set(&self, set: Set) -> &Images {
        match set {
            Set::Train => &self.train,
            Set::Test => &self.test,
        }
    }

    /// The images of a set, to be added to.
    pub fn set_mut(&mut self, set: Set) -> &mut Images {
        match set {
            Set::Train => &mut self.train,
            Set::Test => &mut self.test,
        }
    }

    /// Adds an uncompressed chunk after checking its size and hash; adding it again is harmless.
    ///
    /// # Errors
    /// One sentence naming the chunk and what is wrong with it.
    pub fn add_chunk(&mut self, info: &ChunkInfo, bytes: &[u8]) -> Result<(), String> {
        let name = &info.file;
        // Bounds the memory that a false manifest could ask for.
        if info.count == 0 || info.first.saturating_add(info.count) > IMAGES {
            return Err(format!("The manifest's entry for {name} names images beyond {IMAGES}."));
        }
        let expected = info.count * (PIXELS + 1);
        if bytes.len() != expected {
            return Err(format!(
                "The data chunk {name} holds {} bytes instead of {expected}.",
                bytes.len()
            ));
        }
        if hex(&Sha256::digest(bytes)) != info.sha256 {
            return Err(format!(
                "The data chunk {name} is not what the manifest promises: its hash differs."
            ));
        }
        let (labels, pixels) = bytes.split_at(info.count);
        self.set_mut(info.set).insert(info.first, labels, pixels)
    }
}

/// 64 bits that stand for bytes: the first half of a SHA-256, as 16 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// The whole SHA-256, as its 32 bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(first: usize, count: usize) -> (ChunkInfo, Vec<u8>) {
        let mut bytes: Vec<u8> = (0..count).map(|i| ((first + i) % 10) as u8).collect();
        bytes.extend((0..count * PIXELS).map(|i| (i % 251) as u8));
        let sha256 = hex(&Sha256::digest(&bytes));
        let file = format!("train-{first}.bin");
        (ChunkInfo { file, set: Set::Train, first, count, bytes: 0, sha256 }, bytes)
    }

    #[test]
    fn chunks_may_come_in_any_order_and_twice() {
        let mut data = Dataset::default();
        let chunks = [chunk(4, 2), chunk(0, 2), chunk(0, 2), chunk(2, 2)];
        let mut seen = Vec::new();
        for (info, bytes) in &chunks {
            data.add_chunk(info, bytes).unwrap();
            seen.push(data.train.len());
        }
        assert_eq!(seen, [0, 2, 2, 6]);
        assert_eq!(data.train.label(5), 5);
        assert_eq!(data.train.image(5), &chunks[0].1[2 + PIXELS..]);
    }

    #[test]
    fn nobody_waits_for_images_that_never_come() {
        let mut data = Dataset::default();
        assert_eq!(data.lacks(Set::Train, 3), Ok(true));
        data.expected = Some((2, 1));
        assert_eq!(data.lacks(Set::Train, 2), Ok(true));
        assert!(data.lacks(Set::Train, 3).unwrap_err().contains("3 training images"));
        let (info, bytes) = chunk(0, 2);
        data.add_chunk(&info, &bytes).unwrap();
        assert_eq!(data.lacks(Set::Train, 2), Ok(false));
    }

    #[test]
    fn damaged_chunks_are_named() {
        let mut data = Dataset::default();
        let (info, mut bytes) = chunk(0, 2);
        let sentence = data.add_chunk(&info, &bytes[..50]).unwrap_err();
        assert!(sentence.contains("train-0.bin") && sentence.contains("50 bytes"), "{sentence}");
        bytes[100] ^= 1;
        let sentence = data.add_chunk(&info, &bytes).unwrap_err();
        assert!(sentence.contains("train-0.bin") && sentence.contains("hash"), "{sentence}");
        let greedy = ChunkInfo { first: usize::MAX, ..info };
        assert!(data.add_chunk(&greedy, &bytes).is_err());
        assert!(data.train.is_empty());
    }

    #[test]
    fn pixel_values_are_bytes_over_255() {
        assert_eq!(PIXEL_VALUE[255], 1.0);
        assert!((0..256).all(|byte| PIXEL_VALUE[byte] == byte as f32 / 255.0));
    }
}
