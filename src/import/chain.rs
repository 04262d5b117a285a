//! Which arrays make a network: weights with their biases, in the order in which each reads what
//! the one before it makes.

use super::names::{Name, Role, masked};
use super::tensor::{Form, Tensor, count};
use super::{called, shape_words};
use crate::data::{CLASSES, PIXELS};
use crate::limits::{HIDDEN_LAYERS, HIDDEN_UNITS};
use ndarray::{Array1, Array2, ShapeBuilder};

/// A layer's arrays.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub weight: Tensor<'a>,
    pub bias: Option<Tensor<'a>>,
    pub mask: Option<Tensor<'a>>,
    bias_mask: Option<Tensor<'a>>,
    named: Name,
}

/// The layers in order.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    pub links: Vec<Link<'a>>,
    /// Whether weights lie `in × out`.
    pub transposed: bool,
    /// Names of arrays that no network is made of.
    pub aside: Vec<String>,
}

/// What a weight reads and makes.
fn sizes(weight: &Tensor, transposed: bool) -> (usize, usize) {
    let (rows, columns) = (weight.shape[0], weight.shape[1]);
    if transposed { (rows, columns) } else { (columns, rows) }
}

impl Link<'_> {
    pub fn name(&self) -> String {
        called(&self.weight.name)
    }

    /// The weights, `out × in`.
    pub fn weights(&self, transposed: bool) -> Result<Array2<f32>, String> {
        matrix(&self.weight, transposed)
    }

    /// The mask, if there is one: zero where a weight is pruned.
    pub fn mask(&self, transposed: bool) -> Result<Option<Array2<f32>>, String> {
        let Some(mask) = &self.mask else { return Ok(None) };
        if mask.shape != self.weight.shape {
            return Err(format!(
                "The mask {} is {}, but the weight it masks is {}.",
                called(&mask.name),
                shape_words(mask),
                shape_words(&self.weight)
            ));
        }
        matrix(mask, transposed).map(Some)
    }

    /// The biases; zeros where the file has none.
    pub fn biases(&self, transposed: bool) -> Result<Array1<f32>, String> {
        let Some(bias) = &self.bias else {
            return Ok(Array1::zeros(sizes(&self.weight, transposed).1));
        };
        let mut values = bias.values()?;
        if let Some(mask) = &self.bias_mask {
            if count(&mask.shape) != Some(values.len()) {
                return Err(format!("The mask of {} is of another length.", called(&bias.name)));
            }
            let pruned = values.iter_mut().zip(mask.values()?).filter(|(_, kept)| *kept == 0.0);
            pruned.for_each(|(value, _)| *value = 0.0);
        }
        Ok(Array1::from(values))
    }
}

fn matrix(tensor: &Tensor, transposed: bool) -> Result<Array2<f32>, String> {
    let shape = (tensor.shape[0], tensor.shape[1]).set_f(tensor.by_columns);
    let matrix = Array2::from_shape_vec(shape, tensor.values()?);
    let matrix = matrix.map_err(|_| format!("The file is damaged at {}.", called(&tensor.name)))?;
    Ok(if transposed { matrix.reversed_axes() } else { matrix })
}

/// Finds the layers among a file's arrays.
///
/// # Errors
/// One sentence that names what does not fit.
pub(super) fn of(tensors: Vec<Tensor>) -> Result<Chain, String> {
    let mut sorted = Sorted::default();
    for tensor in tensors {
        sorted.add(tensor)?;
    }
    let aside = std::mem::take(&mut sorted.aside);
    // Before they are paired, which compares every array with every weight.
    let weights = sorted.weights.len();
    if weights > HIDDEN_LAYERS + 1 {
        return Err(format!(
            "The file holds {weights} weight matrices, but at most {} fit: a network here has one \
             to {HIDDEN_LAYERS} hidden layers.",
            HIDDEN_LAYERS + 1
        ));
    }
    let links = sorted.paired()?;
    if links.is_empty() {
        return Err(
            "The file holds no matrix of floating-point numbers, so there are no weights.".into()
        );
    }
    for strict in [true, false] {
        for transposed in [false, true] {
            let mut order = Vec::new();
            if !find(&links, transposed, strict, PIXELS, &mut order) {
                continue;
            }
            let mut links: Vec<_> = links.into_iter().map(Some).collect();
            let links: Vec<_> = order.iter().filter_map(|at| links[*at].take()).collect();
            check(&links, transposed)?;
            return Ok(Chain { links, transposed, aside });
        }
    }
    Err(unchained(&links))
}

/// Looks for an order in which every weight reads what the one before makes, from `inputs` on;
/// the first by names where there are several. `strict`: biases fit, too.
fn find(
    links: &[Link],
    transposed: bool,
    strict: bool,
    inputs: usize,
    order: &mut Vec<usize>,
) -> bool {
    if order.len() == links.len() {
        return inputs == CLASSES;
    }
    for (at, link) in links.iter().enumerate() {
        let (reads, makes) = sizes(&link.weight, transposed);
        let fits =
            link.bias.as_ref().is_none_or(|bias| bias.shape.iter().product::<usize>() == makes);
        if reads != inputs || order.contains(&at) || strict && !fits {
            continue;
        }
        order.push(at);
        if find(links, transposed, strict, makes, order) {
            return true;
        }
        order.pop();
    }
    false
}

