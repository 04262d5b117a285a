"""A perceptron written by hand in NumPy, on one thread of its OpenBLAS."""

from time import perf_counter

import numpy as np

import images

BATCH = 128
RATE, FIRST, SECOND, TINY = np.float32([1e-3, 0.9, 0.999, 1e-8])


def batches(*arrays):
    for begin in range(0, len(arrays[0]), BATCH):
        yield [array[begin : begin + BATCH] for array in arrays]


class Perceptron:
    """ReLU layers and cross-entropy; weights are in × out."""

    def __init__(self, *sizes):
        draw = np.random.default_rng(0)
        self.weights = [
            draw.normal(0, (2 / inputs) ** 0.5, (inputs, outputs)).astype(np.float32)
            for inputs, outputs in zip(sizes, sizes[1:])
        ]
        self.biases = [np.zeros(outputs, np.float32) for outputs in sizes[1:]]

    def forward(self, x):
        """What goes into each layer, and the logits."""
        values = [x]
        for weights, biases in zip(self.weights, self.biases):
            z = values[-1] @ weights
            z += biases
            if len(values) < len(self.weights):
                np.maximum(z, 0, out=z)
            values.append(z)
        return values

    def loss_gradient(self, logits, labels):
        """Of the summed cross-entropy, by the logits."""
        gradient = np.exp(logits - logits.max(1, keepdims=True))
        gradient /= gradient.sum(1, keepdims=True)
        gradient[np.arange(len(labels)), labels] -= 1
        return gradient

    def backward(self, values, gradient):
        """The gradients by each layer's sums, last layer first."""
        for layer in reversed(range(len(self.weights))):
            yield layer, gradient
            if layer > 0:
                gradient = gradient @ self.weights[layer].T
                gradient *= values[layer] > 0

    def input_gradient(self, x, labels):
        values = self.forward(x)
        *_, (_, first) = self.backward(values, self.loss_gradient(values[-1], labels))
        return first @ self.weights[0].T


class Adam:
    def __init__(self, parameters):
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self.parameters = parameters
        self.steps = 0

    def step(self, gradients):
        self.steps += 1
        rate = RATE / (1 - FIRST**self.steps)
        scale = 1 / np.sqrt(1 - SECOND**self.steps)
        for parameter, gradient, (mean, square) in zip(self.parameters, gradients, self.moments):
            mean *= FIRST
            mean += (1 - FIRST) * gradient
            gradient *= gradient
            square *= SECOND
            gradient *= 1 - SECOND
            square += gradient
            root = np.sqrt(square, out=gradient)
            root *= scale
            root += TINY
            parameter -= rate * mean / root


class Peer:
    version = f"NumPy {np.__version__}"

    def __init__(self, folder):
        self.x, self.y = images.read(folder, "train")
        self.test_x, self.test_y = images.read(folder, "test")
        self.model = None

    def train(self, request):
        count = request["images"]
        self.model = model = Perceptron(784, 256, 128, 10)
        adam = Adam([*model.weights, *model.biases])
        begin = perf_counter()
        for (batch,) in batches(np.random.permutation(count)):
            values = model.forward(self.x[batch])
            gradient = model.loss_gradient(values[-1], self.y[batch])
            gradient /= len(batch)
            weights, biases = [], []
            for layer, gradient in model.backward(values, gradient):
                weights.insert(0, values[layer].T @ gradient)
                biases.insert(0, gradient.sum(0))
            adam.step(weights + biases)
        return {"rate": count / (perf_counter() - begin)}

    def pgd(self, request):
        count, attack = request["images"], request["attack"]
        eps, steps = np.float32(attack["eps"]), attack["steps"]
        size = np.float32(2.5 * attack["eps"] / steps)
        begin = perf_counter()
        for clean, labels in batches(self.test_x[:count], self.test_y[:count]):
            low, high = np.maximum(clean - eps, 0), np.minimum(clean + eps, 1)
            point = clean.copy()
            for _ in range(steps):
                direction = self.model.input_gradient(point, labels)
                np.sign(direction, out=direction)
                direction *= size
                point += direction
                np.clip(point, low, high, out=point)
        return {"rate": count * steps / (perf_counter() - begin)}

    def evaluate(self, request):
        count = request["images"]
        begin = perf_counter()
        read = sum(
            int((self.model.forward(x)[-1].argmax(1) == y).sum())
            for x, y in batches(self.test_x[:count], self.test_y[:count])
        )
        return {"rate": count / (perf_counter() - begin), "accuracy": read / count}
