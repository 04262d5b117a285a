//! The table of attacks: what each does, whose it is, what it takes. The command line lists it
//! and the page's chooser is made of it.

use super::Norm;
use crate::words::on_page;
use serde::{Deserialize, Serialize};

/// The attacks there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Projected gradient descent (Madry et al. 2018).
    Pgd,
    /// The fast gradient sign method (Goodfellow et al. 2015).
    Fgsm,
    /// Random signs of the same size: the control that knows nothing of the network.
    Noise,
    /// The basic iterative method (Kurakin et al. 2017).
    Bim,
    /// Iterative FGSM with momentum (Dong et al. 2018).
    Mifgsm,
    /// Auto-PGD on the cross-entropy (Croce & Hein 2020).
    #[serde(rename = "apgd-ce")]
    ApgdCe,
    /// Auto-PGD on the difference of logits ratio (Croce & Hein 2020).
    #[serde(rename = "apgd-dlr")]
    ApgdDlr,
    /// Auto-PGD on the targeted difference of logits ratio (Croce & Hein 2020).
    #[serde(rename = "apgd-t")]
    ApgdT,
    /// The standard ensemble of AutoAttack (Croce & Hein 2020).
    Autoattack,
    /// DeepFool (Moosavi-Dezfooli et al. 2016).
    Deepfool,
    /// The L2 attack of Carlini & Wagner (2017).
    Cw,
    /// The fast adaptive boundary attack, targeted (Croce & Hein 2020).
    #[serde(rename = "fab-t")]
    FabT,
    /// The square attack (Andriushchenko et al. 2020).
    Square,
    /// Uniform noise.
    Uniform,
    /// Gaussian noise.
    Gaussian,
}

/// Kinds of attacks, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A single gradient step.
    OneStep,
    /// Many gradient steps.
    Iterative,
    /// Tuned by nobody: what an honest evaluation uses.
    Strongest,
    /// Looks for the smallest perturbation that fools.
    Minimal,
    /// Sees only what the network puts out.
    BlackBox,
    /// No attack at all.
    Control,
}

impl Family {
    /// The page's word for it.
    pub fn label(self) -> &'static str {
        match self {
            Family::OneStep => "one step",
            Family::Iterative => "iterative",
            Family::Strongest => "strongest",
            Family::Minimal => "minimal",
            Family::BlackBox => "black-box",
            Family::Control => "control",
        }
    }
}

/// What there is to say about an attack.
#[derive(Debug, Clone, Copy)]
pub struct MethodFacts {
    /// Which attack.
    pub method: Method,
    /// Its name in recipes and on the command line.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// Its kind.
    pub family: Family,
    /// One line on what it does.
    pub about: &'static str,
    /// Whose it is.
    pub cites: &'static str,
    /// The norms it is defined for; the first is the usual one.
    pub norms: &'static [Norm],
    /// Whether it can be told what digit the network is to read.
    pub targets: bool,
    /// Which of the parameters beside norm, eps and target it reads, with their usual values.
    pub reads: &'static [(&'static str, f64)],
}

impl MethodFacts {
    /// Whether it looks for the smallest perturbation, whatever the ball.
    pub fn is_minimal(&self) -> bool {
        self.family == Family::Minimal
    }

    /// What it calls its steps.
    pub fn steps_label(&self) -> &'static str {
        if self.method == Method::Square { "Queries" } else { "Steps" }
    }

    /// The most steps it may be asked for.
    pub fn most_steps(&self) -> usize {
        if self.method == Method::Square { 10_000 } else { 1000 }
    }

    /// Its usual value of a parameter.
    pub fn usual(&self, parameter: &str) -> Option<f64> {
        self.reads.iter().find(|(name, _)| *name == parameter).map(|(_, value)| *value)
    }
}

impl Method {
    /// What there is to say about it.
    pub fn facts(self) -> &'static MethodFacts {
        // Every method stands in the table: a test sees to it.
        METHODS.iter().find(|facts| facts.method == self).unwrap_or(&METHODS[0])
    }
}

const LINF: &[Norm] = &[Norm::Linf];
const ALL: &[Norm] = &[Norm::Linf, Norm::L2, Norm::L1];
const NOT_L1: &[Norm] = &[Norm::Linf, Norm::L2];

