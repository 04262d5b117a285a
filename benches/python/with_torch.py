"""PyTorch, eager, on one thread; attacks by torchattacks where it has them whole."""

from importlib.metadata import version
from time import perf_counter

import torch
import torchattacks
from pyautoattack import AutoAttack
from torch import nn
from torch.nn import functional as F

import images

BATCH = 128


def perceptron(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def correct(model, x, y):
    """Images read correctly, batch by batch."""
    with torch.no_grad():
        batches = zip(x.split(BATCH), y.split(BATCH))
        return sum(int((model(x).argmax(1) == y).sum()) for x, y in batches)


class Peer:
    version = (
        f"PyTorch {torch.__version__}, torchattacks {torchattacks.__version__}, "
        f"pyautoattack {version('pyautoattack')}"
    )

    def __init__(self, folder):
        torch.set_num_threads(1)
        self.x, self.y = map(torch.from_numpy, images.read(folder, "train"))
        self.test_x, self.test_y = map(torch.from_numpy, images.read(folder, "test"))
        self.model = None

    def train(self, request):
        count = request["images"]
        self.model = model = perceptron(784, 256, 128, 10)
        adam = torch.optim.Adam(model.parameters(), lr=1e-3)
        begin = perf_counter()
        for batch in torch.randperm(count).split(BATCH):
            loss = F.cross_entropy(model(self.x[batch]), self.y[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
        return {"rate": count / (perf_counter() - begin)}

    def pgd(self, request):
        """The same steps as torchattacks takes, without its copies and its random start."""
        count, attack = request["images"], request["attack"]
        eps, steps = attack["eps"], attack["steps"]
        size = 2.5 * eps / steps
        self.model.requires_grad_(False)
        begin = perf_counter()
        for clean, labels in zip(self.test_x[:count].split(BATCH), self.test_y[:count].split(BATCH)):
            low, high = (clean - eps).clamp_(min=0), (clean + eps).clamp_(max=1)
            point = clean.clone()
            for _ in range(steps):
                point.requires_grad_(True)
                loss = F.cross_entropy(self.model(point), labels, reduction="sum")
                (gradient,) = torch.autograd.grad(loss, point)
                point = point.detach().add_(gradient.sign_(), alpha=size)
                point = torch.minimum(torch.maximum(point, low), high)
        seconds = perf_counter() - begin
        self.model.requires_grad_(True)
        return {"rate": count * steps / seconds}

    def evaluate(self, request):
        count = request["images"]
        begin = perf_counter()
        read = correct(self.model, self.test_x[:count], self.test_y[:count])
        return {"rate": count / (perf_counter() - begin), "accuracy": read / count}

    def robust(self, request):
        count, attack = request["images"], request["attack"]
        model = loaded(request["network"])
        eps, steps = attack["eps"], attack["steps"]
        pgd = torchattacks.PGD(model, eps=eps, alpha=2.5 * eps / steps, steps=steps)
        robust = 0
        begin = perf_counter()
        for x, y in zip(self.test_x[:count].split(BATCH), self.test_y[:count].split(BATCH)):
            robust += correct(model, pgd(x, y), y)
        return {"seconds": perf_counter() - begin, "accuracy": robust / count}

    def autoattack(self, request):
        """The standard ensemble, all images in one batch, as its authors run it."""
        count = request["images"]
        model = loaded(request["network"])
        # The package works on pictures.
        pictures = nn.Sequential(nn.Flatten(), model)
        x, y = self.test_x[:count].view(-1, 1, 28, 28), self.test_y[:count]
        ensemble = AutoAttack(pictures, eps=request["attack"]["eps"], seed=request["round"])
        begin = perf_counter()
        adversarial, _ = ensemble.run_standard_evaluation(x, y, batch_size=count)
        seconds = perf_counter() - begin
        return {"seconds": seconds, "accuracy": correct(pictures, adversarial, y) / count}


def loaded(network):
    """The network that the native core wrote to a file."""
    model = perceptron(784, *network["hidden"], 10)
    with torch.no_grad():
        for linear, (weights, biases) in zip(model[::2], images.layers(**network)):
            linear.weight.copy_(torch.from_numpy(weights))
            linear.bias.copy_(torch.from_numpy(biases))
    return model.eval()
