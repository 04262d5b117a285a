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

/// A network that is linear on [0, 1]: its hidden units never rest.
fn linear() -> Mlp {
    let mut stream = Stream::new(3, crate::rng::Purpose::Init, &[]);
    let weights = ndarray::Array2::from_shape_fn((10, PIXELS), |_| 0.05 * stream.normal());
    let eye = ndarray::Array2::eye(10);
    let layers = [(weights.view(), 40.0), (eye.view(), -40.0)];
    let layers = layers.map(|(weights, bias)| {
        crate::network::Layer::new(weights, ndarray::Array1::from_elem(10, bias)).unwrap()
    });
    Mlp::from_layers(layers.into()).unwrap()
}

#[test]
fn minimal_attacks_find_the_distance_to_a_plane() {
    let network = linear();
    let compact = Compact::new(&network);
    // Grey, so that the border is met before black and white are.
    let mut stream = Stream::new(8, crate::rng::Purpose::Noise, &[]);
    let grey = |x: f32| (100.0 + 50.0 * x) as u8;
    let images = as_read(&compact, (0..20 * PIXELS).map(|_| grey(stream.uniform())).collect());
    let distance = |norm: Norm, image: usize| -> f64 {
        let clean = images.image(image).iter().map(|byte| f64::from(*byte) / 255.0);
        let clean: Vec<f64> = clean.collect();
        let rows = network.layers()[0].weights();
        let label = usize::from(images.label(image));
        let to = |other: usize| {
            let normal: Vec<f64> = (0..PIXELS)
                .map(|i| f64::from(rows[[label, i]]) - f64::from(rows[[other, i]]))
                .collect();
            let lead: f64 = normal.iter().zip(&clean).map(|(w, x)| w * x).sum();
            let size = match norm {
                Norm::L2 => normal.iter().map(|w| w * w).sum::<f64>().sqrt(),
                _ => normal.iter().map(|w| w.abs()).sum::<f64>(),
            };
            lead / size
        };
        (0..10).filter(|other| *other != label).map(to).fold(f64::INFINITY, f64::min)
    };
    // By how much each may pass the border: DeepFool by its overshoot of 2 % and Foolbox's 10⁻⁴,
    // FAB by what is left after its steps, Carlini & Wagner by what Adam leaves.
    for (method, norm, within) in [
        (Method::Deepfool, Norm::L2, (1.02, 1.02)),
        (Method::Deepfool, Norm::Linf, (1.02, 1.02)),
        (Method::FabT, Norm::L2, (1.0, 1.006)),
        (Method::FabT, Norm::Linf, (1.0, 1.006)),
        (Method::Cw, Norm::L2, (1.0, 1.03)),
    ] {
        let steps = method.facts().usual("steps").unwrap() as usize;
        let mut params = AttackParams { norm, ..AttackParams::usual(method, 0.0, steps) };
        if method == Method::Cw {
            // Grey pixels all move with each of Adam's steps, so these have to be short.
            (params.step, params.steps, params.tuning.searches) = (0.002, 500, 9);
        }
        let valid = params.check().unwrap();
        let mut run = Run::new(&compact, &images, 0..20, valid, 0, Purpose::Evaluate);
        while !run.step(&compact) {}
        for (image, verdict) in run.verdicts().iter().enumerate() {
            let (found, least) = (f64::from(verdict.norm), distance(norm, image));
            let share = (found - 1.1e-4) / least;
            let word = format!("{method:?} {norm:?}: {found} for {least}");
            assert!(found >= 0.9999 * within.0 * least && share <= within.1, "{word}");
        }
    }
}

#[test]
fn minimal_attacks_reach_their_target() {
    for method in [Method::FabT, Method::Cw] {
        let mut params = AttackParams::usual(method, 0.0, 100);
        params.target = 7;
        let run = run(params, 0..40, Purpose::Craft);
        let reached = run.verdicts().iter().filter(|verdict| verdict.attacked == 7).count();
        assert!(reached > 35, "{method:?} {reached}");
    }
}

#[test]
fn carlini_and_wagners_confidence_is_a_lead() {
    let network = Compact::new(&Mlp::he_normal(&[16, 8], 2));
    let mut params = AttackParams::usual(Method::Cw, 0.0, 100);
    params.tuning.confidence = 0.5;
    let images = as_read(&network, (0..20).flat_map(|i| images(20).image(i).to_vec()).collect());
    let valid = params.check().unwrap();
    let mut run = Run::new(&network, &images, 0..20, valid, 0, Purpose::Craft);
    while !run.step(&network) {}
    let mut pass = crate::network::Pass::default();
    network.forward(crate::network::Input::Values(run.adversarial()), &mut pass);
    for (image, verdict) in run.verdicts().iter().enumerate() {
        let logits = pass.logits_of(image);
        let lead = logits[usize::from(verdict.attacked)] - logits[usize::from(verdict.label)];
        assert!(lead >= 0.5 - 1e-4, "{lead}");
    }
}

/// Images labelled as the network reads them.
fn as_read(network: &Compact, pixels: Vec<u8>) -> Images {
    let count = pixels.len() / PIXELS;
    let images = Images::new(pixels.clone(), vec![0; count]).unwrap();
    let valid = AttackParams::usual(Method::Noise, 0.0, 1).check().unwrap();
    let run = Run::new(network, &images, 0..count, valid, 0, Purpose::Craft);
    let labels = run.verdicts().iter().map(|verdict| verdict.clean).collect();
    Images::new(pixels, labels).unwrap()
}

#[test]
fn what_lies_outside_of_the_ball_is_not_shown() {
    let usual = AttackParams::usual(Method::Deepfool, 0.0, 50);
    let all = run(AttackParams { eps: 28.0, ..usual }, 0..40, Purpose::Craft);
    let mut norms: Vec<f32> = all.verdicts().iter().map(|verdict| verdict.norm).collect();
    norms.sort_by(f32::total_cmp);
    let eps = norms[norms.len() * 3 / 4];
    let some = run(AttackParams { eps: f64::from(eps), ..usual }, 0..40, Purpose::Craft);
    let mut outside = 0;
    for (place, image) in some.allowed().enumerate() {
        let clean = some.clean();
        let size =
            Norm::L2.distance(image.as_slice().unwrap(), clean.row(place).as_slice().unwrap());
        assert!(size <= eps);
        outside += usize::from(some.verdicts()[place].norm > eps);
    }
    assert!(outside > 0);
    // Nothing found is lost: only what is shown to other networks.
    assert_eq!(all.adversarial(), some.adversarial());
}
