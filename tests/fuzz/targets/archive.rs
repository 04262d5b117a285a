//! Packing without a packer: deflated bytes by hand, bombs among them, ZIP and gzip around them,
//! each number in them true or a lie.

use super::values::{one, rarely};
use arbitrary::{Result, Unstructured};
use std::sync::LazyLock;

/// The checksum of ZIP and gzip (RFC 1952, section 8).
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| stepped(sum, *byte))
}

/// The sum under way after one more byte.
fn stepped(sum: u32, byte: u8) -> u32 {
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
    TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8)
}

/// The checksum where so many zeros follow: a zero's step is a matrix of bits, and 2ⁿ zeros' steps
/// are that matrix squared n times.
pub fn crc32_with_zeros(content: &[u8], zeros: usize) -> u32 {
    type Matrix = [u32; 32];
    static POWERS: LazyLock<[Matrix; 32]> = LazyLock::new(|| {
        let mut powers = [std::array::from_fn(|bit| stepped(1 << bit, 0)); 32];
        for power in 1..32 {
            let before: Matrix = powers[power - 1];
            powers[power] = before.map(|column| applied(&before, column));
        }
        powers
    });
    fn applied(matrix: &Matrix, sum: u32) -> u32 {
        (0..32).filter(|bit| sum >> bit & 1 == 1).fold(0, |to, bit| to ^ matrix[bit])
    }
    let sum = !crc32(content);
    !(0..32)
        .filter(|power| zeros >> power & 1 == 1)
        .fold(sum, |sum, power| applied(&POWERS[power], sum))
}

/// Bytes deflated as they are (RFC 1951, section 3.2.4), and after them `zeros` zeros in 13 bits
/// for every 258 (section 3.2.6).
pub fn deflated(content: &[u8], zeros: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut pieces = content.chunks(65_535).peekable();
    while let Some(piece) = pieces.next() {
        packed.push(u8::from(pieces.peek().is_none() && zeros == 0));
        let length = piece.len() as u16;
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(piece);
    }
    if zeros > 0 || content.is_empty() {
        let mut bits = Bits { packed, held: 0, count: 0 };
        bits.push(0b011, 3);
        if zeros > 0 {
            // The literal 0, then pairs: as many bytes as fit into one, from one byte back. Codes
            // are written from their first bit on.
            bits.push(0b0000_1100, 8);
            for _ in 0..(zeros - 1) / 258 {
                bits.push(0b1010_0011, 8);
                bits.push(0, 5);
            }
            for _ in 0..(zeros - 1) % 258 {
                bits.push(0b0000_1100, 8);
            }
        }
        bits.push(0, 7);
        packed = bits.finish();
    }
    packed
}

/// Bits, the lowest first.
struct Bits {
    packed: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.packed.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.push(0, 8 - self.count);
        }
        self.packed
    }
}

/// A number, or a lie in its place.
fn told(u: &mut Unstructured, number: usize) -> Result<u32> {
    let number = number as u32;
    if !rarely(u, 40)? {
        return Ok(number);
    }
    let lies =
        [0, 1, number ^ 1, number.wrapping_sub(1), number.wrapping_add(1), u32::MAX, 1 << 26];
    Ok(if u.arbitrary()? { one(u, &lies)? } else { u.arbitrary()? })
}

/// A ZIP archive of entries, each with how many zeros follow its content.
pub fn zip(u: &mut Unstructured, entries: &[(String, Vec<u8>, usize)]) -> Result<Vec<u8>> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content, zeros) in entries {
        let deflate = *zeros > 0 || u.arbitrary()?;
        let packed = if deflate { deflated(content, *zeros) } else { content.clone() };
        let sum = told(u, crc32_with_zeros(content, *zeros) as usize)?;
        let method = if rarely(u, 40)? { u.arbitrary::<u8>()? } else { 8 * u8::from(deflate) };
        let flags = if rarely(u, 40)? { u.arbitrary::<u8>()? } else { 0 };
        // Of a bomb, many entries may be of the same bytes.
        let at = if rarely(u, 10)? { 0 } else { bytes.len() };
        bytes.extend(b"PK\x03\x04\x2d\0");
        bytes.extend([flags, 0, method, 0]);
        bytes.extend([0; 4]);
        bytes.extend(sum.to_le_bytes());
        bytes.extend([0xff; 8]);
        bytes.extend((told(u, name.len())? as u16).to_le_bytes());
        bytes.extend(0u16.to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(&packed);
        list.extend(b"PK\x01\x02\x2d\x03\x2d\0");
        list.extend([flags, 0, method, 0]);
        list.extend([0; 4]);
        list.extend(sum.to_le_bytes());
        list.extend(told(u, packed.len())?.to_le_bytes());
        list.extend(told(u, content.len() + zeros)?.to_le_bytes());
        list.extend((told(u, name.len())? as u16).to_le_bytes());
        list.extend([0; 12]);
        list.extend(told(u, at)?.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let (from, count) = (bytes.len(), entries.len());
    // An archive that says it holds more, or the same again and again.
    let times = if rarely(u, 60)? { u.int_in_range(1..=200)? } else { 1 };
    for _ in 0..times {
        bytes.extend(&list);
    }
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        bytes.extend((told(u, count * times)? as u16).to_le_bytes());
    }
    bytes.extend(told(u, list.len() * times)?.to_le_bytes());
    bytes.extend(told(u, from)?.to_le_bytes());
    bytes.extend([0, 0]);
    Ok(bytes)
}

/// A gzip file of content and zeros after it.
pub fn gzip(u: &mut Unstructured, content: &[u8], zeros: usize) -> Result<Vec<u8>> {
    let flags = if rarely(u, 4)? { u.arbitrary::<u8>()? } else { 0 };
    let mut bytes = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3];
    if flags & 4 != 0 {
        bytes.extend((told(u, 3)? as u16).to_le_bytes());
        bytes.extend(b"abc");
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            bytes.extend(b"name\0");
        }
    }
    if flags & 2 != 0 {
        bytes.extend([0, 0]);
    }
    bytes.extend(deflated(content, zeros));
    bytes.extend(told(u, crc32_with_zeros(content, zeros) as usize)?.to_le_bytes());
    bytes.extend(told(u, content.len() + zeros)?.to_le_bytes());
    Ok(bytes)
}

/// Changes a few bytes, or cuts an end off.
pub fn damaged(u: &mut Unstructured, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    if !rarely(u, 6)? || bytes.is_empty() {
        return Ok(bytes);
    }
    for _ in 0..u.int_in_range(0..=6)? {
        let at = u.choose_index(bytes.len())?;
        bytes[at] = u.arbitrary()?;
    }
    if rarely(u, 4)? {
        let at = u.choose_index(bytes.len())?;
        bytes.truncate(at);
    }
    Ok(bytes)
}
