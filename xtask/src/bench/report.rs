//! Tables of what was measured, as Markdown, and all of it as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::bars::{Bar, Need, bars, is_large};
use super::machine::machine;
use super::results::{Results, Summary};
use super::works::{Entry, OURS, PRUNED, Work, pruned};

/// A finished run.
pub struct Report<'a> {
    /// What was done.
    pub works: &'a [Work],
    /// What was found.
    pub results: &'a Results,
    /// Bytes of the core, both halves.
    pub module: u64,
    /// What the contenders said they are.
    pub versions: Vec<String>,
    /// How often.
    pub rounds: u32,
}

impl Report<'_> {
    /// Everything as tables.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "Measured on {}; medians of {} {}, with the least and the most. {}.\n",
            machine(),
            self.rounds,
            if self.rounds == 1 { "round" } else { "rounds" },
            self.versions().join("; "),
        );
        let _ = write!(text, "\n{}", self.side_by_side());
        for work in self.works {
            let table = match work.name {
                "train" | "pgd" | "evaluate" => self.compared(work, "rate"),
                "robust" | "autoattack" => self.compared(work, "seconds"),
                "prune" => self.after_pruning(),
                "kernel" => self.kernel(),
                _ => self.figures(work),
            };
            let _ = write!(text, "\n**{}**\n\n{table}", work.title);
        }
        let _ = write!(text, "\n**What the core has to reach**\n\n{}", self.bars());
        text
    }

    /// Everything as JSON.
    pub fn json(&self) -> Value {
        json!({
            "machine": machine(),
            "versions": self.versions(),
            "rounds": self.rounds,
            "module": self.module,
            "bars": bars(self.results, self.module).iter().map(Bar::json).collect::<Value>(),
            "results": self.results.json(),
        })
    }

    /// Each version once: several contenders run in the same browser.
    fn versions(&self) -> Vec<&str> {
        let mut versions: Vec<_> = self.versions.iter().map(String::as_str).collect();
        versions.sort_unstable();
        versions.dedup();
        versions
    }

    /// Medians, with their ranges, of all works that ours and peers do.
    fn side_by_side(&self) -> String {
        const WORKS: [(&str, &str, &str); 5] = [
            ("train", "rate", "training, images/s"),
            ("pgd", "rate", "PGD, image-steps/s"),
            ("evaluate", "rate", "evaluation, images/s"),
            ("robust", "seconds", "robust accuracy of 10,000, s"),
            ("autoattack", "seconds", "AutoAttack on 1,000, s"),
        ];
        let of = |name: &str| self.works.iter().find(|work| work.name == name);
        let done: Vec<_> = WORKS.into_iter().filter(|(name, ..)| of(name).is_some()).collect();
        let mut labels: Vec<&str> = Vec::new();
        for entry in done.iter().filter_map(|(name, ..)| of(name)).flat_map(|work| &work.entries) {
            if !labels.contains(&entry.label.as_str()) {
                labels.push(&entry.label);
            }
        }
        let rows = labels.into_iter().map(|label| {
            let cell = |(work, figure, _): &(&str, &str, &str)| {
                let found = self.results.summary(work, label, figure);
                found.map_or_else(String::new, |_| format!("{} ({})", median(found), range(found)))
            };
            [label.to_owned()].into_iter().chain(done.iter().map(cell)).collect()
        });
        let heads: Vec<_> = [""].into_iter().chain(done.iter().map(|(.., head)| *head)).collect();
        if done.is_empty() { String::new() } else { table(&heads, rows) }
    }

    /// One figure of every contender, and how much faster ours is.
    fn compared(&self, work: &Work, figure: &str) -> String {
        let less_is_better = figure == "seconds";
        let ours = self.results.median(work.name, OURS, figure);
        let rows = work.entries.iter().map(|entry| {
            let found = self.results.summary(work.name, &entry.label, figure);
            let times = found.zip(ours).map(|(found, ours)| {
                if less_is_better { found.median / ours } else { ours / found.median }
            });
            // Elsewhere each contender has a network of its own.
            let accuracy = self.results.median(work.name, &entry.label, "accuracy");
            let accuracy = accuracy.filter(|_| ["robust", "autoattack"].contains(&work.name));
            let mut images = entry.request["images"].as_u64().map_or_else(String::new, grouped);
            if let Some(steps) = entry.request["attack"]["steps"].as_u64() {
                let _ = write!(images, " × {steps}");
            }
            [
                entry.label.clone(),
                median(found),
                range(found),
                times.map_or_else(String::new, |times| format!("{times:.2}")),
                images,
                accuracy.map_or_else(String::new, |share| format!("{:.2} %", 100.0 * share)),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let has_accuracy = rows.iter().any(|row| !row[5].is_empty());
        let columns = if has_accuracy { 6 } else { 5 };
        let heads = ["", "median", "range", "ours is × as fast", "images", "accuracy"];
        table(&heads[..columns], rows.iter().map(|row| row[..columns].to_vec()))
    }

    /// What remains of the cost, by how much is pruned.
    fn after_pruning(&self) -> String {
        let heads = ["pruned", "training", "×", "PGD", "×", "evaluation", "×"];
        let rows = ["units", "weights"].into_iter().flat_map(|what| {
            PRUNED.into_iter().map(move |amount| {
                let mut row = vec![pruned(what, amount)];
                for figure in ["train", "pgd", "evaluate"] {
                    let of = |amount| self.results.median("prune", &pruned(what, amount), figure);
                    let (rate, whole) = (of(amount), of(0));
                    row.push(rate.map_or_else(|| "—".to_owned(), number));
                    let times = rate.zip(whole).map(|(rate, whole)| rate / whole);
                    row.push(times.map_or_else(String::new, |times| format!("{times:.1}")));
                }
                row
            })
        });
        table(&heads, rows)
    }

    /// The products' speeds, and which share of the register loop's each is.
    fn kernel(&self) -> String {
        let places = ["Chromium", "native"];
        let mut names = self.results.figures("kernel", places[0]);
        names.sort_by_key(|name| (*name != "roofline", !is_large(name)));
        let rows = names.into_iter().map(|name| {
            let mut row = vec![if name == "roofline" { "register loop" } else { name }.to_owned()];
            for place in places {
                let speed = |figure| self.results.summary("kernel", place, figure);
                let share = speed(name).zip(speed("roofline"));
                row.push(median(speed(name)));
                row.push(range(speed(name)));
                row.push(share.map_or_else(String::new, |(speed, most)| {
                    format!("{:.0} %", 100.0 * speed.median / most.median)
                }));
            }
            row
        });
        table(&["", "Chromium", "range", "share", "native", "range", "share"], rows)
    }

    /// Every figure of a work in which nobody is compared: a table for each entry.
    fn figures(&self, work: &Work) -> String {
        let tables = work.entries.iter().map(|Entry { label, .. }| {
            let rows = self.results.figures(work.name, label).into_iter().map(|figure| {
                let found = self.results.summary(work.name, label, figure);
                vec![figure.to_owned(), median(found), range(found)]
            });
            table(&[label, "median", "range"], rows)
        });
        tables.collect::<Vec<_>>().join("\n")
    }

    fn bars(&self) -> String {
        let bars = bars(self.results, self.module);
        let rows = bars.iter().map(|Bar { what, need, found, unit }| {
            let need = match need {
                Need::AtLeast(least) => format!("≥ {least} {unit}"),
                Need::AtMost(most) => format!("≤ {most} {unit}"),
            };
            let found = format!("{found:.2} {unit}");
            vec![what.clone(), need, found]
        });
        let verdicts = bars.iter().map(|bar| if bar.is_met() { "met" } else { "**missed**" });
        let rows = rows.zip(verdicts).map(|(mut row, verdict)| {
            row.push(verdict.to_owned());
            row
        });
        table(&["", "needed", "reached", ""], rows)
    }
}

/// An answer's numbers in a line.
pub fn brief(answer: &Value) -> String {
    let figures = answer.as_object().into_iter().flatten();
    let told = figures.filter_map(|(figure, value)| Some((figure, value.as_f64()?)));
    told.map(|(figure, value)| format!("{figure} {}", number(value))).collect::<Vec<_>>().join(", ")
}

fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    // All but the names are numbers, which stand under each other.
    let rules = heads.iter().enumerate().map(|(place, _)| if place == 0 { "---" } else { "--:" });
    let rules: Vec<_> = rules.collect();
    [line(owned(heads)), line(owned(&rules))].into_iter().chain(rows.map(line)).collect()
}

fn median(found: Option<Summary>) -> String {
    found.map_or_else(|| "—".to_owned(), |found| number(found.median))
}

fn range(found: Option<Summary>) -> String {
    let Some(Summary { low, high, .. }) = found else {
        return String::new();
    };
    format!("{}–{}", number(low), number(high))
}

/// A number with as many digits as mean something.
fn number(value: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked right here"
    )]
    let whole = |value: f64| grouped(value.round() as u64);
    match value {
        value if value >= 1000.0 => whole(value),
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// 12,345
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_they_mean() {
        let shown = [0.034, 12.34, 123.4, 1234.5, 1_234_567.0].map(number);
        assert_eq!(shown, ["0.03", "12.3", "123", "1,235", "1,234,567"]);
    }

    #[test]
    fn ratios_are_of_ours_to_the_others() {
        let works: Vec<_> = super::super::works::works(false, "");
        let works: Vec<_> = works.into_iter().filter(|work| work.name == "train").collect();
        let mut results = Results::default();
        for (entry, rate) in works[0].entries.iter().zip([80_000.0, 50_000.0, 40_000.0]) {
            results.add("train", &entry.label, &json!({ "rate": rate }));
        }
        let report =
            Report { works: &works, results: &results, module: 0, versions: vec![], rounds: 1 };
        let text = report.markdown();
        let row = "| PyTorch, one thread | 40,000 | 40,000–40,000 | 2.00 | 60,000 |";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("| ≥ 1.7 × | 2.00 × | met |"), "{text}");
    }
}
