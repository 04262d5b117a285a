//! Sparse networks are more robust: magnitude pruning with fine-tuning.

use super::arms::{Arm, Arms};
use super::verdict::Judged;
use super::{Finding, illusion};

const EPS: f64 = 0.05;

const fn arm(label: &'static str, steps: &'static str, transfer: bool) -> Arm {
    Arm { adaptive: &[EPS], transfer, ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "magnitude",
    title: "Pruned and fine-tuned is more robust",
    claim: "… we show that pruning obtains competitive results considering only natural images \
            (e.g., the standard and low-cost training).",
    source: "Jordao & Pedrini 2021, “On the effect of pruning on adversarial robustness”, abstract",
    about: "The smallest 90 % of a trained network's weights are zeroed, and the others are \
            fine-tuned on clean images for an epoch. The control is trained for an epoch more and \
            not pruned.",
    rule: "More robust means that accuracy at ε 0.05 rises by at least 5 points, with an interval \
           over the seeds above nought. Holds if it does under PGD-40 made anew, and stands higher \
           than after an epoch more without pruning. Holds only for old adversarial images if it \
           does on images crafted before the pruning alone. Otherwise it does not hold.",
    seeds: &[0, 1, 2, 3, 4],
    arms: &[
        arm("the trained network", "train=epochs:5", true),
        arm(
            "90 % zeroed and fine-tuned",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:90,tune:1",
            true,
        ),
        arm("training an epoch more", "train=epochs:5&train=from:current,epochs:1", false),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    illusion::judge(arms, 1, 2, EPS)
}
