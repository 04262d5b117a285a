use super::*;

/// Pictures that are easy to tell apart: digit d lights the rows 2d and 2d + 1.
fn images(count: usize) -> Images {
    let mut pixels = vec![0; count * PIXELS];
    for index in 0..count {
        let from = index * PIXELS + 56 * (index % 10);
        let lit = 128 + (index % 100) as u8;
        pixels[from..from + 56].fill(lit);
    }
    Images::new(pixels, (0..count).map(|i| (i % 10) as u8).collect()).unwrap()
}

fn params() -> TrainParams {
    TrainParams {
        from: Origin::Scratch,
        epochs: 2,
        images: 500,
        optimiser: OptimiserName::Adam,
        rate: 1e-3,
        momentum: 0.9,
        decay: 0.0,
        batch: 64,
        ..TrainParams::default()
    }
}

const AGAINST: [Adversary; 4] =
    [Adversary::None, Adversary::Fgsm, Adversary::Pgd, Adversary::Trades];

fn train(mut trainer: Trainer, images: &Images) -> (Mlp, Vec<f64>) {
    let mut losses = Vec::new();
    while !trainer.is_done() {
        losses.extend(trainer.step(images).unwrap());
    }
    (trainer.finish().unwrap(), losses)
}

#[test]
fn training_lowers_the_loss_with_either_optimiser() {
    let images = images(500);
    for (optimiser, rate) in [(OptimiserName::Adam, 4e-3), (OptimiserName::Sgd, 0.05)] {
        let params = TrainParams { optimiser, rate, epochs: 6, ..params() };
        let (_, losses) = train(Trainer::new(Mlp::he_normal(&[16], 0), params, 0, 0), &images);
        assert!(losses[losses.len() - 1] < 0.3 * losses[0], "{losses:?}");
    }
}

#[test]
fn training_is_a_function_of_its_seed_and_place() {
    let images = images(500);
    for against in AGAINST {
        let params = TrainParams { against, steps: 2, ..params() };
        let digest = |seed, place| {
            train(Trainer::new(Mlp::he_normal(&[8], 0), params, seed, place), &images).0.digest()
        };
        assert_eq!(digest(0, 0), digest(0, 0));
        assert_ne!(digest(0, 0), digest(1, 0));
        assert_ne!(digest(0, 0), digest(0, 1));
    }
}

#[test]
fn a_training_goes_on_from_an_epochs_end_bit_for_bit() {
    let images = images(500);
    for against in AGAINST {
        let params = TrainParams { against, steps: 2, ramp: 2, epochs: 3, ..params() };
        let mut first = Trainer::new(Mlp::he_normal(&[8], 0), params, 0, 0);
        while first.epoch() == 0 || !first.at_epoch_start() {
            first.step(&images).unwrap();
        }
        let stored = postcard::to_stdvec(&first.state()).unwrap();
        let mut resumed = Trainer::resume(postcard::from_bytes(&stored).unwrap(), params, 0, 0);
        for trainer in [&mut first, &mut resumed] {
            while !trainer.is_done() {
                trainer.step(&images).unwrap();
            }
        }
        assert_eq!(first.watched(), resumed.watched());
        assert_eq!(first.watched().len(), if against == Adversary::None { 0 } else { 3 });
        assert_eq!(first.finish().unwrap().digest(), resumed.finish().unwrap().digest());
    }
}

#[test]
fn fine_tuning_leaves_what_is_pruned_as_it_was() {
    for against in AGAINST {
        fine_tuning_leaves_it(against);
    }
}

fn fine_tuning_leaves_it(against: Adversary) {
    let images = images(500);
    let mut network = Mlp::he_normal(&[8, 6], 0);
    network.set_pruned_units(&[vec![2], vec![0, 5]]).unwrap();
    network.prune_weight(0, 1, 300);
    network.prune_weight(2, 4, 3);
    let params = TrainParams { decay: 0.01, against, steps: 2, ..params() };
    let (tuned, _) = train(Trainer::new(network.clone(), params, 0, 0), &images);
    assert_eq!(tuned.pruned_units(), network.pruned_units());
    let mut moved = 0;
    for (layer, (before, after)) in network.layers().iter().zip(tuned.layers()).enumerate() {
        for ((output, input), weight) in before.weights().indexed_iter() {
            if network.acts(layer, output, input) {
                moved += usize::from(after.weights()[[output, input]] != *weight);
            } else {
                assert_eq!(after.weights()[[output, input]], *weight);
            }
        }
    }
    assert!(moved > 100);
}

