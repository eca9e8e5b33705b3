"""Which namespace a caller gets, and when a rollout reaches it: sections "Caller rules" and "Rollouts" of FORMAT.md.

A caller is a dict of bytes by bytes, a key is bytes, a moment is milliseconds since 1970.
"""
import re
import struct
from typing import NamedTuple

import xxhash

from format_error import demand

RULE = struct.Struct("<3I")
ROLLOUT = struct.Struct("<2I2B2x")
STAGE = struct.Struct("<qI4x")
INSTANCE, CALLER, KEY = 1, 2, 3
WHOLE = 1_000_000
LAST_MOMENT = 253_402_300_799_999
MOST_RULES, MOST_CONDITION_BYTES, MOST_RULE_STAGES = 1000, 128 << 10, 100_000
MOST_CONDITIONS, MOST_PATTERNS, MOST_ROLLOUTS, MOST_STAGES = 255, 255, 16, 1000
LONGEST_PROPERTY, LONGEST_PATTERN, LONGEST_VALUE = 255, 1024, 1024
NO_PROPERTY = re.compile("[\0-\x1f\x7f-\x9f=]|^ | $")


def bucket_of(identity, seed):
    return xxhash.xxh3_64_intdigest(identity, seed) * WHOLE >> 64


def glob(pattern):
    """The regular expression of a pattern, over text in which a byte that is no UTF-8 is one character."""
    wild = {"*": ".*", "?": "."}
    pieces = re.findall(r"\\.|[^\\]", characters(pattern), re.DOTALL)
    demand("".join(pieces) == characters(pattern), "a pattern ends in a lone backslash")
    return re.compile("".join(wild.get(piece) or re.escape(piece[-1]) for piece in pieces), re.DOTALL)


def characters(text):
    return text.decode("utf-8", "surrogateescape")


class Schedule:
    def __init__(self, stages, is_ramp):
        demand(1 <= len(stages) <= MOST_STAGES, f"{len(stages)} stages")
        for at, share in stages:
            demand(0 <= at <= LAST_MOMENT and share <= WHOLE, f"a stage at {at} with {share}")
        for (at, share), (next_at, next_share) in zip(stages, stages[1:]):
            demand(at < next_at and share <= next_share, f"a stage at {at} with {share} before one at {next_at} with {next_share}")
        self.stages = stages
        self.is_ramp = is_ramp

    @property
    def final_share(self):
        return self.stages[-1][1]

    def share(self, now):
        begun = [stage for stage in self.stages if stage[0] <= now]
        if not begun:
            return 0
        at, share = begun[-1]
        if self.is_ramp and len(begun) < len(self.stages):
            next_at, next_share = self.stages[len(begun)]
            share += (next_share - share) * (now - at) // (next_at - at)
        return share


class Rollout(NamedTuple):
    to: str
    by: int
    begin: int
    schedule: Schedule


class Rule(NamedTuple):
    namespace: str
    conditions: list  # (property, [regular expressions])
    rollouts: list
    seed: int

    def matches(self, caller):
        return all(name in caller and len(caller[name]) <= LONGEST_VALUE
                   and any(pattern.fullmatch(characters(caller[name])) for pattern in patterns)
                   for name, patterns in self.conditions)


class Decision(NamedTuple):
    namespace: str
    rule: int        # from 1
    going_to: str    # the namespace of the rollout that the caller is in; empty: none
    bucket: int      # counted from where that rollout's own begin; None: there is no identity
    share: int       # of that rollout, or of all together; None: the rule has no rollouts
    moved: bool


def decide(rules, caller, key, now):
    """None where no rule matches."""
    number, rule = next(((number, rule) for number, rule in enumerate(rules, 1) if rule.matches(caller)), (0, None))
    if rule is None:
        return None
    if not rule.rollouts:
        return Decision(rule.namespace, number, "", None, None, False)
    everything = sum(rollout.schedule.share(now) for rollout in rule.rollouts)
    identity = identity_of(rule.rollouts[0].by, caller, key)
    if not identity:
        return Decision(rule.namespace, number, "", None, everything, False)
    bucket = bucket_of(identity, rule.seed)
    for rollout in rule.rollouts:
        mine = bucket - rollout.begin
        if 0 <= mine < rollout.schedule.final_share:
            share = rollout.schedule.share(now)
            return Decision(rollout.to if mine < share else rule.namespace, number, rollout.to, mine, share, mine < share)
    return Decision(rule.namespace, number, "", bucket, everything, False)


