"""The packed images, as the build made them for the page."""

import gzip
import json
from pathlib import Path

import numpy as np

PIXELS = 784


def read(folder, name):
    """A set's pixels from 0 to 1, and its labels."""
    manifest = json.loads((Path(folder) / "manifest.json").read_text())
    pixels = np.empty((manifest[name], PIXELS), np.float32)
    labels = np.empty(manifest[name], np.int64)
    for chunk in manifest["chunks"]:
        if chunk["set"] == name:
            packed = (Path(folder) / chunk["file"]).read_bytes()
            values = np.frombuffer(gzip.decompress(packed), np.uint8)
            first, count = chunk["first"], chunk["count"]
            labels[first : first + count] = values[:count]
            pixels[first : first + count] = values[count:].reshape(count, PIXELS) / np.float32(255)
    return pixels, labels


def layers(file, hidden):
    """A network's weights (out × in) and biases, as the native core wrote them."""
    values = np.fromfile(file, "<f4")
    sizes = [PIXELS, *hidden, 10]
    for inputs, outputs in zip(sizes, sizes[1:]):
        weights, values = values[: inputs * outputs], values[inputs * outputs :]
        biases, values = values[:outputs], values[outputs:]
        yield weights.reshape(outputs, inputs), biases
