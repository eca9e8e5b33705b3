#!/usr/bin/env python3
"""What a command takes is told, and nothing of what the process has that asks for it."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from measuring import peak_memory  # noqa: E402

MIB = 1 << 20
OWN = 200 * MIB
OF_COMMAND = 100 * MIB
OF_PYTHON = 40 * MIB


class PeakMemoryTest(unittest.TestCase):
    def test_it_is_that_of_the_command(self):
        own = bytearray(b"x") * OWN
        small = peak_memory.of(["true"])
        large = peak_memory.of(["/usr/bin/python3", "-c", f"text = b'x' * {OF_COMMAND}"])
        self.assertEqual(len(own), OWN)
        self.assertLess(small["peak_bytes"], OF_PYTHON)
        self.assertGreaterEqual(large["peak_bytes"], OF_COMMAND)
        self.assertLess(large["peak_bytes"], OF_COMMAND + OF_PYTHON)
        self.assertGreater(large["seconds"], 0)

    def test_a_command_that_fails_has_none(self):
        for command in (["false"], ["/no/such/program"]):
            with self.assertRaises(subprocess.CalledProcessError):
                peak_memory.of(command)


if __name__ == "__main__":
    unittest.main()
