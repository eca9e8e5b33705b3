"""What endpoints.json means: from its sparse entries to one complete answer.

The file is a list of partitions (aws, aws-cn, ...). Each holds regions and
services; a service holds one entry for each region it answers in, and for
pseudo regions such as aws-global. What an entry does not say comes from its
service's defaults, then from its partition's. The rules are those of
botocore.regions.EndpointResolver; compare_with_botocore.py holds them to it.
"""

import json

# The order in which a service's endpoints are listed. The plain one comes
# first: whoever asks for "the" endpoint gets the ordinary one.
VARIANTS = (
    frozenset(),
    frozenset({"fips"}),
    frozenset({"dualstack"}),
    frozenset({"dualstack", "fips"}),
)


# What reading a malformed entry raises, whatever is wrong with its shape.
MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class InputError(Exception):
    """A file cannot be used; the message names the object and the rule."""


def field(holder, key, kind, place):
    """holder[key], which must be there and of that kind."""
    value = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        found = "nothing" if value is None else type(value).__name__
        raise InputError(f'{place}: "{key}" must be a {kind.__name__}, got {found}')
    return value


def load_partitions(path):
    """The partitions of an endpoints.json, checked down to the services' entries."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("version") != 3:
        raise InputError(f'{path}: must be an object with "version": 3')
    partitions = field(data, "partitions", list, path)
    for partition in partitions:
        place = f'{path}: partition "{field(partition, "partition", str, path)}"'
        field(partition, "dnsSuffix", str, place)
        field(partition, "defaults", dict, place)
        for region, about in field(partition, "regions", dict, place).items():
            field(about, "description", str, f'{place}, region "{region}"')
        for service_id, service in field(partition, "services", dict, place).items():
            here = f'{place}, service "{service_id}"'
            for region in field(service, "endpoints", dict, here):
                field(service["endpoints"], region, dict, here)
    return partitions


def variant_of(level, tags):
    """The variant with exactly these tags, as far as one level describes it."""
    for variant in level.get("variants", []):
        if set(variant["tags"]) == tags:
            return variant
    return {}


def answering_entry(service, region):
    """Which entry answers for a region: its own, or the one of the whole partition."""
    if region in service["endpoints"] or service.get("isRegionalized", True):
        return region
    return service.get("partitionEndpoint", region)


def resolve(partition, service_id, region, tags):
    """All that is known of a service in a region and variant, or None.

    The nearest level wins: entry, then service, then partition. For a variant,
    what the three say of that variant comes before anything plain. A service's
    plain dnsSuffix never counts, because EndpointResolver has put the
    partition's in place before it reads the service's defaults.
    """
    service = partition["services"][service_id]
    name = answering_entry(service, region)
    entry = service["endpoints"].get(name, {})
    defaults = (service.get("defaults", {}), partition["defaults"])
    variants = [variant_of(level, tags) for level in (entry, *defaults)] if tags else []
    if tags and not any(variants):
        return None
    merged = {}
    suffix = {"dnsSuffix": partition["dnsSuffix"]}
    for level in reversed([*variants, entry, suffix, *defaults]):
        merged.update(level)
    merged["endpointName"] = name
    for template in ("hostname", "sslCommonName"):
        if template in merged:
            merged[template] = merged[template].format(
                service=service_id, region=name, dnsSuffix=merged["dnsSuffix"]
            )
    return merged
