//! What a property is: its name, its words, its values, and how a value is checked.

use crate::words::{number, shorten};
use serde::Serialize;
use serde_json::{Value, json};

/// What values a property takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A whole number in `min..=max`.
    Whole {
        /// Smallest value allowed.
        min: i64,
        /// Largest value allowed.
        max: i64,
        /// Value where nothing is said.
        default: i64,
    },
    /// A real number in `min..=max`.
    Real {
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
        /// Largest value the page's slider shows; a typed value or a link may go up to `max`.
        shown: f64,
        /// Increment of the page's slider.
        step: f64,
        /// Value where nothing is said.
        default: f64,
    },
    /// One of a few words, each with the label the page shows.
    Choice {
        /// `(value, label)`; the first is the default.
        options: &'static [(&'static str, &'static str)],
    },
    /// Yes or no; no is the default.
    Flag,
    /// A list of whole numbers, each in `min..=max`.
    List {
        /// Smallest value of an entry.
        min: i64,
        /// Largest value of an entry.
        max: i64,
        /// Largest number of entries; at least one is needed.
        longest: usize,
        /// Value where nothing is said.
        default: &'static [i64],
    },
    /// Any of a few names, and of `group.key` for every property of some groups; none is the
    /// default.
    Names {
        /// `(name, label)` of parts of the page.
        panels: &'static [(&'static str, &'static str)],
        /// The groups whose properties can be named.
        groups: &'static [Group],
    },
}

/// One thing that can be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Property {
    /// Its name in recipes and links.
    pub key: &'static str,
    /// What the page calls it.
    pub label: &'static str,
    /// Its unit, or nothing.
    pub unit: &'static str,
    /// One sentence of explanation.
    pub help: &'static str,
    /// Its values.
    pub kind: Kind,
    /// Values worth marking on a slider, with their labels.
    pub marks: &'static [(f64, &'static str)],
}

/// A named set of properties: a step, a measure, or the network itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Its name in recipes and links.
    pub name: &'static str,
    /// Its properties, in the order of links and of the page.
    pub properties: &'static [Property],
}

