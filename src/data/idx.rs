//! The IDX files in which MNIST is published (LeCun, Cortes & Burges).

use super::PIXELS;

/// Magic number of a file of unsigned bytes with one dimension.
const LABELS_MAGIC: u32 = 0x0801;
/// Magic number of a file of unsigned bytes with three dimensions.
const IMAGES_MAGIC: u32 = 0x0803;

/// Bytes before the pixels of a file of images.
pub const IMAGES_HEADER: usize = 16;
/// Bytes before the labels of a file of labels.
pub const LABELS_HEADER: usize = 8;

/// Reads a file of 28 × 28 images: 784 bytes each, row by row.
///
/// # Errors
/// A sentence that says what the file holds instead.
pub fn read_images(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let count = image_count(bytes)?;
    sized(&bytes[IMAGES_HEADER..], count as u64 * PIXELS as u64)
}

/// Reads a file of labels.
///
/// # Errors
/// A sentence that says what the file holds instead.
pub fn read_labels(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let count = label_count(bytes)?;
    sized(&bytes[LABELS_HEADER..], count as u64)
}

/// How many 28 × 28 images a file promises that begins so.
///
/// # Errors
/// A sentence that says what the file holds instead.
pub fn image_count(start: &[u8]) -> Result<usize, String> {
    let [count, height, width] = header::<3>(start, IMAGES_MAGIC, "images")?;
    if (height, width) != (28, 28) {
        return Err(format!("The images are {width} × {height} pixels, but 28 × 28 are needed."));
    }
    Ok(count as usize)
}

/// How many labels a file promises that begins so.
///
/// # Errors
/// A sentence that says what the file holds instead.
pub fn label_count(start: &[u8]) -> Result<usize, String> {
    let [count] = header::<1>(start, LABELS_MAGIC, "labels")?;
    Ok(count as usize)
}

/// The sizes in a header.
fn header<const N: usize>(bytes: &[u8], magic: u32, what: &str) -> Result<[u32; N], String> {
    let words = bytes.as_chunks::<4>().0;
    let word = |index: usize| words.get(index).map(|word| u32::from_be_bytes(*word));
    if word(0) != Some(magic) || words.len() <= N {
        return Err(format!("This is no IDX file of {what}: it does not start with {magic:#06x}."));
    }
    Ok(std::array::from_fn(|index| word(index + 1).unwrap_or(0)))
}

fn sized(content: &[u8], expected: u64) -> Result<Vec<u8>, String> {
    if content.len() as u64 != expected {
        return Err(format!(
            "The IDX file is damaged: its header promises {expected} bytes, but {} follow.",
            content.len()
        ));
    }
    Ok(content.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(magic: u32, dimensions: &[u32], content: &[u8]) -> Vec<u8> {
        let words = [magic].into_iter().chain(dimensions.iter().copied());
        words.flat_map(u32::to_be_bytes).chain(content.iter().copied()).collect()
    }

    #[test]
    fn reads_what_was_written() {
        let pixels: Vec<u8> = (0..2 * PIXELS).map(|i| i as u8).collect();
        assert_eq!(read_images(&file(IMAGES_MAGIC, &[2, 28, 28], &pixels)).unwrap(), pixels);
        assert_eq!(read_labels(&file(LABELS_MAGIC, &[3], &[1, 2, 3])).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn says_what_is_wrong() {
        let truncated = file(IMAGES_MAGIC, &[2, 28, 28], &[0; PIXELS]);
        assert!(read_images(&truncated).unwrap_err().contains("1568"));
        assert!(read_images(&file(IMAGES_MAGIC, &[1, 32, 32], &[0; 1024])).is_err());
        assert!(read_images(&file(LABELS_MAGIC, &[1], &[0])).is_err());
        assert!(read_labels(&[]).is_err());
        assert!(read_labels(&file(LABELS_MAGIC, &[u32::MAX], &[0])).is_err());
    }
}
