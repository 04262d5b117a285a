//! What a stranger's link or file may hold: every limit that a reader has, in one place.
//!
//! A reader checks what is promised before it asks for memory, and refuses in one sentence. What
//! they are for is tested by `tests/fuzz`: no input panics, none makes a reader hold more than
//! 64 MiB beside it, none keeps one busy for long.

/// Longest link that is read, in bytes.
pub const LINK_BYTES: usize = 16 << 10;
/// Longest recipe that is read as JSON, in bytes.
pub const RECIPE_BYTES: usize = 1 << 20;
/// Most steps of a recipe.
pub const RECIPE_STEPS: usize = 64;

/// Longest file that is read, and the most that it may unpack to, in bytes.
pub const FILE_BYTES: usize = 64 << 20;
/// How many times its own length a file may unpack to: a network of which 99 % are zeros comes to
/// less than a hundred times, a bomb to a thousand.
pub const FILE_RATIO: usize = 100;
/// What a file may always unpack to, however short it is, in bytes.
pub const FILE_BYTES_ALWAYS: usize = 1 << 20;

/// Most arrays that a file of weights may hold.
pub const FILE_ARRAYS: usize = 1000;
/// Longest name of an array, in bytes: a name is taken apart, which takes many times its length.
pub const NAME_BYTES: usize = 256;
/// Longest header of a NumPy array, in bytes; NumPy's own are a tenth as long.
pub const NPY_HEADER_BYTES: usize = 4096;
/// Longest header of a safetensors file, in bytes: a thousand arrays' entries take a tenth of it.
pub const SAFETENSORS_HEADER_BYTES: usize = 1 << 20;
/// How deep brackets may be nested in it: a header is a list of entries with lists in them.
pub const SAFETENSORS_HEADER_DEPTH: usize = 8;

/// Most hidden layers a network may have.
pub const HIDDEN_LAYERS: usize = 4;
/// Most units a hidden layer may have.
pub const HIDDEN_UNITS: usize = 1024;

/// Most images that are held together, of training and testing.
pub const IMAGES: usize = 70_000;

/// The most that a file of this length may unpack to, in bytes.
pub fn unpacked(length: usize) -> usize {
    length.saturating_mul(FILE_RATIO).clamp(FILE_BYTES_ALWAYS, FILE_BYTES)
}

/// The limits that the page itself holds, before it reads a file, as JSON.
pub fn limits_json() -> String {
    format!("{{\"fileBytes\":{FILE_BYTES},\"recipeBytes\":{RECIPE_BYTES}}}")
}
