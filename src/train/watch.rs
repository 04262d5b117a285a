//! The watch kept on adversarial training, for catastrophic overfitting.
//!
//! A network trained against an attack of one step may learn to withstand that step and nothing
//! else: within an epoch its accuracy under many steps falls to almost nothing while that under
//! one stays or rises (Wong, Rice & Kolter 2020, section 5.4; Andriushchenko & Flammarion 2020,
//! “Understanding and improving fast adversarial training”, section 3).

use crate::attack::{AttackParams, Method, Purpose};
use crate::data::Images;
use crate::evaluate::Attacked;
use crate::network::Mlp;
use serde::{Deserialize, Serialize};

/// Training images watched: the last of those used, or all where there are fewer.
const WATCHED_IMAGES: usize = 512;
/// Steps of the attack of many steps.
const STEPS: usize = 10;

/// What was seen of a network in training at the end of an epoch, on training images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Watched {
    /// Epochs finished.
    pub epoch: usize,
    /// Share of images, from 0 to 1, that are read right under FGSM at the training’s ε.
    pub fgsm: f64,
    /// The same under PGD of ten steps.
    pub pgd: f64,
}

/// Whether a training is overfitting catastrophically after the last epoch watched: more than 20
/// points fewer images withstand PGD than FGSM, and PGD leaves more than 10 points fewer right
/// than after the best epoch, or fewer than half as many as FGSM.
///
/// The papers say what it looks like and give no bound. The first condition is what no network
/// that withstands both shows; the last finds a training that never withstood PGD.
pub fn is_overfitting(watched: &[Watched]) -> bool {
    const GAP: f64 = 0.2;
    const FALL: f64 = 0.1;
    let Some(last) = watched.last() else { return false };
    let best = watched.iter().map(|watched| watched.pgd).fold(0.0, f64::max);
    last.fgsm - last.pgd > GAP && (best - last.pgd > FALL || last.pgd < 0.5 * last.fgsm)
}

/// A stepper: the measure after one epoch.
#[derive(Debug)]
pub(super) struct Watching {
    epoch: usize,
    /// FGSM, then PGD.
    attacked: [Attacked; 2],
}

impl Watching {
    /// Prepares to measure the network after this many epochs on `images` images; `eps` of L∞.
    pub fn new(
        network: &Mlp,
        epoch: usize,
        images: usize,
        eps: f64,
        seed: u32,
    ) -> Result<Self, String> {
        let range = images.saturating_sub(WATCHED_IMAGES)..images;
        let attacked = |method, steps| {
            let valid = AttackParams::usual(method, eps, steps).check()?;
            Ok::<_, String>(Attacked::new(network, valid, seed, range.clone(), Purpose::Evaluate))
        };
        let attacked = [attacked(Method::Fgsm, 1)?, attacked(Method::Pgd, STEPS)?];
        Ok(Watching { epoch, attacked })
    }

    /// One step of an attack; what was seen once both are done.
    pub fn step(&mut self, images: &Images) -> Option<Watched> {
        let [fgsm, pgd] = &mut self.attacked;
        if !fgsm.step(images) || !pgd.step(images) {
            return None;
        }
        let [fgsm, pgd] = self.attacked.each_ref().map(|attacked| {
            let count = attacked.count();
            count.correct as f64 / count.total.max(1) as f64
        });
        Some(Watched { epoch: self.epoch, fgsm, pgd })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alarm_knows_overfitting_from_robustness_and_from_none() {
        let trips = |pairs: &[(f64, f64)]| {
            let watched = |(epoch, (fgsm, pgd)): (usize, &(f64, f64))| Watched {
                epoch: epoch + 1,
                fgsm: *fgsm,
                pgd: *pgd,
            };
            is_overfitting(&pairs.iter().enumerate().map(watched).collect::<Vec<_>>())
        };
        assert!(!trips(&[]));
        // Robust, standard, and robust at a size that is hard.
        assert!(!trips(&[(0.8, 0.75), (0.9, 0.88)]));
        assert!(!trips(&[(0.15, 0.02)]));
        assert!(!trips(&[(0.6, 0.45), (0.7, 0.48)]));
        // PGD falls while FGSM rises; never withstood; fallen by less than half.
        assert!(trips(&[(0.6, 0.5), (0.9, 0.02)]));
        assert!(trips(&[(0.7, 0.1)]));
        assert!(trips(&[(0.8, 0.7), (0.85, 0.58)]));
        // Recovered.
        assert!(!trips(&[(0.6, 0.5), (0.9, 0.02), (0.7, 0.6)]));
    }
}