/// What a chain that was found must be besides.
fn check(links: &[Link], transposed: bool) -> Result<(), String> {
    let Some((_, hidden)) = links.split_last() else { return Ok(()) };
    if hidden.is_empty() {
        return Err("The network has no hidden layer: there would be no neuron to prune.".into());
    }
    for link in hidden {
        let (_, units) = sizes(&link.weight, transposed);
        if units > HIDDEN_UNITS {
            return Err(format!(
                "The weight {} makes {units} units, but a hidden layer has at most {HIDDEN_UNITS}.",
                link.name()
            ));
        }
    }
    for link in links {
        let (_, units) = sizes(&link.weight, transposed);
        if let Some(bias) = &link.bias
            && bias.shape.iter().product::<usize>() != units
        {
            return Err(format!(
                "The bias {} is {}, but its weight {} makes {units} outputs.",
                called(&bias.name),
                shape_words(bias),
                link.name()
            ));
        }
    }
    Ok(())
}

/// Why there is no order.
fn unchained(links: &[Link]) -> String {
    let has = |size: usize| links.iter().any(|link| link.weight.shape.contains(&size));
    let list = links.iter().map(|link| format!("{} is {}", link.name(), shape_words(&link.weight)));
    let list = list.collect::<Vec<_>>().join(", ");
    if !has(PIXELS) {
        return format!("No weight reads the {PIXELS} pixels of an image of 28 × 28: {list}.");
    }
    if !has(CLASSES) {
        return format!("No weight makes the {CLASSES} outputs of the ten digits: {list}.");
    }
    format!(
        "The weights do not follow each other from {PIXELS} pixels to {CLASSES} digits: {list}."
    )
}

/// A file's arrays by what they can be.
#[derive(Default)]
struct Sorted<'a> {
    weights: Vec<(Name, Tensor<'a>)>,
    biases: Vec<(Name, Tensor<'a>)>,
    masks: Vec<(Name, Tensor<'a>)>,
    aside: Vec<String>,
}

impl<'a> Sorted<'a> {
    fn add(&mut self, tensor: Tensor<'a>) -> Result<(), String> {
        let name = Name::of(&tensor.name);
        let can_mask = tensor.form.is_real() || tensor.form == Form::Byte;
        if name.role == Role::Mask && can_mask && (1..=2).contains(&tensor.shape.len()) {
            self.masks.push((name, tensor));
            return Ok(());
        }
        let says = !matches!(name.role, Role::Untold);
        if let (Form::Other(form), true, [_, ..]) = (&tensor.form, says, &tensor.shape[..]) {
            return Err(format!(
                "The numbers of {} are of the type {}, but weights are read as half, single or \
                 double precision (and bfloat16), little-endian.",
                called(&tensor.name),
                called(form)
            ));
        }
        // A count of batches, a table of labels: no network is made of them.
        if !tensor.form.is_real() || tensor.shape.is_empty() {
            self.aside.push(tensor.name);
            return Ok(());
        }
        match (name.role, &tensor.shape[..]) {
            (_, [_]) | (Role::Bias, [1, _] | [_, 1]) => self.biases.push((name, tensor)),
            (_, [_, _]) => self.weights.push((name, tensor)),
            (_, shape) => {
                return Err(format!(
                    "The array {} has {} dimensions ({}); only fully connected layers fit here, \
                     whose weights have 2.",
                    called(&tensor.name),
                    shape.len(),
                    shape_words(&tensor)
                ));
            }
        }
        Ok(())
    }

    /// Weights with what belongs to them, sorted by name.
    fn paired(mut self) -> Result<Vec<Link<'a>>, String> {
        self.weights = by_name(self.weights);
        self.biases = by_name(self.biases);
        let names: Vec<_> = self.weights.iter().map(|(name, _)| name.clone()).collect();
        let nameless = names.iter().all(|name| name.role == Role::Untold);
        let mut links: Vec<Link> = Vec::new();
        for (named, weight) in self.weights {
            if let Some(twin) = links.last().filter(|last| last.named.stem == named.stem) {
                return Err(format!(
                    "The weights {} and {} have the same name but for its end, so that it cannot \
                     be told which is which.",
                    twin.name(),
                    called(&weight.name)
                ));
            }
            let mask = take(&mut self.masks, &weight.name);
            links.push(Link { weight, bias: None, mask, bias_mask: None, named });
        }
        for (name, bias) in self.biases {
            let own = names.iter().position(|weight| weight.stem == name.stem);
            // Arrays that were never named, as `arr_1`: a bias stands behind its weight.
            let before = || names.partition_point(|weight| weight.stem < name.stem).checked_sub(1);
            let untold = nameless && name.role == Role::Untold;
            let place = own.or_else(|| untold.then(before).flatten());
            let Some(link) = place.and_then(|at| links.get_mut(at)).filter(|l| l.bias.is_none())
            else {
                return Err(format!(
                    "The array {} ({}) belongs to no weight matrix; only fully connected layers \
                     with ReLU between them fit here.",
                    called(&bias.name),
                    shape_words(&bias)
                ));
            };
            link.bias_mask = take(&mut self.masks, &bias.name);
            link.bias = Some(bias);
        }
        match self.masks.first() {
            None => Ok(links),
            Some((_, mask)) => {
                Err(format!("The mask {} masks nothing in this file.", called(&mask.name)))
            }
        }
    }
}

/// Sorted by insertion: they are few, and the standard library's sorting is large.
fn by_name(arrays: Vec<(Name, Tensor)>) -> Vec<(Name, Tensor)> {
    let mut sorted: Vec<(Name, Tensor)> = Vec::new();
    for array in arrays {
        let at = sorted.partition_point(|(name, _)| name.stem <= array.0.stem);
        sorted.insert(at, array);
    }
    sorted
}

/// Takes the mask of an array out of the masks.
fn take<'a>(masks: &mut Vec<(Name, Tensor<'a>)>, name: &str) -> Option<Tensor<'a>> {
    let wanted = masked(name);
    let at = masks.iter().position(|(name, _)| name.stem == wanted)?;
    Some(masks.swap_remove(at).1)
}
