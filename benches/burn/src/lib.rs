//! The perceptron that the benchmark trains, 784-256-128-10, in Burn on its ndarray backend.

use burn::backend::{Autodiff, NdArray};
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::adaptor::OptimizerAdaptor;
use burn::optim::{Adam, AdamConfig, GradientsParams, Optimizer};
use burn::tensor::activation::relu;
use burn::tensor::backend::Backend;
use burn::tensor::{Int, Tensor, TensorData};
use wasm_bindgen::prelude::wasm_bindgen;

type Inner = NdArray<f32>;
type Training = Autodiff<Inner>;

const PIXELS: usize = 784;
const RATE: f64 = 1e-3;

#[derive(Module, Debug)]
struct Perceptron<B: Backend> {
    first: Linear<B>,
    second: Linear<B>,
    last: Linear<B>,
}

impl<B: Backend> Perceptron<B> {
    fn new(device: &B::Device) -> Self {
        Self {
            first: LinearConfig::new(PIXELS, 256).init(device),
            second: LinearConfig::new(256, 128).init(device),
            last: LinearConfig::new(128, 10).init(device),
        }
    }

    fn forward(&self, images: Tensor<B, 2>) -> Tensor<B, 2> {
        let hidden = relu(self.first.forward(images));
        self.last.forward(relu(self.second.forward(hidden)))
    }
}

/// A network under training.
#[wasm_bindgen]
pub struct Network {
    model: Perceptron<Training>,
    adam: OptimizerAdaptor<Adam, Perceptron<Training>, Training>,
}

#[wasm_bindgen]
impl Network {
    /// A network with random weights.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "only JavaScript makes one")]
    pub fn new() -> Self {
        let model = Perceptron::new(&Default::default());
        Self { model, adam: AdamConfig::new().init() }
    }

    /// One step of Adam on a batch; returns its loss.
    pub fn train(&mut self, images: Vec<f32>, labels: &[u8]) -> f32 {
        let device = Default::default();
        let logits = self.model.forward(rows(images, labels.len()));
        let targets: Vec<i64> = labels.iter().map(|label| i64::from(*label)).collect();
        let targets: Tensor<Training, 1, Int> =
            Tensor::from_data(TensorData::new(targets, [labels.len()]), &device);
        let loss = CrossEntropyLossConfig::new().init(&device).forward(logits, targets);
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        self.model = self.adam.step(RATE, self.model.clone(), gradients);
        loss.into_scalar()
    }

    /// How many images of a batch are read correctly.
    pub fn evaluate(&self, images: Vec<f32>, labels: &[u8]) -> usize {
        use burn::module::AutodiffModule;
        let logits = self.model.valid().forward(rows::<Inner>(images, labels.len()));
        let read: Vec<i64> = logits.argmax(1).into_data().to_vec().unwrap_or_default();
        read.iter().zip(labels).filter(|(read, label)| **read == i64::from(**label)).count()
    }
}

fn rows<B: Backend>(images: Vec<f32>, count: usize) -> Tensor<B, 2> {
    Tensor::from_data(TensorData::new(images, [count, PIXELS]), &Default::default())
}
