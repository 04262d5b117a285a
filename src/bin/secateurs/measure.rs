//! `secateurs measure`: a network from a file under attacks and certificates.

use crate::data::data;
use crate::network;
use crate::options::Options;
use crate::print::{print, share};
use crate::spec::{Spec, parse};
use crate::tables;
use ndarray::Array2;
use secateurs::attack::{AttackParams, Purpose};
use secateurs::certify::Certifying;
use secateurs::data::{Dataset, PIXEL_VALUE, PIXELS};
use secateurs::evaluate::{AttackCount, Attacked, Count, OldImages, Scorer, Scoring};
use secateurs::network::{Compact, Input, Mlp, Pass};
use serde_json::{Value, json};
use std::ops::Range;

/// One attack as it was written, and what it came to.
struct Broken {
    text: String,
    params: AttackParams,
    count: AttackCount,
}

/// One certificate as it was written, and how many images it proves.
struct Proven {
    text: String,
    eps: f64,
    count: Count,
}

/// Measures a network and prints what was found.
pub fn measure(options: &Options) -> Result<(), String> {
    let [path] = &options.networks[..] else {
        return Err("Which network? Give one --network FILE.".into());
    };
    if options.attacks.is_empty() {
        return Err("Which attack? Give --attack 'pgd eps=0.1 steps=40'.".into());
    }
    let specs = options.attacks.iter().map(|text| Ok((text.clone(), parse(text)?)));
    let specs = specs.collect::<Result<Vec<_>, String>>()?;
    let network = network::read(path, options)?;
    let data = data(options)?;
    let images = network::images(options, &data)?;
    let clean = clean(&network, &data, &images);
    let (mut broken, mut proven) = (Vec::new(), Vec::new());
    for (text, spec) in specs {
        match spec {
            Spec::Attack(params) => {
                let purpose = Purpose::Evaluate;
                let valid = params.check()?;
                let mut attacked =
                    Attacked::new(&network, valid, options.seed, images.clone(), purpose);
                while !attacked.step(&data.test) {}
                broken.push(Broken { text, params, count: attacked.count() });
            }
            Spec::Certificate { eps, by_intervals } => {
                let mut certifying = Certifying::new(&network, &[eps], images.clone())?;
                while !certifying.step(&data.test) {}
                let counts = certifying.counts();
                let sizes = if by_intervals { counts.by_intervals } else { counts.proven };
                let correct = sizes.first().copied().unwrap_or(0);
                proven.push(Proven { text, eps, count: Count::new(correct, images.len()) });
            }
        }
    }
    let attack = broken.first().map(|first| first.params);
    let more = tables::tables(options, &network, attack, &data, &images)?;
    if options.json {
        let mut report = report(options, &images, &clean, &broken, &proven);
        if options.per_image {
            report["logits"] = json!(logits(&network, &data, &images));
        }
        more.iter().for_each(|table| report[table.name] = table.json.clone());
        return print(&report.to_string());
    }
    let mut lines = vec![format!("clean        {}", share(&clean))];
    for Proven { text, count, .. } in &proven {
        lines.push(format!("certified    {}  {text}", share(count)));
    }
    for Broken { text, count, .. } in &broken {
        let robust = Count::new(count.correct, count.total);
        lines.push(format!("adversarial  {}  {text}", share(&robust)));
    }
    if broken.len() > 1 {
        let robust = Count::new(worst_case(&broken), images.len());
        lines.push(format!("worst case   {}", share(&robust)));
    }
    for table in more {
        lines.extend([String::new(), table.text]);
    }
    print(&lines.join("\n"))
}

/// What the network puts out for the clean images, ten numbers each.
fn logits(network: &Mlp, data: &Dataset, images: &Range<usize>) -> Vec<Vec<f32>> {
    let (network, mut pass) = (Compact::new(network), Pass::default());
    let mut rows = Vec::with_capacity(images.len());
    for image in images.clone() {
        let bytes = data.test.image(image);
        let value = |(_, pixel): (usize, usize)| PIXEL_VALUE[usize::from(bytes[pixel])];
        let pixels = Array2::from_shape_fn((1, PIXELS), value);
        network.forward(Input::Values(pixels.view()), &mut pass);
        rows.push(pass.logits().iter().copied().collect());
    }
    rows
}

/// Images that withstand every attack.
fn worst_case(broken: &[Broken]) -> usize {
    let images = broken.first().map_or(0, |first| first.count.total);
    let robust = |image: &usize| broken.iter().all(|each| each.count.robust[*image]);
    (0..images).filter(robust).count()
}

fn report(
    options: &Options,
    images: &Range<usize>,
    clean: &Count,
    broken: &[Broken],
    proven: &[Proven],
) -> Value {
    let mut report = json!({
        "images": [images.start, images.end],
        "seed": options.seed,
        "clean": { "correct": clean.correct, "total": clean.total },
    });
    let attacks = broken.iter().map(|Broken { text, params, count }| {
        let mut attack = json!({
            "attack": text, "parameters": params, "correct": count.correct, "total": count.total,
            "median_norm": count.median_norm, "queries": count.queries,
        });
        if options.per_image {
            // JSON has no infinity: an image for which nothing was found has no norm.
            let norms = count.norms.iter().map(|norm| norm.is_finite().then_some(*norm));
            attack["predictions"] = json!(count.predictions);
            attack["robust"] = json!(count.robust);
            attack["norms"] = json!(norms.collect::<Vec<_>>());
        }
        attack
    });
    if let Some(first) = broken.first() {
        let mut worst = json!({ "correct": worst_case(broken), "total": images.len() });
        if broken.len() == 1 {
            worst["median_norm"] = json!(first.count.median_norm);
        }
        report["adversarial"] = worst;
        report["attacks"] = attacks.collect();
    }
    let certificates = proven.iter().map(|Proven { text, eps, count }| {
        json!({ "certificate": text, "eps": eps, "correct": count.correct, "total": count.total })
    });
    if let Some(first) = proven.first() {
        let (correct, total) = (first.count.correct, first.count.total);
        report["certified"] = json!({ "correct": correct, "total": total, "eps": first.eps });
        report["certificates"] = certificates.collect();
    }
    report
}

/// Clean accuracy on a range of test images.
fn clean(network: &Mlp, data: &Dataset, images: &Range<usize>) -> Count {
    let up_to = |end| {
        let mut scorer = Scorer::default();
        let mut scoring = Scoring::new(&mut scorer, network, end, false);
        while !scoring.step(&mut scorer, &data.test, &OldImages::default()) {}
        scoring.clean().correct
    };
    Count::new(up_to(images.end) - up_to(images.start), images.len())
}
