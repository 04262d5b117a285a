//! Networks and checkpoints as bytes, which cross between workers and may be kept between visits.

use super::Watch;
use super::values::{one, rarely};
use arbitrary::{Result, Unstructured};
use secateurs::network::{Compact, Mlp};
use secateurs::recipe::{Checkpoint, Recipe, Replayer, parse_link};

pub fn run(u: &mut Unstructured, watch: Watch) -> Result<()> {
    let bytes = if rarely(u, 8)? { u.bytes(u.len())?.to_vec() } else { network(u)? };
    let mut read = None;
    watch(&mut || read = postcard::from_bytes::<Mlp>(&bytes).ok());
    if let Some(network) = read {
        assert_eq!(network.digest().len(), 16);
        assert!((0.0..=1.0).contains(&network.sparsity()));
        assert_eq!(network.kept_pixels().len(), 784);
        let compact = Compact::new(&network);
        drop(compact);
        let again = postcard::to_stdvec(&network).unwrap();
        assert_eq!(postcard::from_bytes::<Mlp>(&again).unwrap(), network);
    }
    // A checkpoint: a key, a network, three that may be there, whether it was trained, a step.
    let mut checkpoint = Vec::new();
    word(&mut checkpoint, "key");
    checkpoint.extend(&bytes);
    for _ in 0..2 {
        maybe(u, &mut checkpoint, &bytes)?;
    }
    checkpoint.push(u.arbitrary::<bool>()?.into());
    if rarely(u, 2)? {
        checkpoint.push(1);
        number(&mut checkpoint, u.arbitrary::<u8>()?.into());
        checkpoint.extend(&bytes);
        maybe(u, &mut checkpoint, &bytes)?;
        checkpoint.extend(u.bytes(u.len().min(64))?);
    } else {
        checkpoint.push(0);
    }
    checkpoint.extend([0; 8]);
    thread_local! {
        static RECIPE: Recipe = parse_link("v=1&hidden=2&train=epochs:1,images:1").unwrap().recipe;
    }
    let recipe = RECIPE.with(Recipe::clone);
    watch(&mut || {
        let Ok(checkpoint) = postcard::from_bytes::<Checkpoint>(&checkpoint) else { return };
        let mut replayer = Replayer::default();
        replayer.restore(checkpoint, &recipe);
        replayer.begin(recipe.clone());
    });
    Ok(())
}

fn maybe(u: &mut Unstructured, to: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    let is = rarely(u, 4)?;
    to.push(is.into());
    if is {
        to.extend(bytes);
    }
    Ok(())
}

/// As postcard writes whole numbers: seven bits a byte.
fn number(to: &mut Vec<u8>, mut number: u64) {
    while number >= 128 {
        to.push(number as u8 | 128);
        number >>= 7;
    }
    to.push(number as u8);
}

fn word(to: &mut Vec<u8>, word: &str) {
    number(to, word.len() as u64);
    to.extend(word.as_bytes());
}

/// A number, or a lie in its place.
fn told(u: &mut Unstructured, to: &mut Vec<u8>, true_one: usize) -> Result<()> {
    let told = if rarely(u, 60)? {
        one(u, &[0, 1, 784, true_one as u64 + 1, 1 << 32, u64::MAX])?
    } else {
        true_one as u64
    };
    number(to, told);
    Ok(())
}

fn network(u: &mut Unstructured) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut hidden = Vec::new();
    for _ in 0..u.int_in_range(1..=2)? {
        hidden.push(u.int_in_range(1..=2)?);
    }
    let sizes = [&[784], &hidden[..], &[10]].concat();
    told(u, &mut bytes, sizes.len() - 1)?;
    for pair in sizes.windows(2) {
        let (inputs, outputs) = (pair[0], pair[1]);
        told(u, &mut bytes, outputs)?;
        told(u, &mut bytes, inputs)?;
        for count in [inputs * outputs, outputs] {
            told(u, &mut bytes, count)?;
            let value = one(u, &[0.5, -0.0, f32::MAX, f32::MIN_POSITIVE, f32::NAN, f32::INFINITY])?;
            let value = if rarely(u, 4)? { value } else { 0.25 };
            (0..count).for_each(|_| bytes.extend(value.to_le_bytes()));
        }
        let masked = rarely(u, 3)?;
        bytes.push(masked.into());
        if masked {
            told(u, &mut bytes, inputs * outputs)?;
            let kept = u.arbitrary::<bool>()?;
            (0..inputs * outputs).for_each(|_| bytes.push(kept.into()));
        }
    }
    told(u, &mut bytes, hidden.len())?;
    for size in hidden {
        let count = u.int_in_range(0..=2)?;
        told(u, &mut bytes, count)?;
        for _ in 0..count {
            let unit = u.choose_index(size)?;
            told(u, &mut bytes, unit)?;
        }
    }
    Ok(bytes)
}
