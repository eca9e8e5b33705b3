#!/usr/bin/env python3
"""The questions about compiling, code, files and choosing are answered, at a small size.

Usage: questions_test.py --build DIR, a build with the benchmarks
"""

import functools
import shutil
import unittest.mock

from asking import SERVICES, WithMaterial, main  # first: it finds the modules of bench/
from measuring import google_benchmark


class QuestionsTest(WithMaterial):
    def needs(self, program, package):
        self.assertIsNotNone(shutil.which(program), f"there is no {program} here: apt-get install -y {package}")

    def test_compile(self):
        self.needs("zstd", "zstd")
        found = self.answers("compile", REPETITIONS={SERVICES: 1}, COMPRESSION_REPETITIONS={SERVICES: 1})
        whole, *parts = (found[f"{what}, one core", "almanac"].value
                         for what in ("compiling without compression", "reading alone", "encoding alone"))
        self.assertAlmostEqual(1 / whole, sum(1 / part for part in parts))

    def test_library(self):
        found = self.answers("library")
        for case in ("snapshot in memory, find", "registry over a store of the program's own"):
            self.assertIn("libzstd.a", found[case, "almanac"].details["by_library"])
        for one in found.values():
            self.assertGreater(one.value, 0)

    def test_files(self):
        self.needs("cdb", "tinycdb")
        self.needs("mdb_load", "lmdb-utils")
        found = self.answers("files")
        self.assertEqual({subject for _, subject in found}, {"almanac", "cdb", "LMDB", "SQLite"})
        for one in found.values():
            self.assertGreater(one.value, 20 * SERVICES)  # no name and uri are shorter together

    def test_pick(self):
        shorter = functools.partial(google_benchmark.samples, repetitions=1, min_time=0.001)
        with unittest.mock.patch.object(google_benchmark, "samples", shorter):
            found = self.answers("pick")
        for endpoints in (1, 4, 64):
            self.assertGreater(found[f"pick() of {endpoints}", "almanac"].value, 0)


if __name__ == "__main__":
    main()
