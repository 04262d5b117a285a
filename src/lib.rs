//! The core of Secateurs.
pub mod recipe;
