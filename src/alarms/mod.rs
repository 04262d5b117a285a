//! Alarms: signs that an attack failed because gradients were masked, not because the network is
//! robust.
//!
//! The checks are those of Athalye, Carlini & Wagner (2018, “Obfuscated gradients give a false
//! sense of security”, section 3.1) and of Carlini et al. (2019, “On evaluating adversarial
//! robustness”, section 5). Each compares counts of images that withstand one attack and another;
//! when a difference is more than chance is said in [`statistics`].

mod measure;
mod statistics;

pub use measure::{Rivals, measure_evidence};

use crate::attack::Norm;
use crate::data::CLASSES;
use crate::evaluate::GradientCount;
use crate::words::number;
use serde::{Deserialize, Serialize};
use statistics::{Duel, MARGIN, at_least};

/// Images that withstand an attack at a size at which every image can be turned plain grey.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LargeCount {
    /// The size.
    pub eps: f64,
    /// How many withstand.
    pub correct: usize,
}

/// Of each comparison, how many images only the rival broke: with them the counts can be compared
/// image by image, and smaller differences are certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OnlyRival {
    /// Images that one step broke and many did not.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub one_step: Option<usize>,
    /// Images that the black-box attack broke and the white-box one did not.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub black_box: Option<usize>,
    /// Images that were broken by transfer and not by the attack on the network itself.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub transfer: Option<usize>,
    /// Images that more steps broke and fewer did not.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub more_steps: Option<usize>,
    /// Images that noise broke and the attack did not.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub noise: Option<usize>,
}