def identity_of(by, caller, key):
    if by == INSTANCE:
        return caller.get(b"instance", b"")
    if by == KEY:
        return key
    return b"".join(name + b"\0" + caller[name] + b"\0" for name in sorted(caller) if name not in (b"instance", b"version"))


def read_rules(manifest, namespaces):
    """The rules of a manifest's table, whose namespaces have these names, in its order."""
    rows = manifest.structs(6, RULE)
    conditions = manifest.bytes(7)
    rollouts, stages = manifest.structs(8, ROLLOUT), manifest.structs(9, STAGE)
    demand(len(rows) <= MOST_RULES and len(conditions) <= MOST_CONDITION_BYTES and len(stages) <= MOST_RULE_STAGES, "too much of rules")
    demand(conditions[-1:] in (b"", b"\0"), "the last condition has no end")
    texts = iter(conditions.split(b"\0")[:-1])
    rollouts, stages = iter(rollouts), iter(stages)
    rules = [read_rule(row, texts, rollouts, stages, namespaces) for row in rows]
    demand(not any(True for left in (texts, rollouts, stages) for _ in left), "there is more than the rules have")
    return rules


def read_rule(row, texts, rollouts, stages, namespaces):
    namespace, condition_count, rollout_count = row
    demand(namespace < len(namespaces), f"there is no namespace {namespace}")
    demand(condition_count <= MOST_CONDITIONS and rollout_count <= MOST_ROLLOUTS, "a rule with too much")
    conditions = [read_condition(texts) for _ in range(condition_count)]
    demand_ascending([name for name, _ in conditions])
    found = []
    begin = 0
    for _ in range(rollout_count):
        to, stage_count, by, is_ramp = take(rollouts)
        demand(to < len(namespaces) and to != namespace, f"a rollout from namespace {namespace} to {to}")
        demand(by in (INSTANCE, CALLER, KEY) and (not found or by == found[0].by), f"a rollout by {by}")
        demand(stage_count <= MOST_STAGES, f"{stage_count} stages")
        schedule = Schedule([take(stages) for _ in range(stage_count)], bool(is_ramp))
        found.append(Rollout(namespaces[to], by, begin, schedule))
        begin += schedule.final_share
    demand(begin <= WHOLE, "rollouts of more than all callers")
    seed = xxhash.xxh3_64_intdigest(f"{namespaces[namespace]}\0{found[0].to}".encode()) if found else 0
    return Rule(namespaces[namespace], conditions, found, seed)


def read_condition(texts):
    name = take(texts)
    demand(1 <= len(name) <= LONGEST_PROPERTY, f"a property of {len(name)} bytes")
    demand(not NO_PROPERTY.search(characters(name)), f"{name} as a property")
    patterns = list(iter(lambda: take(texts), b""))
    demand(1 <= len(patterns) <= MOST_PATTERNS, f"{len(patterns)} patterns")
    demand(all(len(pattern) <= LONGEST_PATTERN for pattern in patterns), "a pattern is too long")
    demand_ascending(patterns)
    return name, [glob(pattern) for pattern in patterns]


def demand_ascending(texts):
    for text, following in zip(texts, texts[1:]):
        demand(text < following, f"{following} behind {text}")


def take(left):
    found = next(left, None)
    demand(found is not None, "a rule has more than there is")
    return found


class GenerationRollout:
    """The rollout of an announcement's table."""

    def __init__(self, table, generation):
        self.previous_generation = table.number(0)
        self.previous_id = f"{table.number(1):016x}{table.number(2):016x}"
        self.previous_size = table.number(3)
        self.previous_published_ms = table.signed(4)
        self.previous_revision = table.text(5)
        self.seed = table.number(6)
        self.schedule = Schedule(table.structs(8, STAGE), table.flag(7))
        demand(0 < self.previous_generation < generation, f"from generation {self.previous_generation} to {generation}")
        demand(self.schedule.final_share == WHOLE, "a generation for some instances alone")

    def decide(self, caller, now):
        """(bucket, share, moved); the bucket is None without an instance."""
        share = self.schedule.share(now)
        instance = caller.get(b"instance")
        if not instance:
            return None, share, False
        bucket = bucket_of(instance, self.seed)
        return bucket, share, bucket < share
