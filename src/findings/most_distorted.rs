//! Pruning the units that an attack distorts most.

use super::arms::{Arm, Arms};
use super::verdict::Judged;
use super::{Finding, illusion};

const EPS: f64 = 0.05;

const fn arm(label: &'static str, steps: &'static str) -> Arm {
    Arm { adaptive: &[EPS], transfer: true, ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "most-distorted",
    title: "Pruning what is distorted most makes robust",
    claim: "We further propose a Bayesian framework to prune features with high vulnerability to \
            reduce both vulnerability and loss on adversarial samples.",
    source: "Madaan, Shin & Hwang 2020, “Adversarial neural pruning with latent vulnerability \
             suppression”, abstract",
    about: "The tenth of the hidden units whose outputs PGD-10 at ε 0.1 moves most, on 2,000 \
            training images, is pruned from a trained network; the controls prune as many at \
            random and by Taylor saliency.",
    rule: "More robust means that accuracy at ε 0.05 rises by at least 5 points, with an interval \
           over the seeds above nought. Holds if it does under PGD-40 made anew, and stands higher \
           than with random units pruned. Holds only for old adversarial images if it does on \
           images crafted before the pruning alone. Otherwise it does not hold.",
    seeds: &[0, 1, 2, 3, 4],
    arms: &[
        arm("the trained network", "train=epochs:5"),
        arm("the most distorted units pruned", "train=epochs:5&prune=by:distortion,amount:10"),
        arm("pruning random units", "train=epochs:5&prune=by:random,amount:10"),
        arm("pruning by Taylor saliency", "train=epochs:5&prune=by:taylor,amount:10"),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    illusion::judge(arms, 1, 2, EPS)
}
