//! Old adversarial images of trials before: trials of one reference network share them.

use crate::attack::AttackParams;
use crate::data::PIXELS;
use crate::evaluate::OldImages;
use crate::recipe::json_text;

/// Old adversarial images, by the network and attack they were crafted with.
#[derive(Debug, Default)]
pub struct Crafted {
    /// With how many images each holds; the last used last.
    known: Vec<(OldImages, usize)>,
}

impl Crafted {
    /// Bytes of images that are remembered.
    const MOST_BYTES: usize = 96 << 20;

    /// What names images: all that they depend on.
    pub(super) fn key(reference: &str, attack: &AttackParams, seed: u32, images: usize) -> String {
        format!("{reference} {} seed {seed}, {images} images", json_text(attack))
    }

    /// The images of this name, if they are known.
    pub(super) fn get(&mut self, key: &str) -> Option<OldImages> {
        let place = self.known.iter().position(|(images, _)| images.key == key)?;
        let known = self.known.remove(place);
        let images = known.0.clone();
        self.known.push(known);
        Some(images)
    }

    /// Remembers images, and forgets the oldest when they hold too much together.
    pub(super) fn insert(&mut self, images: OldImages, count: usize) {
        self.known.retain(|(known, _)| known.key != images.key);
        self.known.push((images, count));
        let bytes = |known: &[(OldImages, usize)]| -> usize {
            known.iter().map(|(_, count)| 4 * PIXELS * count).sum()
        };
        while self.known.len() > 1 && bytes(&self.known) > Self::MOST_BYTES {
            self.known.remove(0);
        }
    }
}
