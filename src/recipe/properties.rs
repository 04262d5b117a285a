//! The one table of everything that can be set: it bounds recipes, names the link's keys and
//! labels the page's controls (TensorFlow Playground's `state.ts` taught us the habit).

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

/// A training step.
pub const TRAIN: Group = Group {
    name: "train",
    properties: &[
        choice(
            "from",
            "Start from",
            "Fresh random weights, or the network as it is now (fine-tuning keeps what is pruned).",
            &[("scratch", "fresh weights"), ("current", "the current network")],
        ),
        whole("epochs", "Epochs", "epochs", "Passes over the training images.", (1, 50, 3)),
        whole(
            "images",
            "Training images",
            "images",
            "How many of MNIST's training images are used, in file order.",
            (1, 60_000, 60_000),
        ),
        choice(
            "optimiser",
            "Optimiser",
            "Adam (Kingma & Ba 2015), or stochastic gradient descent with momentum.",
            &[("adam", "Adam"), ("sgd", "SGD")],
        ),
        real(
            "rate",
            "Learning rate",
            "",
            "The size of the optimiser's steps.",
            (1e-6, 10.0, 0.1, 0.0005, 1e-3),
        ),
        real(
            "momentum",
            "Momentum",
            "",
            "How much of the last step SGD keeps; Adam does not use it.",
            (0.0, 0.999, 0.999, 0.01, 0.9),
        ),
        real(
            "decay",
            "Weight decay",
            "",
            "L2 penalty added to the gradient of the weights.",
            (0.0, 1.0, 0.01, 0.0001, 0.0),
        ),
        whole("batch", "Batch", "images", "Images per gradient step.", (1, 1024, 128)),
        choice(
            "against",
            "Trained on",
            "What the training images are attacked by before every gradient step.",
            &[
                ("none", "clean images"),
                ("fgsm", "FGSM, random start"),
                ("pgd", "PGD"),
                ("trades", "TRADES"),
            ],
        ),
        TRAIN_EPS,
        TRAIN_STEPS,
        whole(
            "ramp",
            "Growing ε",
            "epochs",
            "Epochs over which ε grows from 0 to its size; 0 begins with the whole size.",
            (0, 50, 0),
        ),
        real(
            "beta",
            "TRADES β",
            "",
            "How much the attacked images count beside the clean ones.",
            (0.0, 100.0, 20.0, 0.5, 6.0),
        ),
    ],
};

/// The size of the attack that is trained against.
const TRAIN_EPS: Property = Property {
    marks: EPS_MARKS,
    ..real(
        "eps",
        "Attacked at ε",
        "",
        "The most any pixel of a training image is changed; pixels run from 0 to 1.",
        (0.0, 1.0, 0.4, 0.005, 0.1),
    )
};

const TRAIN_STEPS: Property = whole(
    "steps",
    "Attack steps",
    "steps",
    "Steps of the attack on each batch of training images; FGSM always takes one.",
    (1, 100, 7),
);

