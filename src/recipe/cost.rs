//! What a recipe asks of a machine, roughly: for progress, for sharing work out and for telling a
//! visitor what a link would start, never for a figure.

use super::{Recipe, Step};
use crate::attack::AttackParams;
use crate::data::{CLASSES, PIXELS};
use crate::prune::{Schedule, When};
use serde::Serialize;

/// The work of a recipe, in multiply-adds of passes through its network and back, as if nothing
/// were pruned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Work {
    /// Of its steps.
    pub steps: f64,
    /// Of measuring accuracies under its attack at most, as if every image withstood every try:
    /// against the network as it is, and to craft what is carried over from the unpruned one.
    pub measures: f64,
}

/// The work of a checked recipe.
pub(super) fn work(recipe: &Recipe) -> Work {
    let hidden = recipe.network.hidden.iter().copied();
    let widths = [PIXELS].into_iter().chain(hidden).chain([CLASSES]);
    let weights: usize = widths.clone().zip(widths.skip(1)).map(|(from, to)| from * to).sum();
    let tries = recipe.measure.images as f64 * looks(&recipe.attack);
    Work { steps: weights as f64 * passes(recipe), measures: weights as f64 * 2.0 * tries }
}

/// How often an attack looks at an image at most.
fn looks(attack: &AttackParams) -> f64 {
    attack.check().map_or(0.0, |valid| valid.looks() as f64)
}

/// What a recipe's steps cost, in passes of an image through the network and back.
pub fn passes(recipe: &Recipe) -> f64 {
    recipe.steps.iter().map(of_step).sum()
}

fn of_step(step: &Step) -> f64 {
    /// Images of an epoch of fine-tuning.
    const TUNED_ON: usize = 60_000;
    let passes = match step {
        Step::Train(params) => {
            params.epochs * params.images * (1 + params.against.looks(params.steps))
        }
        Step::Prune(params) => {
            let rounds = if params.schedule == Schedule::Once { 1 } else { params.rounds };
            let attacks = params.measurement().is_some_and(|measurement| measurement.attacks());
            let scored = if attacks { params.images * params.steps } else { 0 };
            let tuned = if params.when == When::Each { rounds } else { 1 } * params.tune;
            rounds * scored + tuned * TUNED_ON
        }
        Step::Learn(params) => {
            params.epochs * params.images * (1 + params.on.adversary().looks(params.steps))
        }
        Step::File { .. } | Step::Cut { .. } => 0,
    };
    passes as f64
}

#[cfg(test)]
mod tests {
    use super::super::parse_link;
    use super::*;

    fn of(link: &str) -> Work {
        parse_link(link).unwrap().work
    }

    #[test]
    fn work_grows_with_the_network_and_with_what_is_done() {
        let small = of("v=1&hidden=10&train=epochs:2,images:1000");
        assert_eq!(small.steps, (2_000 * (784 * 10 + 10 * 10)) as f64);
        assert_eq!(of("v=1").steps, 0.0);
        let same = "v=1&hidden=10&train=epochs:2,images:1000";
        assert_eq!(of(&format!("{same},against:pgd,steps:7")).steps, 8.0 * small.steps);
        assert!(of(&format!("{same}&prune=by:distortion,images:500,steps:9")).steps > small.steps);
        assert!(of(&format!("{same}&prune=amount:50,tune:1")).steps > 30.0 * small.steps);
        assert!(of("v=1&hidden=512-512&train").steps > of("v=1&hidden=512&train").steps);
    }

    #[test]
    fn measuring_is_bounded_by_every_try_that_an_attack_makes() {
        let of_attack = |attack: &str| {
            of(&format!("v=1&hidden=10&train&attack={attack}&measure=images:100")).measures
        };
        let one = (100 * 2 * (784 * 10 + 10 * 10)) as f64;
        assert_eq!(of_attack("method:fgsm"), one);
        assert_eq!(of_attack("method:pgd,steps:20,restarts:3"), 60.0 * one);
        assert_eq!(of_attack("method:square,steps:500"), 500.0 * one);
        assert_eq!(of_attack("method:autoattack"), (100 + 9 * 100 + 9 * 100 + 5000) as f64 * one);
        assert_eq!(of_attack("method:cw,steps:50"), 250.0 * one);
    }
}
