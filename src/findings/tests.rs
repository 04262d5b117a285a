use super::*;
use crate::data::{Dataset, Images, PIXELS};
use crate::evaluate::Count;
use crate::recipe::{GROUPS, Kind, Replayer};
use crate::rng::{Purpose, Stream};
use crate::trial::{Alike, AtSize, Crafted, Likeness, MadeOf, Trying};

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// A made-up network: of 1,000 images, those read clean, old adversarial, attacked anew.
#[derive(Clone, Copy)]
struct Made {
    clean: usize,
    old: usize,
    anew: usize,
    frozen: bool,
    /// Images by which seeds differ.
    spread: usize,
}

const fn made(clean: usize, old: usize, anew: usize) -> Made {
    Made { clean, old, anew, frozen: true, spread: 0 }
}

/// Outcomes of a finding's trials, made up arm by arm.
fn outcomes(finding: &Finding, arms: &[Made]) -> Vec<Outcome> {
    assert_eq!(arms.len(), finding.arms.len());
    let one = |seed: usize, arm: &Arm, made: &Made| {
        let count = |images: usize| Count::new(images + seed * made.spread - made.spread, 1000);
        let sizes = |images: usize| {
            arm.adaptive.iter().map(|eps| AtSize { eps: *eps, count: count(images) }).collect()
        };
        Outcome {
            digest: format!("{seed}"),
            reference: "r".into(),
            sparsity: 0.8,
            units_pruned: 0,
            units: 192,
            pixels_pruned: 0,
            images: 1000,
            clean: Count::new(made.clean, 1000),
            transfer: if arm.transfer { sizes(made.old) } else { Vec::new() },
            adaptive: sizes(made.anew),
            certified: Vec::new(),
            frozen: arm.frozen.then_some(made.frozen),
            similarity: None,
            filters: None,
        }
    };
    let arms = finding.arms.iter().zip(arms);
    (0..finding.seeds.len())
        .flat_map(|seed| arms.clone().map(move |(arm, made)| one(seed, arm, made)))
        .collect()
}

fn judged(name: &str, arms: &[Made]) -> Verdict {
    let finding = finding(name).unwrap();
    let verdict = finding.judge(&outcomes(finding, arms)).unwrap();
    assert!(
        verdict.sentence.starts_with(verdict.stands.words()) && verdict.sentence.ends_with('.')
    );
    assert!(
        verdict.sentence.len() < 500 && !verdict.sentence.contains("  "),
        "{}",
        verdict.sentence
    );
    verdict
}

fn stands(name: &str, arms: &[Made]) -> Stands {
    judged(name, arms).stands
}