/// A learned mask.
pub const LEARN: Group = Group {
    name: "learn",
    properties: &[
        choice(
            "what",
            "What",
            "Single weights, or whole hidden units.",
            &[("weights", "weights"), ("units", "hidden units")],
        ),
        choice(
            "mask",
            "Mask",
            "The highest scores are kept; or each unit is kept with a probability that is learned.",
            &[("top", "highest scores"), ("bayes", "learned probabilities")],
        ),
        choice(
            "scope",
            "Scope",
            "The same share of every layer, or one ranking over the whole network.",
            &[("global", "global"), ("layer", "per layer")],
        ),
        real(
            "amount",
            "Amount",
            "%",
            "Share that is pruned after the step, what was pruned before included.",
            (0.0, 100.0, 100.0, 1.0, 80.0),
        ),
        choice(
            "on",
            "Learned on",
            "The images whose loss the scores are to lower.",
            &[("fgsm", "FGSM images"), ("pgd", "PGD images"), ("clean", "clean images")],
        ),
        TRAIN_EPS,
        TRAIN_STEPS,
        real(
            "suppress",
            "Suppression λ",
            "",
            "How much the distortion of hidden units counts in the loss.",
            (0.0, 100.0, 10.0, 0.1, 0.0),
        ),
        Property {
            key: "joint",
            label: "Train the weights too",
            unit: "",
            help: on_page("Without it the weights stay what they are, bit for bit."),
            kind: Kind::Flag,
            marks: &[],
        },
        whole("epochs", "Epochs", "epochs", "Passes over the training images.", (1, 50, 1)),
        whole(
            "images",
            "Training images",
            "images",
            "How many of MNIST’s training images are used, in file order.",
            (1, 60_000, 60_000),
        ),
        real(
            "rate",
            "Learning rate",
            "",
            "The size of Adam’s steps on the scores.",
            (1e-6, 10.0, 0.1, 0.0005, 0.01),
        ),
        whole("batch", "Batch", "images", "Images per gradient step.", (1, 1024, 128)),
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

/// A pruning step.
pub const PRUNE: Group = Group {
    name: "prune",
    properties: &[
        choice(
            "what",
            "What",
            "Whole hidden units, single weights, or pixels of the input.",
            &[("units", "hidden units"), ("weights", "weights"), ("pixels", "input pixels")],
        ),
        choice(
            "by",
            "Criterion",
            "What decides which go first.",
            &[
                ("distortion", "distortion, most first"),
                ("distortion-rms", "distortion, root mean square"),
                ("distortion-pre", "distortion before ReLU"),
                ("distortion-fooled", "distortion where fooled"),
                ("distortion-activation", "distortion ÷ mean activation"),
                ("distortion-std", "distortion ÷ deviation"),
                ("distortion-out", "distortion × outgoing norm"),
                ("magnitude", "magnitude, smallest first"),
                ("incoming-l2", "incoming L2 norm"),
                ("outgoing-l1", "outgoing L1 norm"),
                ("outgoing-l2", "outgoing L2 norm"),
                ("activation", "mean activation"),
                ("apoz", "share of silence"),
                ("taylor", "Taylor saliency"),
                ("wanda", "Wanda, |w|·‖x‖"),
                ("signal-to-distortion", "signal to distortion"),
                ("snip", "SNIP, |w·gradient|"),
                ("greedy", "greedy search"),
                ("random", "random order"),
            ],
        ),
        choice(
            "order",
            "Order",
            "The reverse order is the control: a criterion that means something should do worse.",
            &[("usual", "as the criterion says"), ("reverse", "reversed (control)")],
        ),
        choice(
            "scope",
            "Scope",
            "The same share of every layer, or one ranking over the whole network.",
            &[("layer", "per layer"), ("global", "global")],
        ),
        Property {
            key: "layers",
            label: "Layers",
            unit: "",
            help: on_page(
                "Which layers are pruned, counted from 1 at the input; 0 stands for all.",
            ),
            kind: Kind::List { min: 0, max: 5, longest: 5, default: &[0] },
            marks: &[],
        },
        real(
            "amount",
            "Amount",
            "%",
            "Share that is pruned after the step, what was pruned before included.",
            (0.0, 100.0, 100.0, 1.0, 10.0),
        ),
        Property {
            key: "empty",
            label: "May empty a layer",
            unit: "",
            help: on_page("A layer without any unit passes nothing on; refused unless asked for."),
            kind: Kind::Flag,
            marks: &[],
        },
        whole("draw", "Random draw", "", "Which of the random orders.", (0, 9999, 0)),
        Property { key: "method", label: "Scored by", ..METHOD },
        epsilon(0.1),
        ATTACK_STEPS,
        Property {
            help: on_page("How many images the scores are measured on, in file order."),
            unit: "images",
            ..SCORE_IMAGES
        },
        choice(
            "on",
            "Scored images",
            "Scores measured on test images have seen what they are judged by: for comparison only.",
            &[("train", "training images"), ("test", "test images (a leak)")],
        ),
        choice(
            "schedule",
            "Schedule",
            "All at once; in equal steps, measured anew before each; or much first and less later.",
            &[("once", "at once"), ("iterative", "step by step"), ("gradual", "gradual, cubic")],
        ),
        whole("rounds", "Steps", "steps", "Steps of a schedule.", (1, 50, 5)),
        whole("tune", "Fine-tuning", "epochs", "Epochs of training after pruning.", (0, 20, 0)),
        choice(
            "when",
            "Fine-tuned",
            "After every step of the schedule, or after the last.",
            &[("each", "after each step"), ("end", "at the end")],
        ),
        choice(
            "tuning",
            "Fine-tuned on",
            "What the images of the fine-tuning are attacked by, at the ε of the scoring attack.",
            &[("clean", "clean images"), ("fgsm", "FGSM, random start"), ("pgd", "PGD")],
        ),
        choice(
            "rewind",
            "Rewind to",
            "What the weights left are set back to before they are fine-tuned (lottery tickets).",
            &[
                ("no", "nothing"),
                ("initial", "the first weights"),
                ("early", "the weights after one epoch"),
            ],
        ),
    ],
};

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
    ],
};

/// Every group, in the order of the page.
pub const GROUPS: [Group; 8] = [NETWORK, TRAIN, PRUNE, LEARN, ATTACK, MEASURE, DISTORTION, VIEW];

/// What a property is where a group's object does not say: an attack's number of steps and the
/// norm depend on its method, how many images are scored on on the criterion.
pub(crate) fn default_in(group: &Group, property: &Property, object: &Map<String, Value>) -> Value {
    if group.name == PRUNE.name && property.key == "images" {
        let greedy = object.get("by").and_then(Value::as_str) == Some("greedy");
        return if greedy { json!(GREEDY_IMAGES) } else { property.default() };
    }
    if group.name == ATTACK.name && matches!(property.key, "steps" | "norm" | "step") {
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
