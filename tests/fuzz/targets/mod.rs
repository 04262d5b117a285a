//! Everything that reads what a stranger wrote, each with a maker of hostile input: a fuzzer's
//! bytes decide which links, containers and lies are made.

pub mod archive;
mod chunk;
mod idx;
mod link;
mod masks;
mod recipe;
mod stored;
mod values;
mod weights;

use arbitrary::Unstructured;

/// The most that a reader may hold beside its input, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;

/// What is called around every call of a reader: it measures.
pub type Watch<'a> = &'a mut dyn FnMut(&mut dyn FnMut());

/// Makes an input from bytes, and has it read.
type Target = fn(&mut Unstructured, Watch) -> arbitrary::Result<()>;

/// Every target by its name.
pub const TARGETS: [(&str, Target); 9] = [
    ("link", link::run),
    ("recipe", recipe::run),
    ("masks", masks::run),
    ("npz", weights::npz),
    ("safetensors", weights::safetensors),
    ("chain", weights::chain),
    ("idx", idx::run),
    ("chunk", chunk::run),
    ("stored", stored::run),
];

/// Runs a target on bytes.
///
/// # Panics
/// When a reader panics, or what it says is no sentence.
pub fn run(name: &str, bytes: &[u8], watch: Watch) {
    let (_, target) = TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    // Bytes that come to an end make a shorter input, never none.
    let _ = target(&mut Unstructured::new(bytes), watch);
}

/// Checks what is said to whoever brought a hostile input: one sentence of a length that can be
/// read, without a line's end.
fn refused(sentence: &str) {
    let plain = sentence.chars().all(secateurs::words::is_plain);
    assert!(sentence.ends_with('.') && plain && sentence.len() < 1000, "{sentence:?}");
}
