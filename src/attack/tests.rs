use super::*;
use crate::data::{Images, PIXELS};
use crate::network::{Compact, Mlp};
use proptest::prelude::*;

/// Random pictures, black and white parts included, with labels 0–9 in turn.
pub(super) fn images(count: usize) -> Images {
    let mut stream = Stream::new(9, crate::rng::Purpose::Noise, &[]);
    let value = |x: f32| (255.0 * (1.6 * x - 0.5).clamp(0.0, 1.0)) as u8;
    let pixels = (0..count * PIXELS).map(|_| value(stream.uniform())).collect();
    Images::new(pixels, (0..count).map(|i| (i % 10) as u8).collect()).unwrap()
}

fn run(params: AttackParams, range: std::ops::Range<usize>, purpose: Purpose) -> Run {
    let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
    let mut run = Run::new(&network, &images(40), range, params.check().unwrap(), 4, purpose);
    while !run.step(&network) {}
    run
}

fn params() -> impl Strategy<Value = AttackParams> {
    // Every method in every norm it is defined for.
    let methods =
        METHODS.iter().flat_map(|facts| facts.norms.iter().map(move |norm| (facts, norm)));
    let method = proptest::sample::select(methods.collect::<Vec<_>>());
    let start = prop_oneof![Just(Start::Random), Just(Start::Image)];
    let step = prop_oneof![Just(0.0), 0.0..1.0];
    (method, 0.0f64..1.0, 1usize..6, step, start, 1usize..3, -1i64..10).prop_map(
        |((facts, norm), eps, steps, step, start, restarts, target)| AttackParams {
            norm: *norm,
            eps: eps * if *norm == Norm::Linf { 1.0 } else { 5.0 },
            step,
            start,
            restarts,
            target: if facts.targets { target } else { -1 },
            ..AttackParams::usual(facts.method, 0.0, steps)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn attacks_stay_in_the_ball_and_in_the_picture(params in params(), craft in any::<bool>()) {
        let purpose = if craft { Purpose::Craft } else { Purpose::Evaluate };
        let run = run(params, 0..20, purpose);
        prop_assert!(run.adversarial().iter().all(|value| (0.0..=1.0).contains(value)));
        for (index, verdict) in run.verdicts().iter().enumerate() {
            let (clean, adversarial) = (run.clean(), run.adversarial());
            let (clean, adversarial) = (clean.row(index), adversarial.row(index));
            let size = params.norm.distance(adversarial.as_slice().unwrap(), clean.as_slice().unwrap());
            prop_assert_eq!(size, verdict.norm);
            if !params.method.facts().is_minimal() {
                prop_assert!(size <= params.eps as f32 + 1e-6);
            }
        }
    }

    #[test]
    fn verdicts_are_what_the_network_reads(params in params()) {
        let run = run(params, 0..20, Purpose::Evaluate);
        let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
        let mut pass = crate::network::Pass::default();
        network.forward(crate::network::Input::Values(run.adversarial()), &mut pass);
        for (verdict, logits) in run.verdicts().iter().zip(pass.logits().rows()) {
            let read = crate::network::argmax(logits.as_slice().unwrap());
            prop_assert_eq!(read, usize::from(verdict.attacked));
        }
    }

    #[test]
    fn what_fools_in_an_evaluation_is_crafted(params in params()) {
        // These go back to the best point they saw.
        let best = params.method.facts().family == Family::Strongest
            || params.method == Method::Square;
        prop_assume!(best && params.target == -1);
        let [evaluated, crafted] = [Purpose::Evaluate, Purpose::Craft].map(|purpose| {
            run(params, 0..20, purpose).verdicts().iter().map(Verdict::is_fooled).collect::<Vec<_>>()
        });
        prop_assert_eq!(evaluated, crafted);
    }

    #[test]
    fn the_split_into_blocks_changes_nothing(params in params(), cut in 1usize..19) {
        for purpose in [Purpose::Craft, Purpose::Evaluate] {
            let whole = run(params, 0..20, purpose);
            let parts = [run(params, 0..cut, purpose), run(params, cut..20, purpose)];
            let verdicts: Vec<_> = parts.iter().flat_map(|part| part.verdicts()).collect();
            prop_assert_eq!(whole.verdicts().iter().collect::<Vec<_>>(), verdicts);
            let pixels = parts.iter().flat_map(|part| part.adversarial().to_owned());
            prop_assert!(whole.adversarial().iter().copied().eq(pixels));
        }
    }
}

#[test]
fn what_is_proposed_is_not_trusted() {
    struct Wild(usize);
    impl Attack for Wild {
        fn begin(&mut self, _: &Image, _: &mut [f32], _: &mut Streams) {}
        fn ask(&mut self, _: &Image, _: &[f32], _: &Logits, _: &mut Wanted) -> Next {
            self.0 -= 1;
            if self.0 > 0 { Next::Look } else { Next::Done }
        }
        fn go(&mut self, _: &Image, _: &Seen, point: &mut [f32], _: &mut Streams) {
            point.iter_mut().enumerate().for_each(|(index, value)| {
                *value = [f32::NAN, f32::INFINITY, -7.0][index % 3];
            });
        }
    }
    let params = AttackParams::usual(Method::Fgsm, 0.25, 1);
    let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
    let valid = params.check().unwrap();
    let mut run = Run::new(&network, &images(5), 0..5, valid, 0, Purpose::Craft);
    run.set_attack(0, || Box::new(Wild(3)));
    while !run.step(&network) {}
    for (clean, adversarial) in run.clean().iter().zip(run.adversarial()) {
        assert!((0.0..=1.0).contains(adversarial) && (clean - adversarial).abs() <= 0.25 + 1e-7);
    }
}

#[test]
fn what_one_attack_of_several_found_is_kept() {
    struct Idle;
    impl Attack for Idle {
        fn begin(&mut self, _: &Image, _: &mut [f32], _: &mut Streams) {}
        fn ask(&mut self, _: &Image, _: &[f32], _: &Logits, _: &mut Wanted) -> Next {
            Next::Done
        }
        fn go(&mut self, _: &Image, _: &Seen, _: &mut [f32], _: &mut Streams) {}
    }
    // Of AutoAttack's four only FAB, whose points are not kept in the ball, is left awake.
    let params = AttackParams::usual(Method::Autoattack, 0.1, 1);
    let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
    let fooled_by = |purpose| {
        let valid = params.check().unwrap();
        let mut run = Run::new(&network, &images(40), 0..40, valid, 4, purpose);
        for sleeper in [0, 1, 3] {
            run.set_attack(sleeper, || Box::new(Idle));
        }
        while !run.step(&network) {}
        let fooled = run.verdicts().iter().map(|verdict| {
            assert!(verdict.robust || !verdict.is_fooled() || verdict.norm <= 0.1 + 1e-6);
            verdict.is_fooled()
        });
        fooled.collect::<Vec<_>>()
    };
    let fooled = fooled_by(Purpose::Evaluate);
    assert!(fooled.contains(&true));
    assert_eq!(fooled, fooled_by(Purpose::Craft));
}

#[test]
fn size_zero_changes_nothing() {
    let run = run(AttackParams::usual(Method::Pgd, 0.0, 3), 0..20, Purpose::Craft);
    assert_eq!(run.clean(), run.adversarial());
    assert!(run.verdicts().iter().all(|verdict| verdict.clean == verdict.attacked));
}

#[test]
fn a_targeted_attack_reaches_its_target() {
    let mut params = AttackParams::usual(Method::Pgd, 0.5, 20);
    params.target = 7;
    let run = run(params, 0..40, Purpose::Craft);
    let reached = run.verdicts().iter().filter(|verdict| verdict.attacked == 7).count();
    assert!(reached > 35, "{reached}");
}

#[test]
fn parameters_out_of_range_get_a_sentence() {
    let usual = AttackParams::usual(Method::Pgd, 0.1, 10);
    let wrong = [
        AttackParams { eps: 1.5, ..usual },
        AttackParams { eps: f64::NAN, ..usual },
        AttackParams { steps: 0, ..usual },
        AttackParams { step: -1.0, ..usual },
        AttackParams { target: 10, ..usual },
    ];
    assert!(wrong.iter().all(|params| params.check().unwrap_err().ends_with('.')));
}