#[test]
fn every_finding_has_words_and_recipes() {
    let mut names: Vec<_> = FINDINGS.iter().map(|finding| finding.name).collect();
    for finding in FINDINGS {
        let trials = finding.trials(number).unwrap();
        assert_eq!(trials.len(), finding.arms.len() * finding.seeds.len());
        let texts = [finding.title, finding.claim, finding.source, finding.about, finding.rule];
        assert!(texts.iter().all(|text| !text.is_empty() && !text.contains("  ")));
        assert!(finding.rule.contains("Holds if"), "{}", finding.name);
        for (index, trial) in trials.iter().enumerate() {
            assert_eq!(trial.recipe.network.seed, trial.seed);
            assert_eq!((trial.recipe.measure.images, trial.recipe.attack.steps), (1000, 40));
            trial.asked.check(&trial.recipe).unwrap();
            let arms = finding.arms.len();
            assert_eq!(trial.seed, finding.seeds[index / arms], "seed after seed");
        }
        // Two workers at 40,000 passes a second each: a minute would be 4,800,000.
        let cost = finding.cost(number).unwrap();
        assert!((1e5..4.8e6).contains(&cost), "{}: {cost}", finding.name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FINDINGS.len());
    assert!(super::finding("magic").unwrap_err().contains("deletion"));
}

#[test]
fn links_know_every_finding() {
    let view = GROUPS.into_iter().find(|group| group.name == "view").unwrap();
    let property = view.properties.iter().find(|property| property.key == "finding").unwrap();
    let Kind::Choice { options } = property.kind else { unreachable!() };
    let findings = FINDINGS.map(|finding| (finding.name, finding.title));
    assert_eq!(options[1..], findings);
}

#[test]
fn deletion_is_judged_by_its_rule() {
    let controls = [made(974, 0, 50), made(944, 0, 4)];
    let judge = |before: Made, learned: Made| {
        judged("deletion", &[&[before, learned][..], &controls].concat())
    };
    let (before, learned) = (made(975, 0, 21), made(962, 0, 664));
    let verdict = judge(before, learned);
    assert_eq!(verdict.stands, Stands::Holds);
    assert_eq!(
        verdict.sentence,
        "Holds: with 80.0 % of the weights zeroed and the others what they were, bit for bit, \
         66.4 % of the images withstand the attack instead of 2.1 %; with a mask learned on clean \
         images 5.0 %, with the smallest weights zeroed 0.4 %."
    );
    assert!(verdict.clauses.iter().all(|clause| clause.met) && verdict.clauses.len() == 4);
    // One weight changed, and nothing else matters.
    let changed = judge(before, Made { frozen: false, ..learned });
    assert_eq!(changed.stands, Stands::Fails);
    assert!(changed.sentence.contains("not what they were"));
    assert_eq!(judge(made(975, 0, 100), learned).stands, Stands::Only, "robust before");
    assert_eq!(judge(before, made(962, 0, 499)).stands, Stands::Only);
    assert_eq!(judge(made(975, 0, 99), made(962, 0, 500)).stands, Stands::Holds);
    assert_eq!(judge(before, made(962, 0, 121)).stands, Stands::Only);
    assert_eq!(judge(before, made(962, 0, 120)).stands, Stands::Fails);
    // The same mean, but the seeds do not agree: 3 points ± 5.
    let doubtful = judge(before, Made { spread: 100, ..made(962, 0, 200) });
    assert_eq!(doubtful.stands, Stands::Fails, "{doubtful:?}");
    let doubtful = judge(before, Made { spread: 300, ..made(962, 0, 664) });
    assert!(doubtful.clauses[3].says.contains("reaches down to nought"), "{doubtful:?}");
}

#[test]
fn most_weights_are_judged_by_their_rule() {
    let arms = |clean: [usize; 6]| {
        let pruned = clean.map(|clean| made(clean, 0, 0));
        [&[made(975, 0, 0)][..], &pruned].concat()
    };
    let verdict = judged("most-weights", &arms([944, 780, 420, 976, 970, 951]));
    assert_eq!(verdict.stands, Stands::Only);
    assert_eq!(
        verdict.sentence,
        "Holds only for 80 % zeroed and fine-tuned and 90 % zeroed and fine-tuned: 97.6 % and \
         97.0 % of the images are read, by the trained network 97.5 %; only 94.4 % and 78.0 % \
         with 80 % zeroed at once and 90 % zeroed at once."
    );
    assert_eq!(stands("most-weights", &arms([965, 965, 0, 965, 965, 0])), Stands::Holds);
    assert_eq!(stands("most-weights", &arms([964, 965, 0, 965, 965, 0])), Stands::Only);
    assert_eq!(stands("most-weights", &arms([964, 964, 975, 964, 964, 975])), Stands::Fails);
}

#[test]
fn an_illusion_is_called_one() {
    let (before, random, taylor) = (made(975, 368, 373), made(947, 360, 288), made(971, 360, 337));
    let judge = |pruned: Made| judged("most-distorted", &[before, pruned, random, taylor]);
    let verdict = judge(made(866, 491, 343));
    assert_eq!(verdict.stands, Stands::Only);
    assert_eq!(
        verdict.sentence,
        "Holds only for old adversarial images: of images crafted before, 49.1 % instead of 36.8 % \
         are read; of images attacked anew 34.3 % instead of 37.3 %, clean 86.6 % instead of 97.5 %."
    );
    assert_eq!(judge(made(866, 491, 423)).stands, Stands::Holds);
    assert_eq!(judge(made(866, 417, 422)).stands, Stands::Fails);
    assert_eq!(judge(made(866, 418, 422)).stands, Stands::Only);
    let no_better = [before, made(866, 491, 500), made(947, 360, 500), taylor];
    let verdict = judged("most-distorted", &no_better);
    assert_eq!(verdict.stands, Stands::Only);
    assert!(verdict.sentence.contains("no better than pruning random units"));
    // Magnitude pruning by the same rule.
    let judge = |pruned: Made| stands("magnitude", &[before, pruned, made(976, 0, 350)]);
    assert_eq!(judge(made(970, 670, 346)), Stands::Only);
    assert_eq!(judge(made(970, 670, 450)), Stands::Holds);
    assert_eq!(judge(made(970, 380, 346)), Stands::Fails);
}

#[test]
fn pixels_are_judged_by_their_rule() {
    let (before, random) = (made(975, 370, 370), made(970, 0, 380));
    let judge = |pruned: Made| judged("pixels", &[before, pruned, random]);
    assert_eq!(judge(made(971, 780, 750)).stands, Stands::Holds);
    assert_eq!(judge(made(955, 780, 570)).stands, Stands::Holds);
    assert_eq!(judge(made(955, 780, 569)).stands, Stands::Fails);
    let dear = judge(made(954, 780, 750));
    assert_eq!(dear.stands, Stands::Only);
    assert!(dear.sentence.contains("a price of 2.1 points of clean accuracy"), "{}", dear.sentence);
    let any = judged("pixels", &[before, made(971, 780, 750), made(970, 0, 560)]);
    assert_eq!(any.stands, Stands::Only);
    assert!(any.sentence.contains("pixels of any kind"));
}

#[test]
fn weights_are_judged_by_their_rule() {
    let before = made(975, 0, 370);
    let judge = |arms: [Made; 4]| judged("weights", &[&[before][..], &arms].concat());
    let (good, bad) = (made(972, 0, 740), made(970, 0, 400));
    let verdict = judge([good, made(965, 0, 774), bad, made(800, 0, 300)]);
    assert_eq!(verdict.stands, Stands::Only);
    assert_eq!(
        verdict.sentence,
        "Holds only for Wanda and signal to distortion: of images attacked anew, the trained \
         network reads 37.0 %; pruned by Wanda 74.0 %, signal to distortion 77.4 %, magnitude \
         40.0 % and random order 30.0 %."
    );
    assert_eq!(judge([good; 4]).stands, Stands::Holds);
    assert_eq!(judge([bad; 4]).stands, Stands::Fails);
    assert_eq!(judge([made(954, 0, 740); 4]).stands, Stands::Fails, "too dear");
    assert_eq!(judge([made(955, 0, 470); 4]).stands, Stands::Holds);
}

#[test]
fn the_price_is_judged_by_its_rule() {
    let before = made(975, 0, 21);
    let judge = |trained: Made, pruned: [Made; 3]| {
        judged("price", &[&[before, trained][..], &pruned].concat())
    };
    let (trained, units) = (made(972, 0, 758), made(866, 0, 10));
    let (mask, pixels) = (made(962, 0, 664), made(971, 0, 250));
    let verdict = judge(trained, [mask, pixels, units]);
    assert_eq!(verdict.stands, Stands::Fails);
    assert_eq!(
        verdict.sentence,
        "Does not hold: clean and attacked, adversarial training reads 97.2 % and 75.8 %; the \
         trained network 97.5 % and 2.1 %, a learned mask 96.2 % and 66.4 %, pruned pixels 97.1 % \
         and 25.0 % and pruned units 86.6 % and 1.0 %."
    );
    let dear = made(957, 0, 758);
    assert_eq!(judge(dear, [mask, pixels, units]).stands, Stands::Holds);
    assert_eq!(judge(dear, [mask, made(950, 0, 400), units]).stands, Stands::Only);
    assert_eq!(judge(made(958, 0, 758), [mask, pixels, units]).stands, Stands::Fails);
    assert_eq!(judge(dear, [made(962, 0, 378), pixels, units]).stands, Stands::Fails);
}

/// Outcomes of which the laboratory tells something, arm by arm, the same for every seed.
fn looked_at(
    finding: &Finding,
    likeness: Option<Likeness>,
    filters: &[(f64, f64)],
) -> Vec<Outcome> {
    let mut given = outcomes(finding, &vec![made(975, 0, 0); finding.arms.len()]);
    for (index, outcome) in given.iter_mut().enumerate() {
        outcome.similarity = likeness;
        let filters = filters.get(index % finding.arms.len());
        outcome.filters =
            filters.map(|(short, rare)| MadeOf { short: Some(*short), rare: Some(*rare) });
    }
    given
}

#[test]
fn positions_are_judged_by_their_rule() {
    let finding = finding("positions").unwrap();
    let judge = |overlaps: [f64; 5]| {
        let [halves, attacks, sizes, digits, images] =
            overlaps.map(|overlap| Alike { overlap: Some(overlap), spearman: Some(0.5) });
        let chance = Some(0.055);
        let likeness =
            Likeness { chance, halves, attacks, sizes, digits, images, ..Likeness::default() };
        finding.judge(&looked_at(finding, Some(likeness), &[])).unwrap()
    };
    let verdict = judge([0.9, 0.72, 0.63, 0.08, 0.13]);
    assert_eq!(verdict.stands, Stands::Only);
    assert_eq!(
        verdict.sentence,
        "Holds only for halves of the images (90.0 %), attacks (72.0 %) and sizes of the attack \
         (63.0 %), not digits (8.0 %) and single images (13.0 %); two random tenths overlap by \
         5.5 %."
    );
    let halves = verdict.figures.iter().find(|f| f.measure == "Spearman, halves of the images");
    assert_eq!(halves.map(|figure| (figure.value, figure.unit.as_str())), Some((0.5, "")));
    assert_eq!(judge([0.5; 5]).stands, Stands::Holds);
    assert_eq!(judge([0.49; 5]).stands, Stands::Fails);
    let nothing = looked_at(finding, Some(Likeness::default()), &[]);
    assert_eq!(finding.judge(&nothing).unwrap().stands, Stands::Fails);
    assert!(finding.judge(&looked_at(finding, None, &[])).is_err());
}

#[test]
fn the_mixture_is_judged_by_its_rule() {
    let finding = finding("mixture").unwrap();
    let judge = |units: (f64, f64), wanda: (f64, f64)| {
        let filters = [(0.49, 0.4), (0.29, 0.14), units, wanda];
        finding.judge(&looked_at(finding, None, &filters)).unwrap()
    };
    let verdict = judge((0.49, 0.4), (0.52, 0.09));
    assert_eq!(verdict.stands, Stands::Only);
    assert_eq!(
        verdict.sentence,
        "Holds only for weights on rarely lit pixels by Wanda: energy in short waves 49.0 %, 29.0 \
         % after adversarial training, 49.0 % after pruning distorted units and 52.0 % after \
         Wanda; weights on rarely lit pixels 40.0 %, 14.0 % after adversarial training, 40.0 % \
         after pruning distorted units and 9.0 % after Wanda."
    );
    assert_eq!(judge((0.39, 0.27), (0.3, 0.2)).stands, Stands::Holds);
    assert_eq!(judge((0.4, 0.28), (0.5, 0.5)).stands, Stands::Fails);
    // Where adversarial training itself removes nothing, a fall of 5 points is still needed.
    let filters = [(0.49, 0.4), (0.49, 0.4), (0.45, 0.36), (0.44, 0.36)];
    let verdict = finding.judge(&looked_at(finding, None, &filters)).unwrap();
    assert_eq!(verdict.stands, Stands::Only, "{}", verdict.sentence);
}

#[test]
fn figures_tell_what_was_measured() {
    let arms = [
        made(975, 0, 21),
        Made { spread: 10, ..made(962, 0, 660) },
        made(974, 0, 50),
        made(944, 0, 4),
    ];
    let figures = judged("deletion", &arms).figures;
    assert_eq!(figures.len(), 12, "sparsity, clean and attacked of four networks");
    let attacked = &figures[5];
    assert_eq!(
        (attacked.label.as_str(), attacked.eps),
        ("a mask learned on FGSM images", Some(0.1))
    );
    assert_eq!((attacked.n, attacked.of, attacked.unit.as_str()), (3, 1000, "%"));
    // 4.302653 · 1 / √3 around 66.
    assert!((attacked.value - 66.0).abs() < 1e-9 && (attacked.low - 63.5158).abs() < 1e-3);
}

#[test]
fn a_verdict_has_a_digest_of_all_outcomes() {
    let finding = finding("most-weights").unwrap();
    let arms = [made(975, 0, 0), made(944, 0, 0), made(780, 0, 0), made(420, 0, 0)];
    let arms = [&arms[..], &[made(976, 0, 0), made(970, 0, 0), made(951, 0, 0)]].concat();
    let mut given = outcomes(finding, &arms);
    let digest = finding.judge(&given).unwrap().digest;
    assert_eq!(digest, "3276e1c896a51521");
    // What has been to a page and back is the same.
    let text = serde_json::to_string(&given).unwrap();
    let again: Vec<Outcome> = serde_json::from_str(&text).unwrap();
    assert_eq!(finding.judge(&again).unwrap().digest, digest);
    given[20].clean.correct -= 1;
    assert_ne!(finding.judge(&given).unwrap().digest, digest);
}

#[test]
fn outcomes_of_something_else_get_a_sentence() {
    let deletion = finding("deletion").unwrap();
    let given = outcomes(deletion, &[made(975, 0, 21); 4]);
    assert!(deletion.judge(&given[1..]).unwrap_err().contains("12 outcomes, but 11"));
    let weights = finding("weights").unwrap();
    assert!(weights.judge(&[]).unwrap_err().contains("25 outcomes"));
    let mut other = given.clone();
    other.rotate_left(1);
    assert!(deletion.judge(&other).unwrap_err().contains("not the outcomes"));
}

/// A finding that is tried in a moment.
static TINY: Finding = Finding {
    name: "tiny",
    title: "Tiny",
    claim: "It works.",
    source: "This test",
    about: "A training and two prunings.",
    rule: "Holds if it holds.",
    seeds: &[0, 1],
    arms: &[
        Arm { adaptive: &[0.02], transfer: true, frozen: false, ..Arm::new("trained", TRAIN) },
        Arm { adaptive: &[0.02], transfer: true, frozen: false, ..Arm::new("units", UNITS) },
        Arm { adaptive: &[0.02], transfer: true, frozen: true, ..Arm::new("weights", WEIGHTS) },
    ],
    judge: |arms| illusion::judge(arms, 1, 2, 0.02),
};
const TRAIN: &str = "hidden=6&train=epochs:1,images:400";
const UNITS: &str = "hidden=6&train=epochs:1,images:400&prune=images:50,amount:40";
const WEIGHTS: &str =
    "hidden=6&train=epochs:1,images:400&prune=what:weights,by:magnitude,amount:50";

#[test]
fn the_number_of_workers_changes_nothing() {
    let images = |count: usize, seed| {
        let mut stream = Stream::new(seed, Purpose::Noise, &[]);
        let pixels = (0..count * PIXELS).map(|place| {
            let lit = place % 10 == (place / PIXELS) % 10;
            (255.0 * stream.uniform() * if lit { 1.0 } else { 0.3 }) as u8
        });
        let pixels = pixels.collect();
        Images::new(pixels, (0..count).map(|image| (image % 10) as u8).collect()).unwrap()
    };
    let data =
        Dataset { train: images(400, 1), test: images(1000, 2), expected: None, digest: None };
    let trials = TINY.trials(number).unwrap();
    let verdict = |workers: usize| {
        let mut outcomes: Vec<Option<Outcome>> = vec![None; trials.len()];
        for worker in 0..workers {
            let (mut replayer, mut crafted) = (Replayer::default(), Crafted::default());
            // A worker takes every so manieth trial, the last first.
            for index in (0..trials.len()).rev().filter(|index| index % workers == worker) {
                let trial = &trials[index];
                let mut trying = Trying::new(trial.recipe.clone(), trial.asked.clone()).unwrap();
                while !trying.step(&mut replayer, &mut crafted, &data).unwrap().done {}
                outcomes[index] = Some(trying.finish().unwrap());
            }
        }
        TINY.judge(&outcomes.into_iter().flatten().collect::<Vec<_>>()).unwrap()
    };
    let alone = verdict(1);
    assert!(alone.figures.iter().any(|figure| figure.value > 0.0));
    assert_eq!(verdict(2), alone);
    assert_eq!(verdict(3), alone);
}
