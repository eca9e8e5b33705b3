"""Files that break a rule about caller rules."""

from sample import RAMP, add_rules, nothing, snapshot
from snapshot_writer import Preamble

NAMESPACES = 3  # of the sample
LAST_MOMENT = 253_402_300_799_999  # of the year 9999


def ruled(change, **steps) -> bytes:
    """The sample with good rules and then a change of its manifest."""
    def manifest(description):
        add_rules(description)
        change(description)
    return snapshot(manifest=manifest, preamble=Preamble(minor=1), **steps)


def one_rule(conditions, *rollouts) -> bytes:
    """The sample with one rule for prod."""
    return snapshot(manifest=lambda manifest: manifest.add_rule(0, conditions, rollouts), preamble=Preamble(minor=1))


def with_conditions(text: bytes, count: int = 1) -> bytes:
    """The sample with one rule of `count` conditions, whose bytes are these."""
    def change(manifest):
        manifest.add_rule(0, {})
        manifest.caller_rules[-1][1] = count
        manifest.caller_conditions = text
    return snapshot(manifest=change, preamble=Preamble(minor=1))


def with_stages(*stages, is_ramp=False) -> bytes:
    return one_rule({}, (1, 1, is_ramp, list(stages)))


def put(rows: str, row: int, column: int, value: int) -> bytes:
    """One number of the good rules changed."""
    def change(manifest):
        getattr(manifest, rows)[row][column] = value
    return ruled(change)


def rules() -> dict:
    return {
        "rule-namespace-not-there": put("caller_rules", 2, 0, NAMESPACES),
        "rule-namespace-4-billion": put("caller_rules", 0, 0, 2**32 - 1),
        "rule-conditions-not-there": put("caller_rules", 2, 1, 1),
        "rule-conditions-4-billion": put("caller_rules", 0, 1, 2**32 - 1),
        "rule-conditions-of-no-rule": put("caller_rules", 1, 1, 0),
        "rule-rollouts-not-there": put("caller_rules", 2, 2, 1),
        "rule-rollouts-4-billion": put("caller_rules", 0, 2, 2**32 - 1),
        "rule-rollouts-of-no-rule": put("caller_rules", 1, 2, 1),
        "rule-stages-not-there": put("caller_rollouts", 2, 1, 3),
        "rule-stages-4-billion": put("caller_rollouts", 0, 1, 2**32 - 1),
        "rule-stages-of-no-rule": put("caller_rollouts", 2, 1, 1),
        "rule-stages-not-aligned": ruled(nothing, manifest_buffer=lambda buffer: buffer.misalign("caller_stages", 16)),
        "rule-conditions-alone": ruled(lambda manifest: manifest.caller_rules.clear()),
        "rules-1001": ruled(lambda manifest: manifest.caller_rules.extend([[0, 0, 0]] * 998)),
        "rule-conditions-256": one_rule({b"p%03d" % i: [b"v"] for i in range(256)}),
        "rule-conditions-over-128-kib": one_rule({b"p%03d" % i: [b"v" * 508] for i in range(254)} | {b"p254": [b"v" * 256]}),
        "rule-rollouts-17": one_rule({}, *[(1, 1, False, [[0, 1]])] * 17),
        "rule-stages-100001": with_stages(*[[0, 0]] * 100_001),
        "condition-without-property": with_conditions(b"\0value\0\0"),
        "condition-property-too-long": with_conditions(b"p" * 256 + b"\0value\0\0"),
        "condition-property-without-end": with_conditions(b"role"),
        "condition-without-pattern": with_conditions(b"role\0\0"),
        "condition-pattern-without-end": with_conditions(b"role\0value"),
        "condition-without-end": with_conditions(b"role\0value\0"),
        "condition-pattern-too-long": with_conditions(b"role\0" + b"v" * 1025 + b"\0\0"),
        "condition-pattern-ends-in-backslash": with_conditions(b"role\0value\\\\\\\0\0"),
        "condition-patterns-256": with_conditions(b"role\0" + b"".join(b"v%03d\0" % i for i in range(256)) + b"\0"),
        "condition-patterns-descend": with_conditions(b"role\0b\0a\0\0"),
        "condition-pattern-twice": with_conditions(b"role\0a\0a\0\0"),
        "condition-property-with-control-characters": with_conditions(b"ro\x1fle\0value\0\0"),
        "condition-property-with-c1-control-characters": with_conditions(b"role\xc2\x9f\0value\0\0"),
        "condition-property-with-equals": with_conditions(b"role=x\0value\0\0"),
        "condition-property-with-blank-before": with_conditions(b" role\0value\0\0"),
        "condition-property-with-blank-behind": with_conditions(b"role \0value\0\0"),
        "rule-properties-descend": one_rule({b"role": [b"v"], b"function": [b"v"]}),
        "rule-property-twice": with_conditions(b"role\0a\0\0role\0b\0\0", count=2),
        "rollout-to-namespace-not-there": put("caller_rollouts", 0, 0, NAMESPACES),
        "rollout-to-its-own-namespace": put("caller_rollouts", 0, 0, 0),
        "rollout-by-0": put("caller_rollouts", 0, 2, 0),
        "rollout-by-4": put("caller_rollouts", 0, 2, 4),
        "rollouts-by-different-things": put("caller_rollouts", 2, 2, 2),
        "rollout-without-stages": with_stages(),
        "rollout-stages-1001": with_stages(*[[i, 0] for i in range(1001)]),
        "rollout-before-1970": with_stages([-1, 0]),
        "rollout-beyond-9999": with_stages([LAST_MOMENT + 1, 0]),
        "rollout-time-least": with_stages([-2**63, 0]),
        "rollout-time-most": with_stages([2**63 - 1, 0]),
        "rollout-share-above-the-whole": with_stages([0, 1_000_001]),
        "rollout-share-4-billion": with_stages([0, 2**32 - 1]),
        "rollout-times-equal": with_stages([5, 1], [5, 2]),
        "rollout-times-descend": with_stages(*reversed(RAMP), is_ramp=True),
        "rollout-share-falls": with_stages([5, 2], [6, 1]),
        "rollouts-above-the-whole": one_rule({}, (1, 1, False, [[0, 500_000]]), (2, 1, False, [[0, 500_001]])),
    }
