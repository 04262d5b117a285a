//! Most weights can go: at once, and with an epoch of fine-tuning.

use super::Finding;
use super::arms::{Arm, Arms, Of, costs_at_most};
use super::verdict::{Judged, Stands};
use super::words::{list, percent};

const fn arm(label: &'static str, steps: &'static str) -> Arm {
    Arm::new(label, steps)
}

/// The amounts that the claim is about, each at once and fine-tuned.
const CLAIMED: [usize; 4] = [1, 2, 4, 5];
/// Points of accuracy that count as none lost.
const ALLOWED: f64 = 0.01;

pub(super) static FINDING: Finding = Finding {
    name: "most-weights",
    title: "80–90 % of the weights can go",
    claim: "Neural network pruning techniques can reduce the parameter counts of trained networks \
            by over 90%, decreasing storage requirements and improving computational performance \
            of inference without compromising accuracy.",
    source: "Frankle & Carbin 2019, “The lottery ticket hypothesis: finding sparse, trainable \
             neural networks”, abstract",
    about: "The smallest weights of a trained network are zeroed, 80, 90 and 95 % of all: at once, \
            and with one epoch of fine-tuning for those that are left.",
    rule: "An amount can go if it costs at most 1 point of clean accuracy, as the mean over the \
           seeds. Holds if 80 and 90 % can go, at once as well as fine-tuned; holds only for those \
           of these that can; does not hold if none can.",
    seeds: &[0, 1, 2],
    arms: &[
        arm("the trained network", "train=epochs:5"),
        arm(
            "80 % zeroed at once",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:80",
        ),
        arm(
            "90 % zeroed at once",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:90",
        ),
        arm(
            "95 % zeroed at once",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:95",
        ),
        arm(
            "80 % zeroed and fine-tuned",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:80,tune:1",
        ),
        arm(
            "90 % zeroed and fine-tuned",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:90,tune:1",
        ),
        arm(
            "95 % zeroed and fine-tuned",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:95,tune:1",
        ),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let clause = |arm: usize| {
        costs_at_most(arms.label(arm).into(), arms.above(arm, 0, Of::Clean).mean, ALLOWED)
    };
    let clauses: Vec<_> = CLAIMED.into_iter().map(clause).collect();
    let arms_where = |met: bool| {
        let some = CLAIMED.into_iter().zip(&clauses).filter(move |(_, clause)| clause.met == met);
        some.map(|(arm, _)| arm).collect::<Vec<_>>()
    };
    let (can, cannot) = (arms_where(true), arms_where(false));
    let named = |some: &[usize]| {
        list(&some.iter().map(|arm| arms.label(*arm).to_owned()).collect::<Vec<_>>())
    };
    let read = |some: &[usize]| {
        let share = |arm: &usize| percent(arms.share(*arm, Of::Clean));
        list(&some.iter().map(share).collect::<Vec<_>>())
    };
    let whole = percent(arms.share(0, Of::Clean));
    let (stands, why) = if cannot.is_empty() {
        let why = format!(
            "{} read {} of the images, the trained network {whole}.",
            named(&can),
            read(&can)
        );
        (Stands::Holds, why)
    } else if can.is_empty() {
        let why = format!(
            "{} read {} of the images, the trained network {whole}.",
            named(&cannot),
            read(&cannot)
        );
        (Stands::Fails, why)
    } else {
        let why = format!(
            "{}: {} of the images are read, by the trained network {whole}; only {} with {}.",
            named(&can),
            read(&can),
            read(&cannot),
            named(&cannot)
        );
        (Stands::Only, why)
    };
    Judged { stands, why, clauses }
}
