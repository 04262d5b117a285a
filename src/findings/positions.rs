//! Whether it is the same units that are distorted every time.

use super::Finding;
use super::arms::{Arm, Arms, COMPARED, Of, reaches};
use super::verdict::{Clause, Judged, Stands};
use super::words::{list, percent};

/// The comparisons that the claim is about, the first of those there are.
const CLAIMED: usize = 5;
/// The overlap that counts as similar.
const SIMILAR: f64 = 0.5;

pub(super) static FINDING: Finding = Finding {
    name: "positions",
    title: "Distorted features sit in similar positions",
    claim: "Distorted features sit in similar positions.",
    source: "What this project set out from: pruning units by a mean over images takes it for \
             granted",
    about: "The units of the first hidden layer are put in the order of their distortion (PGD-10, \
            ε 0.1, 2,000 training images): by halves of the images, by other attacks, by other \
            sizes, digit by digit, and image by image. Compared is which are the tenth distorted \
            most.",
    rule: "Positions are similar between measures if the most distorted tenths overlap by at least \
           half (Jaccard), as the mean over pairs and seeds. Holds if they are between halves, \
           attacks, sizes, digits, and a single image and the mean; holds only between those where \
           they are; does not hold if they are nowhere.",
    seeds: &[0, 1, 2],
    arms: &[Arm { similarity: true, ..Arm::new("the trained network", "train=epochs:5") }],
    judge,
}
.on_page();

fn judge(arms: &Arms) -> Judged {
    let (mut clauses, mut similar, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for compared in COMPARED.iter().take(CLAIMED) {
        let overlap = arms.share(0, Of::Overlap(*compared));
        let (name, met) = (compared.0, reaches(overlap, SIMILAR));
        let says = format!("{name}: {}; needed {}", percent(overlap), percent(SIMILAR));
        clauses.push(Clause { says, met });
        let told = format!("{name} ({})", percent(overlap));
        if met { &mut similar } else { &mut others }.push(told);
    }
    let chances = arms.of(0).filter_map(|outcome| outcome.similarity?.chance);
    let chance = chances.fold(0.0, f64::max);
    let ends = format!("two random tenths overlap by {}.", percent(chance));
    let (stands, why) = match (&similar[..], &others[..]) {
        (_, []) => (Stands::Holds, format!("between {}; {ends}", list(&similar))),
        ([], _) => (Stands::Fails, format!("not between {}; {ends}", list(&others))),
        _ => {
            let why = format!("{}, not {}; {ends}", list(&similar), list(&others));
            (Stands::Only, why)
        }
    };
    Judged { stands, why, clauses }
}
