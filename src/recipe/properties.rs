//! The one table of everything that can be set: it bounds recipes, names the link's keys and
//! labels the page's controls (TensorFlow Playground's `state.ts` taught us the habit).

mod steps;
mod teaching;

pub use steps::{LEARN, PRUNE, TRAIN};
pub use teaching::TASK;

use super::table::{Group, Kind, Property};
use crate::attack::METHODS;
use crate::words::on_page;
use serde_json::{Map, Value, json};

const fn whole(
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    (min, max, default): (i64, i64, i64),
) -> Property {
    let help = on_page(help);
    Property { key, label, unit, help, kind: Kind::Whole { min, max, default }, marks: &[] }
}

const fn real(
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    (min, max, shown, step, default): (f64, f64, f64, f64, f64),
) -> Property {
    let kind = Kind::Real { min, max, shown, step, default };
    let help = on_page(help);
    Property { key, label, unit, help, kind, marks: &[] }
}

const fn choice(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> Property {
    let help = on_page(help);
    Property { key, label, unit: "", help, kind: Kind::Choice { options }, marks: &[] }
}

pub(super) const EPS_MARKS: &[(f64, &str)] =
    &[(0.05, "0.05"), (0.1, "0.1"), (0.3, "literature 0.3")];

/// The attacks that distortion is measured with.
const METHOD: Property = choice(
    "method",
    "Method",
    "How the perturbation is found. Noise is the control: the same size, but blind.",
    &[("pgd", "PGD"), ("fgsm", "FGSM"), ("noise", "Random noise")],
);

/// Every attack; PGD first, because the first is the default.
const ANY_METHOD: Property = choice(
    "method",
    "Method",
    "How the perturbation is found.",
    &[
        ("pgd", "PGD"),
        ("fgsm", "FGSM"),
        ("bim", "BIM"),
        ("mifgsm", "MI-FGSM"),
        ("autoattack", "AutoAttack"),
        ("apgd-ce", "APGD, cross-entropy"),
        ("apgd-dlr", "APGD, logit ratio"),
        ("apgd-t", "APGD, each wrong digit"),
        ("deepfool", "DeepFool"),
        ("cw", "Carlini & Wagner"),
        ("fab-t", "FAB"),
        ("square", "Square"),
        ("noise", "Random signs"),
        ("uniform", "Uniform noise"),
        ("gaussian", "Gaussian noise"),
    ],
);

const NORM: Property = choice(
    "norm",
    "Norm",
    "How the size of a perturbation is measured: the largest change (L∞), the root of the summed \
     squares (L2), or the sum of all changes (L1).",
    &[("linf", "L∞"), ("l2", "L2"), ("l1", "L1")],
);

const fn epsilon(default: f64) -> Property {
    Property {
        marks: EPS_MARKS,
        ..real(
            "eps",
            "Size ε, L∞",
            "",
            "The most any pixel may change; pixels run from 0 to 1.",
            (0.0, 1.0, 0.4, 0.005, default),
        )
    }
}

const ATTACK_STEPS: Property = whole(
    "steps",
    "Steps",
    "steps",
    "Gradient steps PGD takes; FGSM always takes one.",
    (1, 1000, 10),
);

/// The network before any training.
pub const NETWORK: Group = Group {
    name: "network",
    properties: &[
        Property {
            key: "hidden",
            label: "Hidden units",
            unit: "units",
            help: on_page("Units in each hidden layer, one to four layers."),
            kind: Kind::List { min: 1, max: 1024, longest: 4, default: &[128, 64] },
            marks: &[],
        },
        whole(
            "seed",
            "Seed",
            "",
            "Everything random is drawn from this number: the same seed gives the same network.",
            (0, 4_294_967_295, 0),
        ),
        choice(
            "init",
            "First weights",
            "How the weights are drawn before any training; what pruning finds depends on it.",
            &[
                ("he", "He, normal"),
                ("he-uniform", "He, uniform"),
                ("glorot", "Glorot, normal"),
                ("glorot-uniform", "Glorot, uniform"),
                ("torch", "as PyTorch’s layers"),
            ],
        ),
    ],
};

const SCORE_IMAGES: Property = whole(
    "images",
    "Scored on",
    "training images",
    "How many training images distortion is measured on, in file order; never test images.",
    (1, 60_000, 2000),
);

/// Images that a greedy search attacks for every unit it tries, where nothing is said.
const GREEDY_IMAGES: usize = 100;

/// The size of a ball of any norm; the parameters' own check knows the norm's largest.
const fn size(default: f64) -> Property {
    Property {
        marks: EPS_MARKS,
        ..real(
            "eps",
            "Size ε",
            "",
            "The size of the largest perturbation allowed; pixels run from 0 to 1.",
            (0.0, 784.0, 0.4, 0.005, default),
        )
    }
}

/// The attack on images; the measured figures use it too, at the size of [`MEASURE`].
pub const ATTACK: Group = Group {
    name: "attack",
    properties: &[
        ANY_METHOD,
        NORM,
        size(0.1),
        whole(
            "steps",
            "Steps",
            "steps",
            "How often the attack moves; the square attack's steps are queries.",
            (1, 10_000, 10),
        ),
        real(
            "step",
            "Step size",
            "",
            "How far each step goes; 0 stands for the method's usual, of PGD 2.5·ε/steps.",
            (0.0, 784.0, 0.1, 0.001, 0.0),
        ),
        choice(
            "start",
            "Start",
            "PGD starts at a random point of the ball, or at the image itself.",
            &[("random", "random point"), ("image", "the image")],
        ),
        whole(
            "restarts",
            "Restarts",
            "starts",
            "How often it is tried anew from another random start; the worst case counts.",
            (1, 100, 1),
        ),
        whole(
            "target",
            "Target digit",
            "",
            "The digit the network is to read; -1 stands for any wrong one.",
            (-1, 9, -1),
        ),
    ],
};

/// What the accuracies are measured on.
pub const MEASURE: Group = Group {
    name: "measure",
    properties: &[
        size(0.05),
        whole(
            "images",
            "Measured on",
            "test images",
            "How many test images the figures are measured on, in file order.",
            (1, 10_000, 10_000),
        ),
    ],
};

/// What the distortions shown are measured with.
pub const DISTORTION: Group = Group {
    name: "distortion",
    properties: &[
        Property { key: "method", label: "Distorted by", ..METHOD },
        epsilon(0.1),
        ATTACK_STEPS,
        SCORE_IMAGES,
    ],
};

/// What the page looks at; it changes no figure.
pub const VIEW: Group = Group {
    name: "view",
    properties: &[
        whole("image", "Test image", "", "The test image shown.", (0, 9999, 0)),
        choice(
            "finding",
            "Finding",
            "The claim that is put to the test.",
            &[
                ("none", "none"),
                ("deletion", "Deletion alone can defend"),
                ("most-weights", "80–90 % of the weights can go"),
                ("most-distorted", "Pruning what is distorted most makes robust"),
                ("pixels", "Pruning distorted inputs makes robust"),
                ("weights", "Sparser weights are more robust"),
                ("positions", "Distorted features sit in similar positions"),
                ("mixture", "Pruning removes the mixture as adversarial training does"),
                ("price", "Pruning costs less clean accuracy than adversarial training"),
                ("magnitude", "Pruned and fine-tuned is more robust"),
            ],
        ),
        choice(
            "lesson",
            "Lesson",
            "The lesson that is open beside the lab.",
            &[
                ("none", "none"),
                ("fool", "Train and fool a network"),
                ("inside", "What an attack does inside"),
                ("cut", "Cutting 90 % away"),
                ("illusion", "Prune what is distorted"),
                ("enter", "Where the attack really enters"),
                ("deletion", "Robust by deletion alone"),
                ("trust", "How not to fool yourself"),
            ],
        ),
        whole("step", "Step of the lesson", "", "Which of the lesson's steps.", (1, 20, 1)),
        teaching::HIDE,
        teaching::LOCK,
        teaching::PRESENT,
        teaching::SCORE,
    ],
};

/// Every group, in the order of the page.
pub const GROUPS: [Group; 9] =
    [NETWORK, TRAIN, PRUNE, LEARN, ATTACK, MEASURE, DISTORTION, VIEW, TASK];

/// What a property is where a group's object does not say: an attack's number of steps and the
/// norm depend on its method, how many images are scored on on the criterion.
pub(crate) fn default_in(group: &Group, property: &Property, object: &Map<String, Value>) -> Value {
    if group.name == PRUNE.name && property.key == "images" {
        let greedy = object.get("by").and_then(Value::as_str) == Some("greedy");
        return if greedy { json!(GREEDY_IMAGES) } else { property.default() };
    }
    let attack = group.name == ATTACK.name || group.name == TASK.name;
    if attack && matches!(property.key, "steps" | "norm" | "step") {
        let method = object.get("method").and_then(Value::as_str);
        if let Some(facts) = METHODS.iter().find(|facts| Some(facts.name) == method) {
            let usual = facts.usual(property.key);
            return match (property.key, usual) {
                ("norm", _) => json!(facts.norms[0]),
                ("steps", Some(steps)) => json!(steps as i64),
                ("step", Some(step)) => json!(step),
                _ => property.default(),
            };
        }
    }
    property.default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::LearnParams;
    use crate::prune::PruneParams;
    use crate::recipe::Step;
    use crate::train::TrainParams;

    #[test]
    fn steps_of_which_nothing_is_said_are_their_types_defaults() {
        let steps =
            json!({ "steps": [{ "step": "train" }, { "step": "prune" }, { "step": "learn" }] });
        let steps = super::super::check_recipe(&steps).unwrap().steps;
        let expected = [
            Step::Train(TrainParams::default()),
            Step::Prune(PruneParams::default()),
            Step::Learn(LearnParams::default()),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn every_attack_can_be_chosen_by_its_name() {
        let Kind::Choice { options } = ANY_METHOD.kind else { unreachable!() };
        assert_eq!(options.len(), METHODS.len());
        for facts in METHODS {
            assert!(options.contains(&(facts.name, facts.label)), "{}", facts.name);
            assert_eq!(json!(facts.method), json!(facts.name));
            assert_eq!(facts.method.facts().name, facts.name);
        }
    }
}
