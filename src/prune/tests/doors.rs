//! What the door refuses.

use super::*;

fn refusal(params: PruneParams) -> String {
    params.check(&[20, 12]).unwrap_err()
}

#[test]
fn every_criterion_has_its_row_and_its_measurement() {
    for (row, facts) in CRITERIA.iter().enumerate() {
        assert_eq!(row, facts.criterion as usize);
        assert_eq!(facts.criterion.facts().criterion, facts.criterion);
        for what in [What::Units, What::Weights, What::Pixels] {
            let params = PruneParams { by: facts.criterion, what, images: 10, ..usual() };
            assert_eq!(params.check(&[20, 12]).is_ok(), facts.what.contains(&what));
            let measured = params.measurement();
            assert_eq!(measured.is_none(), facts.needs == Needs::Nothing);
            let attacks = matches!(facts.needs, Needs::Attack | Needs::Search);
            assert_eq!(measured.is_some_and(|measured| measured.attacks()), attacks);
        }
    }
}

#[test]
fn a_criterion_that_cannot_rank_what_is_pruned_is_refused() {
    let said = refusal(PruneParams { what: What::Pixels, by: Criterion::Taylor, ..usual() });
    assert!(said.starts_with("The criterion for pixels must be one of distortion, "), "{said}");
    assert!(said.ends_with("random, but it was taylor.") && !said.contains("wanda"), "{said}");
    let said = refusal(PruneParams { what: What::Units, by: Criterion::Wanda, ..usual() });
    assert!(said.contains("for units") && said.contains("greedy"), "{said}");
}

#[test]
fn a_layer_that_is_not_there_is_refused() {
    let layers = vec![1, 3];
    let said = refusal(PruneParams { layers: layers.clone(), ..usual() });
    assert!(said.contains("2 hidden layers") && said.contains("no layer 3"), "{said}");
    let weights = PruneParams { what: What::Weights, layers, ..usual() };
    assert!(weights.check(&[20, 12]).is_ok());
    let said = refusal(PruneParams { layers: vec![4], ..weights.clone() });
    assert!(said.contains("3 layers of weights") && said.contains("no layer 4"), "{said}");
    let pixels = PruneParams { what: What::Pixels, layers: vec![5], ..usual() };
    assert!(pixels.check(&[20]).is_ok());
}

#[test]
fn searches_and_leaks_are_bounded() {
    let greedy = PruneParams { by: Criterion::Greedy, images: 1001, ..usual() };
    assert!(refusal(greedy).contains("1 to 1000, but it was 1001"));
    let test = PruneParams { on: Set::Test, images: 10_001, ..usual() };
    assert!(refusal(test.clone()).contains("10000 test images"));
    assert!(PruneParams { by: Criterion::Magnitude, ..test }.check(&[20, 12]).is_ok());
}
