#!/usr/bin/env python3
"""The page and the plots that bench/report makes of results made by hand."""

import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree

from handmade import ROOT, Target, changed, compile_, lookup, measured, result, run, size, write

SVG = "{http://www.w3.org/2000/svg}"
LARGEST_PLOT = 60_000


class ReportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "2026-11-21-handmade"

    def report(self, *results):
        done = run("report", write(self.folder, *results))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        return (self.folder / "README.md").read_text()

    def rows(self, page, heading):
        """The cells of the tables below a heading."""
        section = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)[1]
        return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if line.startswith("| ")]

    def plots(self):
        return {path.name: path.read_text() for path in self.folder.glob("*.svg")}

    def test_targets_are_reached_or_short(self):
        page = self.report(lookup(), size(), compile_())
        self.assertTrue(page.startswith("# Figures: 2026-11-21-handmade\n"))
        self.assertIn("\n4 of 6 are reached.\n", page)
        rows = self.rows(page, "Targets")[2:]
        self.assertEqual([row[:4] for row in rows], [
            ["lookup: at most a twentieth of LMDB, 100,000 services", "0.078", "at most 0.05 of LMDB", "**SHORT**; A small map fits the nearest cache."],
            ["lookup of ten million, 10,000,000 services", "not measured", "at most 0.5 of LMDB", "**SHORT**"],
            ["compile: at least half a million, 1,000 services", "600,000 services/s", "at least 500,000 services/s", "reached"],
            ["lookup: at most half of absl::flat_hash_map, 10,000 services", "0.417", "at most 0.5 of absl::flat_hash_map", "reached"],
            ["on the wire: at most 0.95 of zstd, 100,000 services", "0.905", "at most 0.95 of zstd -19", "reached"],
            ["resident: nothing", "0 bytes", "at most 0 bytes", "reached"],
        ])
        self.assertEqual([row[4] for row in rows], [f"[{name}]({name}.json)" for name in ("lookup", "lookup", "compile", "lookup", "size", "size")])

    def test_questions_without_an_answer_are_named(self):
        page = self.report(lookup(), size(), compile_())
        named = re.search(r"\*\*No answer here, because these were not asked or failed: (.*)\.\*\*", page)[1].split(", ")
        there = {path.stem for path in (ROOT / "bench" / "questions").glob("[a-z]*.py")}
        self.assertEqual(set(named), there - {"lookup", "size", "compile"})

    def test_no_target_is_reached_by_rounding(self):
        found = [measured("case", "almanac", "ns", 50.004), measured("case", "peer", "ns", 100.0)]
        page = self.report(result("close", found, [Target("close", "case", 0.5, beside="peer")]))
        self.assertEqual(self.rows(page, "Targets")[2][3], "**SHORT**")

    def test_what_is_short_has_its_floor_beside_it(self):
        found = [measured("case", subject, "ms", value) for subject, value in (("almanac", 6.0), ("peer", 10.0), ("bare", 4.0))]
        targets = [Target("fast", "case", limit, beside=beside, floor="bare") for limit, beside in ((0.3, "peer"), (0.6, "peer"), (5, None))]
        rows = self.rows(self.report(result("floors", found, targets)), "Targets")[2:]
        self.assertEqual([row[3] for row in rows], ["**SHORT**; bare alone: 0.400", "**SHORT**; bare alone: 4 ms", "reached"])

    def test_peers_that_are_ahead_are_named_with_the_reason(self):
        page = self.report(lookup(), size(), compile_())
        self.assertEqual(self.rows(page, "Where a peer is ahead")[2:], [
            ["[compile](compile.json)", "a peer", "rate: 1.67 × at 1,000", "not explained yet"],
            ["[lookup](lookup.json)", "absl::flat_hash_map", "found: 1.25 × at 1,000", "A small map fits the nearest cache."],
        ])
        self.assertEqual(self.rows(self.report(lookup(0.5, 1.0), compile_(2e6)), "Where a peer is ahead"), [])
        both = self.rows(self.report(lookup(3.0, 1.0)), "Where a peer is ahead")
        self.assertEqual(both[2][1:3], ["absl::flat_hash_map", "found: 3.75 × at 1,000, 1.25 × at 10,000"])

    def test_cases_of_one_reason_share_a_row(self):
        found = [measured(case, subject, "ns", value) for case in ("one", "two") for subject, value in (("almanac", 3.0), ("peer", 2.0))]
        page = self.report(result("pick", found, remarks={"peer": "It was made beforehand."}))
        self.assertEqual(self.rows(page, "Where a peer is ahead")[2:], [
            ["[pick](pick.json)", "peer", "one: 1.5 ×; two: 1.5 ×", "It was made beforehand."]])

    def test_a_floor_is_no_peer(self):
        page = self.report(changed(lookup(), floors=["absl::flat_hash_map"]))
        self.assertIn("In no case of these.\n\nNot counted as peers: what the hardware does at best, limits and yardsticks: absl::flat_hash_map.\n", page)
        self.assertIn("absl::flat_hash_map", [row[0] for row in self.rows(page, "About lookup")])

    def test_a_remark_may_be_about_a_peer(self):
        page = self.report(changed(lookup(), remarks={"absl::flat_hash_map": "It has no digest to check."}))
        self.assertEqual(self.rows(page, "Where a peer is ahead")[2][3], "It has no digest to check.")

    def test_what_subjects_have_in_common_is_told_once(self):
        found = [measured("start", subject, "ms", 1.0, services=services, details={"bytes": services, "options": subject})
                 for subject in ("almanac", "peer") for services in (10, 20)]
        page = self.report(result("start", found))
        told = page[page.index("- **start**"):].splitlines()
        self.assertEqual(told[:3], ["- **start** (almanac; peer): bytes: 10 / 20", "- **start** (almanac): options: almanac",
                                    "- **start** (peer): options: peer"])

    def test_each_question_has_its_figures(self):
        rows = self.rows(self.report(lookup(), size(), compile_()), "About lookup")
        self.assertIn(["**almanac**", "10 ns [9 – 15]", "15 ns [13.5 – 22.5]", "31 ns [27.9 – 46.5]"], rows)
        self.assertIn(["*almanac / absl::flat_hash_map*", "*1.25*", "*0.417*", "*0.112*"], rows)
        self.assertIn("36 ns [32.4 – 46.8] · *2.4 ×*", next(row for row in rows if row[0] == "absl::flat_hash_map"))
        self.assertIn(["found, 10,000 services", "**almanac**", "15.3 ns", "18 ns", "30 ns", "42 ns", "44.7 ns", "45.0 ns"], rows)
        page = (self.folder / "README.md").read_text()
        self.assertIn("- **found** (almanac): huge pages: advised\n", page)
        self.assertIn(["bytes on the wire", "100,000", "zstd -19", "2.04 MiB", "1.1 ×"], self.rows(page, "About size"))

    def test_the_machine_and_its_noise_are_told(self):
        page = self.report(lookup(), size())
        self.assertIn(["processor", "A <Processor> & Co"], self.rows(page, "The machine"))
        self.assertIn(["Debian packages", "liblmdb-dev 0.9.24-1"], self.rows(page, "The machine"))
        self.assertIn(["[size](size.json)", "2026-11-21", "4f2a9c1b0d3e", "61 s", "2 %", "1.02", "1.40", "`bench/run --only size`"],
                      self.rows(page, "The runs"))

    def test_a_quick_run_says_so(self):
        self.assertNotIn("nothing to quote", self.report(lookup()))
        self.assertIn("nothing to quote", self.report(changed(lookup(), quick=True)))

    def test_plots_are_small_pictures_that_name_their_series(self):
        page = self.report(lookup(), size(), compile_())
        plots = self.plots()
        self.assertEqual(sorted(plots), ["compile-rate.svg", "lookup-found-1000-percentiles.svg", "lookup-found-10000-percentiles.svg",
                                         "lookup-found-100000-percentiles.svg", "lookup-found.svg"])
        for name, text in plots.items():
            self.assertIn(f"]({name})", page)
            self.assertLess(len(text), LARGEST_PLOT)
            self.assertEqual(xml.etree.ElementTree.fromstring(text).tag, f"{SVG}svg")
        self.assertEqual({"almanac", "absl::flat_hash_map", "LMDB"} - self.words(plots["lookup-found.svg"]), set())
        self.assertEqual({"almanac", "absl::flat_hash_map"} - self.words(plots["lookup-found-1000-percentiles.svg"]), set())
        self.assertEqual({"almanac", "a peer", "1,000 services", "600,000 services/s"} - self.words(plots["compile-rate.svg"]), set())

    @staticmethod
    def words(text):
        return {element.text for element in xml.etree.ElementTree.fromstring(text).iter(f"{SVG}text")}

    def test_cases_of_one_distribution_are_drawn_once(self):
        details = {"percentiles": {"p50": 3.0, "p99": 5.0}}
        cases = [measured(f"dependent, p{percentile}", "almanac", "ns", 3.0, details=details) for percentile in (50, 99)]
        page = self.report(result("latency", cases))
        self.assertEqual(list(self.plots()), ["latency-dependent-percentiles.svg"])
        self.assertEqual(page.count("| dependent | **almanac** |"), 1)

    def test_curves_are_where_the_figures_are(self):
        """On logarithmic axes ten times as much is as far each time, and lower is less."""
        straight = [measured("found", "almanac", "ns", float(services), services=services) for services in (10, 100, 1000)]
        self.report(result("line", straight))
        drawn = xml.etree.ElementTree.fromstring(self.plots()["line-found.svg"]).find(f"{SVG}polyline").get("points")
        (x1, y1), (x2, y2), (x3, y3) = [tuple(map(float, point.split(","))) for point in drawn.split()]
        self.assertAlmostEqual(x2 - x1, x3 - x2, delta=0.2)
        self.assertAlmostEqual(y1 - y2, y2 - y3, delta=0.2)
        self.assertTrue(x1 < x2 < x3 and y1 > y2 > y3)

    def test_what_is_flat_looks_flat(self):
        """Where the figures are near each other the axis begins at nothing: a tenth more is a tenth of the height higher."""
        figures = {10: 10.0, 100: 10.0, 1000: 11.0}
        self.report(result("flat", [measured("start", "almanac", "ms", value, services=services) for services, value in figures.items()]))
        picture = xml.etree.ElementTree.fromstring(self.plots()["flat-start.svg"])
        heights = [float(point.split(",")[1]) for point in picture.find(f"{SVG}polyline").get("points").split()]
        ticks = {element.text: float(element.get("y")) - 4 for element in picture.iter(f"{SVG}text") if element.get("text-anchor") == "end"}
        self.assertEqual(heights[0], heights[1])
        self.assertAlmostEqual(ticks["10"], heights[0], delta=0.2)
        self.assertAlmostEqual((ticks["0"] - heights[2]) / (ticks["0"] - heights[0]), 1.1, delta=0.01)

    def test_bars_are_as_long_as_the_figures(self):
        self.report(compile_())
        picture = xml.etree.ElementTree.fromstring(self.plots()["compile-rate.svg"])
        lengths = [float(bar.get("width")) for bar in picture.iter(f"{SVG}rect")][1:]
        self.assertAlmostEqual(lengths[0] / lengths[1], 0.6, delta=0.01)

    def test_names_that_mean_something_to_markdown_or_xml(self):
        found = [measured("<a|b>", f'map<"{index}|&>', "ns", index + 1.0, services=1_000) for index in range(3)]
        page = self.report(result("odd", found))
        self.assertIn("| map<\"0\\|&> |", page)
        self.assertIn('map<"0|&>', self.words(self.plots()["odd-a-b.svg"]))

    def test_what_is_nothing_everywhere_has_no_plot(self):
        self.report(result("none", [measured("allocations", "almanac", "allocations", 0, services=services) for services in (1, 2, 3)]))
        self.assertEqual(self.plots(), {})

    def test_the_same_folder_gives_the_same_bytes(self):
        first = self.report(lookup(), size(), compile_()), self.plots()
        self.assertEqual((self.report(lookup(), size(), compile_()), self.plots()), first)

    def test_plots_of_an_earlier_page_go(self):
        self.report(lookup())
        self.report(changed(lookup(), charts={"found": "none"}))
        self.assertEqual([name for name in self.plots() if "percentiles" not in name], [])

    def test_lines_for_the_readme(self):
        zstd = "zstd -19 of sorted JSON Lines"
        found = [measured("bytes on the wire", subject, "bytes", size, services=100_000)
                 for subject, size in (("almanac", 1_934_000), (zstd, 2_137_000))]
        done = run("report", "--readme", write(self.folder, result("size", found)))
        self.assertEqual(done.returncode, 0)
        rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
        figure = f"[1.84 MiB]({self.folder}/size.json)"
        self.assertIn(f"| 100,000 services on the wire, index included | {figure} | {zstd}: 2.04 MiB (1.1 ×) |", rows)
        self.assertLessEqual(len(rows) - 2, 8)
        self.assertIn("has no figure for lookup: hit, 10,000 services\n", done.stderr)
        self.assertNotIn("no figure for size: bytes on the wire", done.stderr)
        self.assertIn(f"[all figures]({self.folder / 'README.md'})", done.stdout)

    def test_a_folder_without_results(self):
        self.folder.mkdir()
        done = run("report", self.folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("has no *.json", done.stderr)
        (self.folder / "x.json").write_text("{")
        self.assertIn("x.json:1:2: is not JSON", run("report", self.folder).stderr)


if __name__ == "__main__":
    unittest.main()
