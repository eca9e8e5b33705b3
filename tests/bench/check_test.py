#!/usr/bin/env python3
"""What bench/check says of results made by hand: two machines, noise, exact units, files that are none."""

import json
import pathlib
import tempfile
import unittest

from handmade import Target, changed, compile_, lookup, measured, result, run, size, write


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, old, new, *options):
        """(exit status, what is printed) for two lists of results."""
        done = run("check", write(self.folder / "old", *old), write(self.folder / "new", *new), *options)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def refused(self, *arguments):
        done = run("check", *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_the_same_twice(self):
        status, said = self.check([lookup(), size(), compile_()], [lookup(), size(), compile_()])
        self.assertEqual(status, 0)
        self.assertEqual(said.splitlines()[-1], "6 compared: 0 worse, 0 better, 0 noise, 6 the same")
        self.assertIn("not compared, without the same unit and a peer to divide by in both: compile: alone, 1,000 services, almanac", said)

    def test_a_machine_half_as_fast_is_no_change(self):
        status, said = self.check([lookup()], [lookup(2.0, 2.0)])
        self.assertEqual(status, 0, said)

    def test_slower_beside_the_peer_though_the_machine_is_faster(self):
        status, said = self.check([lookup()], [lookup(0.9, 0.6)])
        self.assertEqual(status, 1)
        self.assertIn("worse   lookup: found, 10,000 services: 0.417 -> 0.625 of absl::flat_hash_map (+50.0 %)", said)

    def test_faster(self):
        status, said = self.check([lookup()], [lookup(0.5)])
        self.assertEqual(status, 0)
        self.assertIn("better  lookup: found, 10,000 services: 0.417 -> 0.208 of absl::flat_hash_map (-50.0 %)", said)

    def test_a_median_that_moves_without_the_best_sample_is_noise(self):
        status, said = self.check([lookup()], [lookup(1.15, best_factor=1.0)])
        self.assertEqual(status, 0)
        self.assertIn("noise?  lookup: found, 10,000 services", said)

    def test_the_tolerance_is_what_is_asked_for(self):
        self.assertEqual(self.check([lookup()], [lookup(1.08)])[0], 0)
        self.assertEqual(self.check([lookup()], [lookup(1.08)], "--tolerance", "5")[0], 1)
        self.assertEqual(self.check([lookup()], [lookup(1.15)], "--tolerance", "20")[0], 0)

    def test_of_a_rate_less_is_worse(self):
        status, said = self.check([compile_()], [compile_(rate=400_000.0)])
        self.assertEqual(status, 1)
        self.assertIn("worse   compile: rate, 1,000 services: 0.600 -> 0.400 of a peer (-33.3 %)", said)
        self.assertEqual(self.check([compile_()], [compile_(rate=800_000.0)])[0], 0)

    def test_of_a_rate_the_highest_sample_is_the_best_one(self):
        then, noisy = compile_(), compile_()
        slow = measured("rate", "almanac", "services/s", [200_000.0, 510_000.0, 606_000.0], services=1_000, beside="a peer")
        status, said = self.check([then], [changed(noisy, measurements=[slow, *noisy.measurements[1:]])])
        self.assertEqual(status, 0)
        self.assertIn("noise?  compile: rate", said)

    def test_more_may_be_better_by_a_target(self):
        few, many = (result("peers", [measured("reached", "almanac", "bytes", number)], [Target("reach", "reached", 5, at_least=True)])
                     for number in (10, 20))
        self.assertEqual(self.check([few], [many])[0], 0)
        self.assertEqual(self.check([many], [few])[0], 1)

    def test_bytes_are_compared_as_they_are(self):
        self.assertEqual(self.check([size(1_000_000)], [size(1_015_000)])[0], 0)
        status, said = self.check([size(1_000_000)], [size(1_030_000)], "--tolerance", "50")
        self.assertEqual(status, 1)
        self.assertIn("worse   size: bytes on the wire, 100,000 services: 977 KiB -> 1,006 KiB (+3.0 %)", said)

    def test_memory_whose_median_alone_grows_is_noise(self):
        then, noisy, grown = ([result("memory", [measured("resident", "almanac", "bytes", samples)])]
                              for samples in ([100, 101, 102], [100, 120, 130], [110, 120, 130]))
        self.assertEqual(self.check(then, noisy)[0], 0)
        self.assertEqual(self.check(then, grown)[0], 1)

    def test_memory_in_times_the_input_needs_no_peer(self):
        then, now = ([result("compile", [measured("peak memory over input", "almanac", "times", number)])] for number in (2.4, 2.5))
        self.assertEqual(self.check(then, now)[0], 1)
        self.assertEqual(self.check(now, then)[0], 0)

    def test_a_target_that_was_reached_and_is_short(self):
        then, now = ([result("start", [measured("beyond", "almanac", "ms", number)], [Target("fast", "beyond", 1.5)]), size()]
                     for number in (1.49, 1.51))
        status, said = self.check(then, now)
        self.assertEqual(status, 1)
        self.assertIn("worse   short of its target, which was reached: start: fast\n", said)
        self.assertEqual(self.check(now, then)[0], 0)
        self.assertEqual(self.check(now, now)[0], 0)
        self.assertEqual(json.loads(self.check(then, now, "--json")[1])["short"], ["start: fast"])

    def test_one_allocation_where_there_was_none(self):
        none, one = (result("threads", [measured("allocations", "almanac", "allocations", number)]) for number in (0, 1))
        status, said = self.check([none], [one])
        self.assertEqual(status, 1)
        self.assertIn("worse   threads: allocations: 0 allocations -> 1 allocations (from nothing)", said)

    def test_a_rate_of_bytes_is_no_exact_unit(self):
        fast, slow = (result("store", [measured("reading", "almanac", "bytes/s", rate)]) for rate in (200, 100))
        self.assertIn("have no figure in common", self.refused(write(self.folder / "a", fast), write(self.folder / "b", slow)))

    def test_another_peer_is_no_comparison(self):
        other = changed(lookup(1.15), measurements=[changed(one, beside="LMDB") if one.beside else one for one in lookup(1.15).measurements])
        status, said = self.check([lookup(), size()], [other, size()])
        self.assertEqual(status, 0)
        self.assertEqual(said.count("not compared, "), 3)

    def test_what_is_in_one_of_them(self):
        status, said = self.check([size()], [size(), compile_()])
        self.assertEqual(status, 0)
        status, said = self.check([lookup(), size()], [size(), compile_()])
        self.assertEqual(status, 1)
        self.assertIn("missing lookup: NEW has no answer to this question\n", said)
        self.assertIn("only in OLD: lookup: found, 10,000 services, almanac\n", said)
        self.assertIn("only in NEW: compile: rate, 1,000 services, almanac\n", said)
        self.assertNotIn("LMDB", said)

    def test_json(self):
        status, said = self.check([lookup(), size()], [lookup(1.5), compile_(), size()], "--json")
        told = json.loads(said)
        self.assertEqual((status, told["worse"], told["tolerance_percent"]), (1, 3, 10))
        first = told["compared"][0]
        told_first = first["case"], first["services"], first["beside"], first["verdict"]
        self.assertEqual(told_first, ("found", 1000, "absl::flat_hash_map", "worse"))
        self.assertAlmostEqual(first["growth"], 0.5)
        self.assertEqual(len(told["only_in_new"]), 2)

    def test_two_files(self):
        old, new = write(self.folder / "old", lookup()), write(self.folder / "new", lookup(2.0))
        self.assertEqual(run("check", old / "lookup.json", new / "lookup.json").returncode, 1)

    def test_nothing_in_common(self):
        said = self.refused(write(self.folder / "old", lookup()), write(self.folder / "new", size()))
        self.assertEqual(said, f"bench/check: {self.folder}/old and {self.folder}/new have no figure in common that can be compared\n")

    def test_places_without_results(self):
        good = write(self.folder / "good", lookup())
        (self.folder / "empty").mkdir()
        self.assertIn("empty: has no *.json", self.refused(good, self.folder / "empty"))
        self.assertIn("missing: no such file or directory", self.refused(self.folder / "missing", good))

    def test_files_that_are_no_results(self):
        good = write(self.folder / "good", lookup())
        text = (good / "lookup.json").read_text()
        bad = self.folder / "bad.json"
        for content, problem in (
            ("", ":1:1: is not JSON: expecting value"),
            ('{"question"', ":1:12: is not JSON: expecting ':' delimiter"),
            ("[" * 100_000, ": "),
            ("[]", ": must be an object, is an array"),
            ("{}", ': has no "question"'),
        ):
            with self.subTest(problem=problem):
                bad.write_text(content)
                self.assertIn(f"bad.json{problem}", self.refused(good, bad))
        for old, new, problem in (
            ('"question"', '"asked"', ': has no "question"'),
            ('"seconds"', '"colour": 1, "seconds"', ': unknown member "colour"'),
            ('"measurements": [', '"measurements": {}, "old": [', ': "measurements" must be an array, is an object'),
            ('"measurements": [', '"measurements": [7,', ": measurements[0]: must be an object, is a whole number"),
            ('"unit": "ns"', '"unit": null', ': measurements[0]: "unit" must be text, is null'),
            ('"services": 1000', '"services": true', ': measurements[0]: "services" must be a whole number or null, is true or false'),
            ('"value": 8.0', '"value": NaN', ": NaN is no figure"),
            ('"value": 8.0', '"value": 1e999', ": 1e999 is no figure"),
            ('"value": 8.0', '"value": 1' + 400 * "0", ": 1" + 400 * "0" + " is no figure"),
            ('"p0.1": ', '"p0.1": "much", "p0.2": ', ": measurements[0]: details.percentiles must be an object of numbers"),
            ('"percentiles": {', '"percentiles": [], "others": {', ": measurements[0]: details.percentiles must be an object of numbers"),
            ('"value": 8.0', '"value": 800.0', ": measurements[0]: low 7.2, value 800.0, high 10.4: must be in this order"),
            ('"subject": "almanac"', '"subject": "absl::flat_hash_map"', ": measurements[1]: came before: found, 1000 services, absl"),
            ('"limit": 0.5,', "", ': targets[0]: has no "limit"'),
        ):
            with self.subTest(problem=problem):
                self.assertIn(old, text)
                bad.write_text(text.replace(old, new, 1))
                self.assertIn(f"bad.json{problem}", self.refused(good, bad))
        bad.write_bytes(b'{"question": "\xff"}')
        self.assertIn("bad.json: is not UTF-8: invalid start byte at byte 14", self.refused(good, bad))

    def test_the_same_question_twice_in_a_folder(self):
        folder = write(self.folder / "twice", lookup())
        (folder / "again.json").write_text((folder / "lookup.json").read_text())
        self.assertIn("has the same question as", self.refused(folder, folder))

    def test_a_quick_run_is_told_of(self):
        old, new = write(self.folder / "old", changed(lookup(), quick=True)), write(self.folder / "new", lookup())
        done = run("check", old, new)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, f"bench/check: warning: {old} is of a quick run, whose figures are no more than a look: lookup\n")

    def test_usage(self):
        self.assertIn("--tolerance PERCENT", run("check", "--help").stdout)
        self.assertEqual(run("check").returncode, 2)
        self.assertEqual(run("check", "a", "b", "--tolerance", "nan").returncode, 2)


if __name__ == "__main__":
    unittest.main()
