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

fn train(mut trainer: Trainer, images: &Images) -> (Mlp, Vec<f64>) {
    let mut losses = Vec::new();
    while !trainer.is_done() {
        losses.push(trainer.step(images).unwrap());
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
    let digest = |seed, place| {
        train(Trainer::new(Mlp::he_normal(&[8], 0), params(), seed, place), &images).0.digest()
    };
    assert_eq!(digest(0, 0), digest(0, 0));
    assert_ne!(digest(0, 0), digest(1, 0));
    assert_ne!(digest(0, 0), digest(0, 1));
}

#[test]
fn a_training_goes_on_from_an_epochs_end_bit_for_bit() {
    let images = images(500);
    let mut first = Trainer::new(Mlp::he_normal(&[8], 0), params(), 0, 0);
    while first.epoch() == 0 {
        first.step(&images).unwrap();
    }
    assert!(first.at_epoch_start());
    let stored = postcard::to_stdvec(&first.state()).unwrap();
    let state = postcard::from_bytes(&stored).unwrap();
    let (resumed, _) = train(Trainer::resume(state, params(), 0, 0), &images);
    assert_eq!(resumed.digest(), train(first, &images).0.digest());
}

#[test]
fn fine_tuning_leaves_what_is_pruned_as_it_was() {
    let images = images(500);
    let mut network = Mlp::he_normal(&[8, 6], 0);
    network.set_pruned_units(&[vec![2], vec![0, 5]]).unwrap();
    network.prune_weight(0, 1, 300);
    network.prune_weight(2, 4, 3);
    let params = TrainParams { decay: 0.01, ..params() };
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
    let params = TrainParams { optimiser: OptimiserName::Sgd, rate: 1e6, epochs: 9, ..params() };
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
