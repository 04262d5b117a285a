//! The jobs of the benchmark, done natively by the library.

use secateurs::attack::{AttackParams, Method, Purpose};
use secateurs::data::{Dataset, pack};
use secateurs::evaluate::{Attacked, OldImages, Scorer, Scoring};
use secateurs::network::Mlp;
use secateurs::recipe::{Replayer, check_recipe};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// The native core with its images.
pub struct Native {
    data: Dataset,
    /// The network that was trained last.
    network: Option<Mlp>,
    /// The network of the default recipe, once it was asked for.
    standard: Option<Mlp>,
}

impl Native {
    /// `folder` holds the packed images.
    pub fn new(folder: &Path) -> Result<Self, String> {
        Ok(Self { data: pack::read_packed_folder(folder)?, network: None, standard: None })
    }

    /// Does what is asked and says how fast.
    pub fn answer(&mut self, request: &Value) -> Result<Value, String> {
        match request["work"].as_str() {
            Some("train") => self.train(request),
            Some("pgd") => self.pgd(request),
            Some("robust" | "autoattack") => self.robust(request),
            Some("evaluate") => self.evaluate(request),
            Some("speeds") => {
                let begin = Instant::now();
                Ok(bench_core::speeds(|| begin.elapsed().as_secs_f64()))
            }
            Some("standard") => self.write_standard(request),
            _ => Err("This is not done natively.".into()),
        }
    }

    fn train(&mut self, request: &Value) -> Result<Value, String> {
        let (images, seed) = (number(request, "images")?, number(request, "round")?);
        let recipe = json!({
            "network": { "hidden": [256, 128], "seed": seed },
            "steps": [{ "step": "train", "epochs": 1, "images": images }],
        });
        let begin = Instant::now();
        let network = self.replayed(&recipe)?;
        let seconds = begin.elapsed().as_secs_f64();
        self.network = Some(network);
        Ok(json!({ "rate": images as f64 / seconds }))
    }

    fn pgd(&mut self, request: &Value) -> Result<Value, String> {
        let network = self.network.as_ref().ok_or("Nothing has been trained yet.")?;
        let begin = Instant::now();
        let mut attacked = attack(network, request, Purpose::Craft)?;
        while !attacked.step(&self.data.test) {}
        let seconds = begin.elapsed().as_secs_f64();
        let steps = number(&request["attack"], "steps")? * number(request, "images")?;
        Ok(json!({ "rate": steps as f64 / seconds }))
    }

    fn robust(&mut self, request: &Value) -> Result<Value, String> {
        let network = self.standard()?;
        let begin = Instant::now();
        let mut attacked = attack(&network, request, Purpose::Evaluate)?;
        while !attacked.step(&self.data.test) {}
        let seconds = begin.elapsed().as_secs_f64();
        let count = attacked.count();
        Ok(json!({ "seconds": seconds, "accuracy": count.correct as f64 / count.total as f64 }))
    }

    fn evaluate(&mut self, request: &Value) -> Result<Value, String> {
        let network = self.network.as_ref().ok_or("Nothing has been trained yet.")?;
        let images = number(request, "images")?;
        let begin = Instant::now();
        // A new scorer remembers nothing: every image is read from its pixels.
        let mut scorer = Scorer::default();
        let mut scoring = Scoring::new(&mut scorer, network, images, false);
        while !scoring.step(&mut scorer, &self.data.test, &OldImages::default()) {}
        let seconds = begin.elapsed().as_secs_f64();
        let accuracy = scoring.clean().correct as f64 / images as f64;
        Ok(json!({ "rate": images as f64 / seconds, "accuracy": accuracy }))
    }

    /// Writes the default recipe's network for the peers: each layer's weights, `out × in` row by
    /// row, then its biases, as little-endian `f32`.
    fn write_standard(&mut self, request: &Value) -> Result<Value, String> {
        let file = request["file"].as_str().ok_or("Where to?")?;
        let network = self.standard()?;
        let numbers = network.layers().iter().flat_map(|layer| {
            let weights = layer.weights().iter().copied().collect::<Vec<f32>>();
            weights.into_iter().chain(layer.biases().to_vec())
        });
        let bytes: Vec<u8> = numbers.flat_map(f32::to_le_bytes).collect();
        std::fs::write(file, bytes).map_err(|error| format!("{file}: {error}."))?;
        Ok(json!({ "hidden": network.hidden() }))
    }

    fn standard(&mut self) -> Result<Mlp, String> {
        if self.standard.is_none() {
            self.standard = Some(self.replayed(&json!({}))?);
        }
        self.standard.clone().ok_or_else(|| "There is no standard network.".into())
    }

    fn replayed(&self, recipe: &Value) -> Result<Mlp, String> {
        let mut replayer = Replayer::default();
        replayer.begin(check_recipe(recipe)?);
        while !replayer.step(&self.data)?.done {}
        let state = replayer.state().ok_or("The recipe left no network.")?;
        Ok(state.network.clone())
    }
}

fn attack(network: &Mlp, request: &Value, purpose: Purpose) -> Result<Attacked, String> {
    let asked = &request["attack"];
    let eps = asked["eps"].as_f64().ok_or("Of what size?")?;
    let method = if asked["method"] == "autoattack" { Method::Autoattack } else { Method::Pgd };
    // The ensemble has its own numbers of steps.
    let steps = number(asked, "steps").unwrap_or(1);
    let attack = AttackParams::usual(method, eps, steps);
    Ok(Attacked::new(network, attack.check()?, 0, 0..number(request, "images")?, purpose))
}

fn number(request: &Value, key: &str) -> Result<usize, String> {
    let number = request[key].as_u64().and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| format!("How many {key}?"))
}
