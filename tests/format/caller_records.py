"""The rules about callers as a dump has them: schema/FORMAT.md, sections "Caller rules" and "Rollouts", as canonical JSON."""
import datetime

from caller_rules import CALLER, INSTANCE, KEY, ROLLOUT, RULE, STAGE, take

EPOCH = datetime.datetime(1970, 1, 1)
BY = {INSTANCE: {}, CALLER: {"by": "caller"}, KEY: {"by": "key"}}


def read_caller_records(manifest, namespaces):
    """One dict a rule of a manifest's table that was found to be well, whose namespaces have these names."""
    texts = iter(manifest.bytes(7).split(b"\0"))
    rollouts, stages = iter(manifest.structs(8, ROLLOUT)), iter(manifest.structs(9, STAGE))
    return [_rule(row, texts, rollouts, stages, namespaces) for row in manifest.structs(6, RULE)]


def _rule(row, texts, rollouts, stages, namespaces):
    namespace, condition_count, rollout_count = row
    record = {}
    if condition_count:
        record["when"] = dict(_condition(texts) for _ in range(condition_count))
    record["namespace"] = namespaces[namespace]
    if rollout_count:
        record["rollout"] = _one_or_list([_rollout(take(rollouts), stages, namespaces) for _ in range(rollout_count)])
    return record


def _condition(texts):
    name = take(texts).decode("utf-8")
    return name, _one_or_list([pattern.decode("utf-8") for pattern in iter(lambda: take(texts), b"")])


def _rollout(row, stages, namespaces):
    to, stage_count, by, is_ramp = row
    own = [take(stages) for _ in range(stage_count)]
    if not is_ramp and len(own) == 1 and own[0][0] == 0:
        kind = {"percent": _percent(own[0][1])}
    else:
        kind = {"ramp" if is_ramp else "steps": [{"at": _time(at), "percent": _percent(share)} for at, share in own]}
    return {"to": namespaces[to], **kind, **BY[by]}


def _one_or_list(items):
    return items[0] if len(items) == 1 else items


def _percent(millionths):
    whole, behind = divmod(millionths, 10_000)
    return f"{whole}.{behind:04}".rstrip("0").rstrip(".") + "%"


def _time(milliseconds):
    time = EPOCH + datetime.timedelta(milliseconds=milliseconds)
    return time.isoformat(timespec="milliseconds" if milliseconds % 1000 else "seconds") + "Z"
