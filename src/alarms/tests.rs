use super::*;

/// What an ordinary network comes to: the reference network `at` at ε 0.1.
fn ordinary() -> Evidence {
    Evidence {
        eps: 0.1,
        norm: Norm::Linf,
        images: 512,
        clean: 487,
        adaptive: 379,
        transfer: Some(470),
        one_step: Some(394),
        iterative: Some(379),
        more_steps: Some(379),
        black_box: Some(420),
        white_box: Some(379),
        large: Some(LargeCount { eps: 0.5, correct: 0 }),
        noise: Some(481),
        gradients: Some(GradientCount { total: 512, correct: 487, zero: 0, vanishing: 0 }),
        only: None,
    }
}

fn kinds(evidence: &Evidence) -> Vec<AlarmKind> {
    alarms(evidence).into_iter().map(|alarm| alarm.kind).collect()
}

#[test]
fn nothing_alarms_on_an_ordinary_network() {
    assert_eq!(alarms(&ordinary()), []);
    let checks = checks(&ordinary());
    assert_eq!(checks.len(), 7);
    assert!(checks.iter().all(|check| check.state == CheckState::Passed));
    assert!(checks.iter().all(|check| check.sentence.ends_with('.') && !check.evidence.is_empty()));
}

#[test]
fn each_sign_alone_trips_its_own_check() {
    use AlarmKind::*;
    let gradients =
        |zero, vanishing| Some(GradientCount { total: 512, correct: 487, zero, vanishing });
    let large = |correct| Some(LargeCount { eps: 0.5, correct });
    let signs = [
        (Gradients, Evidence { gradients: gradients(16, 0), ..ordinary() }),
        (Gradients, Evidence { gradients: gradients(2, 80), ..ordinary() }),
        (OneStep, Evidence { one_step: Some(330), ..ordinary() }),
        (BlackBox, Evidence { black_box: Some(330), ..ordinary() }),
        (Transfer, Evidence { transfer: Some(330), ..ordinary() }),
        (MoreSteps, Evidence { more_steps: Some(330), ..ordinary() }),
        (LargeEps, Evidence { large: large(90), ..ordinary() }),
        (Noise, Evidence { noise: Some(385), ..ordinary() }),
    ];
    for (kind, evidence) in signs {
        assert_eq!(kinds(&evidence), [kind], "{evidence:?}");
    }
}

#[test]
fn small_differences_alarm_only_where_the_pairs_are_known_to_differ() {
    let few = Evidence { black_box: Some(359), ..ordinary() };
    assert_eq!(kinds(&few), []);
    let with = |black_box| Some(OnlyRival { black_box, ..OnlyRival::default() });
    let certain = Evidence { only: with(Some(22)), ..few };
    assert_eq!(kinds(&certain), [AlarmKind::BlackBox]);
    let by_chance = Evidence { only: with(Some(120)), ..few };
    assert_eq!(kinds(&by_chance), []);
    // A point is nothing, however certain.
    let point = Evidence { black_box: Some(374), only: with(Some(5)), ..few };
    assert_eq!(kinds(&point), []);
}

#[test]
fn what_was_not_measured_is_unknown() {
    let nothing = Evidence { images: 512, clean: 487, adaptive: 379, ..Evidence::default() };
    for evidence in [nothing, Evidence::default()] {
        let checks = checks(&evidence);
        assert!(checks.iter().all(|check| check.state == CheckState::Unknown), "{checks:?}");
        assert!(checks.iter().all(|check| check.evidence.is_empty()));
    }
    // Not so large that every image could be turned plain grey.
    let large = Some(LargeCount { eps: 0.3, correct: 300 });
    assert_eq!(kinds(&Evidence { large, ..ordinary() }), []);
    // So small a ball that nothing is fooled says nothing about noise.
    let small = Evidence { adaptive: 486, noise: Some(487), ..nothing };
    let check = &checks(&small)[6];
    assert!(check.state == CheckState::Unknown && !check.evidence.is_empty());
}

#[test]
fn evidence_comes_as_the_page_writes_it() {
    let text = r#"{ "eps": 0.1, "norm": "linf", "images": 512, "clean": 487, "adaptive": 379,
        "oneStep": 300, "iterative": 379, "large": { "eps": 0.5, "correct": 0 },
        "gradients": { "correct": 487, "zero": 0, "vanishing": 3 }, "only": { "oneStep": 80 } }"#;
    let evidence: Evidence = serde_json::from_str(text).unwrap();
    let alarms = serde_json::to_value(alarms(&evidence)).unwrap();
    assert_eq!(alarms[0]["kind"], "one-step");
    assert_eq!(alarms.as_array().unwrap().len(), 1);
    assert!(alarms[0]["evidence"].as_str().unwrap().contains("300"));
}