/// Every attack, kind by kind.
pub const METHODS: &[MethodFacts] = &[
    MethodFacts {
        method: Method::Fgsm,
        name: "fgsm",
        label: "FGSM",
        family: Family::OneStep,
        about: on_page("One step of full size along the sign of the gradient."),
        cites: on_page("Goodfellow, Shlens & Szegedy 2015"),
        norms: ALL,
        targets: true,
        reads: &[],
    },
    MethodFacts {
        method: Method::Bim,
        name: "bim",
        label: "BIM",
        family: Family::Iterative,
        about: on_page("FGSM in small steps, from the image itself."),
        cites: on_page("Kurakin, Goodfellow & Bengio 2017"),
        norms: ALL,
        targets: true,
        reads: &[("steps", 10.0), ("step", 0.0)],
    },
    MethodFacts {
        method: Method::Pgd,
        name: "pgd",
        label: "PGD",
        family: Family::Iterative,
        about: on_page("Small steps up the loss from a random point, kept in the ball after each."),
        cites: on_page("Madry et al. 2018"),
        norms: ALL,
        targets: true,
        reads: &[("steps", 10.0), ("step", 0.0), ("start", 0.0), ("restarts", 1.0)],
    },
    MethodFacts {
        method: Method::Mifgsm,
        name: "mifgsm",
        label: "MI-FGSM",
        family: Family::Iterative,
        about: on_page("Small steps along gradients summed with momentum."),
        cites: on_page("Dong et al. 2018"),
        norms: LINF,
        targets: true,
        reads: &[("steps", 10.0), ("step", 0.0), ("decay", 1.0)],
    },
    MethodFacts {
        method: Method::Autoattack,
        name: "autoattack",
        label: "AutoAttack",
        family: Family::Strongest,
        about: on_page("Four attacks in turn, each on the images that withstood those before."),
        cites: on_page("Croce & Hein 2020"),
        norms: NOT_L1,
        targets: false,
        reads: &[],
    },
    MethodFacts {
        method: Method::ApgdCe,
        name: "apgd-ce",
        label: "APGD, cross-entropy",
        family: Family::Strongest,
        about: on_page("PGD that sets its own step size, on the usual loss."),
        cites: on_page("Croce & Hein 2020"),
        norms: ALL,
        targets: true,
        reads: &[("steps", 100.0), ("restarts", 1.0), ("rho", 0.75)],
    },
    MethodFacts {
        method: Method::ApgdDlr,
        name: "apgd-dlr",
        label: "APGD, logit ratio",
        family: Family::Strongest,
        about: on_page(
            "PGD that sets its own step size, on a loss that does not vanish with confidence.",
        ),
        cites: on_page("Croce & Hein 2020"),
        norms: ALL,
        targets: true,
        reads: &[("steps", 100.0), ("restarts", 1.0), ("rho", 0.75)],
    },
    MethodFacts {
        method: Method::ApgdT,
        name: "apgd-t",
        label: "APGD, each wrong digit",
        family: Family::Strongest,
        about: on_page(
            "PGD that sets its own step size, towards each of nine wrong digits in turn.",
        ),
        cites: on_page("Croce & Hein 2020"),
        norms: ALL,
        targets: false,
        reads: &[("steps", 100.0), ("restarts", 1.0), ("rho", 0.75), ("n_target_classes", 9.0)],
    },
    MethodFacts {
        method: Method::Deepfool,
        name: "deepfool",
        label: "DeepFool",
        family: Family::Minimal,
        about: on_page("Walks to the nearest border as if the network were linear."),
        cites: on_page("Moosavi-Dezfooli, Fawzi & Frossard 2016"),
        norms: &[Norm::L2, Norm::Linf],
        targets: false,
        reads: &[("steps", 50.0), ("overshoot", 0.02)],
    },
    MethodFacts {
        method: Method::Cw,
        name: "cw",
        label: "Carlini & Wagner",
        family: Family::Minimal,
        about: on_page("Weighs size against success and searches for the best balance."),
        cites: on_page("Carlini & Wagner 2017"),
        norms: &[Norm::L2],
        targets: true,
        reads: &[
            ("steps", 200.0),
            ("step", 0.05),
            ("binary_search_steps", 5.0),
            ("initial_const", 0.001),
            ("confidence", 0.0),
        ],
    },
    MethodFacts {
        method: Method::FabT,
        name: "fab-t",
        label: "FAB",
        family: Family::Minimal,
        about: on_page(
            "Goes back and forth over the border to each wrong digit, ever nearer the image.",
        ),
        cites: on_page("Croce & Hein 2020"),
        norms: NOT_L1,
        targets: true,
        reads: &[
            ("steps", 100.0),
            ("restarts", 1.0),
            ("n_target_classes", 9.0),
            ("alpha_max", 0.1),
            ("eta", 1.05),
            ("beta", 0.9),
        ],
    },
    MethodFacts {
        method: Method::Square,
        name: "square",
        label: "Square",
        family: Family::BlackBox,
        about: on_page("Tries random squares and keeps what helps; needs no gradient."),
        cites: on_page("Andriushchenko et al. 2020"),
        norms: NOT_L1,
        targets: true,
        reads: &[("steps", 5000.0), ("restarts", 1.0), ("p_init", 0.8)],
    },
    MethodFacts {
        method: Method::Noise,
        name: "noise",
        label: "Random signs",
        family: Family::Control,
        about: on_page("Every pixel moves up or down at random: as large as an attack, but blind."),
        cites: on_page("control"),
        norms: ALL,
        targets: false,
        reads: &[("restarts", 1.0)],
    },
    MethodFacts {
        method: Method::Uniform,
        name: "uniform",
        label: "Uniform noise",
        family: Family::Control,
        about: on_page("Every pixel moves by a uniform draw."),
        cites: on_page("control"),
        norms: ALL,
        targets: false,
        reads: &[("restarts", 1.0)],
    },
    MethodFacts {
        method: Method::Gaussian,
        name: "gaussian",
        label: "Gaussian noise",
        family: Family::Control,
        about: on_page("Every pixel moves by a normal draw."),
        cites: on_page("control"),
        norms: ALL,
        targets: false,
        reads: &[("restarts", 1.0)],
    },
];
