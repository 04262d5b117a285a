//! The axes of a sweep: any property of a recipe, under the name it has in links.

use super::Setting;
use crate::recipe::{GROUPS, Group, Property, Recipe, Step, read_text};
use crate::words::shorten;
use serde_json::Value;

/// Measures of a recipe that an axis may turn.
const MEASURES: [&str; 3] = ["attack", "measure", "distortion"];
/// Steps of a recipe that an axis may turn.
const STEPS: [&str; 3] = ["train", "prune", "learn"];

/// Where in a recipe an axis turns.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Network,
    /// A measure, by its name.
    Measure(&'static str),
    /// A step, counted from 0.
    Step(usize),
}

/// What an axis turns.
#[derive(Debug, Clone, Copy)]
struct Place {
    part: Part,
    property: &'static Property,
}

/// An axis with its values.
#[derive(Debug)]
pub(super) struct Axis {
    pub name: String,
    place: Place,
    pub values: Vec<Value>,
}

impl Axis {
    /// Reads `name=value,value`.
    pub fn parse(
        text: &str,
        recipe: &Recipe,
        number: fn(&str) -> Option<f64>,
    ) -> Result<Self, String> {
        let Some((name, texts)) = text.split_once('=') else {
            return Err(format!(
                "An axis is a name and its values, such as prune.amount=0,10,20, not “{}”.",
                shorten(text)
            ));
        };
        let place = Place::find(recipe, name)?;
        let mut values = Vec::new();
        for text in texts.split(',') {
            let value = place.property.check(&read_text(place.property, text, number)?)?;
            if values.contains(&value) {
                return Err(format!("The axis {name} has {} twice.", shorten(text)));
            }
            values.push(value);
        }
        Ok(Axis { name: name.into(), place, values })
    }

    /// Sets a recipe in its JSON form to a value of this axis.
    pub fn set(&self, recipe: &mut Value, value: &Value) {
        let key = self.place.property.key;
        match self.place.part {
            Part::Network => recipe["network"][key] = value.clone(),
            Part::Measure(name) => recipe[name][key] = value.clone(),
            Part::Step(index) => recipe["steps"][index][key] = value.clone(),
        }
    }
}

impl Place {
    /// What a name stands for in a recipe.
    fn find(recipe: &Recipe, name: &str) -> Result<Self, String> {
        let (part, group, key) = match name.split_once('.') {
            None => (Part::Network, group("network"), name),
            Some((part, key)) => match MEASURES.iter().find(|measure| **measure == part) {
                Some(measure) => (Part::Measure(measure), group(measure), key),
                None => {
                    let index = step(recipe, part)?;
                    (Part::Step(index), group(kind(&recipe.steps[index])), key)
                }
            },
        };
        let group = group.ok_or("There is no such part of a recipe.")?;
        match group.properties.iter().find(|property| property.key == key) {
            Some(property) => Ok(Place { part, property }),
            None => {
                let keys: Vec<_> = group.properties.iter().map(|property| property.key).collect();
                Err(format!(
                    "The {} part of a recipe has no “{}” to make an axis of; it has {}.",
                    group.name,
                    shorten(key),
                    keys.join(", ")
                ))
            }
        }
    }

    fn of<'a>(&self, recipe: &'a Value) -> &'a Value {
        let key = self.property.key;
        match self.part {
            Part::Network => &recipe["network"][key],
            Part::Measure(name) => &recipe[name][key],
            Part::Step(index) => &recipe["steps"][index][key],
        }
    }
}

/// A group of properties that recipes have.
fn group(name: &str) -> Option<Group> {
    GROUPS.into_iter().find(|group| group.name == name)
}

/// A step's name in links.
pub(super) fn kind(step: &Step) -> &'static str {
    match step {
        Step::File { .. } => "file",
        Step::Train(_) => "train",
        Step::Prune(_) => "prune",
        Step::Learn(_) => "learn",
        Step::Cut { .. } => "cut",
    }
}

