"""As much of torch as the exported script uses, in NumPy, so that its arithmetic can be checked
without torch. Gradients go back along a chain of layers, which is all that a perceptron is."""

import contextlib
import sys
import types

import numpy as np

RANDOM = np.random.default_rng(0)


class Tensor(np.ndarray):
    # What it was made of, and how a gradient by it becomes one by that.
    back = None

    def made_of(self, other, back):
        self.back = (other, back)
        return self

    def flatten(self, start):
        assert start == 1
        return self.reshape(len(self), -1).made_of(self, lambda slope: slope.reshape(self.shape))

    def argsort(self, descending=False):
        order = super().argsort(kind="stable")
        return order[::-1] if descending else order

    def detach(self):
        return self.view(Tensor)

    def clone(self):
        return self.copy()

    def requires_grad_(self):
        return self

    def clamp(self, low, high):
        return np.clip(self, np.float32(low), np.float32(high))

    def sign(self):
        return np.sign(self)

    def abs(self):
        return np.abs(self)


def from_numpy(values):
    return np.asarray(values).view(Tensor)


def linear(x, weight, bias):
    return (x @ weight.T + bias).made_of(x, lambda slope: slope @ weight)


def relu(x):
    return np.maximum(x, np.float32(0)).made_of(x, lambda slope: slope * (x > 0))


def cross_entropy(logits, y, reduction):
    assert reduction == "sum"
    shifted = logits - logits.max(1, keepdims=True)
    shares = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    rows = np.arange(len(y))
    loss = from_numpy(-np.log(shares[rows, y]).sum())
    slope = shares.copy()
    slope[rows, y] -= 1
    return loss.made_of(logits, lambda one: one * slope)


def grad(loss, x):
    place, slope = loss, np.float32(1)
    while place is not x:
        place, back = place.back
        slope = back(slope)
    return (slope,)


class Module:
    def __call__(self, *values):
        return self.forward(*values)

    def eval(self):
        return self

    def state_dict(self):
        pairs = enumerate(self.layers)
        return {f"layers.{at}.{name}": getattr(layer, name) for at, layer in pairs for name in ("weight", "bias")}

    def load_state_dict(self, arrays):
        for name, values in arrays.items():
            _, at, what = name.split(".")
            assert getattr(self.layers[int(at)], what).shape == values.shape
            setattr(self.layers[int(at)], what, values)


class Linear(Module):
    def __init__(self, inputs, outputs):
        self.weight = from_numpy(np.zeros((outputs, inputs), np.float32))
        self.bias = from_numpy(np.zeros(outputs, np.float32))

    def forward(self, x):
        return linear(x, self.weight, self.bias)


class no_grad(contextlib.ContextDecorator):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def install():
    """Makes `import torch` find this."""
    torch, nn, functional = (types.ModuleType(f"torch{name}") for name in ("", ".nn", ".nn.functional"))
    functional.relu, functional.cross_entropy = relu, cross_entropy
    nn.Module, nn.Linear, nn.ModuleList, nn.functional = Module, Linear, list, functional
    torch.nn, torch.no_grad, torch.from_numpy = nn, no_grad, from_numpy
    torch.autograd = types.SimpleNamespace(grad=grad)
    torch.minimum, torch.maximum = np.minimum, np.maximum
    torch.where = lambda *values: from_numpy(np.where(*values))
    torch.manual_seed = lambda seed: None
    torch.rand_like = lambda x: from_numpy(RANDOM.random(x.shape, np.float32))
    for module in (torch, nn, functional):
        sys.modules[module.__name__] = module
    # Not here, whatever is installed.
    sys.modules["torchattacks"] = None
