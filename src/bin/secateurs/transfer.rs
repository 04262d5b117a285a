//! `secateurs transfer`: images crafted on one network and shown to others.

use crate::data::data;
use crate::network;
use crate::options::Options;
use crate::print::print;
use crate::spec::{Spec, parse};
use secateurs::evaluate::TransferMatrix;
use serde_json::json;

/// Measures how attacks transfer between networks and prints the table.
pub fn transfer(options: &Options) -> Result<(), String> {
    let [text] = &options.attacks[..] else {
        return Err("Which attack? Give one --attack 'pgd eps=0.1 steps=40'.".into());
    };
    let Spec::Attack(params) = parse(text)? else {
        return Err("A certificate does not transfer; give an attack.".into());
    };
    if options.networks.len() < 2 {
        return Err("Which networks? Give two or more --network FILE.".into());
    }
    let networks = options.networks.iter().map(|path| network::read(path, options));
    let networks = networks.collect::<Result<Vec<_>, _>>()?;
    let data = data(options)?;
    let images = network::images(options, &data)?;
    let mut matrix = TransferMatrix::new(&networks, params.check()?, options.seed, images)?;
    while !matrix.step(&data.test) {}
    let count = matrix.count();
    let names: Vec<_> = options.networks.iter().map(|path| path.display().to_string()).collect();
    if options.json {
        return print(
            &json!({
                "networks": names, "total": count.total, "clean": count.clean,
                "correct": count.correct, "attack": text,
            })
            .to_string(),
        );
    }
    let mut lines =
        vec![format!("images read right of {}; crafted on a row's network", count.total)];
    let row = |name: &str, values: &[usize]| {
        let cells: String = values.iter().map(|value| format!("{value:>7}")).collect();
        format!("{name:<8}{cells}")
    };
    lines.push(row("", &(1..=names.len()).collect::<Vec<_>>()));
    lines.push(row("clean", &count.clean));
    for (index, values) in count.correct.iter().enumerate() {
        lines.push(row(&format!("{}", index + 1), values));
    }
    lines.extend(names.iter().enumerate().map(|(index, name)| format!("{}: {name}", index + 1)));
    print(&lines.join("\n"))
}
