//! Sparser means more robust, by the criterion that decides which weights go.

use super::Finding;
use super::arms::{Arm, Arms, Of, costs_at_most, rises};
use super::verdict::{Judged, Stands};
use super::words::{list, percent};

const EPS: f64 = 0.05;
/// The arms that prune.
const PRUNED: [usize; 4] = [1, 2, 3, 4];

const fn arm(label: &'static str, steps: &'static str) -> Arm {
    Arm { adaptive: &[EPS, 0.1], ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "weights",
    title: "Sparser weights are more robust",
    claim: "We further demonstrate that an appropriately higher model sparsity implies better \
            robustness of nonlinear DNNs, whereas over-sparsified models can be more difficult to \
            resist adversarial examples.",
    source: "Guo, Zhang, Zhang & Chen 2018, “Sparse DNNs with improved adversarial robustness”, \
             abstract",
    about: "Of the weights between pixels and first hidden layer, 70 % are zeroed at once: by \
            Wanda (Sun, Liu, Bair & Kolter 2023), by signal to distortion, by magnitude, and at \
            random.",
    rule: "A criterion makes robust if accuracy under PGD-40 made anew at ε 0.05 rises by at least \
           10 points, with an interval over the seeds above nought, and clean accuracy falls by at \
           most 2 points. Holds if all four do; holds only for those that do; does not hold if \
           none does.",
    seeds: &[0, 1, 2, 3, 4],
    arms: &[
        arm("the trained network", "train=epochs:5"),
        arm("Wanda", "train=epochs:5&prune=what:weights,by:wanda,layers:1,amount:70"),
        arm(
            "signal to distortion",
            "train=epochs:5&prune=what:weights,by:signal-to-distortion,layers:1,amount:70",
        ),
        arm("magnitude", "train=epochs:5&prune=what:weights,by:magnitude,layers:1,amount:70"),
        arm("random order", "train=epochs:5&prune=what:weights,by:random,layers:1,amount:70"),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let anew = Of::Adaptive(EPS);
    let (mut clauses, mut does, mut does_not) = (Vec::new(), Vec::new(), Vec::new());
    for arm in PRUNED {
        let label = arms.label(arm);
        let what = format!("{label}: accuracy under the attack made anew");
        let gain = rises(what, &arms.above(arm, 0, anew), 0.1);
        let cost = arms.above(arm, 0, Of::Clean).mean;
        let cost = costs_at_most(format!("{label}: clean accuracy"), cost, 0.02);
        let robust = gain.met && cost.met;
        if robust { &mut does } else { &mut does_not }.push(arm);
        clauses.extend([gain, cost]);
    }
    let told = |some: &[usize]| {
        let one = |arm: &usize| format!("{} {}", arms.label(*arm), percent(arms.share(*arm, anew)));
        list(&some.iter().map(one).collect::<Vec<_>>())
    };
    let labels = list(&does.iter().map(|arm| arms.label(*arm).to_owned()).collect::<Vec<_>>());
    let before = percent(arms.share(0, anew));
    let (stands, part) = match (&does[..], &does_not[..]) {
        ([], _) => (Stands::Fails, String::new()),
        (_, []) => (Stands::Holds, String::new()),
        _ => (Stands::Only, format!("{labels}: ")),
    };
    let why = format!(
        "{part}of images attacked anew, the trained network reads {before}; pruned by {}.",
        told(&PRUNED)
    );
    Judged { stands, why, clauses }
}