#[test]
fn divergence_is_said_in_a_sentence() {
    let images = images(500);
    for against in AGAINST {
        // Every step multiplies the weights by nearly a million.
        let (optimiser, rate, decay) = (OptimiserName::Sgd, 1e6, 1.0);
        let params = TrainParams { optimiser, rate, decay, epochs: 9, against, ..params() };
        let mut trainer = Trainer::new(Mlp::he_normal(&[8, 8], 0), params, 0, 0);
        let outcome = loop {
            match trainer.step(&images) {
                Err(sentence) => break Err(sentence),
                Ok(_) if trainer.is_done() => break trainer.finish().map(|_| ()),
                Ok(_) => {}
            }
        };
        assert!(outcome.unwrap_err().contains("diverged"));
    }
}

#[test]
fn a_batchs_attack_is_one_look_at_a_time_and_the_ball_grows() {
    let images = images(500);
    // Looks at a batch of each kind, the gradient step not counted.
    for (against, looks) in
        [(Adversary::None, 0), (Adversary::Fgsm, 1), (Adversary::Pgd, 3), (Adversary::Trades, 4)]
    {
        let params =
            TrainParams { against, steps: 3, ramp: 2, eps: 0.4, batch: 125, epochs: 3, ..params() };
        let mut trainer = Trainer::new(Mlp::he_normal(&[8], 0), params, 0, 0);
        let (mut sizes, mut calls) = (Vec::new(), 0);
        while !trainer.is_done() {
            let (eps, watching) = (trainer.eps(), trainer.watching.is_some());
            calls += usize::from(!watching);
            if trainer.step(&images).unwrap().is_some() {
                assert_eq!(std::mem::take(&mut calls), looks + 1, "{against:?}");
                sizes.push(eps);
            }
        }
        let expected: Vec<_> = (0..12).map(|batch| 0.05 * batch.min(8) as f32).collect();
        assert!(sizes.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6), "{sizes:?}");
        assert_eq!(sizes.len(), expected.len());
    }
}

/// Pictures that small perturbations can confuse: of 28 rows digit d lights two strongly, and every
/// second pixel elsewhere a little more the larger d is.
fn frail_images(count: usize) -> Images {
    let mut pixels = vec![0; count * PIXELS];
    let mut random = Stream::new(0, Purpose::Noise, &[]);
    for (index, image) in pixels.chunks_exact_mut(PIXELS).enumerate() {
        for (place, pixel) in image.iter_mut().enumerate() {
            let strong = place / 56 == index % 10;
            let weak = place % 10 == index % 10;
            let noise = 60.0 * random.uniform();
            let light = noise + if strong { 90.0 } else { 0.0 } + if weak { 24.0 } else { 0.0 };
            *pixel = light as u8;
        }
    }
    Images::new(pixels, (0..count).map(|i| (i % 10) as u8).collect()).unwrap()
}

#[test]
fn a_warm_start_against_an_attack_makes_a_network_robust() {
    let images = frail_images(600);
    let standard = TrainParams { images: 600, epochs: 3, batch: 32, eps: 0.05, ..params() };
    let (clean, _) = train(Trainer::new(Mlp::he_normal(&[16], 0), standard, 0, 0), &images);
    for against in [Adversary::Fgsm, Adversary::Pgd, Adversary::Trades] {
        let robust =
            TrainParams { from: Origin::Current, against, steps: 4, epochs: 5, ..standard };
        let watched = |params| {
            let mut trainer = Trainer::new(clean.clone(), params, 0, 1);
            while !trainer.is_done() {
                trainer.step(&images).unwrap();
            }
            trainer.watched().to_vec()
        };
        // Hardly trained at all: what the network withstands as it is.
        let before = watched(TrainParams { rate: 1e-6, epochs: 1, ..robust })[0];
        let after = watched(robust);
        assert!(before.pgd < 0.2, "{before:?}");
        assert_eq!(after.len(), 5);
        assert!(after[4].pgd > 0.5, "{against:?} {after:?}");
        assert!(!is_overfitting(&after), "{after:?}");
    }
}
