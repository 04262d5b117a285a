//! Where a recipe's images and its first network are from, as the script says it.

use crate::recipe::{Recipe, Step};
use crate::train::Origin;

/// How the script comes by its images.
pub(super) struct ImagesFrom {
    /// The folder among the script's arguments.
    pub usage: &'static str,
    pub words: String,
    /// Whether the folder may be left out, in Python.
    pub optional: &'static str,
    /// The lines that read pixels and labels.
    pub reading: &'static str,
}

/// One's own images cannot be fetched, so their folder is asked for.
pub(super) fn images_from(recipe: &Recipe) -> ImagesFrom {
    let Some(digest) = &recipe.data else {
        return ImagesFrom {
            usage: "[FOLDER]",
            words: "FOLDER holds MNIST's four IDX files; without it torchvision fetches them."
                .into(),
            optional: ", nargs=\"?\"",
            reading: include_str!("../python/mnist.py"),
        };
    };
    let words = [
        "FOLDER holds the images that this recipe is of, which are not MNIST's: those to which\n\
         Secateurs gave the digest ",
        digest,
        ". Their four IDX files, unpacked, are called as MNIST's are:\n\
         train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and\n\
         t10k-labels-idx1-ubyte.",
    ];
    ImagesFrom {
        usage: "FOLDER",
        words: words.concat(),
        optional: "",
        reading: include_str!("../python/own.py"),
    }
}

/// That the network was not drawn but brought in, where nothing has been trained from fresh
/// weights since.
pub(super) fn began(recipe: &Recipe) -> String {
    let Some(Step::File { digest }) = recipe.steps.first() else { return String::new() };
    let is_fresh =
        |step: &Step| matches!(step, Step::Train(params) if params.from == Origin::Scratch);
    if recipe.steps.iter().any(is_fresh) {
        return String::new();
    }
    let words = [
        "The network began as one from a file, digest ",
        digest,
        ", of which Secateurs does not know how it was\n\
         trained; what became of it is loaded from the weights beside this file.\n",
    ];
    words.concat()
}
