//! What was deflated, within limits (RFC 1951).

use crate::limits::FILE_BYTES;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

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

/// The checksum of ZIP and gzip (RFC 1952, section 8).
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !crc32_after(!0, bytes)
}

/// The checksum under way after some more bytes; it begins with all bits set, and ends turned over.
pub(super) fn crc32_after(sum: u32, bytes: &[u8]) -> u32 {
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
    bytes.iter().fold(sum, step)
}
