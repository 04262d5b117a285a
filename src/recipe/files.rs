//! Networks from files, with which recipes begin.

use crate::network::Mlp;

/// The newest networks that were brought in, by their digests.
#[derive(Debug, Default)]
pub(super) struct Files(Vec<(String, Mlp)>);

impl Files {
    const MOST: usize = 16;
    /// Bytes of weights that they may hold together.
    const MOST_BYTES: usize = 64 << 20;

    /// Takes a network in; returns its digest.
    pub fn insert(&mut self, network: Mlp) -> String {
        let digest = network.digest();
        self.0.retain(|(known, _)| *known != digest);
        self.0.push((digest.clone(), network));
        let bytes = |files: &[(String, Mlp)]| -> usize {
            files.iter().map(|(_, network)| 4 * network.weight_count()).sum()
        };
        while self.0.len() > Self::MOST || self.0.len() > 1 && bytes(&self.0) > Self::MOST_BYTES {
            self.0.remove(0);
        }
        digest
    }

    /// The network with this digest, for a recipe with these hidden units.
    ///
    /// # Errors
    /// A sentence when it is not here or of another shape.
    pub fn begin_with(&self, digest: &str, hidden: &[usize]) -> Result<Mlp, String> {
        let Some((_, network)) = self.0.iter().find(|(known, _)| known == digest) else {
            return Err(format!(
                "This recipe begins with a network from a file, digest {digest}, which a link \
                 cannot carry: bring in the file, then it replays."
            ));
        };
        let own = network.hidden();
        if own != hidden {
            let [own, said] = [&own, hidden]
                .map(|units| units.iter().map(usize::to_string).collect::<Vec<_>>().join("-"));
            return Err(format!(
                "The network in the file has hidden layers of {own} units, but the recipe says \
                 {said}."
            ));
        }
        Ok(network.clone())
    }
}
