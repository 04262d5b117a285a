//! Recipes.
mod table;
pub use table::properties_json;
