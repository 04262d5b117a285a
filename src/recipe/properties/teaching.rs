//! What a teacher's link says besides: a task, and the names of what it hides and fixes.

use super::{
    ANY_METHOD, ATTACK, DISTORTION, LEARN, MEASURE, NETWORK, NORM, PRUNE, TRAIN, choice, on_page,
    real, size, whole,
};
use crate::recipe::table::{Group, Kind, Property};

/// Parts of the page that a link can hide or fix as a whole, each with what the page calls it.
const PANELS: &[(&str, &str)] = &[
    ("train", "Train"),
    ("attack", "Attack"),
    ("prune", "Prune"),
    ("network", "Network, and cutting by hand"),
    ("distortion", "Distortion of every unit"),
    ("outcome", "Figures"),
    ("curve", "Curves of accuracy"),
    ("gallery", "Test images"),
    ("draw", "Drawing a digit"),
    ("history", "Every step so far"),
    ("matrices", "Tables below the lab"),
    ("findings", "Findings"),
    ("race", "Race of criteria"),
    ("sweep", "Sweep"),
    ("laboratory", "Laboratory"),
    ("lessons", "Lessons"),
    ("files", "Files"),
    ("about", "Words at the foot"),
];

const fn names(key: &'static str, label: &'static str, help: &'static str) -> Property {
    let groups = &[NETWORK, TRAIN, PRUNE, LEARN, ATTACK, MEASURE, DISTORTION];
    let kind = Kind::Names { panels: PANELS, groups };
    Property { key, label, unit: "", help: on_page(help), kind, marks: &[] }
}

/// What is not on the page.
pub(super) const HIDE: Property =
    names("hide", "Hidden", "Parts of the page and single controls that a link leaves out.");

/// What cannot be moved.
pub(super) const LOCK: Property = names(
    "lock",
    "Locked",
    "Parts of the page and single controls that are shown but stay as set.",
);

/// Large type, for a room.
pub(super) const PRESENT: Property = Property {
    key: "present",
    label: "Presenter mode",
    unit: "",
    help: on_page("Large type, the network, its figures and its curve, and little else."),
    kind: Kind::Flag,
    marks: &[],
};

/// What whoever sent a link to a task says to have reached.
pub(super) const SCORE: Property = whole(
    "score",
    "Score",
    "test images",
    "Of the task’s test images, how many its sender’s network reads right; 0 where none is claimed.",
    (0, 10_000, 0),
);

/// A condition that accuracy reaches so many per cent.
const fn least(key: &'static str, label: &'static str, help: &'static str) -> Property {
    real(key, label, "%", help, (0.0, 100.0, 100.0, 1.0, 0.0))
}

/// A condition that no more than so many per cent are left.
const fn most(key: &'static str, label: &'static str, help: &'static str) -> Property {
    real(key, label, "%", help, (0.0, 100.0, 100.0, 1.0, 100.0))
}

/// A task for a class: what counts, under which conditions, measured how.
pub const TASK: Group = Group {
    name: "task",
    properties: &[
        choice(
            "maximise",
            "Make as large as possible",
            "The accuracy that is the score.",
            &[("adaptive", "re-attacked"), ("certified", "certified"), ("clean", "clean")],
        ),
        least("clean", "Clean at least", "Least clean accuracy; 0 asks for none."),
        least("adaptive", "Re-attacked at least", "Least re-attacked accuracy; 0 asks for none."),
        least("certified", "Certified at least", "Least certified accuracy; 0 asks for none."),
        most("weights", "Weights left at most", "Largest share of weights not cut."),
        most("units", "Units left at most", "Largest share of hidden units not cut."),
        most("pixels", "Pixels left at most", "Largest share of input pixels not cut."),
        ANY_METHOD,
        NORM,
        size(0.05),
        whole("steps", "Steps", "steps", "How often the attack moves.", (1, 10_000, 10)),
        whole(
            "images",
            "Measured on",
            "test images",
            "How many test images the score is of, in file order.",
            (1, 10_000, 10_000),
        ),
    ],
};
