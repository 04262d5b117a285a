//! Everything that was measured.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What was measured, by work, row and figure, a number for each round.
#[derive(Default)]
pub struct Results(BTreeMap<[String; 3], Vec<f64>>);

/// A figure over all rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The middle.
    pub median: f64,
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Results {
    /// Takes in all numbers of an answer.
    pub fn add(&mut self, work: &str, row: &str, answer: &Value) {
        for (figure, value) in answer.as_object().into_iter().flatten() {
            if let Some(value) = value.as_f64() {
                let key = [work, row, figure].map(str::to_owned);
                self.0.entry(key).or_default().push(value);
            }
        }
    }

    /// A figure over all rounds, if it was measured.
    pub fn summary(&self, work: &str, row: &str, figure: &str) -> Option<Summary> {
        let mut values = self.0.get(&[work, row, figure].map(str::to_owned))?.clone();
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let even = values.len().is_multiple_of(2);
        let median =
            if even { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] };
        Some(Summary { median, low, high })
    }

    /// The middle of a figure over all rounds, if it was measured.
    pub fn median(&self, work: &str, row: &str, figure: &str) -> Option<f64> {
        self.summary(work, row, figure).map(|summary| summary.median)
    }

    /// The figures of a row that were measured, in the order of the alphabet.
    pub fn figures(&self, work: &str, row: &str) -> Vec<&str> {
        let of_row = self.0.keys().filter(|[a, b, _]| a == work && b == row);
        of_row.map(|[_, _, figure]| figure.as_str()).collect()
    }

    /// Every number of every round.
    pub fn json(&self) -> Value {
        let rows = self.0.iter().map(|([work, row, figure], rounds)| {
            let median = self.median(work, row, figure);
            json!({ "work": work, "row": row, "figure": figure, "median": median, "rounds": rounds })
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_of_all_rounds() {
        let mut results = Results::default();
        for rate in [3.0, 1.0, 2.0] {
            results.add("train", "ours", &json!({ "rate": rate, "note": "not a number" }));
        }
        let summary = results.summary("train", "ours", "rate");
        assert_eq!(summary, Some(Summary { median: 2.0, low: 1.0, high: 3.0 }));
        results.add("train", "ours", &json!({ "rate": 10.0 }));
        assert_eq!(results.median("train", "ours", "rate"), Some(2.5));
        assert_eq!(results.median("train", "ours", "note"), None);
        assert_eq!(results.figures("train", "ours"), ["rate"]);
    }
}
