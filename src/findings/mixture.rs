//! Whether pruning takes out of the filters what adversarial training takes out.

use super::Finding;
use super::arms::{Arm, Arms, Of, reaches};
use super::verdict::{Clause, Judged, Stands};
use super::words::{list, percent};

/// The arms that prune.
const PRUNED: [usize; 2] = [2, 3];
/// What is looked at, in words.
const PARTS: [(Of, &str); 2] =
    [(Of::Short, "energy in short waves"), (Of::Rare, "weights on rarely lit pixels")];

const fn arm(label: &'static str, steps: &'static str) -> Arm {
    Arm { filters: true, ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "mixture",
    title: "Pruning removes the mixture as adversarial training does",
    claim: "… we show one of the causes of the existence of adversarial examples is the \
            accumulation of certain small dense mixtures in the hidden weights …; and more \
            importantly, one of the goals of adversarial training is to remove such mixtures to \
            purify hidden weights.",
    source: "Allen-Zhu & Li 2020, “Feature purification: how adversarial training performs robust \
             deep learning”, abstract; that pruning does the same is what this project set out \
             from",
    about: "The filters of a trained network's first layer are looked at as they are, after two \
            epochs of adversarial training (FGSM with a random start, ε 0.1), with the tenth of \
            the units pruned that is distorted most, and with half of the weights pruned by Wanda: \
            their energy in waves shorter than four pixels, and their weights' share on pixels \
            that are hardly ever lit.",
    rule: "A pruning removes a part of the mixture if its share falls by at least half as much as \
           adversarial training lets it fall, and by at least 5 points, as means over the seeds. \
           Holds if both prunings remove both parts; holds only for what is removed; does not hold \
           if nothing is.",
    seeds: &[0, 1, 2],
    arms: &[
        arm("the trained network", "train=epochs:5"),
        arm(
            "adversarial training",
            "train=epochs:5&train=from:current,epochs:2,against:fgsm,eps:0.1",
        ),
        arm("pruning distorted units", "train=epochs:5&prune=by:distortion,amount:10"),
        arm("Wanda", "train=epochs:5&prune=what:weights,by:wanda,amount:50"),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    /// Points that count as something.
    const LEAST: f64 = 0.05;
    let (mut clauses, mut removed, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for (of, part) in PARTS {
        let needed = (-arms.above(1, 0, of).mean / 2.0).max(LEAST);
        for arm in PRUNED {
            let (label, share) = (arms.label(arm), arms.share(arm, of));
            let limit = arms.share(0, of) - needed;
            let met = reaches(limit, share);
            let says = format!("{label}, {part}: {}; allowed {}", percent(share), percent(limit));
            clauses.push(Clause { says, met });
            if met {
                removed.push(format!("{part} by {label}"));
            }
        }
        let shares = [1, 2, 3]
            .map(|arm| format!("{} after {}", percent(arms.share(arm, of)), arms.label(arm)));
        told.push(format!("{part} {}, {}", percent(arms.share(0, of)), list(&shares)));
    }
    let (stands, part) = match removed.len() {
        0 => (Stands::Fails, String::new()),
        all if all == PARTS.len() * PRUNED.len() => (Stands::Holds, String::new()),
        _ => (Stands::Only, format!("{}: ", list(&removed))),
    };
    Judged { stands, why: format!("{part}{}.", told.join("; ")), clauses }
}
