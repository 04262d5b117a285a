//! `secateurs finding`: a claim of the field, tried and judged.

use crate::data::data;
use crate::options::Options;
use crate::print::print;
use crate::workers::{Work, each};
use secateurs::findings::{FINDINGS, Finding, FindingFigure, Verdict, finding};
use secateurs::recipe::{View, check_recipe, format_link, with_verdict};
use serde_json::json;

/// Lists the findings.
pub fn list(options: &Options) -> Result<(), String> {
    if options.json {
        let facts = FINDINGS.map(|finding| {
            json!({
                "name": finding.name, "title": finding.title, "claim": finding.claim,
                "source": finding.source, "about": finding.about, "rule": finding.rule,
            })
        });
        return print(&json!(facts).to_string());
    }
    let text = |finding: &Finding| {
        let Finding { name, title, claim, source, about, rule, .. } = finding;
        format!("{name}: {title}\n  “{claim}”\n  {source}\n  {about}\n  {rule}")
    };
    print(&FINDINGS.map(text).join("\n\n"))
}

/// Tries a claim and prints the verdict.
pub fn judge(options: &Options) -> Result<(), String> {
    let name = options.recipe.as_deref().ok_or("Which finding? secateurs findings lists them.")?;
    let finding = finding(name)?;
    let trials = finding.trials(|text| text.parse().ok())?;
    let data = data(options)?;
    let mut outcomes = vec![None; trials.len()];
    let works = trials.iter().map(|trial| Work {
        group: trial.group,
        recipe: &trial.recipe,
        asked: &trial.asked,
    });
    each(&works.collect::<Vec<_>>(), options.jobs, &[], &data, |index, outcome, words| {
        outcomes[index] = Some(outcome?);
        eprintln!("{words}");
        Ok(())
    })?;
    let verdict = finding.judge(&outcomes.into_iter().flatten().collect::<Vec<_>>())?;
    if options.json {
        let mut json = json!(verdict);
        json["finding"] = json!(name);
        return print(&json.to_string());
    }
    print(&text(finding, &verdict)?)
}

fn text(finding: &Finding, verdict: &Verdict) -> Result<String, String> {
    let mut lines = vec![
        format!("“{}”", finding.claim),
        finding.source.to_owned(),
        String::new(),
        verdict.sentence.clone(),
        String::new(),
    ];
    for clause in &verdict.clauses {
        lines.push(format!("{} {}", if clause.met { "+" } else { "-" }, clause.says));
    }
    lines.push(String::new());
    for FindingFigure { label, measure, eps, value, low, high, unit, .. } in &verdict.figures {
        let measure = eps.map_or(measure.clone(), |eps| format!("{measure} {eps}"));
        let unit = if unit.is_empty() { " " } else { unit };
        lines.push(format!("{measure:<28} {value:6.2} {unit}  [{low:.2}, {high:.2}]  {label}"));
    }
    let view = View { finding: finding.name.into(), ..View::default() };
    let link = format_link(&check_recipe(&json!({}))?, &view, None);
    lines.push(format!("\nlink  #{}", with_verdict(&link, &verdict.digest)));
    Ok(lines.join("\n"))
}
