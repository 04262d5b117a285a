//! What there is to be seen of a network beside its accuracies: whether it is the same units that
//! an attack moves every time, what its filters are made of, which pixels it reads.

mod agreement;
mod conditions;
mod filters;
mod pixels;
mod similarity;
pub mod statistics;

pub use agreement::{Agreement, GroupKind, MereUse, Relation, Table};
pub use conditions::{Condition, ConditionKind};
pub use filters::{Filter, Filters, Makeup, Mixture, RARELY};
pub use pixels::{Brightness, readers};
pub use similarity::{LayerSimilarity, Similar, Similarity};

#[cfg(test)]
mod tests;
