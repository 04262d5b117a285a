//! What was deflated, within limits (RFC 1951, 1952).

use crate::limits::{FILE_BYTES, unpacked as most_of};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use std::borrow::Cow;

/// How a gzip file begins.
const GZIP: &[u8] = b"\x1f\x8b\x08";

/// Unpacks deflated bytes of at most `most` bytes.
///
/// # Errors
/// A sentence when they are damaged or come to more.
pub(super) fn inflated(bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
    decompress_to_vec_with_limit(bytes, most.min(FILE_BYTES)).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => "It unpacks to more than it may.".into(),
        _ => "Its packed bytes are damaged or cut short.".into(),
    })
}

/// The first `most` bytes of what was deflated, or all where there are fewer.
///
/// # Errors
/// A sentence when they are damaged.
pub(super) fn beginning(bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
    match decompress_to_vec_with_limit(bytes, most) {
        Ok(all) => Ok(all),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Ok(error.output),
        Err(_) => Err("Its packed bytes are damaged or cut short.".into()),
    }
}

/// The bytes of a file that may be packed by gzip.
///
/// # Errors
/// A sentence when it is packed and damaged, or unpacks to too much.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if !bytes.starts_with(GZIP) {
        return Ok(Cow::Borrowed(bytes));
    }
    const CUT: &str = "The gzip file is damaged or cut short.";
    let (Some(flags), Some(mut rest)) = (bytes.get(3), bytes.get(10..)) else {
        return Err(CUT.into());
    };
    if flags & 4 != 0 {
        let (length, behind) = rest.split_first_chunk::<2>().ok_or(CUT)?;
        rest = behind.get(usize::from(u16::from_le_bytes(*length))..).ok_or(CUT)?;
    }
    // A name and a comment, each up to a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0).ok_or(CUT)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..).ok_or(CUT)?;
    }
    let (packed, trailer) = rest.split_last_chunk::<8>().ok_or(CUT)?;
    let content = inflated(packed, most_of(bytes.len()))
        .map_err(|why| format!("The gzip file is no good. {why}"))?;
    let [a, b, c, d, ..] = *trailer;
    if crc32(&content) != u32::from_le_bytes([a, b, c, d]) {
        return Err("The gzip file is damaged: its checksum differs.".into());
    }
    Ok(Cow::Owned(content))
}

/// The checksum of ZIP and gzip (RFC 1952, section 8).
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let (mut value, mut bit) = (byte as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
                bit += 1;
            }
            table[byte] = value;
            byte += 1;
        }
        table
    };
    let step = |sum: u32, byte: &u8| TABLE[(sum as u8 ^ byte) as usize] ^ (sum >> 8);
    !bytes.iter().fold(!0, step)
}
