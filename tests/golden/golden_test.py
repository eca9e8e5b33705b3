#!/usr/bin/python3 -B
"""Every golden document compiles to the very bytes that are kept, however it is compiled.

  golden_test.py --programs build/release/generator [--seed NUMBER] [unittest's own options]
"""
import argparse
import pathlib
import random
import sys
import tempfile
import unittest

import golden_cases


class GoldenTest(unittest.TestCase):
    program = None
    seed = 0

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-golden-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def for_each_document(self, check):
        for case in golden_cases.cases():
            for suffix, text in golden_cases.documents(case).items():
                with self.subTest(case=case, document=suffix):
                    check(case, self.write(f"{case}{suffix}", text), text)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def demand_golden(self, case, sources, *options, **how):
        target = self.folder / "out.almanac"
        golden_cases.build(self.program, sources, target, *options, **how)
        actual, golden = target.read_bytes(), golden_cases.snapshot_path(case).read_bytes()
        if actual == golden:
            return
        shared = min(len(actual), len(golden))
        at = next((place for place in range(shared) if actual[place] != golden[place]), shared)
        reason = f"{case}.almanac has {len(golden)} bytes, this has {len(actual)}; from byte {at} on they differ."
        if golden_cases.linked_zstd() != golden_cases.PINNED_ZSTD:
            reason += (f" The kept bytes are those of zstd {golden_cases.PINNED_ZSTD}, which Debian 12 has; this"
                       f" machine has {golden_cases.linked_zstd()}, which may compress the same content differently.")
        self.fail(reason)

    def test_the_number_of_threads_changes_nothing(self):
        def check(case, document, _):
            for threads in ("1", "2"):
                self.demand_golden(case, [document], "--threads", threads)

        self.for_each_document(check)

    def test_another_folder_and_file_name_change_nothing(self):
        def check(case, document, text):
            elsewhere = self.write(f"elsewhere/{document.name}/some name{document.suffix}", text)
            self.demand_golden(case, ["."], cwd=elsewhere.parent)

        self.for_each_document(check)

    def test_the_order_of_lines_and_files_changes_nothing(self):
        print(f"seed {self.seed}", file=sys.stderr)

        def check(case, document, text):
            if document.suffix != ".jsonl":
                return
            lines = [line + "\n" for line in text.split("\n")[:-1]]
            random.Random(f"{self.seed} {case}").shuffle(lines)
            middle = len(lines) // 2
            one = self.write(f"{case}-one.jsonl", "".join(lines[:middle]))
            two = self.write(f"{case}-two.jsonl", "".join(lines[middle:]))
            self.demand_golden(case, [two, one])

        self.for_each_document(check)

    def test_every_snapshot_that_is_kept_has_its_document(self):
        kept = sorted(path.stem for path in golden_cases.FOLDER.glob("*.almanac"))
        self.assertEqual(kept, golden_cases.cases())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", default=[], help="folder of generate-snapshot; may be repeated")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of the shuffling")
    arguments, rest = parser.parse_known_args()
    folders = golden_cases.program_folders(arguments.programs)
    try:
        GoldenTest.program = golden_cases.find_program("generate-snapshot", folders)
    except FileNotFoundError as error:
        sys.exit(f"golden_test.py: {error}")
    GoldenTest.seed = arguments.seed
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
