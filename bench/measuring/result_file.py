"""Results as files, one a question. Whatever a file holds, reading it gives a Result or a ResultError.

    {"question": "lookup", "title": …, "command": …, "date": "2026-11-21", "commit": "4f2a9c1…", "quick": false, "seconds": 61.2,
     "machine": {…}, "versions": {package: version}, "remarks": {case: …}, "floors": [subject, …], "charts": {case: "bars"},
     "measurements": [{"case": "found", "services": 10000, "subject": "almanac", "unit": "ns", "value": 15.1, "low": 14.9,
                       "high": 17.0, "samples": 9, "beside": "absl::flat_hash_map", "details": {…}}, …],
     "targets": [{"what": …, "subject": …, …, "figure": 0.41, "reached": true}, …]}
"""

import dataclasses
import json
import math
import os
import pathlib
import types
import typing

from .result import Measurement, Result, Target

KINDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "an object", list: "an array",
         types.NoneType: "null"}


class ResultError(Exception):
    """A file that is no result; says which, where and why."""


def write(result, path):
    """Replaces the file at once: a run that is killed leaves the old one or the new one."""
    fields = dataclasses.asdict(result)
    for stored, target in zip(fields["targets"], result.targets):
        stored["figure"], stored["reached"] = target.judge(result.measurements)
    path = pathlib.Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def read(path):
    path = pathlib.Path(path)
    try:
        fields = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except OSError as error:
        raise ResultError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise ResultError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise ResultError(f"{path}:{error.lineno}:{error.colno}: is not JSON: {error.msg.lower()}") from error
    except (ValueError, RecursionError) as error:
        raise ResultError(f"{path}: {error}") from error
    result = _made(Result, fields, f"{path}")
    measurements = [_made(Measurement, one, f"{path}: measurements[{index}]") for index, one in enumerate(result.measurements)]
    _judge(measurements, path)
    targets = [_made(Target, one, f"{path}: targets[{index}]", {"figure", "reached"}) for index, one in enumerate(result.targets)]
    return dataclasses.replace(result, measurements=measurements, targets=targets)


def read_all(place):
    """{question: (path, Result)} of a file, or of every *.json of a folder."""
    place = pathlib.Path(place)
    paths = sorted(path for path in place.glob("*.json") if not path.name.startswith(".")) if place.is_dir() else [place]
    found = {}
    for path in paths:
        result = read(path)
        if result.question in found:
            raise ResultError(f"{path}: has the same question as {found[result.question][0]}: {result.question}")
        found[result.question] = path, result
    if not found:
        raise ResultError(f"{place}: has no *.json; bench/run --output makes them")
    return found


def _refuse(constant):
    raise ValueError(f"{constant} is no figure")


def _finite(text):
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _whole(text):
    number = int(text)
    return number if abs(number) < 2**64 else _refuse(text)


def _judge(measurements, path):
    seen = set()
    for index, one in enumerate(measurements):
        percentiles = one.details.get("percentiles", {})
        if not (isinstance(percentiles, dict) and all(type(value) in (int, float) for value in percentiles.values())):
            raise ResultError(f"{path}: measurements[{index}]: details.percentiles must be an object of numbers")
        if not one.low <= one.value <= one.high:
            raise ResultError(f"{path}: measurements[{index}]: low {one.low}, value {one.value}, high {one.high}: must be in this order")
        if one.key in seen:
            raise ResultError(f"{path}: measurements[{index}]: came before: {one.case}, {one.services} services, {one.subject}")
        seen.add(one.key)


def _made(kind, fields, where, passed_over=frozenset()):
    """One of the classes of result.py from a JSON object, which must have the members that its annotations say."""
    if not isinstance(fields, dict):
        raise ResultError(f"{where}: must be an object, is {KINDS[type(fields)]}")
    for field in dataclasses.fields(kind):
        if field.name not in fields and field.default is field.default_factory is dataclasses.MISSING:
            raise ResultError(f'{where}: has no "{field.name}"')
    wanted = {name: _alternatives(annotation) for name, annotation in typing.get_type_hints(kind).items()}
    kept = {name: value for name, value in fields.items() if name not in passed_over}
    for name, value in kept.items():
        if name not in wanted:
            raise ResultError(f'{where}: unknown member "{name}"')
        if type(value) not in wanted[name] and not (type(value) is int and float in wanted[name]):
            raise ResultError(f'{where}: "{name}" must be {" or ".join(KINDS[one] for one in wanted[name])}, is {KINDS[type(value)]}')
    return kind(**kept)


def _alternatives(annotation):
    if isinstance(annotation, types.UnionType):
        return typing.get_args(annotation)
    return (typing.get_origin(annotation) or annotation,)
