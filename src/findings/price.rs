//! What robustness costs in clean accuracy, by pruning and by adversarial training.

use super::Finding;
use super::arms::{Arm, Arms, Of, is_above, reaches};
use super::verdict::{Clause, Judged, Stands};
use super::words::{list, percent, points};

const EPS: f64 = 0.1;
/// The arms that prune.
const PRUNED: [usize; 3] = [2, 3, 4];
/// Points that are far less.
const FAR: f64 = 0.005;

const fn arm(label: &'static str, steps: &'static str) -> Arm {
    Arm { adaptive: &[EPS], ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "price",
    title: "Pruning costs less clean accuracy than adversarial training",
    claim: "… it not only obtains state-of-the-art adversarial robustness but also improves the \
            performance on clean examples, using only a fraction of the parameters used by the \
            full network.",
    source: "Madaan, Shin & Hwang 2020, “Adversarial neural pruning with latent vulnerability \
             suppression”, abstract",
    about: "Adversarial training (three epochs as usual, then two on FGSM images of ε 0.1 with a \
            random start) beside three ways to prune a network trained as usual for five epochs: \
            80 % of the weights by a mask learned on FGSM images, half of the pixels by relative \
            distortion, a tenth of the units by distortion.",
    rule: "A way of pruning is cheaper if under PGD-40 at ε 0.1 it is at least half as robust as \
           adversarial training, and clean accuracy stays higher by at least 0.5 points, with an \
           interval over the seeds above nought. Holds if all that are half as robust are cheaper \
           and there is one; holds only for those that are cheaper; does not hold if none is.",
    seeds: &[0, 1, 2],
    arms: &[
        arm("the trained network", "train=epochs:5"),
        arm(
            "adversarial training",
            "train=epochs:3&train=from:current,epochs:2,against:fgsm,eps:0.1",
        ),
        arm("a learned mask", "train=epochs:5&learn=amount:80"),
        arm("pruned pixels", "train=epochs:5&prune=what:pixels,by:distortion-activation,amount:50"),
        arm("pruned units", "train=epochs:5&prune=by:distortion,amount:10"),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let anew = Of::Adaptive(EPS);
    let (robust, clean) = (arms.share(1, anew), arms.share(1, Of::Clean));
    let (mut clauses, mut cheaper, mut others) = (Vec::new(), Vec::new(), 0);
    for arm in PRUNED {
        let label = arms.label(arm);
        let half = reaches(arms.share(arm, anew), robust / 2.0);
        clauses.push(Clause {
            says: format!(
                "{label}: robust {}; needed half of {}",
                percent(arms.share(arm, anew)),
                percent(robust)
            ),
            met: half,
        });
        if !half {
            continue;
        }
        let more = arms.above(arm, 1, Of::Clean);
        let met = is_above(&more, FAR);
        let word = if more.mean < 0.0 { "lower" } else { "higher" };
        clauses.push(Clause {
            says: format!(
                "{label}: clean accuracy {word} by {}; needed higher by {}",
                points(more.mean),
                points(FAR)
            ),
            met,
        });
        if met {
            cheaper.push(label.to_owned());
        } else {
            others += 1;
        }
    }
    let (stands, part) = match (cheaper.len(), others) {
        (0, _) => (Stands::Fails, String::new()),
        (_, 0) => (Stands::Holds, String::new()),
        _ => (Stands::Only, format!("{}: ", list(&cheaper))),
    };
    let told = |arm: usize| {
        let (clean, robust) = (arms.share(arm, Of::Clean), arms.share(arm, anew));
        format!("{} {} and {}", arms.label(arm), percent(clean), percent(robust))
    };
    let why = format!(
        "{part}clean and attacked, adversarial training reads {} and {}; {}.",
        percent(clean),
        percent(robust),
        list(&[0, 2, 3, 4].map(told))
    );
    Judged { stands, why, clauses }
}
