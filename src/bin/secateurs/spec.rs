//! An attack as it is written on the command line: `pgd norm=l2 eps=1 steps=40`.

use secateurs::attack::{AttackParams, METHODS, MethodFacts, Norm, Start, Tuning};

/// What is asked to be measured of a network.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// An attack on it.
    Attack(AttackParams),
    /// A certificate at this L∞ size; by interval bounds alone, or by the tighter of all bounds.
    Certificate { eps: f64, by_intervals: bool },
}

/// A certificate's name, and what it proves by.
pub const CERTIFICATES: [(&str, &str); 2] = [
    ("certified", "the tighter of interval and linear bounds (Zhang et al. 2018, CROWN)"),
    ("ibp", "interval bounds alone (Gowal et al. 2018)"),
];

/// Parameters that only specialists turn: the names that the reference tools have for them.
const TUNING: [(&str, Place); 11] = [
    ("decay", |tuning| Slot::Real(&mut tuning.decay)),
    ("rho", |tuning| Slot::Real(&mut tuning.rho)),
    ("n_target_classes", |tuning| Slot::Whole(&mut tuning.classes)),
    ("overshoot", |tuning| Slot::Real(&mut tuning.overshoot)),
    ("binary_search_steps", |tuning| Slot::Whole(&mut tuning.searches)),
    ("initial_const", |tuning| Slot::Real(&mut tuning.constant)),
    ("confidence", |tuning| Slot::Real(&mut tuning.confidence)),
    ("alpha_max", |tuning| Slot::Real(&mut tuning.alpha)),
    ("eta", |tuning| Slot::Real(&mut tuning.eta)),
    ("beta", |tuning| Slot::Real(&mut tuning.beta)),
    ("p_init", |tuning| Slot::Real(&mut tuning.share)),
];

/// Finds where a value goes.
type Place = fn(&mut Tuning) -> Slot<'_>;

/// Where a value goes.
enum Slot<'a> {
    Real(&'a mut f64),
    Whole(&'a mut usize),
}

impl Slot<'_> {
    fn set(self, text: &str) -> bool {
        match self {
            Slot::Real(value) => text.parse().map(|read| *value = read).is_ok(),
            Slot::Whole(value) => text.parse().map(|read| *value = read).is_ok(),
        }
    }
}

/// Other tools' names for a parameter (AutoAttack's, torchattacks', Foolbox's).
fn own_name(key: &str) -> &str {
    match key {
        "n_iter" | "n_queries" | "queries" => "steps",
        "n_restarts" => "restarts",
        "alpha" | "abs_stepsize" | "stepsize" => "step",
        other => other,
    }
}

/// Reads an attack or a certificate.
///
/// # Errors
/// One sentence that says what was wrong and what is allowed.
pub fn parse(text: &str) -> Result<Spec, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    if let Some((name, _)) = CERTIFICATES.iter().find(|(known, _)| *known == name) {
        return certificate(name, words);
    }
    let (facts, norm) = method(name)?;
    let mut params = AttackParams::usual(facts.method, 0.0, 10);
    params.norm = norm.unwrap_or(facts.norms[0]);
    params.steps = facts.usual("steps").map_or(1, |steps| steps as usize);
    let mut eps = None;
    for word in words {
        let wrong = || format!("“{word}” is not understood by {name}; it reads {}.", keys(facts));
        let (key, value) = word.split_once('=').ok_or_else(wrong)?;
        let key = own_name(key);
        let known = matches!(key, "norm" | "eps") || facts.usual(key).is_some();
        let tuning = TUNING.iter().find(|(name, _)| *name == key);
        let understood = match key {
            "target" if facts.targets => Slot::set_integer(&mut params.target, value),
            _ if !known => false,
            "norm" => norm_of(value).map(|norm| params.norm = norm).is_some(),
            "eps" => value.parse().map(|read| eps = Some(read)).is_ok(),
            "steps" => Slot::Whole(&mut params.steps).set(value),
            "restarts" => Slot::Whole(&mut params.restarts).set(value),
            "step" => Slot::Real(&mut params.step).set(value),
            "start" if value == "random" => true,
            "start" if value == "image" => {
                params.start = Start::Image;
                true
            }
            _ => tuning.is_some_and(|(_, slot)| slot(&mut params.tuning).set(value)),
        };
        if !understood {
            return Err(wrong());
        }
    }
    // An attack that looks for the smallest perturbation needs no ball.
    let usual = if facts.is_minimal() { params.norm.largest() } else { params.norm.usual_eps() };
    params.eps = eps.unwrap_or(usual);
    params.check()?;
    Ok(Spec::Attack(params))
}

impl Slot<'_> {
    fn set_integer(value: &mut i64, text: &str) -> bool {
        text.parse().map(|read| *value = read).is_ok()
    }
}

