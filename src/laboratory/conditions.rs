//! Under which conditions distortion is measured, to see whether it is the same units every time.

use crate::attack::{AttackParams, Method, Norm};
use crate::data::CLASSES;
use crate::words::number;
use serde::Serialize;

/// A measure of every unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Condition {
    /// What it differs in from the first.
    pub kind: ConditionKind,
    /// What it is called, in a word or two.
    pub name: String,
    /// Images that it is a mean over; 0 where it needs none.
    pub images: usize,
}

/// What a condition differs in from the first one, which is the distortion as it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum ConditionKind {
    /// The distortion as it is measured: all images, the attack that was asked for.
    Whole,
    /// The first half of the images, or the second. Not every other image: in MNIST's file order
    /// the digits of images of even and of odd places differ.
    Half,
    /// The images of one digit.
    Digit,
    /// Another attack.
    Attack,
    /// Another size of the same attack.
    Size,
    /// Noise as large as the attack, blind to the network: the control.
    Noise,
    /// No distortion: the mean output of the unit on the clean images.
    Activation,
    /// No distortion: the sum of the magnitudes of its incoming weights.
    Norm,
}

/// Which conditions there are, and by which attacks.
#[derive(Debug)]
pub(super) struct Plan {
    /// The attacks, in turn; the first is the one that was asked for.
    pub runs: Vec<AttackParams>,
    pub conditions: Vec<Condition>,
}

/// Places of conditions, which are the same in every plan.
pub(super) const WHOLE: usize = 0;
pub(super) const HALVES: usize = 1;
pub(super) const DIGITS: usize = 3;
/// The condition of the second run; those of later runs follow.
pub(super) const OTHERS: usize = DIGITS + CLASSES;

impl Plan {
    /// The conditions around an attack.
    pub fn new(attack: &AttackParams) -> Self {
        let base = *attack;
        let usual = |method: Method| AttackParams {
            norm: base.norm,
            ..AttackParams::usual(method, base.eps, base.steps)
        };
        let mut plan = Plan { runs: vec![base], conditions: Vec::new() };
        plan.push(ConditionKind::Whole, said(&base, true));
        plan.push(ConditionKind::Half, "first half".into());
        plan.push(ConditionKind::Half, "second half".into());
        (0..CLASSES).for_each(|digit| plan.push(ConditionKind::Digit, format!("digit {digit}")));
        let one_step = if base.method == Method::Fgsm { Method::Pgd } else { Method::Fgsm };
        let mut other = usual(one_step);
        // FGSM's single step is too few for PGD.
        other.steps = if one_step == Method::Pgd { 10 } else { 1 };
        plan.attack(ConditionKind::Attack, other, said(&other, false));
        let norm = if base.norm == Norm::L2 { Norm::Linf } else { Norm::L2 };
        // As large among its kind as the attack is among its own.
        let scale = norm.usual_eps() / base.norm.usual_eps();
        let eps = rounded(base.eps * scale).min(norm.largest());
        let other = AttackParams { norm, ..AttackParams::usual(Method::Pgd, eps, 10) };
        plan.attack(ConditionKind::Attack, other, said(&other, true));
        for factor in [0.5, 2.0, 3.0] {
            let eps = rounded(base.eps * factor).min(base.norm.largest());
            let other = AttackParams { eps, ..base };
            plan.attack(ConditionKind::Size, other, format!("ε {}", number(eps)));
        }
        plan.attack(ConditionKind::Noise, usual(Method::Noise), "random noise".into());
        plan.push(ConditionKind::Activation, "mean activation".into());
        plan.push(ConditionKind::Norm, "‖w‖₁ in".into());
        plan
    }

    fn push(&mut self, kind: ConditionKind, name: String) {
        self.conditions.push(Condition { kind, name, images: 0 });
    }

    fn attack(&mut self, kind: ConditionKind, attack: AttackParams, name: String) {
        self.runs.push(attack);
        self.push(kind, name);
    }

    /// Places of the conditions of a kind.
    pub fn of(&self, kind: ConditionKind) -> Vec<usize> {
        let places = self.conditions.iter().enumerate();
        places.filter(|(_, condition)| condition.kind == kind).map(|(place, _)| place).collect()
    }

    /// The place of the mean activation; that of ‖w‖₁ follows.
    pub fn activation(&self) -> usize {
        self.conditions.len() - 2
    }
}

/// Without the tail that a product such as 3 · 0.1 has.
fn rounded(eps: f64) -> f64 {
    (eps * 1e6).round() / 1e6
}

/// An attack in a few words.
fn said(attack: &AttackParams, with_size: bool) -> String {
    let facts = attack.method.facts();
    let mut words = facts.label.to_string();
    if facts.usual("steps").is_some() {
        words += &format!("-{}", attack.steps);
    }
    if attack.norm != Norm::Linf {
        words += &format!(" {}", attack.norm.label());
    }
    if with_size {
        words += &format!(", ε {}", number(attack.eps));
    }
    words
}
