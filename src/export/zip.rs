//! Zip archives, nothing compressed (PKWARE's APPNOTE.TXT, sections 4.3 and 4.4): weights hardly
//! become smaller, and NumPy reads such archives as well as its own.

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, with `/` between folders.
    pub name: String,
    /// What is in it: less than 4 GB, together with all others.
    pub bytes: Vec<u8>,
}

/// The version of the format that is needed to read it: 2.0.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;
/// The first day that the format can tell: the same network is the same file, whenever it is
/// written.
const FIRST_DAY: u16 = 1 << 5 | 1;

/// An archive of these files, in this order.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = file.len() as u32;
        let size = entry.bytes.len() as u32;
        // What the file's own header and the directory say alike.
        let mut common = Vec::new();
        for word in [VERSION, UTF_8, 0, 0, FIRST_DAY] {
            common.extend(word.to_le_bytes());
        }
        for word in [crc32(&entry.bytes), size, size] {
            common.extend(word.to_le_bytes());
        }
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend([0; 2]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(entry.name.bytes());
        file.extend(&entry.bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.bytes());
    }
    let (begin, size) = (file.len() as u32, directory.len() as u32);
    file.append(&mut directory);
    file.extend(b"PK\x05\x06");
    file.extend([0; 4]);
    for _ in 0..2 {
        file.extend((entries.len() as u16).to_le_bytes());
    }
    file.extend(size.to_le_bytes());
    file.extend(begin.to_le_bytes());
    file.extend([0; 2]);
    file
}

/// The checksum of every byte alone.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
};

/// The checksum of ISO 3309, as zip has it.
fn crc32(bytes: &[u8]) -> u32 {
    let add = |sum: u32, byte: &u8| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(!0, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_directory_stands_where_the_end_says() {
        let entry = |name: &str, bytes: &[u8]| Entry { name: name.into(), bytes: bytes.into() };
        let archive = zip(&[entry("a", b"first"), entry("b/c", b"")]);
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        let word = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        let (size, begin) = (word(end + 12), word(end + 16));
        assert_eq!(begin + size, end);
        assert_eq!(&archive[begin..begin + 4], b"PK\x01\x02");
        // The second file's header is where the directory says that it is.
        let second = begin + 46 + "a".len();
        let offset = word(second + 42);
        assert_eq!(&archive[offset..offset + 4], b"PK\x03\x04");
        assert_eq!(&archive[offset + 30..offset + 33], b"b/c");
    }
}
