"""A recipe of Secateurs, measured anew in PyTorch.

    pip install numpy torch torchattacks
    python {{FILE}} {{USAGE}}

{{IMAGES_FROM}} Beside this file lie
{{WEIGHTS}}.

The recipe, for the page's address or `secateurs replay`: {{LINK}}
Its steps: {{STEPS}}
{{BEGAN}}"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

try:
    import torchattacks
except ImportError:
    torchattacks = None

HERE = Path(__file__).resolve().parent
HIDDEN = {{HIDDEN}}
IMAGES = {{IMAGES}}  # test images measured on, the first in file order
EPS = {{EPS}}  # size of the attack in {{NORM}}; pixels run from 0 to 1
# How many of them Secateurs counted; None where it has not.
OURS = {{OURS}}
# Its most distorted units: hidden layer from 1, unit from 0, mean |z − z̃|.
DISTORTED = {{DISTORTED}}


class Network(nn.Module):
    """Ten logits of 784 pixels by hidden layers with ReLU. In the file, what is pruned is 0."""

    def __init__(self, file=None):
        super().__init__()
        sizes = [784, *HIDDEN, 10]
        self.layers = nn.ModuleList([nn.Linear(*pair) for pair in zip(sizes, sizes[1:])])
        if file:
            arrays, names = np.load(HERE / file), self.state_dict()
            self.load_state_dict({name: torch.from_numpy(arrays[name]) for name in names})

    def hidden(self, x):
        """What each hidden layer puts out."""
        outputs = [x.flatten(1)]
        for layer in self.layers[:-1]:
            outputs.append(F.relu(layer(outputs[-1])))
        return outputs[1:]

    def forward(self, x):
        return self.layers[-1](self.hidden(x)[-1])


def images(folder, train, count):
    """The first images of a set, N × 1 × 28 × 28 from 0 to 1, and their labels."""
{{READING}}    pixels = pixels.reshape(-1, 1, 28, 28)[:count].astype(np.float32) / np.float32(255)
    return torch.from_numpy(pixels), torch.from_numpy(labels[:count].astype(np.int64))


def read(network, x):
    """The digit read in each image."""
    with torch.no_grad():
        return network(x).argmax(1)


def gradient(network, x, y):
    """The gradient of each image's cross-entropy by its pixels."""
    x = x.detach().clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(network(x), y, reduction="sum"), x)[0]

{{DESCENTS}}
def by_hand(network, x, y):
    """{{HAND_WORDS}}"""
{{HAND}}


def by_torchattacks(network, x, y):
    """{{PACKAGED_WORDS}}"""
{{PACKAGED}}


def distortion(network, x, y):
    """Mean |z − z̃| of every hidden unit's outputs on images and on their attacked versions."""
    attacked = {{DISTORTING}}
    with torch.no_grad():
        pairs = zip(network.hidden(x), network.hidden(attacked))
        return [(z - other).abs().mean(0) for z, other in pairs]

{{TRAINED}}
def told(what, found, ours, room):
    """Prints a figure, Secateurs's own, and whether they differ by no more than `room`."""
    known = ours is not None
    near = not known or room is None or abs(found - ours) <= room
    limit = f"{'at most' if near else 'MORE than'} {room:.2g} apart" if known and room else ""
    print(f"{what:<40}{found:>9.5g}{f'{ours:.5g}' if known else '–':>12}   {limit}".rstrip())
    return near


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder"{{FOLDER_OPTIONAL}})
{{TRAIN_OPTION}}    options = parser.parse_args()
    torch.manual_seed({{SEED}})
    x, y = images(options.folder, False, IMAGES)
{{TRAIN_RUN}}    network, before = Network({{AFTER}}).eval(), Network({{BEFORE}}).eval()
    print(f"of {len(x)} images{'here':>35}{'Secateurs':>12}")
    # Sums in another order may turn over an image; other random numbers, some more.
    few, some = max(1, len(x) // 500), max(3, 15 * len(x) // 1000)
    right = int((read(network, x) == y).sum())
    near = [told("read right", right, OURS["clean"], 1)]
    old = int((read(network, by_hand(before, x, y)[0]) == y).sum())
    near.append(told("old adversarial images", old, OURS["old"], {{HAND_ROOM}}))
    robust = int(by_hand(network, x, y)[1].sum())
    near.append(told("re-attacked, {{HAND_NAME}}", robust, OURS["again"], {{HAND_ROOM}}))
{{PACKAGED_TOLD}}
    found = distortion(network, *images(options.folder, True, {{SCORED}}))
    print("The most distorted units, mean |z − z̃|:")
    firsts = [values.argsort(descending=True)[:5].tolist() for values in found]
    here = [(layer, unit, None) for layer, units in enumerate(firsts, 1) for unit in units]
    for layer, unit, v in DISTORTED or here:
        room = v and v * max(0.05, {{SCORED}}**-0.5)
        near.append(told(f"layer {layer}, unit {unit}", float(found[layer - 1][unit]), v, room))
    return 0 if all(near) else 1


if __name__ == "__main__":
    sys.exit(main())