/// The step that a name such as `prune` or `prune2` stands for.
fn step(recipe: &Recipe, name: &str) -> Result<usize, String> {
    let word = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if !STEPS.contains(&word) {
        return Err(format!(
            "An axis turns one of hidden, seed, init, or something of {}, {}; there is no “{}”.",
            STEPS.join(", "),
            MEASURES.join(", "),
            shorten(name)
        ));
    }
    let steps: Vec<_> =
        (0..recipe.steps.len()).filter(|i| kind(&recipe.steps[*i]) == word).collect();
    let rank = match &name[word.len()..] {
        "" if steps.len() == 1 => Some(0),
        "" if steps.len() > 1 => {
            return Err(format!(
                "This recipe has {} {word} steps: say which, from {word}1 to {word}{}.",
                steps.len(),
                steps.len()
            ));
        }
        digits => digits.parse::<usize>().ok().and_then(|rank| rank.checked_sub(1)),
    };
    rank.and_then(|rank| steps.get(rank)).copied().ok_or_else(|| match steps.len() {
        0 => format!("This recipe has no {word} step to make an axis of."),
        1 => format!("This recipe has one {word} step, not a {}.", shorten(name)),
        many => format!("This recipe has {many} {word} steps, not a {}.", shorten(name)),
    })
}

/// Every name that can be an axis of a recipe, in the order of its link.
pub fn names(recipe: &Recipe) -> Vec<String> {
    let all = |prefix: &str, name: &str| -> Vec<String> {
        let group = group(name);
        let properties = group.iter().flat_map(|group| group.properties);
        properties.map(|property| format!("{prefix}{}", property.key)).collect()
    };
    let mut names = all("", "network");
    for (index, step) in recipe.steps.iter().enumerate() {
        let kind = kind(step);
        let alike = |steps: &[Step]| steps.iter().filter(|step| self::kind(step) == kind).count();
        let rank = match alike(&recipe.steps) {
            1 => String::new(),
            _ => (alike(&recipe.steps[..index]) + 1).to_string(),
        };
        names.extend(all(&format!("{kind}{rank}."), kind));
    }
    MEASURES.iter().for_each(|name| names.extend(all(&format!("{name}."), name)));
    names
}

/// What a recipe sets the named axes to.
///
/// # Errors
/// One sentence when a name stands for nothing in it.
pub fn settings(recipe: &Recipe, names: &[String]) -> Result<Vec<Setting>, String> {
    let json = serde_json::to_value(recipe).unwrap_or_default();
    let setting = |name: &String| {
        let place = Place::find(recipe, name)?;
        Ok(Setting { name: name.clone(), value: place.property.check(place.of(&json))? })
    };
    names.iter().map(setting).collect()
}

/// The axes along which recipes differ, in the order of their links.
///
/// # Errors
/// One sentence when they have not the same kinds of steps, or differ in a cut by hand.
pub fn varying(recipes: &[Recipe]) -> Result<Vec<String>, String> {
    let Some(first) = recipes.first() else { return Ok(Vec::new()) };
    let alike = |recipe: &Recipe| {
        let mut pairs = recipe.steps.iter().zip(&first.steps);
        recipe.steps.len() == first.steps.len()
            && pairs.all(|(own, other)| match own {
                Step::File { .. } | Step::Cut { .. } => own == other,
                _ => kind(own) == kind(other),
            })
    };
    if !recipes.iter().all(alike) {
        return Err(
            "These recipes do not take the same steps, so they are no cells of one sweep.".into()
        );
    }
    let names = names(first);
    let expected = settings(first, &names)?;
    let mut varies = vec![false; names.len()];
    for recipe in recipes {
        let own = settings(recipe, &names)?;
        for (varies, (own, expected)) in varies.iter_mut().zip(own.iter().zip(&expected)) {
            *varies |= own != expected;
        }
    }
    let names = names.into_iter().zip(varies);
    Ok(names.filter(|(_, varies)| *varies).map(|(name, _)| name).collect())
}
