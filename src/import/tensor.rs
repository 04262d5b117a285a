//! An array of a file, not read yet.

use super::zip::Entry;
use super::{called, shape_words};
use std::borrow::Cow;

/// What an array's numbers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// IEEE half precision.
    F16,
    /// The upper half of an `f32`.
    Bf16,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// Bytes, or truths as bytes: only masks are made of them.
    Byte,
    /// Anything else, by the file's own name for it.
    Other(String),
}

impl Form {
    /// Bytes of a number; 0 where that is not known.
    pub fn size(&self) -> usize {
        match self {
            Form::Byte => 1,
            Form::F16 | Form::Bf16 => 2,
            Form::F32 => 4,
            Form::F64 => 8,
            Form::Other(_) => 0,
        }
    }

    /// Whether its numbers can be weights.
    pub fn is_real(&self) -> bool {
        matches!(self, Form::F16 | Form::Bf16 | Form::F32 | Form::F64)
    }
}

/// An array's bytes, unpacked only once they are asked for: most of a hostile file never is.
#[derive(Debug, Clone)]
pub(super) enum Content<'a> {
    /// As they lie in the file.
    Here(&'a [u8]),
    /// What follows the first `start` bytes of an archive's entry.
    Archived {
        /// The entry, of at least so many bytes.
        entry: Entry<'a>,
        /// Where the array's bytes begin.
        start: usize,
    },
}

impl<'a> Content<'a> {
    /// How many bytes there are, or are said to be.
    fn len(&self) -> usize {
        match self {
            Content::Here(bytes) => bytes.len(),
            Content::Archived { entry, start } => entry.size.saturating_sub(*start),
        }
    }

    /// The bytes: exactly as many as they are said to be.
    fn bytes(&self) -> Result<Cow<'a, [u8]>, String> {
        match self {
            Content::Here(bytes) => Ok(Cow::Borrowed(bytes)),
            Content::Archived { entry, start } => Ok(match entry.content()? {
                Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(*start..).unwrap_or_default()),
                Cow::Owned(mut bytes) => {
                    bytes.drain(..bytes.len().min(*start));
                    Cow::Owned(bytes)
                }
            }),
        }
    }
}

/// An array: a name, a shape, and bytes in little-endian order.
#[derive(Debug, Clone)]
pub(super) struct Tensor<'a> {
    pub name: String,
    pub shape: Vec<usize>,
    pub form: Form,
    /// Whether its columns lie one after the other (Fortran's order), not its rows.
    pub by_columns: bool,
    pub content: Content<'a>,
}

/// How many numbers a shape holds, if that fits into memory.
pub(super) fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |count, size| count.checked_mul(*size))
}

impl Tensor<'_> {
    /// Its numbers as `f32`, as they lie in memory.
    ///
    /// # Errors
    /// A sentence when they are no numbers or not as many as the shape says.
    pub fn values(&self) -> Result<Vec<f32>, String> {
        let size = self.form.size();
        let expected = count(&self.shape).and_then(|count| count.checked_mul(size));
        if size == 0 || expected != Some(self.content.len()) {
            return Err(format!(
                "The file is damaged: {} is {}, but holds {} bytes.",
                called(&self.name),
                shape_words(self),
                self.content.len()
            ));
        }
        let content = self.content.bytes()?;
        let bytes = &content[..];
        let halves = || bytes.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two));
        Ok(match self.form {
            Form::F16 => halves().map(half).collect(),
            Form::Bf16 => halves().map(|bits| f32::from_bits(u32::from(bits) << 16)).collect(),
            Form::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Form::F64 => {
                bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect()
            }
            Form::Byte | Form::Other(_) => bytes.iter().map(|byte| f32::from(*byte)).collect(),
        })
    }
}

/// A number of half precision (IEEE 754 binary16), exactly.
pub(super) fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let (exponent, part) = (u32::from(bits >> 10 & 31), u32::from(bits & 1023));
    let magnitude = match exponent {
        // 2⁻²⁴ units each: zero and what is smaller than any normal number.
        0 => (part as f32 / 16_777_216.0).to_bits(),
        31 => 0x7f80_0000 | part << 13,
        // The exponents' zeros lie at 15 and 127.
        _ => (exponent + 112) << 23 | part << 13,
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_exactly() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x8000, -0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
        ] {
            assert_eq!(half(bits).to_bits(), f32::to_bits(value), "{bits:#06x}");
        }
        assert_eq!(half(0x7c00), f32::INFINITY);
        assert!(half(0x7c01).is_nan());
    }
}
