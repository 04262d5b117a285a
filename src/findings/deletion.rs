//! Deletion alone can defend: a mask learned on adversarial images over weights that stay as they
//! are.

use super::Finding;
use super::arms::{Arm, Arms, Of, at_least, is_above, rises};
use super::verdict::{Clause, Judged, Stands};
use super::words::percent;

const EPS: f64 = 0.1;

const fn arm(label: &'static str, steps: &'static str, frozen: bool) -> Arm {
    Arm { adaptive: &[EPS], frozen, ..Arm::new(label, steps) }
}

pub(super) static FINDING: Finding = Finding {
    name: "deletion",
    title: "Deletion alone can defend",
    claim: "We also demonstrate the existence of highly robust sub-networks within non-robust \
            networks.",
    source: "Sehwag, Wang, Mittal & Jana 2020, “HYDRA: Pruning adversarially robust neural \
             networks”, abstract",
    about: "A network is trained as usual. Then 80 % of its weights are zeroed and none is \
            changed: which ones is learned on FGSM images of ε 0.1. The same is done with a mask \
            learned on clean images, and by magnitude.",
    rule: "Holds if before less than 10 % of the images withstand PGD-40 at ε 0.1 and afterwards \
           at least 50 %, 40 points more with an interval over the seeds above nought, and every \
           weight left is what it was, bit for bit. Holds only in part if it is at least 10 points \
           more. Otherwise it does not hold.",
    seeds: &[0, 1, 2],
    arms: &[
        arm("the trained network", "train=epochs:5", false),
        arm("a mask learned on FGSM images", "train=epochs:5&learn=amount:80", true),
        arm("a mask learned on clean images", "train=epochs:5&learn=amount:80,on:clean", true),
        arm(
            "the smallest weights zeroed",
            "train=epochs:5&prune=what:weights,by:magnitude,scope:global,amount:80",
            true,
        ),
    ],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let [before, learned, clean, magnitude] =
        [0, 1, 2, 3].map(|arm| arms.share(arm, Of::Adaptive(EPS)));
    let gain = arms.above(1, 0, Of::Adaptive(EPS));
    let frozen = arms.of(1).all(|outcome| outcome.frozen == Some(true));
    let zeroed = arms.of(1).map(|outcome| outcome.sparsity).fold(1.0, f64::min);
    let same = if frozen { "what they were, bit for bit" } else { "not what they were" };
    let clauses = vec![
        Clause {
            says: format!("{} of the weights are zeroed, the others are {same}", percent(zeroed)),
            met: frozen,
        },
        Clause {
            says: format!("robust before: {}; allowed less than {}", percent(before), percent(0.1)),
            met: before < 0.1,
        },
        at_least("robust afterwards".into(), learned, 0.5),
        rises("the share of robust images".into(), &gain, 0.4),
    ];
    let stands = if clauses.iter().all(|clause| clause.met) {
        Stands::Holds
    } else if frozen && is_above(&gain, 0.1) {
        Stands::Only
    } else {
        Stands::Fails
    };
    let part = if stands == Stands::Only { "a part of the images: " } else { "" };
    let why = format!(
        "{part}with {} of the weights zeroed and the others {same}, {} of the images withstand the \
         attack instead of {}; with a mask learned on clean images {}, with the smallest weights \
         zeroed {}.",
        percent(zeroed),
        percent(learned),
        percent(before),
        percent(clean),
        percent(magnitude)
    );
    Judged { stands, why, clauses }
}
