//! The one table of criteria: what each may rank, what it has to see, and where it comes from.

use super::{Criterion, What};
use crate::words::on_page;
use What::{Pixels, Units, Weights};

/// What has to be measured before a criterion can score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: the network's own weights say all.
    Nothing,
    /// Outputs on clean images.
    Outputs,
    /// Outputs of hidden units and the loss's gradients by them.
    Saliency,
    /// The loss's gradients by the weights.
    Gradients,
    /// What an attack changes.
    Attack,
    /// A search that attacks anew for every unit it tries.
    Search,
}

/// What is to be known of a criterion.
#[derive(Debug, Clone, Copy)]
pub struct CriterionFacts {
    /// Which one.
    pub criterion: Criterion,
    /// What it can rank.
    pub what: &'static [What],
    /// What has to be measured before.
    pub needs: Needs,
    /// What goes first, and in reverse order.
    pub first: (&'static str, &'static str),
    /// One sentence of explanation.
    pub about: &'static str,
    /// The paper.
    pub cites: &'static str,
}

const fn of(
    criterion: Criterion,
    what: &'static [What],
    needs: Needs,
    first: (&'static str, &'static str),
    about: &'static str,
    cites: &'static str,
) -> CriterionFacts {
    let (about, cites) = (on_page(about), on_page(cites));
    CriterionFacts { criterion, what, needs, first, about, cites }
}

const DISTORTED: (&str, &str) = ("most distorted first", "least distorted first");
const SMALLEST: (&str, &str) = ("smallest first", "largest first");
const ANP: &str = "Madaan, Shin & Hwang 2020";

/// All criteria, in the order of the page.
pub const CRITERIA: [CriterionFacts; 19] = [
    of(
        Criterion::Distortion,
        &[Units, Weights, Pixels],
        Needs::Attack,
        DISTORTED,
        "The mean change that the attack makes to a unit’s output or to a pixel; of a weight, its \
         size times the change of its input.",
        ANP,
    ),
    of(
        Criterion::DistortionRms,
        &[Units, Pixels],
        Needs::Attack,
        DISTORTED,
        "The root of the mean squared change: rare large changes count more.",
        ANP,
    ),
    of(
        Criterion::DistortionPre,
        &[Units],
        Needs::Attack,
        DISTORTED,
        "The mean change of a unit before its ReLU: what the ReLU hides counts too.",
        ANP,
    ),
    of(
        Criterion::DistortionFooled,
        &[Units, Pixels],
        Needs::Attack,
        DISTORTED,
        "The mean change over those images alone that the attack fooled the network with.",
        ANP,
    ),
    of(
        Criterion::DistortionActivation,
        &[Units, Pixels],
        Needs::Attack,
        DISTORTED,
        "The mean change divided by the mean value: what carries little and is moved much.",
        ANP,
    ),
    of(
        Criterion::DistortionStd,
        &[Units, Pixels],
        Needs::Attack,
        DISTORTED,
        "The mean change divided by the standard deviation over the clean images.",
        ANP,
    ),
    of(
        Criterion::DistortionOut,
        &[Units, Pixels],
        Needs::Attack,
        DISTORTED,
        "The mean change times the sum of the sizes of the weights that pass it on.",
        ANP,
    ),
    of(
        Criterion::Magnitude,
        &[Units, Weights, Pixels],
        Needs::Nothing,
        SMALLEST,
        "The size of a weight; of a unit the sum over the weights into it, of a pixel over those \
         out of it.",
        "Han et al. 2015; Li et al. 2017",
    ),
    of(
        Criterion::IncomingL2,
        &[Units],
        Needs::Nothing,
        SMALLEST,
        "The Euclidean norm of the weights into a unit.",
        "Li et al. 2017",
    ),
    of(
        Criterion::OutgoingL1,
        &[Units, Pixels],
        Needs::Nothing,
        SMALLEST,
        "The sum of the sizes of the weights out of a unit or pixel.",
        "He, Fan, Qian, Tan & Yu 2014",
    ),
    of(
        Criterion::OutgoingL2,
        &[Units, Pixels],
        Needs::Nothing,
        SMALLEST,
        "The Euclidean norm of the weights out of a unit or pixel.",
        "He, Fan, Qian, Tan & Yu 2014",
    ),
    of(
        Criterion::Activation,
        &[Units, Pixels],
        Needs::Outputs,
        ("weakest first", "strongest first"),
        "The mean output of a unit, or the mean intensity of a pixel.",
        "Molchanov et al. 2017",
    ),
    of(
        Criterion::Apoz,
        &[Units, Pixels],
        Needs::Outputs,
        ("most often silent first", "least often silent first"),
        "The share of images on which a unit puts out nothing, or a pixel is black.",
        "Hu et al. 2016",
    ),
    of(
        Criterion::Taylor,
        &[Units],
        Needs::Saliency,
        SMALLEST,
        "How much the loss would change without a unit, to first order: its output times the \
         loss’s gradient by it, image by image.",
        "Molchanov et al. 2017",
    ),
    of(
        Criterion::Wanda,
        &[Weights],
        Needs::Outputs,
        SMALLEST,
        "A weight’s size times the norm of its input; per layer, every output loses the amount of \
         its own weights.",
        "Sun et al. 2023",
    ),
    of(
        Criterion::SignalToDistortion,
        &[Weights],
        Needs::Attack,
        SMALLEST,
        "A weight’s size times its input’s mean value, divided by how far the attack moves that \
         input; per layer, every output loses the amount of its own weights.",
        "after Sun et al. 2023 and Madaan, Shin & Hwang 2020",
    ),
    of(
        Criterion::Snip,
        &[Weights],
        Needs::Gradients,
        SMALLEST,
        "How much the loss would change without a weight, to first order: the weight times the \
         loss’s mean gradient by it.",
        "Lee, Ajanthan & Torr 2019",
    ),
    of(
        Criterion::Greedy,
        &[Units],
        Needs::Search,
        ("least missed first", "most missed first"),
        "Tries to remove every unit, attacks each network anew and takes the removal that leaves \
         the highest adaptive accuracy, again and again: slow, a reference from above.",
        "as the oracle of Molchanov et al. 2017",
    ),
    of(
        Criterion::Random,
        &[Units, Weights, Pixels],
        Needs::Nothing,
        ("a random order", "the same order backwards"),
        "What every criterion has to beat.",
        "",
    ),
];

impl Criterion {
    /// What is to be known of it.
    pub fn facts(self) -> &'static CriterionFacts {
        let found = CRITERIA.iter().find(|facts| facts.criterion == self);
        // Every criterion stands in the table; a test sees to it.
        found.unwrap_or(&CRITERIA[0])
    }
}

/// The criteria that can rank these.
pub(super) fn criteria_for(what: What) -> impl Iterator<Item = Criterion> {
    let fit = CRITERIA.iter().filter(move |facts| facts.what.contains(&what));
    fit.map(|facts| facts.criterion)
}