fn norm_of(name: &str) -> Option<Norm> {
    match name.to_ascii_lowercase().as_str() {
        "linf" | "inf" => Some(Norm::Linf),
        "l2" | "2" => Some(Norm::L2),
        "l1" | "1" => Some(Norm::L1),
        _ => None,
    }
}

/// A method by its name, which may end in its norm: `pgd-l2`.
fn method(name: &str) -> Result<(&'static MethodFacts, Option<Norm>), String> {
    let find = |name: &str| METHODS.iter().find(|facts| facts.name == name);
    if let Some(facts) = find(name) {
        return Ok((facts, None));
    }
    let parts = name.rsplit_once('-').and_then(|(name, norm)| Some((find(name)?, norm_of(norm)?)));
    parts.map(|(facts, norm)| (facts, Some(norm))).ok_or_else(|| {
        let names: Vec<_> = METHODS.iter().map(|facts| facts.name).collect();
        let certificates = CERTIFICATES.map(|(name, _)| name);
        format!(
            "There is no attack “{name}”; there are {} and the certificates {} (pgd-linf is short \
             for pgd norm=linf).",
            names.join(", "),
            certificates.join(" and ")
        )
    })
}

fn certificate<'a>(name: &str, words: impl Iterator<Item = &'a str>) -> Result<Spec, String> {
    let mut eps = Norm::Linf.usual_eps();
    for word in words {
        let read = match word.split_once('=') {
            Some(("eps", value)) => value.parse().ok(),
            // The only norm there are certificates for.
            Some(("norm", "linf" | "Linf" | "inf")) => Some(eps),
            _ => None,
        };
        eps = read.ok_or_else(|| {
            format!("“{word}” is not understood by {name}; it reads eps=0.1 and norm=linf.")
        })?;
    }
    if !(0.0..=1.0).contains(&eps) {
        return Err(format!("The ε of a certificate must lie from 0 to 1, but it was {eps}."));
    }
    Ok(Spec::Certificate { eps, by_intervals: name == "ibp" })
}

/// The parameters a method reads, with their usual values.
pub fn keys(facts: &MethodFacts) -> String {
    let norms: Vec<_> = facts.norms.iter().map(|norm| norm.name()).collect();
    let mut keys = vec![format!("norm={}", norms.join("|")), "eps".into()];
    for (name, usual) in facts.reads {
        keys.push(match *name {
            "start" => "start=random|image".into(),
            name => format!("{name}={usual}"),
        });
    }
    if facts.targets {
        keys.push("target=-1".into());
    }
    keys.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secateurs::attack::Method;

    fn attack(text: &str) -> AttackParams {
        match parse(text).unwrap() {
            Spec::Attack(params) => params,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn attacks_are_read() {
        let params = attack("autoattack norm=linf eps=0.05");
        assert_eq!(
            (params.method, params.norm, params.eps),
            (Method::Autoattack, Norm::Linf, 0.05)
        );
        let params = attack("pgd-l2 eps=1 steps=40 alpha=0.1 start=image restarts=3 target=7");
        let usual = AttackParams::usual(Method::Pgd, 1.0, 40);
        let expected = AttackParams {
            norm: Norm::L2,
            step: 0.1,
            start: Start::Image,
            restarts: 3,
            target: 7,
            ..usual
        };
        assert_eq!(params, expected);
        assert_eq!(attack("square n_queries=300").steps, 300);
        assert_eq!(attack("cw").eps, 28.0);
        assert_eq!(attack("apgd-ce rho=0.5").tuning.rho, 0.5);
        assert_eq!(attack("fgsm norm=l1").eps, 6.0);
        let certified = Spec::Certificate { eps: 0.02, by_intervals: true };
        assert_eq!(parse("ibp eps=0.02").unwrap(), certified);
    }

    #[test]
    fn every_attack_and_every_parameter_listed_is_read() {
        for facts in METHODS {
            let mut text = format!("{} eps=0.05 norm={}", facts.name, facts.norms[0].name());
            for (name, usual) in facts.reads.iter().filter(|(name, _)| *name != "start") {
                text += &format!(" {name}={usual}");
            }
            assert_eq!(attack(&text).method, facts.method, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("", "There is no attack"),
            ("magic", "apgd-ce"),
            ("pgd-l3", "There is no attack"),
            ("pgd eps", "reads norm=linf|l2|l1, eps, steps=10"),
            ("pgd eps=much", "not understood"),
            ("pgd eps=2", "from 0 to 1"),
            ("pgd rho=0.5", "not understood by pgd"),
            ("fgsm steps=3", "not understood by fgsm"),
            ("cw norm=linf", "defined for L2"),
            ("autoattack target=3", "not understood"),
            ("certified norm=l2", "norm=linf"),
            ("ibp eps=7", "from 0 to 1"),
        ] {
            let sentence = parse(text).unwrap_err();
            assert!(sentence.contains(part) && sentence.ends_with('.'), "{text}: {sentence}");
        }
    }
}
