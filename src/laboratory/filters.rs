//! What first-layer filters are made of, before and after something was done to the network.
//!
//! Allen-Zhu & Li (2021, “Feature purification: how adversarial training performs robust deep
//! learning”) claim that an ordinarily trained filter is a mixture w = βw′ + v of the filter w′
//! that adversarial training leaves and a dense rest v, of which the attack makes use.

use crate::data::PIXELS;
use crate::kernel::Spectrum;
use crate::network::Mlp;
use serde::Serialize;

/// The mean intensity below which a pixel is rarely lit.
pub const RARELY: f64 = 0.01;

/// What one filter is made of: shares from 0 to 1, NaN where there is nothing to take a share of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Makeup {
    /// Share of the energy (the sum of squares) in waves shorter than four pixels: frequencies
    /// above 0.25 cycles per pixel in any direction.
    pub short: f64,
    /// Share of the L1 norm on pixels that are rarely lit.
    pub rare: f64,
}

/// What shares are taken of.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    short: f64,
    energy: f64,
    rare: f64,
    norm: f64,
}

impl Sums {
    fn shares(self) -> Makeup {
        Makeup { short: self.short / self.energy, rare: self.rare / self.norm }
    }
}

/// One filter before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Filter {
    /// The unit.
    pub unit: usize,
    /// The filter before, w.
    pub before: Makeup,
    /// The filter after, w′, and so the part βw′ too.
    pub after: Makeup,
    /// What w has beside βw′: v = w − βw′.
    pub residual: Makeup,
    /// β = ⟨w, w′⟩ / ‖w′‖²; 0 where w′ is nothing.
    pub beta: f64,
    /// The cosine of w and w′; 0 where one of them is nothing.
    pub cosine: f64,
}

impl Filter {
    /// The share of w's energy along w′; the rest is v's, which is at right angles to w′.
    pub fn along(&self) -> f64 {
        self.cosine * self.cosine
    }
}

/// Makeups of many filters together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Together {
    /// The mean of the filters' shares, those that are nothing left out.
    pub mean: Makeup,
    /// Shares of the sum over all filters: large ones count for more.
    pub sum: Makeup,
}

/// What the filters come to together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Mixture {
    /// Filters that are something before.
    pub filters: usize,
    /// Filters that are something after.
    pub left: usize,
    /// The filters before.
    pub before: Together,
    /// The filters after.
    pub after: Together,
    /// The residuals.
    pub residual: Together,
    /// The mean cosine of before and after.
    pub cosine: f64,
    /// The mean share of a filter's energy along the filter after.
    pub along: f64,
}

/// A stepper that takes the filters of two networks apart.
#[derive(Debug)]
pub struct Filters {
    before: Vec<f32>,
    after: Vec<f32>,
    rare: Vec<bool>,
    spectrum: Spectrum,
    found: Vec<Filter>,
    /// Of the filters before, after, and the residuals.
    sums: [Sums; 3],
}

impl Filters {
    /// Prepares to compare the filters of two networks, of which those of the same place belong
    /// together. `intensity` holds the mean of every pixel over some images, 784 values.
    ///
    /// # Errors
    /// A sentence when the networks have not as many filters as each other.
    pub fn new(before: &Mlp, after: &Mlp, intensity: &[f64]) -> Result<Self, String> {
        let units = |network: &Mlp| network.hidden().first().copied().unwrap_or(0);
        let (first, second) = (units(before), units(after));
        if first != second {
            return Err(format!(
                "Filters can be compared unit by unit where there are as many of them, but the \
                 network before has {first} and the one after has {second}."
            ));
        }
        Ok(Filters {
            before: acting(before),
            after: acting(after),
            rare: intensity.iter().map(|mean| *mean < RARELY).collect(),
            spectrum: Spectrum::default(),
            found: Vec::with_capacity(first),
            sums: Default::default(),
        })
    }

    fn units(&self) -> usize {
        self.before.len() / PIXELS
    }

    /// Share of the work done.
    pub fn fraction(&self) -> f64 {
        self.found.len() as f64 / self.units().max(1) as f64
    }

