//! The benchmark: the core and its peers at the same work, in turn.

mod bars;
mod machine;
mod process;
mod report;
mod results;
mod setup;
mod works;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::paths::Paths;
use crate::problem::{Explain, Outcome, Problem, problem};
use crate::size;
use process::Process;
use report::Report;
use results::Results;
use setup::Setup;
use works::{Contender, Entry, Work};

/// What is asked for on the command line.
#[derive(Debug, Default)]
pub struct Choice {
    /// Names of works; none stands for all.
    pub works: Vec<String>,
    /// Whether what takes very long to build takes part too.
    pub all: bool,
    /// How often everything is done.
    pub rounds: Option<u32>,
}

/// Rounds where nothing else is asked for: enough for a middle and a range.
const ROUNDS: u32 = 5;

/// Images of a contender's first, uncounted go at a work.
const WARM: u64 = 1280;

/// Measures, prints tables, and writes them and every number into `target/bench`.
pub fn run(paths: &Paths, choice: &Choice) -> Outcome {
    let folder = setup::output(paths);
    let standard = folder.join("standard.f32").display().to_string();
    let works = chosen(works::works(choice.all, &standard), &choice.works)?;
    let contenders: BTreeSet<Contender> =
        works.iter().flat_map(|work| &work.entries).map(|entry| entry.contender).collect();
    fs::create_dir_all(&folder).explain(format!("cannot make {}", folder.display()))?;
    let mut running = Running::start(paths, &contenders)?;
    if let Some(native) = running.processes.get_mut(&Contender::Native) {
        native.ask(&json!({ "work": "standard", "file": standard }))?;
    }

    let rounds = choice.rounds.unwrap_or(ROUNDS).max(1);
    println!("\nWarming up.");
    running.warm_up(&works);
    let mut results = Results::default();
    for round in 1..=rounds {
        println!("\nRound {round} of {rounds}");
        running.round(&works, round, &mut results);
    }

    let module = size::module(&paths.generated())? as u64;
    let versions = running.processes.values().map(|process| process.version.clone()).collect();
    let report = Report { works: &works, results: &results, module, versions, rounds };
    let markdown = report.markdown();
    println!("\n{markdown}");
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).explain(format!("cannot write {}", file.display()))
    };
    write("results.md", &markdown)?;
    write("results.json", &format!("{:#}\n", report.json()))?;
    println!("\nEvery number is in {}", folder.join("results.json").display());
    Ok(())
}

/// The works of these names.
fn chosen(works: Vec<Work>, names: &[String]) -> Outcome<Vec<Work>> {
    let known = |name: &String| works.iter().any(|work| work.name == name);
    if let Some(name) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = works.iter().map(|work| work.name).collect();
        return problem(format!("there is no work “{name}”: the works are {}", all.join(", ")));
    }
    let wanted = |work: &Work| names.is_empty() || names.iter().any(|name| name == work.name);
    Ok(works.into_iter().filter(wanted).collect())
}

/// The contenders that could be started.
struct Running {
    processes: BTreeMap<Contender, Process>,
    /// Rows that failed once are not tried again.
    failed: BTreeSet<(&'static str, String)>,
}

impl Running {
    /// A peer that cannot be had is told and left out.
    fn start(paths: &Paths, contenders: &BTreeSet<Contender>) -> Outcome<Self> {
        let setup = Setup::new(paths, contenders)?;
        let mut processes = BTreeMap::new();
        for contender in contenders {
            match setup.start(*contender) {
                Ok(process) => {
                    processes.insert(*contender, process);
                }
                Err(Problem(why)) => println!("{contender:?} does not take part: {why}."),
            }
        }
        Ok(Self { processes, failed: BTreeSet::new() })
    }

    /// Lets everybody compile, load and allocate what they will; peers also need a network that
    /// is trained before they can attack or evaluate one.
    fn warm_up(&mut self, works: &[Work]) {
        for (contender, process) in &mut self.processes {
            let takes_part = |work: &&Work| {
                let entries = work.entries.iter().any(|entry| entry.contender == *contender);
                entries && ["pgd", "evaluate"].contains(&work.name)
            };
            if works.iter().any(|work| takes_part(&work)) {
                let train = json!({ "work": "train", "images": WARM, "round": 0 });
                // What is wrong will be told when it matters.
                let _ = process.ask(&train);
            }
        }
        for work in works {
            for entry in &work.entries {
                let mut request = entry.request.clone();
                if let Some(images) = request["images"].as_u64() {
                    request["images"] = json!(images.min(WARM));
                }
                self.ask(work, entry, request, 0);
            }
        }
    }

    /// Does every work once, each time beginning with another contender: what slows the machine
    /// down for a while shall not always hit the same.
    fn round(&mut self, works: &[Work], round: u32, results: &mut Results) {
        for work in works {
            let first = round as usize % work.entries.len();
            let (late, early) = work.entries.split_at(first);
            for entry in early.iter().chain(late) {
                if let Some(answer) = self.ask(work, entry, entry.request.clone(), round) {
                    println!("  {}, {}: {}", work.name, entry.label, report::brief(&answer));
                    results.add(work.name, &entry.label, &answer);
                }
            }
        }
    }

    fn ask(&mut self, work: &Work, entry: &Entry, request: Value, round: u32) -> Option<Value> {
        let row = (work.name, entry.label.clone());
        if self.failed.contains(&row) {
            return None;
        }
        let process = self.processes.get_mut(&entry.contender)?;
        let mut request = request;
        request["round"] = json!(round);
        match process.ask(&request) {
            Ok(answer) => Some(answer),
            Err(Problem(why)) => {
                println!("  {}, {}: failed, {why}.", work.name, entry.label);
                self.failed.insert(row);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_chosen_by_name() {
        let names = |wanted: &[&str]| {
            let wanted: Vec<_> = wanted.iter().map(|name| (*name).to_owned()).collect();
            let works = chosen(works::works(false, ""), &wanted);
            works.map(|works| works.iter().map(|work| work.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["slider", "train"]), Ok(vec!["train", "slider"]));
        assert!(names(&[]).is_ok_and(|all| all.len() > 5));
        assert!(names(&["trian"]).is_err_and(|told| told.0.contains("“trian”")));
    }
}
