//! Which attacks are tried on an image, one round after the other, until one succeeds.

use super::apgd::{Apgd, Surrogate};
use super::cw::Cw;
use super::deepfool::DeepFool;
use super::fab::Fab;
use super::fgsm::Fgsm;
use super::mifgsm::MiFgsm;
use super::noise::{self, Noise};
use super::pgd::Pgd;
use super::square::Square;
use super::{Attack, AttackParams, Ball, Method, Norm, Start, Tuning};

/// An attack with its parameters.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Cw(Cw),
    DeepFool(DeepFool),
    Fab(Fab),
    MiFgsm(MiFgsm),
    Fgsm(Fgsm),
    Pgd(Pgd),
    Apgd(Apgd),
    Square(Square),
    Noise(Noise),
}

impl Kind {
    /// One image's attack of this kind.
    pub fn start(self) -> Box<dyn Attack> {
        match self {
            Kind::Cw(params) => Box::new(params.start()),
            Kind::DeepFool(params) => Box::new(params.start()),
            Kind::MiFgsm(params) => Box::new(params.start()),
            Kind::Fab(params) => Box::new(params.start()),
            Kind::Fgsm(params) => Box::new(params.start()),
            Kind::Pgd(params) => Box::new(params.start()),
            Kind::Apgd(params) => params.start(),
            Kind::Square(params) => Box::new(params.start()),
            Kind::Noise(params) => Box::new(params.start()),
        }
    }

    /// How often it looks at its image in a round, at most.
    fn looks(self) -> usize {
        match self {
            Kind::Cw(params) => params.searches * params.steps,
            Kind::DeepFool(params) => params.steps,
            Kind::MiFgsm(params) => params.steps,
            Kind::Fab(params) => params.steps,
            Kind::Pgd(params) => params.steps,
            Kind::Apgd(params) => params.steps,
            Kind::Square(params) => params.queries,
            Kind::Fgsm(_) | Kind::Noise(_) => 1,
        }
    }
}

/// An attack, tried so many times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub kind: Kind,
    pub rounds: usize,
    /// Whether its points are kept in the ball. A minimal-norm attack's are not: it has succeeded
    /// where it finds a point of the ball.
    pub confined: bool,
}

/// What is tried in turn.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub parts: Vec<Part>,
    /// Whether the smallest perturbation is looked for, so that a success is not the end.
    pub minimal: bool,
}

impl Plan {
    /// The rounds of an attack with checked parameters.
    pub fn new(params: &AttackParams) -> Self {
        let ball = Ball { norm: params.norm, eps: params.eps as f32 };
        let confined = |kind, rounds| Part { kind, rounds, confined: true };
        let free = |kind, rounds| Part { kind, rounds, confined: false };
        let noise = |kind| confined(Kind::Noise(Noise { ball, kind }), params.restarts);
        let parts = match params.method {
            Method::Fgsm => vec![confined(Kind::Fgsm(Fgsm { ball }), 1)],
            Method::Bim => vec![confined(Kind::Pgd(pgd(params, ball, false)), 1)],
            Method::Pgd => {
                let random = params.start == Start::Random;
                let rounds = if random { params.restarts } else { 1 };
                vec![confined(Kind::Pgd(pgd(params, ball, random)), rounds)]
            }
            Method::Noise => vec![noise(noise::Kind::Signs)],
            Method::Uniform => vec![noise(noise::Kind::Uniform)],
            Method::Gaussian => vec![noise(noise::Kind::Gaussian)],
            Method::Mifgsm => vec![confined(Kind::MiFgsm(MiFgsm::new(params, ball)), 1)],
            Method::Deepfool => vec![free(Kind::DeepFool(DeepFool::new(params, ball)), 1)],
            Method::Cw => vec![free(Kind::Cw(Cw::new(params)), 1)],
            Method::FabT => {
                let fab = Fab::new(params, ball);
                vec![free(Kind::Fab(fab), fab.rounds(params.target >= 0))]
            }
            Method::ApgdCe => {
                vec![apgd(params, ball, Surrogate::CrossEntropy, params.restarts)]
            }
            Method::ApgdDlr => {
                vec![apgd(params, ball, Surrogate::Ratio, params.restarts)]
            }
            Method::ApgdT => {
                let restarts = params.restarts;
                let surrogate = Surrogate::TargetedRatio { restarts };
                vec![apgd(params, ball, surrogate, restarts * params.tuning.classes)]
            }
            Method::Square => {
                let square =
                    Square { ball, queries: params.steps, share: params.tuning.share as f32 };
                vec![confined(Kind::Square(square), params.restarts)]
            }
            Method::Autoattack => standard(params, ball),
        };
        Plan { parts, minimal: params.method.facts().is_minimal() }
    }

    /// How often all rounds together look at an image, at most.
    pub fn looks(&self) -> usize {
        self.parts.iter().map(|part| part.rounds * part.kind.looks()).sum()
    }

    /// The part and its round that follow after so many rounds, if any.
    pub fn round(&self, mut done: usize) -> Option<(usize, usize)> {
        for (index, part) in self.parts.iter().enumerate() {
            if done < part.rounds {
                return Some((index, done));
            }
            done -= part.rounds;
        }
        None
    }
}

fn pgd(params: &AttackParams, ball: Ball, random_start: bool) -> Pgd {
    // 2.5·ε/steps lets PGD reach the ball's border from anywhere in it (Madry et al. 2018,
    // section 5).
    let usual = 2.5 * params.eps / params.steps as f64;
    let step = if params.step == 0.0 { usual } else { params.step } as f32;
    Pgd { ball, steps: params.steps, step, random_start }
}

fn apgd(params: &AttackParams, ball: Ball, surrogate: Surrogate, rounds: usize) -> Part {
    let rho = params.tuning.rho as f32;
    let kind = Kind::Apgd(Apgd { ball, steps: params.steps, rho, surrogate });
    // In L1 it begins in greater balls.
    Part { kind, rounds, confined: ball.norm != Norm::L1 }
}

/// The standard version of AutoAttack (Croce & Hein 2020, section 5.1): everything as published,
/// whatever the parameters beside the ball.
fn standard(params: &AttackParams, ball: Ball) -> Vec<Part> {
    let tuning = Tuning::default();
    let params = AttackParams { steps: 100, restarts: 1, tuning, ..*params };
    let towards_each = Surrogate::TargetedRatio { restarts: 1 };
    let fab = Fab::new(&params, ball);
    let square = Square { ball, queries: 5000, share: tuning.share as f32 };
    vec![
        apgd(&params, ball, Surrogate::CrossEntropy, 1),
        apgd(&params, ball, towards_each, tuning.classes),
        Part { kind: Kind::Fab(fab), rounds: fab.rounds(false), confined: false },
        Part { kind: Kind::Square(square), rounds: 1, confined: true },
    ]
}
