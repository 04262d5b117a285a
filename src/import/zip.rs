//! ZIP archives as NumPy writes them: entries stored or deflated, found by the central directory
//! (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).

use super::called;
use super::inflate::{beginning, crc32, inflated};
use crate::limits::{FILE_ARRAYS, NAME_BYTES, unpacked};
use std::borrow::Cow;

/// How an archive begins.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const DAMAGED: &str = "The archive is damaged or cut short.";

/// An entry of an archive.
#[derive(Debug, Clone)]
pub(super) struct Entry<'a> {
    pub name: String,
    packed: &'a [u8],
    deflated: bool,
    /// Bytes when unpacked, and their checksum.
    pub size: usize,
    sum: u32,
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(two)))
}

/// The entries of an archive, none unpacked yet.
///
/// # Errors
/// A sentence when it is damaged, or would unpack to too much.
pub(super) fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, String> {
    /// The end's own bytes, and the longest comment.
    const LAST: usize = 22 + 65_535;
    let tail = bytes.len().saturating_sub(LAST);
    let end = bytes[tail..].windows(END.len()).rposition(|four| four == END).ok_or(DAMAGED)?;
    let end = &bytes[tail + end..];
    let (Some(count), Some(mut at)) = (short(end, 10), word(end, 16)) else {
        return Err(DAMAGED.into());
    };
    if count > FILE_ARRAYS {
        return Err(format!(
            "The archive holds {count} files, but at most {FILE_ARRAYS} are looked at."
        ));
    }
    let most = unpacked(bytes.len());
    let (mut found, mut whole) = (Vec::new(), 0usize);
    for _ in 0..count {
        let (entry, next) = entry(bytes, at)?;
        whole = whole.saturating_add(entry.size);
        if whole > most {
            return Err(format!(
                "The archive unpacks to more than {} MiB, which is the most that is read of one \
                 of its length.",
                most >> 20
            ));
        }
        found.push(entry);
        at = next;
    }
    Ok(found)
}

/// The entry whose description begins here, and where the next one begins.
fn entry(bytes: &[u8], at: usize) -> Result<(Entry<'_>, usize), String> {
    let head = bytes.get(at..).filter(|head| head.starts_with(ENTRY)).ok_or(DAMAGED)?;
    let numbers = [20, 24, 42, 16].map(|place| word(head, place));
    let lengths = [8, 10, 28, 30, 32].map(|place| short(head, place));
    let (
        [Some(packed), Some(size), Some(local), Some(sum)],
        [Some(flags), Some(method), Some(name), Some(extra), Some(comment)],
    ) = (numbers, lengths)
    else {
        return Err(DAMAGED.into());
    };
    let next = at + 46 + name + extra + comment;
    let name = head.get(46..46 + name).ok_or(DAMAGED)?;
    if name.len() > NAME_BYTES {
        return Err(format!(
            "A name in the archive is {} bytes long, but at most {NAME_BYTES} are read.",
            name.len()
        ));
    }
    let name = String::from_utf8_lossy(name).into_owned();
    if flags & 1 != 0 {
        return Err(format!("{} in the archive is encrypted.", called(&name)));
    }
    let deflated = match method {
        0 => false,
        8 => true,
        _ => {
            return Err(format!(
                "{} in the archive is packed in a way that NumPy never uses.",
                called(&name)
            ));
        }
    };
    // The description in place has a name and extra fields of its own length.
    let place = bytes.get(local..).filter(|place| place.starts_with(MAGIC)).ok_or(DAMAGED)?;
    let (Some(own), Some(more)) = (short(place, 26), short(place, 28)) else {
        return Err(DAMAGED.into());
    };
    let from = 30 + own + more;
    let packed = place.get(from..).and_then(|rest| rest.get(..packed)).ok_or(DAMAGED)?;
    let sum = u32::try_from(sum).unwrap_or(0);
    Ok((Entry { name, packed, deflated, size, sum }, next))
}

impl<'a> Entry<'a> {
    /// The first `most` bytes of its content; whether they are damaged is not looked at yet.
    ///
    /// # Errors
    /// A sentence when they cannot be unpacked.
    pub fn beginning(&self, most: usize) -> Result<Cow<'a, [u8]>, String> {
        if !self.deflated {
            return Ok(Cow::Borrowed(self.packed.get(..most).unwrap_or(self.packed)));
        }
        let damaged = |_| self.damaged("it cannot be unpacked.");
        beginning(self.packed, most.min(self.size)).map(Cow::Owned).map_err(damaged)
    }

    fn damaged(&self, why: &str) -> String {
        format!("{} in the archive is damaged: {why}", called(&self.name))
    }

    /// Its content.
    ///
    /// # Errors
    /// A sentence when it is damaged.
    pub fn content(&self) -> Result<Cow<'a, [u8]>, String> {
        let damaged = |why| self.damaged(why);
        let content = if self.deflated {
            let content = inflated(self.packed, self.size);
            Cow::Owned(content.map_err(|_| damaged("it cannot be unpacked."))?)
        } else {
            Cow::Borrowed(self.packed)
        };
        if content.len() != self.size {
            return Err(damaged("it is not as long as it should be."));
        }
        if crc32(&content) != self.sum {
            return Err(damaged("its checksum differs."));
        }
        Ok(content)
    }
}
