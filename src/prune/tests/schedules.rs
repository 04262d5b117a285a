//! How far each step of a schedule goes.

use super::*;

fn amounts(schedule: Schedule, network: &Mlp) -> Vec<f64> {
    let by = Criterion::Magnitude;
    PruneParams { by, amount: 60.0, rounds: 4, schedule, ..usual() }.amounts(network)
}

fn near(ours: &[f64], expected: &[f64]) {
    assert_eq!(ours.len(), expected.len());
    assert!(ours.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{ours:?}");
}

#[test]
fn steps_go_from_what_is_pruned_to_the_amount() {
    let mut network = network();
    near(&amounts(Schedule::Once, &network), &[60.0]);
    near(&amounts(Schedule::Iterative, &network), &[15.0, 30.0, 45.0, 60.0]);
    // 60 · (1 − (1 − t/4)³).
    near(&amounts(Schedule::Gradual, &network), &[34.6875, 52.5, 59.0625, 60.0]);
    network.set_pruned_units(&[(0..8).collect(), vec![]]).unwrap();
    // A quarter of the 32 units is gone.
    near(&amounts(Schedule::Iterative, &network), &[33.75, 42.5, 51.25, 60.0]);
    near(&amounts(Schedule::Gradual, &network)[3..], &[60.0]);
    assert_eq!(amounts(Schedule::Gradual, &network)[3], 60.0);
    network.set_pruned_units(&[(0..20).collect(), vec![0, 1]]).unwrap();
    near(&amounts(Schedule::Iterative, &network), &[60.0; 4]);
}

#[test]
fn what_is_pruned_is_counted_where_it_is_pruned() {
    let mut network = network();
    network.prune_pixels(&(0..196).collect::<Vec<_>>());
    network.set_pruned_units(&[vec![], (0..6).collect()]).unwrap();
    let first = |what, layers: &[usize]| {
        let layers = layers.to_vec();
        let schedule = Schedule::Iterative;
        let params = PruneParams { what, layers, amount: 100.0, rounds: 1000, schedule, ..usual() };
        let share = params.amounts(&network)[0];
        (share * 1000.0 - 100.0) / 999.0
    };
    near(&[first(What::Pixels, &[0])], &[25.0]);
    near(&[first(What::Units, &[2])], &[50.0]);
    near(&[first(What::Units, &[1])], &[0.0]);
    near(&[first(What::Weights, &[1])], &[25.0]);
    near(&[first(What::Weights, &[2, 3])], &[50.0]);
    let all = 100.0 * (196.0 * 20.0 + 120.0 + 60.0) / network.weight_count() as f64;
    near(&[first(What::Weights, &[0])], &[all]);
}
