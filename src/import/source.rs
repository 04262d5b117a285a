//! A file that may be packed by gzip (RFC 1952), read one piece after the other: unpacked whole, its
//! images would be held twice.

use super::inflate::crc32_after;
use crate::limits::unpacked;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// How a gzip file begins.
const GZIP: &[u8] = b"\x1f\x8b\x08";
const CUT: &str = "The gzip file is damaged or cut short.";

/// What of a file is still to be read.
pub(super) enum Source<'a> {
    /// The bytes as they are.
    Plain(&'a [u8]),
    /// Bytes to unpack.
    Packed(Packed<'a>),
}

/// A gzip file under way.
pub(super) struct Packed<'a> {
    state: Box<InflateState>,
    rest: &'a [u8],
    /// What the checksum is to be.
    promised: u32,
    sum: u32,
    /// How many bytes it may still unpack to.
    left: usize,
    ended: bool,
}

impl<'a> Source<'a> {
    /// # Errors
    /// A sentence when a gzip file is cut short where it begins.
    pub fn of(bytes: &'a [u8]) -> Result<Self, String> {
        if bytes.starts_with(GZIP) {
            Packed::of(bytes).map(Self::Packed)
        } else {
            Ok(Self::Plain(bytes))
        }
    }

    /// Fills a piece as far as there are bytes for it, and says how far.
    ///
    /// # Errors
    /// A sentence when a packed file is damaged, or unpacks to too much.
    pub fn fill(&mut self, piece: &mut [u8]) -> Result<usize, String> {
        match self {
            Self::Plain(rest) => {
                let (here, behind) = rest.split_at(piece.len().min(rest.len()));
                piece[..here.len()].copy_from_slice(here);
                *rest = behind;
                Ok(here.len())
            }
            Self::Packed(packed) => packed.fill(piece),
        }
    }
}

impl<'a> Packed<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, String> {
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
        let (rest, [a, b, c, d, ..]) = rest.split_last_chunk::<8>().ok_or(CUT)?;
        Ok(Packed {
            state: InflateState::new_boxed(DataFormat::Raw),
            rest,
            promised: u32::from_le_bytes([*a, *b, *c, *d]),
            sum: !0,
            left: unpacked(bytes.len()),
            ended: false,
        })
    }

    fn fill(&mut self, piece: &mut [u8]) -> Result<usize, String> {
        let mut filled = 0;
        while filled < piece.len() && !self.ended {
            let step = inflate(&mut self.state, self.rest, &mut piece[filled..], MZFlush::None);
            let new = &piece[filled..filled + step.bytes_written];
            self.left = self
                .left
                .checked_sub(new.len())
                .ok_or("The gzip file is no good. It unpacks to more than it may.")?;
            self.sum = crc32_after(self.sum, new);
            self.rest = &self.rest[step.bytes_consumed..];
            filled += step.bytes_written;
            match step.status {
                Ok(MZStatus::StreamEnd) => self.ended = true,
                Ok(_) if step.bytes_written + step.bytes_consumed > 0 => {}
                Ok(_) | Err(MZError::Buf) => return Err(CUT.into()),
                Err(_) => {
                    return Err(
                        "The gzip file is no good. Its packed bytes are damaged or cut short."
                            .into(),
                    );
                }
            }
        }
        if self.ended && !self.sum != self.promised {
            return Err("The gzip file is damaged: its checksum differs.".into());
        }
        Ok(filled)
    }
}