impl Property {
    /// The value where nothing is said.
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Whole { default, .. } => json!(default),
            Kind::Real { default, .. } => json!(default),
            Kind::Choice { options } => json!(options[0].0),
            Kind::Flag => json!(false),
            Kind::List { default, .. } => json!(default),
            Kind::Names { .. } => json!([]),
        }
    }

    /// The value itself where it is allowed, in the property's own number type.
    ///
    /// # Errors
    /// One sentence that says what was wrong and what is allowed.
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        let refuse =
            || format!("{} must be {}, but it was {}.", self.label, self.allowed(), brief(value));
        match self.kind {
            Kind::Whole { min, max, .. } => {
                let number = whole_number(value).filter(|n| (min..=max).contains(n));
                number.map(|n| json!(n)).ok_or_else(refuse)
            }
            Kind::Real { min, max, .. } => {
                let number = value.as_f64().filter(|n| (min..=max).contains(n));
                number.map(|n| json!(n)).ok_or_else(refuse)
            }
            Kind::Choice { options } => {
                let known = |word: &&str| options.iter().any(|(option, _)| option == word);
                value.as_str().filter(known).map(|word| json!(word)).ok_or_else(refuse)
            }
            Kind::Flag => value.as_bool().map(|flag| json!(flag)).ok_or_else(refuse),
            Kind::List { min, max, longest, .. } => {
                let items = value.as_array().filter(|a| (1..=longest).contains(&a.len()));
                let items = items.ok_or_else(refuse)?;
                let number = |item| {
                    whole_number(item).filter(|n| (min..=max).contains(n)).ok_or_else(refuse)
                };
                Ok(json!(items.iter().map(number).collect::<Result<Vec<_>, _>>()?))
            }
            Kind::Names { panels, groups } => {
                let mut names = Vec::new();
                for item in value.as_array().ok_or_else(refuse)? {
                    let name = item.as_str().ok_or_else(refuse)?;
                    self.check_name(name, panels, groups)?;
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                Ok(json!(names))
            }
        }
    }

    /// A name that is not known is refused with those of its kind that are.
    fn check_name(
        &self,
        name: &str,
        panels: &[(&str, &str)],
        groups: &[Group],
    ) -> Result<(), String> {
        let part = name.split_once('.').map_or(name, |(part, _)| part);
        let group = groups.iter().find(|group| group.name == part);
        match (name.split_once('.'), group) {
            (Some((_, key)), Some(group)) => {
                if group.properties.iter().any(|property| property.key == key) {
                    return Ok(());
                }
                let keys: Vec<_> = group.properties.iter().map(|property| property.key).collect();
                let keys = keys.join(", ");
                let key = shorten(key);
                Err(format!("{}: {part} has no control “{key}”; it has {keys}.", self.label))
            }
            (None, _) if panels.iter().any(|(panel, _)| *panel == name) => Ok(()),
            _ => Err(format!(
                "{} must be {}, but one was “{}”.",
                self.label,
                self.allowed(),
                shorten(name)
            )),
        }
    }

    /// What is allowed, as the end of a sentence.
    fn allowed(&self) -> String {
        match self.kind {
            Kind::Whole { min, max, .. } => format!("a whole number from {min} to {max}"),
            Kind::Real { min, max, .. } => {
                format!("a number from {} to {}", number(min), number(max))
            }
            Kind::Choice { options } => {
                let words: Vec<_> = options.iter().map(|(value, _)| *value).collect();
                format!("one of {}", words.join(", "))
            }
            Kind::Flag => "true or false".into(),
            Kind::List { min, max, longest, .. } => {
                format!("one to {longest} whole numbers from {min} to {max}")
            }
            Kind::Names { panels, .. } => {
                let words: Vec<_> = panels.iter().map(|(panel, _)| *panel).collect();
                format!("names of {}, or of controls such as attack.eps", words.join(", "))
            }
        }
    }

    /// The row of the page's table.
    pub(super) fn row(&self) -> Value {
        let mut row = json!({
            "key": self.key, "label": self.label, "unit": self.unit, "help": self.help,
            "default": self.default(),
        });
        let facts = match self.kind {
            Kind::Whole { min, max, .. } => {
                json!({ "kind": "whole", "min": min, "max": max, "step": 1 })
            }
            Kind::Real { min, max, shown, step, .. } => {
                json!({ "kind": "real", "min": min, "max": max, "shown": shown, "step": step })
            }
            Kind::Choice { options: given } => {
                json!({ "kind": "choice", "options": options(given) })
            }
            Kind::Flag => json!({ "kind": "flag" }),
            Kind::List { min, max, longest, .. } => {
                json!({ "kind": "list", "min": min, "max": max, "longest": longest })
            }
            Kind::Names { panels, .. } => {
                json!({ "kind": "names", "options": options(panels) })
            }
        };
        let marks =
            self.marks.iter().map(|(value, label)| json!({ "value": value, "label": label }));
        let extra = json!({ "marks": marks.collect::<Vec<_>>() });
        for source in [facts, extra] {
            if let (Value::Object(row), Value::Object(source)) = (&mut row, source) {
                row.extend(source);
            }
        }
        row
    }
}

/// Values with their labels, for the page's table.
fn options(options: &[(&str, &str)]) -> Value {
    options.iter().map(|(value, label)| json!({ "value": value, "label": label })).collect()
}

/// A whole number however JSON wrote it (JavaScript writes 3 for 3.0, and the other way round).
fn whole_number(value: &Value) -> Option<i64> {
    // 2^53: beyond it an f64 no longer tells neighbouring whole numbers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |x: &f64| x.fract() == 0.0 && x.abs() <= EXACT;
    value.as_i64().or_else(|| value.as_f64().filter(whole).map(|x| x as i64))
}

/// Anything as JSON text.
///
/// By way of `Value`, because code that writes a type straight as text would be in the module
/// beside the code that makes a `Value` of it; and not by `Value`'s `Display`, which brings a
/// second writer for indented text.
pub(crate) fn json_text(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    serde_json::to_string(&value).unwrap_or_default()
}

/// A value short enough for a sentence, whatever a stranger's link held.
pub(crate) fn brief(value: &Value) -> String {
    shorten(&json_text(value))
}
