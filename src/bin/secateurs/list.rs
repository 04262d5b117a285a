//! `secateurs attacks`: what there is to measure with.

use crate::options::Options;
use crate::print::print;
use crate::spec::{CERTIFICATES, keys};
use secateurs::attack::METHODS;
use serde_json::{Map, Value, json};

/// Lists attacks and certificates with their parameters.
pub fn list(options: &Options) -> Result<(), String> {
    if options.json {
        let attacks = METHODS.iter().map(|facts| {
            let norms: Vec<_> = facts.norms.iter().map(|norm| norm.name()).collect();
            let reads = facts.reads.iter().filter(|(name, _)| *name != "start");
            let mut reads: Map<String, Value> =
                reads.map(|(name, usual)| ((*name).into(), json!(usual))).collect();
            if facts.usual("start").is_some() {
                reads.insert("start".into(), json!("random"));
            }
            json!({
                "name": facts.name, "label": facts.label, "kind": facts.family.label(),
                "about": facts.about, "cites": facts.cites, "norms": norms,
                "targets": facts.targets, "parameters": reads,
            })
        });
        let certificates =
            CERTIFICATES.map(|(name, about)| json!({ "name": name, "about": about }));
        let all = json!({ "attacks": attacks.collect::<Vec<_>>(), "certificates": certificates });
        return print(&all.to_string());
    }
    let mut text = String::new();
    let mut family = None;
    for facts in METHODS {
        if family != Some(facts.family) {
            family = Some(facts.family);
            text += &format!("{}\n", facts.family.label());
        }
        text += &format!("  {:<11} {} ({})\n", facts.name, facts.about, facts.cites);
        text += &format!("  {:<11} {}\n", "", keys(facts));
    }
    text += "certificates, L∞\n";
    for (name, about) in CERTIFICATES {
        text += &format!("  {name:<11} {about}\n  {:<11} eps\n", "");
    }
    text += "\nstep=0 stands for a method's usual: 2.5·ε/steps of bim and pgd, ε/steps of mifgsm.";
    text +=
        "\nOther tools' names are understood too: n_iter, n_queries, n_restarts, alpha, stepsize.";
    print(&text)
}