    /// Takes one filter apart. Returns whether all are done.
    pub fn step(&mut self) -> bool {
        let unit = self.found.len();
        if unit < self.units() {
            let place = unit * PIXELS..(unit + 1) * PIXELS;
            let (w, after) = (&self.before[place.clone()], &self.after[place]);
            let (energy, size, product) = (dot(w, w), dot(after, after), dot(w, after));
            let beta = if size > 0.0 { product / size } else { 0.0 };
            let both = (energy * size).sqrt();
            // In f64, then rounded once: where w is βw′ exactly, nothing is left.
            let rest = |(w, after): (&f32, &f32)| (f64::from(*w) - beta * f64::from(*after)) as f32;
            let residual: Vec<f32> = w.iter().zip(after).map(rest).collect();
            let parts = [w, after, &residual].map(|filter| self.sums_of(filter));
            let [before, after, residual] = parts.map(Sums::shares);
            let cosine = if both > 0.0 { (product / both).clamp(-1.0, 1.0) } else { 0.0 };
            self.found.push(Filter { unit, before, after, residual, beta, cosine });
            for (all, part) in self.sums.iter_mut().zip(parts) {
                all.short += part.short;
                all.energy += part.energy;
                all.rare += part.rare;
                all.norm += part.norm;
            }
        }
        self.found.len() == self.units()
    }

    fn sums_of(&self, filter: &[f32]) -> Sums {
        let (short, energy) = self.spectrum.short_waves(filter);
        let mut sums = Sums { short, energy, ..Sums::default() };
        for (weight, is_rare) in filter.iter().zip(&self.rare) {
            let size = f64::from(weight.abs());
            sums.norm += size;
            sums.rare += if *is_rare { size } else { 0.0 };
        }
        sums
    }

    /// The filters taken apart so far, in order.
    pub fn filters(&self) -> &[Filter] {
        &self.found
    }

    /// The filters before and after, units × 784 row by row; what is pruned is zero.
    pub fn weights(&self) -> (&[f32], &[f32]) {
        (&self.before, &self.after)
    }

    /// What they come to together.
    pub fn mixture(&self) -> Mixture {
        // A filter that was nothing has nothing to be compared with.
        let some = || self.found.iter().filter(|filter| !filter.before.rare.is_nan());
        let together = |part: fn(&Filter) -> Makeup, sums: Sums| Together {
            mean: Makeup {
                short: mean(self.found.iter().map(|filter| part(filter).short)),
                rare: mean(self.found.iter().map(|filter| part(filter).rare)),
            },
            sum: sums.shares(),
        };
        let [before, after, residual] = self.sums;
        Mixture {
            filters: some().count(),
            left: self.found.iter().filter(|filter| !filter.after.rare.is_nan()).count(),
            before: together(|filter| filter.before, before),
            after: together(|filter| filter.after, after),
            residual: together(|filter| filter.residual, residual),
            cosine: mean(some().map(|filter| filter.cosine)),
            along: mean(some().map(Filter::along)),
        }
    }
}

/// The mean of what is defined; NaN where nothing is.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values
        .filter(|value| !value.is_nan())
        .fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count)
}

