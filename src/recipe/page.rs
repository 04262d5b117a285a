//! The tables of properties, attacks and norms as the page reads them.

use super::properties::{ATTACK, EPS_MARKS, GROUPS, default_in};
use super::table::Property;
use crate::attack::{METHODS, MethodFacts, Norm};
use serde_json::{Map, Value, json};

/// The table as JSON for the page: `{"groups": {"network": [{…}, …], …}, "methods": […],
/// "norms": […]}`.
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
