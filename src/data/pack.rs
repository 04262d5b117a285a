//! Reading MNIST from a folder, and packing it into chunks for the page.

use super::{ChunkInfo, Dataset, Images, Manifest, Set, hex, read_images, read_labels};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

/// Images a chunk holds: small enough that the first digits show at once on a slow line.
const CHUNK: usize = 2500;

/// Reads a folder of MNIST's four IDX files, named as published, with `-` or `.` before `idx`.
///
/// # Errors
/// A sentence naming the file that is missing or damaged.
pub fn read_idx_folder(folder: &Path) -> Result<Dataset, String> {
    let set = |name: &str| {
        let images = read_images(&read_either(folder, name, "images", "idx3-ubyte")?)
            .map_err(|why| format!("The {name} images cannot be used: {why}"))?;
        let labels = read_labels(&read_either(folder, name, "labels", "idx1-ubyte")?)
            .map_err(|why| format!("The {name} labels cannot be used: {why}"))?;
        Images::new(images, labels)
    };
    let (train, test) = (set("train")?, set("t10k")?);
    Ok(Dataset { expected: Some((train.len(), test.len())), train, test, digest: None })
}

fn read_either(folder: &Path, set: &str, what: &str, ending: &str) -> Result<Vec<u8>, String> {
    let names = ["-", "."].map(|joint| format!("{set}-{what}{joint}{ending}"));
    let found = names.iter().find_map(|name| fs::read(folder.join(name)).ok());
    found.ok_or_else(|| format!("{} is missing in {}.", names[0], folder.display()))
}

/// Packs the IDX files of `images` into gzip chunks and a manifest in `out`.
///
/// # Errors
/// A sentence naming what could not be read or written.
pub fn pack(images: &Path, out: &Path) -> Result<(), String> {
    let data = read_idx_folder(images)?;
    let say = |error: std::io::Error| format!("{} cannot be written: {error}.", out.display());
    fs::create_dir_all(out).map_err(say)?;
    let mut chunks = Vec::new();
    // The test set first: the page can show and measure before the training images are here.
    for (set, name) in [(Set::Test, "test"), (Set::Train, "train")] {
        let images = data.set(set);
        for first in (0..images.len()).step_by(CHUNK) {
            let count = CHUNK.min(images.len() - first);
            let mut bytes = images.labels[first..first + count].to_vec();
            (first..first + count).for_each(|image| bytes.extend(images.image(image)));
            let packed = gzip(&bytes).map_err(say)?;
            // Not .gz: a server might then announce the file as gzip-encoded, and the browser
            // would unpack it before the page does.
            let file = format!("{name}-{}.bin", first / CHUNK);
            fs::write(out.join(&file), &packed).map_err(say)?;
            let sha256 = hex(&Sha256::digest(&bytes));
            chunks.push(ChunkInfo { file, set, first, count, bytes: packed.len(), sha256 });
        }
    }
    let (train, test) = (data.train.len(), data.test.len());
    let manifest = Manifest { version: 1, name: "MNIST".into(), train, test, chunks };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| error.to_string())?;
    fs::write(out.join("manifest.json"), json).map_err(say)
}

/// Reads a folder that [`pack`] wrote.
///
/// # Errors
/// A sentence naming the chunk that is missing or damaged.
pub fn read_packed_folder(folder: &Path) -> Result<Dataset, String> {
    let path = folder.join("manifest.json");
    let json = fs::read(&path).map_err(|error| format!("{}: {error}.", path.display()))?;
    let manifest: Manifest = serde_json::from_slice(&json)
        .map_err(|error| format!("{} is no manifest: {error}.", path.display()))?;
    let expected = Some((manifest.train, manifest.test));
    let mut data = Dataset { expected, ..Dataset::default() };
    for info in &manifest.chunks {
        let say = |error: std::io::Error| format!("The data chunk {}: {error}.", info.file);
        let packed = fs::read(folder.join(&info.file)).map_err(say)?;
        let mut bytes = Vec::new();
        GzDecoder::new(&packed[..]).read_to_end(&mut bytes).map_err(say)?;
        data.add_chunk(info, &bytes)?;
    }
    Ok(data)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn what_is_packed_is_read_back() {
        let folder = std::env::temp_dir().join(format!("secateurs-pack-{}", std::process::id()));
        let idx = folder.join("idx");
        fs::create_dir_all(&idx).unwrap();
        for (set, count) in [("train", 2600u32), ("t10k", 10)] {
            let pixels: Vec<u8> = (0..count as usize * PIXELS).map(|i| (i / 7) as u8).collect();
            let labels: Vec<u8> = (0..count).map(|i| (i % 10) as u8).collect();
            let header =
                |words: &[u32]| words.iter().flat_map(|w| w.to_be_bytes()).collect::<Vec<_>>();
            let images = [header(&[0x803, count, 28, 28]), pixels].concat();
            fs::write(idx.join(format!("{set}-images-idx3-ubyte")), images).unwrap();
            let labels = [header(&[0x801, count]), labels].concat();
            fs::write(idx.join(format!("{set}-labels.idx1-ubyte")), labels).unwrap();
        }
        let out = folder.join("packed");
        pack(&idx, &out).unwrap();
        let (packed, original) =
            (read_packed_folder(&out).unwrap(), read_idx_folder(&idx).unwrap());
        assert_eq!((packed.train.len(), packed.test.len()), (2600, 10));
        assert_eq!(packed.train.pixels, original.train.pixels);
        assert_eq!(packed.test.labels, original.test.labels);
        fs::remove_file(out.join("train-1.bin")).unwrap();
        assert!(read_packed_folder(&out).unwrap_err().contains("train-1.bin"));
        fs::remove_dir_all(folder).unwrap();
    }
}
