//! What there is to be seen of a network beside its accuracies.

pub mod statistics;
