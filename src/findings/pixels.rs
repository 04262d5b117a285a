//! The same idea where it works: pruning the pixels whose changes are large beside what they say.

use super::Finding;
use super::arms::{Arm, Arms, Of, costs_at_most, rises};
use super::verdict::{Clause, Judged, Stands};
use super::words::{percent, points};

const EPS: f64 = 0.05;

const fn arm(label: &'static str, steps: &'static str, transfer: bool) -> Arm {
    Arm { adaptive: &[EPS, 0.1], transfer, ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "pixels",
    title: "Pruning distorted inputs makes robust",
    claim: "… our sparsification method is a defense mechanism against adversarial attacks and the \
            robustness indeed comes from our model's ability to prune vulnerable latent features \
            that are more susceptible to adversarial perturbations.",
    source: "Madaan & Hwang 2019, “Adversarial neural pruning”, abstract (first version of Madaan, \
             Shin & Hwang 2020); of hidden features, here tried on pixels",
    about: "Half of the pixels are pruned from a trained network, those first that PGD-10 at ε 0.1 \
            changes most beside their mean value, on 2,000 training images. The control prunes \
            half of the pixels at random.",
    rule: "Holds if accuracy under PGD-40 made anew at ε 0.05 rises by at least 20 points, with an \
           interval over the seeds above nought, if clean accuracy falls by at most 2 points, and \
           if random pixels gain less than half as much. If it rises but one of the others is not \
           met, it holds only so. Otherwise it does not hold.",
    seeds: &[0, 1, 2],
    arms: &[
        arm("the trained network", "train=epochs:5", true),
        arm(
            "the most distorted pixels pruned",
            "train=epochs:5&prune=what:pixels,by:distortion-activation,amount:50",
            true,
        ),
        arm("random pixels pruned", "train=epochs:5&prune=what:pixels,by:random,amount:50", false),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let anew = Of::Adaptive(EPS);
    let (gain, random) = (arms.above(1, 0, anew), arms.above(2, 0, anew));
    let cost = arms.above(1, 0, Of::Clean).mean;
    let clauses = vec![
        rises("accuracy under the attack made anew".into(), &gain, 0.2),
        costs_at_most("clean accuracy".into(), cost, 0.02),
        Clause {
            says: format!(
                "random pixels change it by {}{}; allowed half of {}",
                if random.mean < 0.0 { "−" } else { "" },
                points(random.mean),
                points(gain.mean)
            ),
            met: random.mean < gain.mean / 2.0,
        },
    ];
    let (stands, part) = match clauses.iter().map(|clause| clause.met).collect::<Vec<_>>()[..] {
        [true, true, true] => (Stands::Holds, String::new()),
        [true, true, false] => (Stands::Only, "pixels of any kind: ".to_owned()),
        [true, ..] => (Stands::Only, format!("a price of {} of clean accuracy: ", points(cost))),
        _ => (Stands::Fails, String::new()),
    };
    let why = format!(
        "{part}of images attacked anew, {} are read instead of {}, clean {} instead of {}; with \
         random pixels pruned {} of those attacked.",
        percent(arms.share(1, anew)),
        percent(arms.share(0, anew)),
        percent(arms.share(1, Of::Clean)),
        percent(arms.share(0, Of::Clean)),
        percent(arms.share(2, anew))
    );
    Judged { stands, why, clauses }
}
