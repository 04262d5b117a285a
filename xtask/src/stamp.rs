//! Remembers what something was built from, so that it is built again only when that changed.

use std::fs;
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

use crate::problem::{Explain, Outcome};

/// A hash of everything that goes into a build.
///
/// Contents are hashed, not times: a fresh clone or a switched branch changes times only.
#[derive(Default)]
pub struct Inputs(Md5);

impl Inputs {
    /// Adds a word, such as a version or a flag.
    pub fn word(mut self, word: &str) -> Self {
        self.0.update((word.len() as u64).to_le_bytes());
        self.0.update(word);
        self
    }

    /// Adds a file, or all files of a folder and the folders in it; one that is missing counts
    /// as missing.
    pub fn path(mut self, path: &Path) -> Outcome<Self> {
        for file in files(path)? {
            let name = file.strip_prefix(path).unwrap_or(&file);
            let bytes = fs::read(&file).explain(format!("cannot read {}", file.display()))?;
            self = self.word(&name.to_string_lossy());
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
        Ok(self.word("end"))
    }

    /// The hash, in hex.
    pub fn hash(self) -> String {
        hex(&self.0.finalize())
    }
}

/// The MD5 of a file, in hex.
pub fn md5_of(path: &Path) -> Outcome<String> {
    let bytes = fs::read(path).explain(format!("cannot read {}", path.display()))?;
    Ok(hex(&Md5::digest(bytes)))
}

/// All files under a path, in an order that does not depend on the machine.
pub fn files(path: &Path) -> Outcome<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    if path.is_dir() {
        let listed = fs::read_dir(path).explain(format!("cannot list {}", path.display()))?;
        for entry in listed {
            let entry = entry.explain(format!("cannot list {}", path.display()))?;
            found.extend(files(&entry.path())?);
        }
    }
    found.sort();
    Ok(found)
}

/// A small file that keeps the hash of what was built last.
pub struct Stamp(PathBuf);

impl Stamp {
    /// The stamp kept in this file.
    pub fn at(file: PathBuf) -> Self {
        Self(file)
    }

    /// Whether the last build was of exactly this.
    pub fn is(&self, hash: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|kept| kept == hash)
    }

    /// Forgets the last build: called before building, so that a broken build is not taken for
    /// a finished one.
    pub fn clear(&self) {
        let _ = fs::remove_file(&self.0);
    }

    /// Remembers a finished build.
    pub fn set(&self, hash: &str) -> Outcome {
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder).explain(format!("cannot make {}", folder.display()))?;
        }
        fs::write(&self.0, hash).explain(format!("cannot write {}", self.0.display()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn hash(path: &Path) -> Outcome<String> {
        Ok(Inputs::default().path(path)?.hash())
    }

    #[test]
    fn a_change_anywhere_in_a_folder_changes_the_hash() -> Outcome {
        let scratch = Scratch::new("stamp-change")?;
        scratch.write("a/b.txt", b"one")?;
        let before = hash(scratch.path())?;
        assert_eq!(before, hash(scratch.path())?);
        scratch.write("a/b.txt", b"two")?;
        let after = hash(scratch.path())?;
        assert_ne!(before, after);
        scratch.write("a/c.txt", b"")?;
        assert_ne!(after, hash(scratch.path())?);
        Ok(())
    }

    #[test]
    fn moving_bytes_between_files_changes_the_hash() -> Outcome {
        let scratch = Scratch::new("stamp-move")?;
        scratch.write("a", b"xy")?;
        scratch.write("b", b"z")?;
        let before = hash(scratch.path())?;
        scratch.write("a", b"x")?;
        scratch.write("b", b"yz")?;
        assert_ne!(before, hash(scratch.path())?);
        Ok(())
    }

    #[test]
    fn a_stamp_remembers_only_what_was_set() -> Outcome {
        let scratch = Scratch::new("stamp-set")?;
        let stamp = Stamp::at(scratch.path().join("deep/kept"));
        assert!(!stamp.is("x"));
        stamp.set("x")?;
        assert!(stamp.is("x") && !stamp.is("y"));
        stamp.clear();
        assert!(!stamp.is("x"));
        Ok(())
    }

    #[test]
    fn md5_agrees_with_the_standard() -> Outcome {
        let scratch = Scratch::new("stamp-md5")?;
        scratch.write("abc", b"abc")?;
        assert_eq!(md5_of(&scratch.path().join("abc"))?, "900150983cd24fb0d6963f7d28e17f72");
        Ok(())
    }
}