/// What was measured of one network: counts of images, of the same ones each time, that are read
/// right under an attack. What is missing has not been measured.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Size of the attacks' ball.
    pub eps: f64,
    /// Its norm.
    pub norm: Norm,
    /// Images in all.
    pub images: usize,
    /// Read right unchanged.
    pub clean: usize,
    /// Under the attack whose figure is in question.
    pub adaptive: usize,
    /// Crafted on another network.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub transfer: Option<usize>,
    /// Under a single gradient step.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub one_step: Option<usize>,
    /// Under many gradient steps.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub iterative: Option<usize>,
    /// Under many times as many steps.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub more_steps: Option<usize>,
    /// Under an attack that sees no gradients.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub black_box: Option<usize>,
    /// Under an attack that follows gradients and nothing else.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub white_box: Option<usize>,
    /// Under an attack that may turn every image plain grey.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub large: Option<LargeCount>,
    /// Under random noise as large as the attack.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub noise: Option<usize>,
    /// Images whose gradient is of no use.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub gradients: Option<GradientCount>,
    /// Of the comparisons, the images that only the rival broke.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub only: Option<OnlyRival>,
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum AlarmKind {
    /// Gradients by the input are zero or vanish.
    Gradients,
    /// One step beats many.
    OneStep,
    /// An attack without gradients beats one with them.
    BlackBox,
    /// Images crafted on another network beat those crafted on this one.
    Transfer,
    /// More steps still gain.
    MoreSteps,
    /// Accuracy stays above guessing where every image can be turned plain grey.
    LargeEps,
    /// Noise is as strong as the attack.
    Noise,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// There is a sign of masked gradients.
    Tripped,
    /// There is none.
    Passed,
    /// What it needs has not been measured, or says nothing.
    Unknown,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Check {
    /// What is checked.
    pub kind: AlarmKind,
    /// How it came out.
    pub state: CheckState,
    /// That in plain words.
    pub sentence: &'static str,
    /// The numbers; empty where nothing was measured.
    pub evidence: String,
}

/// The checks that tripped.
pub fn alarms(evidence: &Evidence) -> Vec<Check> {
    let mut checks = checks(evidence);
    checks.retain(|check| check.state == CheckState::Tripped);
    checks
}

/// All seven checks, tripped or not.
pub fn checks(evidence: &Evidence) -> Vec<Check> {
    let only = evidence.only.unwrap_or_default();
    let duel = |withstand, withstand_rival, only_rival| {
        Some(Duel {
            images: evidence.images,
            withstand: withstand?,
            withstand_rival: withstand_rival?,
            only_rival,
        })
    };
    let adaptive = Some(evidence.adaptive);
    vec![
        gradients(evidence),
        Words::ONE_STEP.on(duel(evidence.iterative, evidence.one_step, only.one_step)),
        Words::BLACK_BOX.on(duel(evidence.white_box, evidence.black_box, only.black_box)),
        Words::TRANSFER.on(duel(adaptive, evidence.transfer, only.transfer)),
        Words::MORE_STEPS.on(duel(evidence.iterative, evidence.more_steps, only.more_steps)),
        large(evidence),
        noise(evidence, duel(adaptive, evidence.noise, only.noise)),
    ]
}

/// The words of a check that no rival beats an attack.
struct Words {
    kind: AlarmKind,
    tripped: &'static str,
    passed: &'static str,
    unknown: &'static str,
    /// What withstands the rival, and what the attack.
    rival: &'static str,
    attack: &'static str,
}

impl Words {
    const ONE_STEP: Words = Words {
        kind: AlarmKind::OneStep,
        tripped: "A single step fools more images than many small ones, so the small ones are led \
                  astray.",
        passed: "Many small steps fool at least as many images as a single one.",
        unknown: "A single step and many small ones have not been compared yet.",
        rival: "a single step",
        attack: "many small ones",
    };
    const BLACK_BOX: Words = Words {
        kind: AlarmKind::BlackBox,
        tripped: "An attack that sees only what the network puts out fools more images than one \
                  that follows its gradients, so the gradients mislead.",
        passed: "An attack that sees no gradients fools no more images than one that follows them.",
        unknown: "Attacks with and without gradients have not been compared yet.",
        rival: "an attack without gradients",
        attack: "one that follows them",
    };
    const TRANSFER: Words = Words {
        kind: AlarmKind::Transfer,
        tripped: "Images crafted on another network fool this one more often than images crafted \
                  on itself, so the attack on itself fails.",
        passed: "Images crafted on another network fool this one no more often than images crafted \
                 on itself.",
        unknown: "Images crafted on another network have not been tried yet.",
        rival: "what was crafted on another network",
        attack: "what was crafted on this one",
    };
    const MORE_STEPS: Words = Words {
        kind: AlarmKind::MoreSteps,
        tripped: "With many more steps the attack fools more images, so it had not come to its end.",
        passed: "Many more steps hardly fool more images, so the attack has come to its end.",
        unknown: "More steps have not been tried yet.",
        rival: "many more steps",
        attack: "the usual ones",
    };

    fn on(self, duel: Option<Duel>) -> Check {
        let Some(duel) = duel.filter(|duel| duel.images > 0) else {
            return self.kind.unknown(self.unknown);
        };
        let beaten = duel.rival_breaks_more_by_at_least() > MARGIN;
        let evidence = format!(
            "Of {} images {} withstand {} and {} {}.",
            duel.images, duel.withstand_rival, self.rival, duel.withstand, self.attack
        );
        self.kind.says(beaten, [self.tripped, self.passed], evidence)
    }
}

impl AlarmKind {
    fn unknown(self, sentence: &'static str) -> Check {
        Check { kind: self, state: CheckState::Unknown, sentence, evidence: String::new() }
    }

    fn says(self, bad: bool, [tripped, passed]: [&'static str; 2], evidence: String) -> Check {
        let (state, sentence) =
            if bad { (CheckState::Tripped, tripped) } else { (CheckState::Passed, passed) };
        Check { kind: self, state, sentence, evidence }
    }
}

/// The shares of images without a useful gradient that have to be exceeded.
///
/// Measured on the reference network `std` with its logits times 1 to 10,000, which changes
/// nothing that is read, only how sure it is: on 512 images PGD's figure rises by nearly as many
/// images as have a gradient of exactly zero (at ε 0.1: 74, and 49 more), and by a twentieth of
/// those with a vanishing one (at ε 0.05: 213, and 9 more; 441, and 20 more), FGSM's by a sixth of
/// them (213, and 33 more). So one in a hundred of the former and one in ten of the latter are
/// worth about a point.
const MOST_ZERO: f64 = 0.01;
const MOST_USELESS: f64 = 0.1;

fn gradients(evidence: &Evidence) -> Check {
    let kind = AlarmKind::Gradients;
    let Some(GradientCount { correct, zero, vanishing, .. }) =
        evidence.gradients.filter(|count| count.correct > 0)
    else {
        return kind.unknown("Gradients have not been looked at yet.");
    };
    let many =
        at_least(zero, correct) > MOST_ZERO || at_least(zero + vanishing, correct) > MOST_USELESS;
    let sentences = [
        "On many images the gradient is zero or lost in rounding, so attacks that follow it go \
         astray.",
        "Nearly every image has a gradient that an attack can follow.",
    ];
    let evidence = format!(
        "Of {correct} images read right {zero} have a gradient of exactly zero, and {vanishing} one \
         largely lost in rounding."
    );
    kind.says(many, sentences, evidence)
}

fn large(evidence: &Evidence) -> Check {
    let kind = AlarmKind::LargeEps;
    // Half of the largest size there is turns every image plain grey, and all are read the same.
    let reaches_grey = |large: &LargeCount| large.eps >= 0.5 * evidence.norm.largest();
    let Some(large) = evidence.large.filter(|large| evidence.images > 0 && reaches_grey(large))
    else {
        return kind.unknown(
            "A size at which every image can be turned plain grey has not been tried yet.",
        );
    };
    let chance = 1.0 / CLASSES as f64;
    let sentences = [
        "Even where every image can be turned plain grey more are read right than by guessing, so \
         the attack misses what is there.",
        "Where every image can be turned plain grey no more are read right than by guessing.",
    ];
    let LargeCount { eps, correct } = large;
    let numbers = format!(
        "At {} {} {correct} of {} images withstand; guessing gets a tenth right.",
        evidence.norm.label(),
        number(eps),
        evidence.images
    );
    kind.says(at_least(correct, evidence.images) > chance + MARGIN, sentences, numbers)
}

fn noise(evidence: &Evidence, duel: Option<Duel>) -> Check {
    let kind = AlarmKind::Noise;
    let Some(duel) = duel.filter(|duel| duel.images > 0) else {
        return kind.unknown("Random noise has not been tried yet.");
    };
    let numbers = format!(
        "Of {} images read right {} withstand noise and {} the attack.",
        evidence.clean, duel.withstand_rival, duel.withstand
    );
    // Here the attack has to prove that it is the stronger: so the other way round.
    let gap = duel.withstand as i64 - duel.withstand_rival as i64;
    let only_attack = duel.only_rival.map(|only| (only as i64 - gap).max(0) as usize);
    let proof = Duel {
        images: duel.images,
        withstand: duel.withstand_rival,
        withstand_rival: duel.withstand,
        only_rival: only_attack,
    };
    let stronger = proof.rival_breaks_more_by_at_least() > 0.0;
    let broken = evidence.clean.saturating_sub(duel.withstand_rival);
    if !stronger && at_least(broken, duel.images) <= MARGIN {
        let sentence = "At this size neither noise nor the attack fools enough images to tell.";
        return Check { evidence: numbers, ..kind.unknown(sentence) };
    }
    let sentences = [
        "Random noise of the same size fools about as many images as the attack, so the attack \
         finds no direction.",
        "The attack fools more images than random noise of the same size.",
    ];
    kind.says(!stronger, sentences, numbers)
}

#[cfg(test)]
mod tests;
