//! What adversarial images are for, and what is seen of each.

/// Images crafted together: the size of a block for whoever splits a set.
pub const BLOCK: usize = 128;

/// What the adversarial images are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To know which images are fooled: an image that is leaves the batch at once, unless the
    /// attack looks for the smallest perturbation.
    Evaluate,
    /// To have them: every image is attacked at full strength to the end.
    Craft,
}

impl Purpose {
    /// Images that are attacked together. Where fooled images leave, more begin: a batch of few
    /// takes nearly as long as a full one, because the weights are read anew for each.
    pub fn together(self) -> usize {
        match self {
            Purpose::Craft => BLOCK,
            Purpose::Evaluate => 4 * BLOCK,
        }
    }
}

/// What the engine saw of one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// What the clean image shows.
    pub label: u8,
    /// What the network reads in the clean image.
    pub clean: u8,
    /// What it reads in the adversarial image.
    pub attacked: u8,
    /// Size of the perturbation, in the attack's norm.
    pub norm: f32,
    /// Whether the network reads the label in the clean image and the attack found nothing in its
    /// ball that is read otherwise.
    pub robust: bool,
    /// How often the attack moved.
    pub iterations: u32,
    /// How often it ran the network on the image.
    pub queries: u32,
}

impl Verdict {
    /// Whether the clean image is read right and the adversarial one wrong.
    pub fn is_fooled(&self) -> bool {
        self.clean == self.label && self.attacked != self.label
    }
}
