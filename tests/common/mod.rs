//! What several integration tests share.

#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secateurs::data::{Dataset, pack};
use secateurs::import::{How, network};
use secateurs::network::Mlp;
use secateurs::recipe::{Recipe, Replayer, State};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// MNIST as the build packed it.
pub fn mnist() -> Rc<Dataset> {
    thread_local! {
        static MNIST: Rc<Dataset> = {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/data");
            Rc::new(pack::read_packed_folder(&folder).unwrap_or_else(|why| {
                panic!("{why} Run cargo xtask test, which packs the images first.")
            }))
        };
    }
    MNIST.with(Rc::clone)
}

/// Replays a recipe to its end.
pub fn replay(replayer: &mut Replayer, recipe: &Recipe, data: &Dataset) -> State {
    replayer.begin(recipe.clone());
    while !replayer.step(data).unwrap().done {}
    replayer.state().unwrap().clone()
}

/// A network from a file.
pub fn read_network(path: &Path) -> Mlp {
    let bytes = std::fs::read(path).unwrap();
    let json = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    network(&bytes, How::default(), json).unwrap().network
}

/// The folder of reference networks, if this checkout stands beside it.
pub fn reference_folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("shared/reference");
    folder.is_dir().then_some(folder)
}

pub fn fixture(name: &str) -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
