//! What else `secateurs measure` can tell of a network: curves, alarms, tables of digits.

use crate::options::Options;
use secateurs::alarms::{CheckState, checks, measure_evidence};
use secateurs::attack::{AttackParams, Norm};
use secateurs::certify::Certifying;
use secateurs::data::Dataset;
use secateurs::evaluate::{Confusion, SecurityCurve, TargetMatrix};
use secateurs::network::Mlp;
use serde_json::{Value, json};
use std::ops::Range;

/// One of them, in words and as JSON.
pub struct Table {
    pub name: &'static str,
    pub text: String,
    pub json: Value,
}

/// All that were asked for.
pub fn tables(
    options: &Options,
    network: &Mlp,
    attack: Option<AttackParams>,
    data: &Dataset,
    images: &Range<usize>,
) -> Result<Vec<Table>, String> {
    let needed =
        options.alarms || options.confusion || options.targets || !options.sizes.is_empty();
    if !needed {
        return Ok(Vec::new());
    }
    let attack = attack.ok_or("Curves, alarms and tables are of an attack; give one.")?;
    let subject = Subject { seed: options.seed, network, attack, data, images };
    let mut tables = Vec::new();
    if !options.sizes.is_empty() {
        tables.push(subject.curve(&options.sizes)?);
    }
    if options.alarms {
        tables.push(subject.alarms()?);
    }
    if options.confusion {
        tables.push(subject.confusion()?);
    }
    if options.targets {
        tables.push(subject.targets()?);
    }
    Ok(tables)
}

/// What is measured.
struct Subject<'a> {
    seed: u32,
    network: &'a Mlp,
    attack: AttackParams,
    data: &'a Dataset,
    images: &'a Range<usize>,
}

impl Subject<'_> {
    /// Security curve, and for L∞ the certificates below it.
    fn curve(&self, sizes: &[f64]) -> Result<Table, String> {
        let range = self.images.clone();
        let mut curve =
            SecurityCurve::new(self.network, self.attack, sizes, self.seed, range.clone())?;
        while !curve.step(&self.data.test) {}
        let count = curve.count();
        let proven = if self.attack.norm == Norm::Linf {
            let mut certifying = Certifying::new(self.network, sizes, range)?;
            while !certifying.step(&self.data.test) {}
            Some(certifying.counts().proven)
        } else {
            None
        };
        let mut text = format!("{:>9}  certified  adversarial   of {}", "ε", count.total);
        for (index, size) in sizes.iter().enumerate() {
            let proven = proven.as_ref().map_or("—".into(), |proven| proven[index].to_string());
            text += &format!("\n{size:>9}  {proven:>9}  {:>11}", count.correct[index]);
        }
        let json = json!({
            "sizes": sizes, "total": count.total, "clean": count.clean, "correct": count.correct,
            "certified": proven,
        });
        Ok(Table { name: "curve", text, json })
    }

    fn alarms(&self) -> Result<Table, String> {
        if self.images.start != 0 {
            return Err("Alarms are measured on the first images: --images 0..500, say.".into());
        }
        let (test, images) = (&self.data.test, self.images.end);
        let evidence = measure_evidence(self.network, &self.attack, None, self.seed, test, images)?;
        let checks = checks(&evidence);
        let lines = checks.iter().map(|check| {
            let state = match check.state {
                CheckState::Tripped => "ALARM  ",
                CheckState::Passed => "passed ",
                CheckState::Unknown => "unknown",
            };
            format!("{state}  {} {}", check.sentence, check.evidence)
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        Ok(Table { name: "alarms", text, json: json!({ "checks": checks, "evidence": evidence }) })
    }

    fn confusion(&self) -> Result<Table, String> {
        let valid = self.attack.check()?;
        let mut confusion = Confusion::new(self.network, valid, self.seed, self.images.clone());
        while !confusion.step(&self.data.test) {}
        let read = confusion.read();
        let text = digits("shown (down) and read under attack (across)", &read);
        Ok(Table { name: "confusion", text, json: json!(read) })
    }

    fn targets(&self) -> Result<Table, String> {
        let range = self.images.clone();
        let mut matrix = TargetMatrix::new(self.network, self.attack, self.seed, range)?;
        while !matrix.step(&self.data.test) {}
        let count = matrix.count();
        let text = digits("made of a digit (down) to be read as (across)", &count.reached);
        let json = json!({ "images": count.images, "reached": count.reached });
        Ok(Table { name: "targets", text, json })
    }
}

/// Ten digits by ten.
fn digits(title: &str, counts: &[[usize; 10]; 10]) -> String {
    let row = |cells: &[usize]| cells.iter().map(|cell| format!("{cell:>6}")).collect::<String>();
    let heads: Vec<_> = (0..10).collect();
    let mut text = format!("{title}\n {}", row(&heads));
    for (digit, cells) in counts.iter().enumerate() {
        text += &format!("\n{digit}{}", row(cells));
    }
    text
}
