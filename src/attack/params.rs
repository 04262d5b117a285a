//! An attack's parameters, checked once at the door.

use super::plan::Plan;
use super::{Ball, Method, Norm};
use crate::words::number;
use serde::{Deserialize, Serialize};

/// Where PGD starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// At a random point of the ball, clipped to [0, 1].
    Random,
    /// At the image itself.
    Image,
}

/// An attack's parameters as they come from outside.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AttackParams {
    /// Which attack.
    pub method: Method,
    /// How the size of a perturbation is measured.
    pub norm: Norm,
    /// Size of the ball; pixels run from 0 to 1.
    pub eps: f64,
    /// Iterations; of the square attack, queries.
    pub steps: usize,
    /// Length of a step; 0 stands for the method's usual.
    pub step: f64,
    /// Where PGD starts.
    pub start: Start,
    /// How often it is tried anew from another start.
    pub restarts: usize,
    /// The digit to be read, or -1 for any wrong one.
    pub target: i64,
    /// What only specialists turn.
    #[serde(skip)]
    pub tuning: Tuning,
}

/// Parameters that stay as published unless somebody asks for something else on the command line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// MI-FGSM: how much of the summed gradient is kept (μ).
    pub decay: f64,
    /// APGD: the share of steps that must have raised the loss to keep the step size (ρ).
    pub rho: f64,
    /// APGD-T and FAB-T: how many wrong classes are aimed at.
    pub classes: usize,
    /// DeepFool: how far past the border it steps.
    pub overshoot: f64,
    /// Carlini & Wagner: binary search steps for the constant.
    pub searches: usize,
    /// Carlini & Wagner: the constant that the search starts with.
    pub constant: f64,
    /// Carlini & Wagner: by how much the wrong logit is to lead (κ).
    pub confidence: f64,
    /// FAB: the largest weight of the way back to the image (α_max).
    pub alpha: f64,
    /// FAB: how far past the border it steps (η).
    pub eta: f64,
    /// FAB: how much of the way back is kept after a success (β).
    pub beta: f64,
    /// Square: the share of pixels changed at first (p).
    pub share: f64,
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning {
            decay: 1.0,
            rho: 0.75,
            classes: 9,
            overshoot: 0.02,
            searches: 5,
            constant: 0.001,
            confidence: 0.0,
            alpha: 0.1,
            eta: 1.05,
            beta: 0.9,
            share: 0.8,
        }
    }
}

impl AttackParams {
    /// The L∞ attack of this method, size and number of steps, all else as usual.
    pub fn usual(method: Method, eps: f64, steps: usize) -> Self {
        let facts = method.facts();
        AttackParams {
            method,
            norm: facts.norms[0],
            eps,
            steps,
            step: facts.usual("step").unwrap_or(0.0),
            start: Start::Random,
            restarts: 1,
            target: -1,
            tuning: Tuning::default(),
        }
    }

    /// Checks the parameters once; past this point there are no surprises.
    ///
    /// # Errors
    /// One sentence with what is allowed.
    pub fn check(&self) -> Result<Valid, String> {
        let facts = self.method.facts();
        let label = facts.label;
        if !facts.norms.contains(&self.norm) {
            let norms: Vec<_> = facts.norms.iter().map(|norm| norm.label()).collect();
            return Err(format!(
                "{label} is defined for {}, not for {}.",
                norms.join(" and "),
                self.norm.label()
            ));
        }
        let largest = self.norm.largest();
        within("ε", self.eps, 0.0, largest, label)?;
        within("step", self.step, 0.0, largest, label)?;
        whole(facts.steps_label(), self.steps, 1, facts.most_steps(), label)?;
        whole("number of restarts", self.restarts, 1, 100, label)?;
        self.tuning.check(label)?;
        let target = match self.target {
            -1 => None,
            digit @ 0..=9 if facts.targets => Some(digit as u8),
            0..=9 => {
                return Err(format!("{label} has no target; leave it at -1."));
            }
            other => return Err(format!("A target is a digit or -1 for none, not {other}.")),
        };
        Ok(Valid { params: *self, target })
    }
}

impl Tuning {
    fn check(&self, label: &str) -> Result<(), String> {
        within("decay", self.decay, 0.0, 10.0, label)?;
        within("rho", self.rho, 0.0, 1.0, label)?;
        whole("number of classes", self.classes, 1, 9, label)?;
        within("overshoot", self.overshoot, 0.0, 1.0, label)?;
        whole("number of searches", self.searches, 1, 20, label)?;
        within("constant", self.constant, 1e-6, 1e6, label)?;
        within("confidence", self.confidence, 0.0, 100.0, label)?;
        within("alpha", self.alpha, 0.0, 1.0, label)?;
        within("eta", self.eta, 1.0, 2.0, label)?;
        within("beta", self.beta, 0.0, 1.0, label)?;
        within("share", self.share, 0.001, 1.0, label)
    }
}

fn within(what: &str, value: f64, low: f64, high: f64, label: &str) -> Result<(), String> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let [value, low, high] = [value, low, high].map(number);
    Err(format!("The {what} of {label} must lie from {low} to {high}, but it was {value}."))
}

fn whole(what: &str, value: usize, low: usize, high: usize, label: &str) -> Result<(), String> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let what = what.to_ascii_lowercase();
    Err(format!("The {what} of {label} must be {low} to {high}, but {value} were asked for."))
}

/// Checked parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valid {
    params: AttackParams,
    target: Option<u8>,
}

impl Valid {
    /// The ball that the attack stays in; of a minimal-norm attack, the one its verdicts are of.
    pub fn ball(&self) -> Ball {
        Ball { norm: self.params.norm, eps: self.params.eps as f32 }
    }

    /// The parameters.
    pub fn params(&self) -> &AttackParams {
        &self.params
    }

    /// The digit that is to be read, if it matters which.
    pub(super) fn target(&self) -> Option<u8> {
        self.target
    }

    /// How often an image is looked at, at most: one that is fooled early is left alone.
    pub fn looks(&self) -> usize {
        self.plan().looks()
    }

    /// The attacks to be tried in turn.
    pub(super) fn plan(&self) -> Plan {
        Plan::new(&self.params)
    }
}
