//! What helps against adversarial images crafted before, and not when the attacker tries again.

use super::arms::{Arms, Of, rises};
use super::verdict::{Clause, Judged, Stands};
use super::words::percent;

/// Points that count as more robust.
const LEAST: f64 = 0.05;

/// Judges whether the arm `pruned` is more robust than arm 0: holds if re-attacked accuracy rises,
/// and more than in the arm `control`; holds only for old adversarial images if theirs does.
pub(super) fn judge(arms: &Arms, pruned: usize, control: usize, eps: f64) -> Judged {
    let (old, anew) = (Of::Transfer(eps), Of::Adaptive(eps));
    let (on_old, on_new) = (arms.above(pruned, 0, old), arms.above(pruned, 0, anew));
    let over_control = arms.above(pruned, control, anew).mean;
    let clauses = vec![
        rises("accuracy under the attack made anew".into(), &on_new, LEAST),
        Clause {
            says: format!(
                "it is then {}; needed more than {} of {}",
                percent(arms.share(pruned, anew)),
                percent(arms.share(control, anew)),
                arms.label(control)
            ),
            met: over_control > 0.0,
        },
        rises("accuracy on old adversarial images".into(), &on_old, LEAST),
    ];
    let (stands, part) = match clauses.iter().map(|clause| clause.met).collect::<Vec<_>>()[..] {
        [true, true, _] => (Stands::Holds, String::new()),
        [true, false, _] => {
            (Stands::Only, format!("what is no better than {}: ", arms.label(control)))
        }
        [false, _, true] => (Stands::Only, "old adversarial images: ".into()),
        _ => (Stands::Fails, String::new()),
    };
    let change = |of: Of| {
        format!("{} instead of {}", percent(arms.share(pruned, of)), percent(arms.share(0, of)))
    };
    let why = format!(
        "{part}of images crafted before, {} are read; of images attacked anew {}, clean {}.",
        change(old),
        change(anew),
        change(Of::Clean)
    );
    Judged { stands, why, clauses }
}
