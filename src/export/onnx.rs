//! ONNX: a model as a protocol buffer (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>;
//! the numbers of the fields are from there). A `Gemm` for every layer and a `Relu` after every
//! hidden one, from `image` (N × 784, from 0 to 1) to `logits` (N × 10).

use super::About;
use super::arrays::{Values, acting};
use crate::data::{CLASSES, PIXELS};
use crate::network::Mlp;

/// The version of the file's own form.
const IR_VERSION: u64 = 7;
/// The version of the operators.
const OPSET: u64 = 13;
/// ONNX's number for `f32`.
const FLOAT: u64 = 1;
/// ONNX's number for an attribute that is a whole number.
const INT: u64 = 2;

/// A message of a protocol buffer, as it is written field by field.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A field that is a whole number.
    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    /// A field that is text, bytes or another message.
    fn bytes(mut self, field: u64, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn message(self, field: u64, message: Message) -> Self {
        self.bytes(field, message.0)
    }
}

/// `ModelProto`.
pub(super) fn write(network: &Mlp, about: &About) -> Vec<u8> {
    let mut model = Message::default()
        .number(1, IR_VERSION)
        .bytes(2, "Secateurs")
        .bytes(3, env!("CARGO_PKG_VERSION"))
        .message(7, graph(network))
        .message(8, Message::default().bytes(1, "").number(2, OPSET));
    for (key, value) in about.entries() {
        model = model.message(14, Message::default().bytes(1, key).bytes(2, value));
    }
    model.0
}

/// `GraphProto`.
fn graph(network: &Mlp) -> Message {
    let last = network.layers().len() - 1;
    let mut graph = Message::default();
    let mut from = "image".to_owned();
    for layer in 0..=last {
        let sums = if layer == last { "logits".into() } else { format!("sums.{layer}") };
        // The weights are out × in, so they are turned.
        let turned = Message::default().bytes(1, "transB").number(3, 1).number(20, INT);
        let gemm = Message::default()
            .bytes(1, &from)
            .bytes(1, format!("layers.{layer}.weight"))
            .bytes(1, format!("layers.{layer}.bias"))
            .bytes(2, &sums)
            .bytes(3, format!("layers.{layer}"))
            .bytes(4, "Gemm")
            .message(5, turned);
        graph = graph.message(1, gemm);
        if layer != last {
            from = format!("units.{layer}");
            let relu = Message::default()
                .bytes(1, &sums)
                .bytes(2, &from)
                .bytes(3, format!("relu.{layer}"))
                .bytes(4, "Relu");
            graph = graph.message(1, relu);
        }
    }
    graph = graph.bytes(2, "perceptron");
    for array in acting(network) {
        let Values::Float(_) = array.values else { continue };
        let mut tensor = Message::default();
        for size in array.shape {
            tensor = tensor.number(1, size as u64);
        }
        let tensor = tensor.number(2, FLOAT).bytes(8, array.name).bytes(9, array.values.bytes());
        graph = graph.message(5, tensor);
    }
    graph.message(11, value("image", PIXELS)).message(12, value("logits", CLASSES))
}

/// `ValueInfoProto`: any number of rows of so many numbers.
fn value(name: &str, columns: usize) -> Message {
    let any = Message::default().bytes(2, "N");
    let fixed = Message::default().number(1, columns as u64);
    let shape = Message::default().message(1, any).message(1, fixed);
    let tensor = Message::default().number(1, FLOAT).message(2, shape);
    Message::default().bytes(1, name).message(2, Message::default().message(1, tensor))
}
