//! The pieces that a recipe's steps are made of.
//!
//! A training is one piece. A pruning is as many as its schedule says: in every round a pruning to
//! some amount, then perhaps a rewinding and a fine-tuning.

use super::Step;
use super::progress::Needs;
use crate::data::Set;
use crate::learn::LearnParams;
use crate::network::Mlp;
use crate::prune::{PruneParams, Rewind, Tuning, When};
use crate::train::{Adversary, Origin, TrainParams};

/// A piece of a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// The network from a file with this digest.
    File(String),
    /// A training, with the place that its shuffles have among the recipe's.
    Train(TrainParams, usize),
    /// A pruning, all at once.
    Prune(PruneParams),
    /// Sets what is left back to earlier weights.
    Rewind(Rewind),
    /// A learned mask, with its place in the same way.
    Learn(LearnParams, usize),
    /// Units of each layer pruned by hand, and pixels.
    Cut(Vec<Vec<usize>>, Vec<usize>),
}

/// The pieces of step `index`, which begins with this network.
pub(super) fn pieces(step: &Step, index: usize, network: &Mlp) -> Vec<Piece> {
    match step {
        Step::File { digest } => vec![Piece::File(digest.clone())],
        Step::Train(params) => vec![Piece::Train(*params, index)],
        Step::Prune(params) => pruning(params, index, network),
        Step::Learn(params) => vec![Piece::Learn(*params, index)],
        Step::Cut { units, pixels } => vec![Piece::Cut(units.clone(), pixels.clone())],
    }
}

#[inline(never)]
fn pruning(params: &PruneParams, index: usize, network: &Mlp) -> Vec<Piece> {
    /// No recipe has more steps, and no pruning more rounds: every fine-tuning has a place of its
    /// own behind those of the trainings that are steps themselves.
    const PLACES: usize = 64;
    let mut pieces = Vec::new();
    let amounts = params.amounts(network);
    let last = amounts.len() - 1;
    for (round, amount) in amounts.into_iter().enumerate() {
        pieces.push(Piece::Prune(PruneParams { amount, ..params.clone() }));
        let tuned_each = params.when == When::Each && params.tune > 0;
        if !tuned_each && round != last {
            continue;
        }
        if params.rewind != Rewind::No {
            pieces.push(Piece::Rewind(params.rewind));
        }
        if params.tune > 0 {
            pieces.push(Piece::Train(tuning(params), (index + 1) * PLACES + round));
        }
    }
    pieces
}

/// The training that a fine-tuning is: the usual one, from the network as it is.
fn tuning(params: &PruneParams) -> TrainParams {
    TrainParams {
        from: Origin::Current,
        epochs: params.tune,
        against: match params.tuning {
            Tuning::Clean => Adversary::None,
            Tuning::Fgsm => Adversary::Fgsm,
            Tuning::Pgd => Adversary::Pgd,
        },
        eps: params.eps,
        ..TrainParams::default()
    }
}

impl Piece {
    /// The images it reads.
    pub fn needs(&self) -> Option<Needs> {
        let (set, images) = match self {
            Piece::Train(params, _) => (Set::Train, params.images),
            Piece::Prune(params) => params.measurement()?.needs(),
            Piece::Learn(params, _) => (Set::Train, params.images),
            Piece::File(_) | Piece::Rewind(_) | Piece::Cut(..) => return None,
        };
        Some(Needs { set, images })
    }

    /// About how many images it runs forward or back: its share of a step's fraction.
    pub fn cost(&self) -> f64 {
        let attacked = |images: usize, steps: usize| (2 * images * steps) as f64;
        match self {
            Piece::Train(params, _) => {
                let images = params.epochs * params.images;
                let looks = params.against.looks(params.steps);
                3.0 * images as f64 + attacked(images, looks)
            }
            Piece::Prune(params) => match params.measurement() {
                Some(measurement) if measurement.attacks() => attacked(params.images, params.steps),
                Some(_) => params.images as f64,
                None => 0.0,
            },
            Piece::Learn(params, _) => 3.0 * (params.epochs * params.images) as f64,
            Piece::File(_) | Piece::Rewind(_) | Piece::Cut(..) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prune::{Criterion, Schedule};

    fn pieces_of(params: PruneParams) -> Vec<Piece> {
        pieces(&Step::Prune(params), 2, &Mlp::he_normal(&[20, 10], 0))
    }

    fn in_rounds() -> PruneParams {
        let (schedule, by) = (Schedule::Iterative, Criterion::Magnitude);
        PruneParams { schedule, by, amount: 60.0, rounds: 3, eps: 0.2, ..PruneParams::default() }
    }

    fn letters(pieces: &[Piece]) -> String {
        let letter = |piece: &Piece| match piece {
            Piece::File(_) => 'f',
            Piece::Train(..) => 't',
            Piece::Prune(_) => 'p',
            Piece::Rewind(_) => 'r',
            Piece::Learn(..) => 'l',
            Piece::Cut(..) => 'c',
        };
        pieces.iter().map(letter).collect()
    }

    #[test]
    fn a_pruning_is_as_many_pieces_as_its_schedule_says() {
        let letters = |params| letters(&pieces_of(params));
        let (rounds, tune) = (in_rounds(), 2);
        assert_eq!(letters(PruneParams::default()), "p");
        assert_eq!(letters(rounds.clone()), "ppp");
        assert_eq!(letters(PruneParams { tune, ..rounds.clone() }), "ptptpt");
        let end = PruneParams { tune, when: When::End, ..rounds.clone() };
        assert_eq!(letters(end.clone()), "pppt");
        let rewind = Rewind::Initial;
        assert_eq!(letters(PruneParams { rewind, ..end }), "ppprt");
        assert_eq!(letters(PruneParams { rewind, tune, ..rounds.clone() }), "prtprtprt");
        // Without a fine-tuning it is left to the recipe's next step.
        assert_eq!(letters(PruneParams { rewind, ..rounds }), "pppr");
    }

    #[test]
    fn every_round_goes_all_at_once_to_its_amount() {
        let amounts = pieces_of(in_rounds()).into_iter().map(|piece| match piece {
            Piece::Prune(params) => params.amount,
            _ => unreachable!(),
        });
        let amounts: Vec<f64> = amounts.collect();
        assert!(amounts.iter().zip([20.0, 40.0, 60.0]).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn fine_tunings_are_shuffled_apart_and_attacked_at_the_size_of_the_scoring() {
        let mut places = std::collections::BTreeSet::from_iter(0..64);
        for index in [0, 1, 63] {
            let params = PruneParams { rounds: 50, tune: 1, tuning: Tuning::Fgsm, ..in_rounds() };
            let pieces = pruning(&params, index, &Mlp::he_normal(&[20, 10], 0));
            for piece in pieces {
                let Piece::Train(params, place) = piece else { continue };
                assert!(places.insert(place), "{place}");
                assert_eq!((params.from, params.epochs), (Origin::Current, 1));
                assert_eq!((params.against, params.eps), (Adversary::Fgsm, 0.2));
            }
        }
        assert_eq!(places.len(), 64 + 3 * 50);
    }
}
