//! Images: IDX files, packed or not, in pairs and otherwise.

use super::archive::{damaged, gzip};
use super::values::{one, rarely, text};
use super::{Watch, refused};
use arbitrary::{Result, Unstructured};
use secateurs::data::CLASSES;
use secateurs::import::images;

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let mut files = Vec::new();
    if rarely(u, 8)? {
        files.push(("a".into(), u.bytes(u.len())?.to_vec()));
    }
    let mut counts = [0; 2];
    for count in &mut counts {
        *count = u.int_in_range(0..=8)?;
    }
    for _ in 0..u.int_in_range(1..=5)? {
        let count = counts[u.choose_index(2)?];
        let file = if u.arbitrary()? { pictures(u, count)? } else { labels(u, count)? };
        files.push((name(u)?, file));
    }
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.clone(), &bytes[..])).collect();
    let mut brought = None;
    watch(&mut || brought = Some(images(&files)));
    match brought {
        Some(Ok(brought)) => {
            let data = &brought.data;
            assert_eq!(data.expected, Some((data.train.len(), data.test.len())));
            assert!(!data.train.is_empty() && !data.test.is_empty());
            for images in [&data.train, &data.test] {
                assert!((0..images.len()).all(|at| usize::from(images.label(at)) < CLASSES));
                assert_eq!(images.image(images.len() - 1).len(), 784);
            }
        }
        Some(Err(sentence)) => refused(&sentence),
        None => {}
    }
    Ok(())
}

fn name(u: &mut Unstructured) -> Result<String> {
    if rarely(u, 12)? {
        return text(u);
    }
    Ok(one(u, &["train-images", "t10k-images.gz", "train-labels", "test-labels", "a", "b"])?.into())
}

/// A header's number, or a lie.
fn told(u: &mut Unstructured, number: u32) -> Result<u32> {
    if !rarely(u, 24)? {
        return Ok(number);
    }
    one(u, &[0, 1, number + 1, 27, 70_000, 70_001, u32::MAX])
}

fn pictures(u: &mut Unstructured, count: usize) -> Result<Vec<u8>> {
    let mut file = vec![0, 0, 8, 3];
    for size in [count as u32, 28, 28] {
        file.extend(told(u, size)?.to_be_bytes());
    }
    let byte: u8 = u.arbitrary()?;
    file.extend((0..784 * count).map(|at| byte.wrapping_mul(at as u8)));
    finished(u, file, 784)
}

fn labels(u: &mut Unstructured, count: usize) -> Result<Vec<u8>> {
    let mut file = vec![0, 0, 8, 1];
    file.extend(told(u, count as u32)?.to_be_bytes());
    let most = if rarely(u, 12)? { 255 } else { 9 };
    for _ in 0..count {
        file.push(u.int_in_range(0..=most)?);
    }
    finished(u, file, 1)
}

/// Damaged, packed, or packed with so many zeros behind that they are images of their own.
fn finished(u: &mut Unstructured, mut file: Vec<u8>, each: usize) -> Result<Vec<u8>> {
    if rarely(u, 30)? {
        let at = u.choose_index(4)?;
        file[at] = u.arbitrary()?;
    }
    if !u.arbitrary::<bool>()? {
        return damaged(u, file);
    }
    let mut zeros = 0;
    if rarely(u, 240)? {
        let more = u.int_in_range(0..=2_000_000 / each)?;
        zeros = more * each;
        let count = u32::from_be_bytes([file[4], file[5], file[6], file[7]]);
        file[4..8].copy_from_slice(&count.wrapping_add(more as u32).to_be_bytes());
    }
    let packed = gzip(u, &file, zeros)?;
    damaged(u, packed)
}
