//! The tables of properties, attacks, norms and criteria as the page reads them.

use super::properties::{ATTACK, EPS_MARKS, GROUPS, PRUNE, default_in};
use super::table::{Kind, Property};
use crate::attack::{METHODS, MethodFacts, Norm};
use crate::prune::{CRITERIA, CriterionFacts, Needs};
use serde_json::{Map, Value, json};

/// The table as JSON for the page: `{"groups": {"network": [{…}, …], …}, "methods": […],
/// "norms": […], "criteria": […]}`.
pub fn properties_json() -> String {
    let groups = GROUPS.iter().map(|group| {
        let rows = group.properties.iter().map(Property::row).collect();
        (group.name.to_owned(), Value::Array(rows))
    });
    let norms = [Norm::Linf, Norm::L2, Norm::L1].map(norm);
    json!({
        "groups": groups.collect::<Map<_, _>>(),
        "methods": METHODS.iter().map(method).collect::<Vec<_>>(),
        "norms": norms,
        "criteria": CRITERIA.iter().map(criterion).collect::<Vec<_>>(),
    })
    .to_string()
}

/// A method's row of the page's table.
fn method(facts: &MethodFacts) -> Value {
    let mut given = Map::new();
    given.insert("method".into(), json!(facts.name));
    let settable = ["steps", "step", "start", "restarts"];
    let uses = settable.iter().filter(|key| facts.usual(key).is_some()).collect::<Vec<_>>();
    let defaults = ATTACK.properties.iter().filter(|property| settable.contains(&property.key));
    let defaults =
        defaults.map(|property| (property.key.into(), default_in(&ATTACK, property, &given)));
    json!({
        "value": facts.name,
        "label": facts.label,
        "group": facts.family.label(),
        "about": facts.about,
        "cites": facts.cites,
        "norms": facts.norms,
        "targets": facts.targets,
        "minimal": facts.is_minimal(),
        "stepsLabel": facts.steps_label(),
        "mostSteps": facts.most_steps(),
        "uses": uses,
        "defaults": defaults.collect::<Map<_, _>>(),
    })
}

/// A criterion's row of the page's table: what it can rank, what goes first, and what has to be
/// measured before.
fn criterion(facts: &CriterionFacts) -> Value {
    let value = json!(facts.criterion);
    let by = PRUNE.properties.iter().find(|property| property.key == "by");
    let label = by.and_then(|by| match by.kind {
        Kind::Choice { options } => options.iter().find(|(option, _)| value == *option),
        _ => None,
    });
    let needs = match facts.needs {
        Needs::Nothing => "nothing",
        Needs::Outputs => "outputs",
        Needs::Saliency | Needs::Gradients => "gradients",
        Needs::Attack => "attack",
        Needs::Search => "search",
    };
    json!({
        "value": value,
        "label": label.map_or("", |(_, label)| label),
        "what": facts.what,
        "usual": facts.first.0,
        "reverse": facts.first.1,
        "needs": needs,
        "about": facts.about,
        "cites": facts.cites,
    })
}

/// A norm's row of the page's table: the range of its slider, and sizes worth beginning with. On
/// MNIST the literature's sizes are 0.3, 1.5 or 2, and 10 (Croce & Hein 2020 and 2021).
fn norm(norm: Norm) -> Value {
    let (shown, step, measure, marks) = match norm {
        Norm::Linf => (0.4, 0.005, 0.05, EPS_MARKS),
        Norm::L2 => (4.0, 0.05, 0.5, &[(1.0, "1"), (2.0, "literature 2")] as &[_]),
        Norm::L1 => (20.0, 0.25, 3.0, &[(5.0, "5"), (10.0, "literature 10")] as &[_]),
    };
    let help = match norm {
        Norm::Linf => "The most any pixel may change.",
        Norm::L2 => "The root of the summed squared changes: few pixels much, or many a little.",
        Norm::L1 => "The sum of all changes: cheapest where few pixels change.",
    };
    let marks = marks.iter().map(|(value, label)| json!({ "value": value, "label": label }));
    json!({
        "value": norm,
        "label": norm.label(),
        "help": help,
        "max": norm.largest(),
        "shown": shown,
        "step": step,
        "attack": norm.usual_eps(),
        "measure": measure,
        "marks": marks.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_that_can_be_chosen_has_its_row() {
        let by = PRUNE.properties.iter().find(|property| property.key == "by").unwrap();
        let Kind::Choice { options } = by.kind else { unreachable!() };
        let rows: Vec<Value> = CRITERIA.iter().map(criterion).collect();
        let named: Vec<_> = rows.iter().map(|row| (&row["value"], &row["label"])).collect();
        let options: Vec<_> = options.iter().map(|(v, l)| (json!(v), json!(l))).collect();
        assert_eq!(named, options.iter().map(|(v, l)| (v, l)).collect::<Vec<_>>());
        for row in rows {
            assert!(!row["what"].as_array().unwrap().is_empty());
        }
    }

    #[test]
    fn usual_parameters_are_allowed() {
        for row in METHODS.iter().map(method) {
            let mut given = row["defaults"].clone();
            given["method"] = row["value"].clone();
            let recipe = json!({ "attack": given });
            let recipe = super::super::check_recipe(&recipe).unwrap();
            assert_eq!(json!(recipe.attack.norm), row["norms"][0]);
            assert_eq!(json!(recipe.attack.steps), row["defaults"]["steps"]);
        }
    }
}
