//! What can be set of a recipe's steps.

use super::{ATTACK_STEPS, EPS_MARKS, METHOD, SCORE_IMAGES, choice, epsilon, on_page, real, whole};
use crate::recipe::table::{Group, Kind, Property};

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