fn dot(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

/// The first layer's weights as they act, units × 784: a pruned unit's are zero, too.
fn acting(network: &Mlp) -> Vec<f32> {
    let layer = &network.layers()[0];
    let (units, pixels) = layer.weights().dim();
    let places = (0..units * pixels).map(|place| (place / pixels, place % pixels));
    let weight = |(unit, pixel): (usize, usize)| {
        if network.acts(0, unit, pixel) { layer.weights()[[unit, pixel]] } else { 0.0 }
    };
    places.map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Layer;
    use ndarray::{Array1, Array2};

    fn network(filters: &[Vec<f32>]) -> Mlp {
        let all: Vec<f32> = filters.concat();
        let first = Array2::from_shape_vec((filters.len(), PIXELS), all).unwrap();
        let last = Array2::ones((10, filters.len()));
        let layers = [first, last]
            .map(|weights| Layer::new(weights.view(), Array1::zeros(weights.nrows())).unwrap());
        Mlp::from_layers(layers.into()).unwrap()
    }

    /// A slow and a fast wave, at right angles to each other.
    fn slow() -> Vec<f32> {
        (0..PIXELS).map(|p| if p % 28 < 14 { 1.0 } else { -1.0 }).collect()
    }

    fn fast() -> Vec<f32> {
        (0..PIXELS).map(|p| if (p / 28 + p) % 2 == 0 { 1.0 } else { -1.0 }).collect()
    }

    fn mix(a: f32, b: f32) -> Vec<f32> {
        slow().iter().zip(fast()).map(|(slow, fast)| a * slow + b * fast).collect()
    }

    fn taken_apart(before: &Mlp, after: &Mlp) -> Filters {
        // The upper half is rarely lit.
        let intensity: Vec<f64> = (0..PIXELS).map(|p| if p < 392 { 0.001 } else { 0.2 }).collect();
        let mut filters = Filters::new(before, after, &intensity).unwrap();
        while !filters.step() {}
        filters
    }

    #[test]
    fn a_mixture_is_taken_apart_into_what_it_was_made_of() {
        let before = network(&[mix(3.0, 2.0), mix(1.0, 0.0)]);
        let after = network(&[mix(-0.5, 0.0), mix(4.0, 0.0)]);
        let filters = taken_apart(&before, &after);
        let [first, second] = filters.filters() else { panic!() };
        assert!((first.beta + 6.0).abs() < 1e-9 && (first.cosine + (9.0f64 / 13.0).sqrt()) < 1e-9);
        assert!((first.along() - 9.0 / 13.0).abs() < 1e-9);
        assert!(first.residual.short > 1.0 - 1e-9, "{first:?}");
        // A square wave has overtones: that of one cycle in 28 pixels few above seven.
        let overtones = first.after.short;
        assert!(overtones < 0.06, "{first:?}");
        let expected = (9.0 * overtones + 4.0) / 13.0;
        assert!((first.before.short - expected).abs() < 1e-9, "{first:?}");
        assert!((first.before.rare - 0.5).abs() < 1e-9);
        assert_eq!((second.beta, second.along()), (0.25, 1.0));
        assert!(second.residual.short.is_nan());
        let all = filters.mixture();
        assert_eq!((all.filters, all.left), (2, 2));
        assert!((all.along - (1.0 + 9.0 / 13.0) / 2.0).abs() < 1e-9);
        assert_eq!(all.residual.mean.short, first.residual.short);
        assert!((all.before.mean.short - (expected + overtones) / 2.0).abs() < 1e-9);
        // Of all the energy, 13 parts are the first filter's and 1 the second's.
        let sum = (13.0 * expected + overtones) / 14.0;
        assert!((all.before.sum.short - sum).abs() < 1e-9);
        assert!((all.after.sum.rare - 0.5).abs() < 1e-9);
    }

    #[test]
    fn what_is_pruned_is_nothing() {
        let before = network(&[mix(1.0, 1.0), mix(1.0, 0.0)]);
        let mut after = before.clone();
        after.set_pruned_units(&[vec![1]]).unwrap();
        (0..392).for_each(|pixel| after.prune_weight(0, 0, pixel));
        let filters = taken_apart(&before, &after);
        let [first, second] = filters.filters() else { panic!() };
        assert_eq!((first.beta, first.after.rare), (1.0, 0.0));
        assert!((first.residual.rare - 1.0).abs() < 1e-12);
        assert_eq!((second.beta, second.cosine), (0.0, 0.0));
        assert!(second.after.short.is_nan());
        assert!((second.residual.short - second.before.short).abs() < 1e-12);
        assert_eq!((filters.mixture().filters, filters.mixture().left), (2, 1));
        let (was, is) = filters.weights();
        assert_eq!((was[5], is[5], is[PIXELS + 400]), (mix(1.0, 1.0)[5], 0.0, 0.0));
    }

    #[test]
    fn other_shapes_are_refused_in_a_sentence() {
        let (one, two) = (Mlp::he_normal(&[4, 3], 1), Mlp::he_normal(&[5, 3], 1));
        let sentence = Filters::new(&one, &two, &[0.0; PIXELS]).unwrap_err();
        assert!(sentence.contains("has 4") && sentence.contains("has 5"), "{sentence}");
        let other = Mlp::he_normal(&[4], 1);
        assert!(Filters::new(&one, &other, &[0.0; PIXELS]).is_ok());
    }
}
