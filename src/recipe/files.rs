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

#[cfg(test)]
mod tests {
    use crate::data::{Dataset, Images};
    use crate::network::Mlp;
    use crate::recipe::{Recipe, Replayer, State, check_recipe, format_link, parse_link};
    use serde_json::json;

    fn images(count: usize) -> Images {
        let pixels = (0..count * 784).map(|at| (at * 31 % 256) as u8).collect();
        Images::new(pixels, (0..count).map(|at| (at % 10) as u8).collect()).unwrap()
    }

    fn data(digest: Option<&str>) -> Dataset {
        let digest = digest.map(str::to_owned);
        Dataset { train: images(40), test: images(20), expected: Some((40, 20)), digest }
    }

    fn replayed(replayer: &mut Replayer, link: &str, data: &Dataset) -> Result<State, String> {
        replayer.begin(parse_link(link).unwrap().recipe);
        while !replayer.step(data)?.done {}
        Ok(replayer.state().unwrap().clone())
    }

    #[test]
    fn a_recipe_begins_with_a_network_from_a_file() {
        let network = Mlp::he_normal(&[5, 4], 9);
        let mut replayer = Replayer::default();
        let digest = replayer.bring(network.clone());
        assert_eq!(digest, network.digest());
        let link = format!("v=1&hidden=5-4&file={digest}");
        let state = replayed(&mut replayer, &link, &data(None)).unwrap();
        assert_eq!((&state.network, state.trained), (&network, true));
        assert_eq!(state.reference().digest(), digest);
        // Cut and trained on, the network before its first cut is the file's.
        let cut = format!("{link}&prune=what:weights,by:magnitude,amount:50");
        let state = replayed(&mut replayer, &cut, &data(None)).unwrap();
        assert!(state.network.sparsity() > 0.4);
        assert_eq!(state.reference().digest(), digest);
        let tuned = format!("{cut}&train=from:current,epochs:1,images:40");
        let state = replayed(&mut replayer, &tuned, &data(None)).unwrap();
        assert_eq!(state.reference().digest(), digest);
        assert!(state.network.sparsity() > 0.4);
        // From fresh weights, the file is of no use any more.
        let fresh = format!("{link}&train=epochs:1,images:40");
        let state = replayed(&mut Replayer::default(), &fresh, &data(None)).unwrap();
        let plain = "v=1&hidden=5-4&train=epochs:1,images:40";
        let plain = replayed(&mut Replayer::default(), plain, &data(None)).unwrap();
        // Only its place among the steps differs, and so its shuffles.
        assert_eq!(state.network.hidden(), plain.network.hidden());
    }

    #[test]
    fn what_is_not_here_is_asked_for() {
        let digest = "0123456789abcdef";
        let mut replayer = Replayer::default();
        let link = format!("v=1&hidden=5-4&file={digest}");
        let sentence = replayed(&mut replayer, &link, &data(None)).unwrap_err();
        assert!(sentence.contains(digest) && sentence.contains("bring in the file"), "{sentence}");
        let digest = replayer.bring(Mlp::he_normal(&[3], 0));
        let link = format!("v=1&hidden=5-4&file={digest}");
        let sentence = replayed(&mut replayer, &link, &data(None)).unwrap_err();
        assert!(sentence.contains("3 units") && sentence.contains("5-4"), "{sentence}");
        let own = "v=1&data=00000000000000aa&hidden=3&train=epochs:1,images:40";
        let refused =
            |here: Option<&str>| replayed(&mut Replayer::default(), own, &data(here)).unwrap_err();
        for sentence in [refused(None), refused(Some("00000000000000bb"))] {
            assert!(sentence.contains("00000000000000aa"), "{sentence}");
        }
        let data = data(Some("00000000000000aa"));
        assert!(replayed(&mut Replayer::default(), own, &data).is_ok());
        let mnist = "v=1&hidden=3&train=epochs:1,images:40";
        let sentence = replayed(&mut Replayer::default(), mnist, &data).unwrap_err();
        assert!(sentence.contains("go back to MNIST"), "{sentence}");
    }

    #[test]
    fn links_say_which_files_they_need() {
        let link = "v=1&data=00000000000000aa&hidden=5-4&file=0123456789abcdef&prune=amount:30";
        let parsed = parse_link(link).unwrap();
        assert_eq!(format_link(&parsed.recipe, &parsed.view, None), link);
        let json = serde_json::to_value(&parsed.recipe).unwrap();
        assert_eq!(check_recipe(&json).unwrap(), parsed.recipe);
        // A recipe that needs none says nothing of any.
        let plain: Recipe = parse_link("v=1&data=mnist&train").unwrap().recipe;
        assert!(!serde_json::to_string(&plain).unwrap().contains("data"));
        assert_eq!(format_link(&plain, &Default::default(), None), "v=1&train");
    }

    #[test]
    fn files_stand_where_they_can() {
        let file = json!({ "step": "file", "digest": "0123456789abcdef" });
        let refused = |recipe| check_recipe(&recipe).unwrap_err();
        let sentence = refused(json!({ "steps": [{ "step": "train" }, file] }));
        assert!(sentence.contains("first of a recipe's steps"), "{sentence}");
        let prune = |rewind: &str| json!({ "step": "prune", "rewind": rewind });
        for rewind in ["initial", "early"] {
            let sentence = refused(json!({ "steps": [file, prune(rewind)] }));
            assert!(sentence.contains("none are known"), "{sentence}");
        }
        let trained = json!({ "steps": [file, { "step": "train" }, prune("early")] });
        assert!(check_recipe(&trained).is_ok());
        for digest in [json!(7), json!("0123"), json!("0123456789ABCDEF")] {
            let sentence = refused(json!({ "steps": [{ "step": "file", "digest": digest }] }));
            assert!(sentence.contains("16 hexadecimal digits"), "{sentence}");
            let sentence = refused(json!({ "data": digest }));
            assert!(sentence.contains("16 hexadecimal digits"), "{sentence}");
        }
        assert!(parse_link("v=1&file=xyz").unwrap_err().contains("16 hexadecimal"));
        assert!(parse_link("v=1&data=xyz").unwrap_err().contains("16 hexadecimal"));
    }
}
