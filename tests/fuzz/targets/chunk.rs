//! The images that the page loads: their manifest, and chunks that may not be what it says.

use super::values::{anything, one, rarely, text};
use super::{Watch, refused};
use arbitrary::{Result, Unstructured};
use secateurs::data::{CLASSES, Dataset, Images, Manifest, PIXELS, Set, hex};
use secateurs::limits::IMAGES;
use serde_json::json;
use sha2::{Digest, Sha256};

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let mut data = Dataset::default();
    let (mut chunks, mut contents) = (Vec::new(), Vec::new());
    for _ in 0..u.int_in_range(1..=4)? {
        let count = u.int_in_range(0..=4)?;
        let mut bytes: Vec<u8> =
            (0..count).map(|_| u.int_in_range(0..=9)).collect::<Result<_>>()?;
        bytes.resize(count * (PIXELS + 1), u.arbitrary()?);
        let sha256 = hex(&Sha256::digest(&bytes));
        if rarely(u, 6)? && !bytes.is_empty() {
            let at = u.choose_index(bytes.len())?;
            bytes[at] = u.arbitrary()?;
        }
        // Damaged and said to be so: the hash is a stranger's too.
        let sha256 = if rarely(u, 4)? { hex(&Sha256::digest(&bytes)) } else { sha256 };
        let first = match u.int_in_range(0..=4)? {
            0 => one(u, &[0, 499, 500, 69_999, 70_000, usize::MAX, usize::MAX - 2])?,
            _ => u.int_in_range(0..=12)?,
        };
        let count = if rarely(u, 12)? { u.arbitrary()? } else { count };
        let set = one(u, &["train", "test", "test", "other"])?;
        let mut info = json!({
            "file": text(u)?, "set": set, "first": first, "count": count, "bytes": bytes.len(),
            "sha256": sha256,
        });
        if rarely(u, 20)? {
            info[one(u, &["file", "set", "first", "count", "sha256", "x"])?] = anything(u, 1)?;
        }
        chunks.push(info);
        contents.push(bytes);
    }
    let manifest = json!({ "version": 1, "name": "x", "train": 1, "test": 1, "chunks": chunks });
    let text = manifest.to_string();
    watch(&mut || {
        let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { return };
        for (info, bytes) in manifest.chunks.iter().zip(&contents) {
            if let Err(sentence) = data.add_chunk(info, bytes) {
                assert!(sentence.ends_with('.'), "{sentence:?}");
            }
        }
    });
    for set in [Set::Train, Set::Test] {
        let images = data.set(set);
        assert!(images.len() <= IMAGES);
        assert!((0..images.len()).all(|at| usize::from(images.label(at)) < CLASSES));
        assert!((0..images.len()).all(|at| images.image(at).len() == PIXELS));
    }
    // As the page hands over images of one's own.
    let (labels, pixels) = (u.int_in_range(0..=3)?, u.int_in_range(0..=3 * PIXELS)?);
    let labels: Vec<u8> = (0..labels).map(|_| u.int_in_range(0..=11)).collect::<Result<_>>()?;
    let pixels = if rarely(u, 2)? { pixels } else { labels.len() * PIXELS };
    let mut images = None;
    watch(&mut || images = Some(Images::new(vec![7; pixels], labels.clone())));
    if let Some(Err(sentence)) = images {
        refused(&sentence);
    }
    Ok(())
}
