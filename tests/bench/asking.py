"""Questions of bench/, asked at a small size."""

import argparse
import importlib
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from measuring.material import Material  # noqa: E402
from measuring.question import Setting  # noqa: E402
from measuring.result import find  # noqa: E402

SERVICES = 2_000


class WithMaterial(unittest.TestCase):
    build = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.material = Material(self.build, self.folder)

    def answers(self, name, **shortened):
        """{(case, subject): measurement}. Each target finds the figures that it is about."""
        question = importlib.import_module(f"questions.{name}")
        for constant, value in shortened.items():
            self.assertTrue(hasattr(question, constant))
            setattr(question, constant, value)
        measurements = question.measure(Setting(self.material, [SERVICES]))
        keys = [one.key for one in measurements]
        self.assertEqual(len(keys), len(set(keys)))
        for target in question.targets():
            for subject in filter(None, (target.subject, target.beside)):
                figure = find(measurements, target.case, target.services and SERVICES, subject)
                self.assertIsNotNone(figure, f"{target.what}: no figure of {subject}")
        for one in measurements:
            if one.beside:
                self.assertIsNotNone(find(measurements, one.case, one.services, one.beside), f"{one.key}: nothing beside it")
        return {(one.case, one.subject): one for one in measurements}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    arguments, others = parser.parse_known_args()
    WithMaterial.build = arguments.build
    unittest.main(argv=[sys.argv[0], *others])
