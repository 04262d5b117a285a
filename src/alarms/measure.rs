//! Gathering the evidence: the attacks that the figure of one is compared with.

use super::{Evidence, LargeCount, OnlyRival};
use crate::attack::{AttackParams, Method, Purpose, Valid};
use crate::data::{Images, PIXELS};
use crate::evaluate::{Attacked, InputGradients, Outcome, WorstCase};
use crate::network::{Compact, Input, Mlp, Pass};
use ndarray::ArrayView2;

/// Queries of the black-box attack: enough to shame an attack whose gradients are useless.
const QUERIES: usize = 300;

/// Most steps there are.
const MOST_STEPS: usize = 1000;

/// The attacks that an attack is compared with, in its norm and size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rivals {
    /// A single gradient step.
    pub one_step: AttackParams,
    /// Many: the attack itself if it is PGD.
    pub iterative: AttackParams,
    /// Ten times as many.
    pub more_steps: AttackParams,
    /// No gradients, where the norm has such an attack.
    pub black_box: Option<AttackParams>,
    /// As far as plain grey.
    pub large: AttackParams,
    /// Random signs.
    pub noise: AttackParams,
}

impl Rivals {
    /// Of an attack.
    pub fn of(attack: &AttackParams) -> Self {
        let AttackParams { norm, eps, .. } = *attack;
        let usual = |method: Method, steps: usize| AttackParams {
            norm,
            ..AttackParams::usual(method, eps, steps)
        };
        let is_pgd = attack.method == Method::Pgd && attack.target == -1;
        let iterative = if is_pgd { *attack } else { usual(Method::Pgd, 10) };
        let black_box = usual(Method::Square, QUERIES);
        let defined = Method::Square.facts().norms.contains(&norm);
        Rivals {
            one_step: usual(Method::Fgsm, 1),
            iterative,
            more_steps: AttackParams { steps: MOST_STEPS.min(10 * iterative.steps), ..iterative },
            black_box: defined.then_some(black_box),
            // The step of a small attack would not reach so far.
            large: AttackParams { eps: 0.5 * norm.largest(), step: 0.0, ..iterative },
            noise: usual(Method::Noise, 1),
        }
    }
}

/// Measures the first `images` images under an attack and all its rivals: everything there is to
/// be known before its figure is believed. With `other`, a network that images are crafted on, it
/// is known too how they transfer.
///
/// # Errors
/// A sentence when a parameter is out of range or there are not so many images.
pub fn measure_evidence(
    network: &Mlp,
    attack: &AttackParams,
    other: Option<&Mlp>,
    seed: u32,
    data: &Images,
    images: usize,
) -> Result<Evidence, String> {
    if !(1..=data.len()).contains(&images) {
        return Err(format!("Evidence takes 1 to {} images, not {images}.", data.len()));
    }
    let run = |attack: &AttackParams| -> Result<Vec<Outcome>, String> {
        let attacks: Vec<Valid> = vec![attack.check()?];
        let mut worst = WorstCase::new(network, attacks, seed, 0..images, false)?;
        while !worst.step(data) {}
        Ok(worst.outcomes().to_vec())
    };
    let rivals = Rivals::of(attack);
    let main = run(attack)?;
    let iterative =
        if rivals.iterative == *attack { main.clone() } else { run(&rivals.iterative)? };
    let [one_step, more_steps, large, noise] =
        [rivals.one_step, rivals.more_steps, rivals.large, rivals.noise].map(|rival| run(&rival));
    let (one_step, more_steps, noise) = (one_step?, more_steps?, noise?);
    let black_box = rivals.black_box.as_ref().map(run).transpose()?;
    let transfer = other.map(|other| {
        let read = read_crafted(other, network, attack, seed, data, images)?;
        let right = read.iter().zip(&main).map(|(read, outcome)| *read == outcome.label);
        Ok::<Vec<bool>, String>(right.collect())
    });
    let transfer = transfer.transpose()?;
    let mut gradients = InputGradients::new(network, 0..images);
    while !gradients.step(data) {}
    let clean = main.iter().filter(|outcome| outcome.clean == outcome.label).count();
    let broken = transfer.as_ref().map(|right| {
        let both = right.iter().zip(&main);
        both.filter(|(right, outcome)| outcome.robust && !**right).count()
    });
    Ok(Evidence {
        eps: attack.eps,
        norm: attack.norm,
        images,
        clean,
        adaptive: robust(&main),
        transfer: transfer.map(|right| right.into_iter().filter(|right| *right).count()),
        one_step: Some(robust(&one_step)),
        iterative: Some(robust(&iterative)),
        more_steps: Some(robust(&more_steps)),
        black_box: black_box.as_deref().map(robust),
        white_box: Some(robust(&iterative)),
        large: Some(LargeCount { eps: rivals.large.eps, correct: robust(&large?) }),
        noise: Some(robust(&noise)),
        gradients: Some(gradients.count()),
        only: Some(OnlyRival {
            one_step: Some(only(&one_step, &iterative)),
            black_box: black_box.map(|black_box| only(&black_box, &iterative)),
            transfer: broken,
            more_steps: Some(only(&more_steps, &iterative)),
            noise: Some(only(&noise, &main)),
        }),
    })
}

fn robust(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| outcome.robust).count()
}

/// Images that the rival broke and the attack did not.
fn only(rival: &[Outcome], attack: &[Outcome]) -> usize {
    rival.iter().zip(attack).filter(|(rival, attack)| attack.robust && !rival.robust).count()
}

/// What a network reads in images crafted on another.
fn read_crafted(
    other: &Mlp,
    network: &Mlp,
    attack: &AttackParams,
    seed: u32,
    data: &Images,
    images: usize,
) -> Result<Vec<u8>, String> {
    let mut crafting = Attacked::new(other, attack.check()?, seed, 0..images, Purpose::Craft);
    while !crafting.step(data) {}
    let crafted = crafting.into_images();
    let rows = ArrayView2::from_shape((images, PIXELS), &crafted).map_err(|why| why.to_string())?;
    let (mut pass, mut read) = (Pass::default(), Vec::new());
    Compact::new(network).forward(Input::Values(rows), &mut pass);
    pass.predictions(&mut read);
    Ok(read)
}
