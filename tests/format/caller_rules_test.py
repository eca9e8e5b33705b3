#!/usr/bin/python3 -B
"""The reader decides about callers as schema/FORMAT.md says: it agrees with one that was written from that document alone, on rules
that nobody would write.

  caller_rules_test.py --choose build/release/tests/choose [--seed NUMBER]

Options of unittest may follow.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

try:
    from almanac_format import Announcement, Snapshot
    from caller_rules import KEY, LAST_MOMENT, LONGEST_VALUE, WHOLE, Schedule, bucket_of, glob
    from format_error import FormatError
except ImportError as missing:
    sys.exit(f"caller_rules_test.py: {missing}; install what it needs and run it with /usr/bin/python3:\n"
             "  apt-get install -y python3-flatbuffers python3-xxhash python3-zstandard")

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "damage"))
import announcement_writer  # noqa: E402: its folder is only now on the path
import bad_announcements  # noqa: E402
import bad_rules  # noqa: E402
from sample import snapshot  # noqa: E402
from snapshot_writer import Preamble  # noqa: E402

START = 1_795_165_200_000  # 2026-11-20T09:00:00Z
SNAPSHOTS, ANNOUNCEMENTS, QUESTIONS = 40, 40, 250
PROGRAM_TIMEOUT_SECONDS = 60
NAMES = (b"function", b"instance", b"role", b"tag.stage", b"version", "tag.größe".encode())
PIECES = (b"a", b"b", b"-", b"/", "ä".encode(), "€".encode(), "😀".encode(), b"\\", b"*", b"?", b",", b"=", b"\xff", b"\xe2\x82")
PATTERN_PIECES = (b"a", b"b", b"-", b"/", "ä".encode(), "€".encode(), b"*", b"*", b"?", b"?", b"\\*", b"\\\\", b"\\?")
# What is no trouble in Python: a misplaced vector that can be read all the same, a time that only a clock of C++ cannot say.
UNNOTICED = {"rule-stages-not-aligned", "rollout-stages-not-aligned", "rollout-previous-published-at-no-time"}
LAST_MOMENT_OF_CHRONO = 9_223_372_036_854  # of 64 bits of nanoseconds


class Settings:
    """What the command line says, for all tests."""
    seed = 0
    choose = None


def pieces_of(source, pieces, most):
    return b"".join(source.choices(pieces, k=source.randint(1, most)))


def random_stages(source, most_share):
    """In order; now and then at the limits of time, or with one share twice."""
    at = source.choice((0, START - source.randrange(10_000_000), START))
    share = source.choice((0, source.randint(0, most_share)))
    stages = [[at, share]]
    for _ in range(source.randrange(6)):
        at += source.choice((1, source.randint(1, 4_000_000)))
        share = source.choice((share, source.randint(share, most_share)))
        stages.append([at, share])
    if source.randrange(10) == 0:
        stages.append([LAST_MOMENT, source.randint(share, most_share)])
    return stages


def add_random_rules(source, manifest):
    for _ in range(source.randint(1, 6)):
        namespace = source.randrange(3)
        conditions = {name: sorted({pieces_of(source, PATTERN_PIECES, 5) for _ in range(source.randint(1, 4))})
                      for name in sorted(source.sample(NAMES, source.randint(0, 2)))}
        rollouts, left, by = [], WHOLE, source.randint(1, 3)
        for _ in range(source.randrange(4)):
            to = source.choice([number for number in range(3) if number != namespace])
            stages = random_stages(source, source.choice((left, left // 2)))
            left -= stages[-1][1]
            rollouts.append((to, by, source.randrange(2) == 1, stages))
        manifest.add_rule(namespace, conditions, tuple(rollouts))


def random_value(source):
    """Now and then about as long as a value that can match may be."""
    text = pieces_of(source, PIECES, 4)
    return text if source.randrange(10) else (text * LONGEST_VALUE)[:source.randint(LONGEST_VALUE - 2, LONGEST_VALUE + 1)]


def random_caller(source):
    return {name: random_value(source) for name in NAMES if source.randrange(3)}


def random_moment(source, stages):
    """Near a stage more often than not: there readers would differ."""
    near = source.choice(stages or [[START, 0]])[0] + source.choice((-1, 0, 1, source.randint(-5_000_000, 5_000_000)))
    return max(0, min(near, LAST_MOMENT_OF_CHRONO))


def text_of(caller):
    def escaped(text):
        return text.replace(b"\\", b"\\\\").replace(b",", b"\\,")
    return b",".join(name + b"=" + escaped(value) for name, value in caller.items())


def answers_of(folder, data, questions):
    """What the C++ reader says to (caller, key, moment)."""
    file = folder / "asked"
    file.write_bytes(data)
    lines = b"".join(b"%d\t%s\t%s\n" % (now, key, text_of(caller)) for caller, key, now in questions)
    done = subprocess.run([Settings.choose, file], input=lines, capture_output=True, timeout=PROGRAM_TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"choose ended with {done.returncode}: {done.stderr.decode()}")
    return [line.decode().split("\t") if line else None for line in done.stdout.split(b"\n")[:-1]]


def in_words(*values):
    return ["" if value is None else str(int(value)) if isinstance(value, (bool, int)) else value for value in values]


class Agreement(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-rules-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def demand_moves_at(self, moves, has_moved_at):
        """The moment that the C++ reader names, if it names one, is the first at which this reader finds it moved."""
        if moves:
            self.assertTrue(has_moved_at(int(moves)))
            self.assertFalse(int(moves) > 0 and has_moved_at(int(moves) - 1))
        else:
            self.assertFalse(has_moved_at(LAST_MOMENT_OF_CHRONO - 1))

    def test_on_random_rules_and_callers(self):
        chosen = moved = unmatched = 0
        for number in range(SNAPSHOTS):
            source = random.Random(f"{Settings.seed} rules {number}")
            data = snapshot(manifest=lambda manifest: add_random_rules(source, manifest), preamble=Preamble(minor=1))
            reader = Snapshot(data)
            stages = [stage for rule in reader.rules for rollout in rule.rollouts for stage in rollout.schedule.stages]
            questions = [(random_caller(source), source.choice((b"", b"k", b"customer-%d" % source.randrange(100))),
                          random_moment(source, stages)) for _ in range(QUESTIONS)]
            for question, answer in zip(questions, answers_of(self.folder, data, questions), strict=True):
                with self.subTest(snapshot=number, question=question):
                    decision = reader.choose(*question)
                    unmatched += decision is None
                    if decision is None:
                        self.assertIsNone(answer)
                        continue
                    chosen += 1
                    moved += decision.moved
                    self.assertEqual(answer[:5], in_words(*decision[:5]))
                    self.assertEqual(answer[5], "" if decision.share is None else in_words(decision.moved)[0])
                    caller, key, _ = question
                    self.demand_moves_at(answer[6], lambda now: reader.choose(caller, key, now).moved)
        self.assertGreater(chosen, 1000)
        self.assertGreater(moved, 200)
        self.assertGreater(unmatched, 200)

    def test_on_random_rollouts_of_a_generation(self):
        moved = 0
        for number in range(ANNOUNCEMENTS):
            source = random.Random(f"{Settings.seed} announcement {number}")
            stages = [stage for stage in random_stages(source, WHOLE) if stage[0] < LAST_MOMENT]
            stages.append([source.choice((stages[-1][0] + 1, LAST_MOMENT)), WHOLE])
            rollout = announcement_writer.Rollout(seed=source.randrange(1 << 64), is_ramp=source.randrange(2) == 1, stages=stages)
            data = announcement_writer.Announcement(minor=1, rollout=rollout).store()
            reader = Announcement(data).rollout
            questions = [(random_caller(source), b"", random_moment(source, stages)) for _ in range(QUESTIONS)]
            for question, answer in zip(questions, answers_of(self.folder, data, questions), strict=True):
                with self.subTest(announcement=number, question=question):
                    caller, _, now = question
                    self.assertEqual(answer[3:6], in_words(*reader.decide(caller, now)))
                    moved += reader.decide(caller, now)[2]
                    self.demand_moves_at(answer[6], lambda at: reader.decide(caller, at)[2])
        self.assertGreater(moved, 200)


class Rules(unittest.TestCase):
    def test_buckets_are_those_that_the_unit_tests_pin(self):
        for identity, seed, bucket in ((b"i-0123456789abcdef0", 0, 87_607), (b"customer-42", 7, 643_414), ("Zoë".encode(), 3, 860_424)):
            self.assertEqual(bucket_of(identity, seed), bucket)

    def test_shares_are_those_of_the_timeline(self):
        linear = Schedule([(START + 360_000 * step, 200_000 * step) for step in range(1, 6)], False)
        self.assertEqual([linear.share(START + 60_000 * minute) for minute in (0, 5, 6, 29, 30)], [0, 0, 200_000, 800_000, WHOLE])
        ramp = Schedule([(START, 0), (START + 1_800_000, WHOLE)], True)
        self.assertEqual([ramp.share(START + passed) for passed in (-1, 0, 1, 2, 900_000, 1_800_000)], [0, 0, 0, 1, 500_000, WHOLE])

    def test_patterns(self):
        for pattern, text in ((b"a*\\*?", b"abc*d"), (b"?", b"\xc3\xa4"), (b"??", b"\xe2\x82"), (b"\\\\", b"\\")):
            self.assertTrue(glob(pattern).fullmatch(text.decode("utf-8", "surrogateescape")), pattern)

    def test_rules_and_rollouts_of_the_sample(self):
        reader = Snapshot((pathlib.Path(__file__).parents[1] / "damage/version-1.1.almanac").read_bytes())
        self.assertEqual([rule.namespace for rule in reader.rules], ["prod", "shared", "shared"])
        self.assertEqual([rollout.by for rollout in reader.rules[1].rollouts], [KEY, KEY])
        self.assertEqual(reader.choose({b"function": b"pay-1"}, b"customer-42", 1).namespace, "prod")
        announcement = Announcement(announcement_writer.Announcement(minor=1, rollout=announcement_writer.Rollout()).store())
        self.assertEqual((announcement.rollout.previous_generation, announcement.rollout.seed), (6, 7))
        self.assertEqual(announcement.rollout.previous_id, "00112233445566778899aabbccddeeff")
        self.assertEqual(announcement.rollout.previous_revision, "r6")

    def test_refuses_every_file_that_breaks_a_rule(self):
        for reader, files in ((Snapshot, bad_rules.rules()), (Announcement, bad_announcements.announcements())):
            for name, data in files.items():
                with self.subTest(file=name):
                    if name in UNNOTICED:
                        reader(data)
                        continue
                    with self.assertRaises(FormatError):
                        reader(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", required=True, help="the program of choose.cpp")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of the rules and callers")
    arguments, rest = parser.parse_known_args()
    Settings.choose = arguments.choose
    Settings.seed = arguments.seed
    print(f"--seed {arguments.seed}", file=sys.stderr)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
