"""Exported networks opened by the tools they are for, and the script's arithmetic in NumPy.

    SECATEURS=target/debug/secateurs MNIST=FOLDER python -m unittest discover tests/python
"""

import contextlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import safetensors
import safetensors.numpy

import standin

MNIST = os.environ["MNIST"]
# Units, weights and pixels are cut, so that every kind of mask is in it.
PRUNED = (
    "v=1&hidden=48-24&train=epochs:1,images:10000&prune=amount:20"
    "&prune=what:weights,by:magnitude,layers:1,amount:60"
    "&prune=what:pixels,by:distortion-activation,amount:30"
    "&distortion=images:500"
)
FGSM = f"{PRUNED}&attack=method:fgsm&measure=eps:0.1,images:1000"
PGD = f"{PRUNED}&attack=steps:10,restarts:2&measure=eps:0.05,images:1000"


def secateurs(*arguments):
    run = subprocess.run([os.environ["SECATEURS"], *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return run.stdout


def script(path):
    """The exported script as a module, with NumPy in torch's place."""
    standin.install()
    spec = importlib.util.spec_from_file_location("experiment", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.own = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.own.cleanup)
        cls.folder = Path(cls.own.name)
        for name in ("net.npz", "net.safetensors", "net.onnx", "recipe.json", "fgsm.py"):
            secateurs("export", FGSM, "--to", str(cls.folder / name))
        cls.arrays = dict(np.load(cls.folder / "net.npz"))
        cls.report = json.loads(secateurs("replay", FGSM, "--json"))
        # The same weights in the form that the command line measures, so that it says what its
        # own arithmetic makes of them.
        layers = range(3)
        plain = {f"w{at + 1}": cls.arrays[f"layers.{at}.weight"] for at in layers}
        plain |= {f"b{at + 1}": cls.arrays[f"layers.{at}.bias"] for at in layers}
        np.savez(cls.folder / "plain.npz", **plain)
        measured = secateurs(
            *("measure", "--network", str(cls.folder / "plain.npz")),
            *("--attack", "fgsm eps=0.1", "--images", "0..1000", "--per-image", "--json"),
        )
        cls.measured = json.loads(measured)
        cls.logits = np.array(cls.measured["logits"], np.float32)
        cls.script = script(cls.folder / "fgsm.py")
        cls.x, cls.y = cls.script.images(MNIST, False, 1000)

    def near(self, logits):
        room = 1e-5 * np.maximum(1, np.abs(self.logits).max(1, keepdims=True))
        self.assertTrue((np.abs(logits - self.logits) <= room).all())

    def test_masks_are_applied_and_told(self):
        pruned = 0
        for at in range(3):
            for what in ("weight", "bias"):
                values, acts = self.arrays[f"layers.{at}.{what}"], self.arrays[f"masks.{at}.{what}"]
                self.assertEqual((values.dtype, acts.dtype), (np.float32, np.bool_))
                self.assertFalse(values[~acts].any())
                self.assertTrue((values[acts] != 0).mean() > 0.99)
                pruned += (~acts).sum() if what == "weight" else 0
        weights = sum(self.arrays[f"layers.{at}.weight"].size for at in range(3))
        self.assertAlmostEqual(pruned / weights, self.report["sparsity"])
        told = json.loads(str(self.arrays["metadata"]))
        self.assertEqual(told["digest"], self.report["digest"])
        self.assertAlmostEqual(float(told["sparsity"]), self.report["sparsity"])
        again = json.loads(secateurs("replay", told["recipe"], "--json"))
        self.assertEqual(again["digest"], self.report["digest"])

    def test_safetensors_hold_the_same_bits(self):
        path = self.folder / "net.safetensors"
        read = safetensors.numpy.load_file(path)
        self.assertEqual(set(read), set(self.arrays) - {"metadata"})
        for name, values in read.items():
            self.assertEqual(values.dtype, self.arrays[name].dtype)
            self.assertEqual(values.tobytes(), self.arrays[name].tobytes())
        with safetensors.safe_open(path, "np") as file:
            told = file.metadata()
        self.assertEqual((told["format"], told["digest"]), ("pt", self.report["digest"]))

    def test_onnx_is_valid_and_gives_the_logits(self):
        model = onnx.load(self.folder / "net.onnx")
        onnx.checker.check_model(model, full_check=True)
        told = {prop.key: prop.value for prop in model.metadata_props}
        self.assertEqual((told["producer"], told["digest"]), ("Secateurs", self.report["digest"]))
        session = onnxruntime.InferenceSession(self.folder / "net.onnx")
        for count in (1, 1000):
            image = np.asarray(self.x[:count]).reshape(count, 784)
            (logits,) = session.run(["logits"], {"image": image})
            self.assertEqual(logits.shape, (count, 10))
        self.near(logits)

    def test_the_recipe_leads_to_the_same_network(self):
        recipe = (self.folder / "recipe.json").read_text()
        again = json.loads(secateurs("replay", recipe, "--json"))
        self.assertEqual(again["digest"], self.report["digest"])

    def test_the_script_reads_what_secateurs_reads(self):
        network = self.script.Network("fgsm-after.npz")
        self.near(np.asarray(network(self.x)))
        right = int((self.script.read(network, self.x) == self.y).sum())
        self.assertEqual(right, self.report["clean"]["correct"])
        self.assertEqual(right, self.measured["clean"]["correct"])

    def test_the_scripts_fgsm_fools_the_same_images(self):
        network = self.script.Network("fgsm-after.npz")
        _, right = self.script.by_hand(network, self.x, self.y)
        self.assertEqual(right.tolist(), self.measured["attacks"][0]["robust"])
        self.assertEqual(int(right.sum()), self.report["adaptive"]["correct"])

    def test_the_scripts_distortion_is_that_of_secateurs(self):
        network = self.script.Network("fgsm-after.npz")
        found = self.script.distortion(network, *self.script.images(MNIST, True, 500))
        for units, layer in zip(found, self.report["distortion"]["layers"]):
            ours = np.array(layer["units"])
            # Other random starts.
            self.assertLess(np.abs(np.asarray(units) - ours).max(), 0.05 * ours.max())
        most = max((v, unit) for layer, unit, v in self.script.DISTORTED if layer == 1)
        self.assertAlmostEqual(most[0], max(self.report["distortion"]["layers"][0]["units"]), 5)

    def run_script(self, recipe):
        path = self.folder / "whole.py"
        secateurs("export", recipe, "--to", str(path))
        module = script(path)
        told, sys.argv = io.StringIO(), [str(path), MNIST]
        with contextlib.redirect_stdout(told):
            code = module.main()
        self.assertEqual(code, 0, told.getvalue())
        return told.getvalue()

    def test_the_whole_script_agrees_with_secateurs(self):
        told = self.run_script(PGD)
        self.assertIn("torchattacks is not installed", told)
        self.assertNotIn("MORE than", told)
        lines = {line[:40].strip(): line[40:].split() for line in told.splitlines()}
        report = json.loads(secateurs("replay", PGD, "--json"))
        self.assertEqual(int(lines["old adversarial images"][1]), report["transfer"]["correct"])
        self.assertEqual(int(lines["re-attacked, PGD by hand"][1]), report["adaptive"]["correct"])
        # What was cut changes what the old images do: both files are read.
        self.assertNotEqual(report["transfer"]["correct"], report["adaptive"]["correct"])

    def test_what_secateurs_has_not_measured_is_left_open(self):
        path = self.folder / "open.py"
        text = (self.folder / "fgsm.py").read_text()
        ours = next(line for line in text.splitlines() if line.startswith("OURS = "))
        most = next(line for line in text.splitlines() if line.startswith("DISTORTED = "))
        nothing = 'OURS = {"clean": None, "old": None, "again": None}'
        path.write_text(text.replace(ours, nothing).replace(most, "DISTORTED = []"))
        module, told = script(path), io.StringIO()
        sys.argv = [str(path), MNIST]
        with contextlib.redirect_stdout(told):
            self.assertEqual(module.main(), 0)
        # Its own most distorted units, five of each layer.
        self.assertEqual(told.getvalue().count("layer 1, unit"), 5)
        self.assertNotIn("apart", told.getvalue())

    def test_a_figure_that_is_off_is_told(self):
        path = self.folder / "wrong.py"
        text = (self.folder / "fgsm.py").read_text()
        text = text.replace(f'"clean": {self.report["clean"]["correct"]}', '"clean": 5')
        path.write_text(text)
        module, told = script(path), io.StringIO()
        sys.argv = [str(path), MNIST]
        with contextlib.redirect_stdout(told):
            self.assertEqual(module.main(), 1)
        self.assertIn("MORE than 1 apart", told.getvalue())


if __name__ == "__main__":
    unittest.main()
