//! The core of Secateurs.
