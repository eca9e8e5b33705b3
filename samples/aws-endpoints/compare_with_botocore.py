"""convert.py --verify: botocore's EndpointResolver as the referee.

Two comparisons, each over every service, region and variant:
  rules   resolve() against construct_endpoint(), also where no entry exists;
  file    what was written against construct_endpoint(), and that nothing which
          get_available_endpoints() lists is missing, nor anything too many.
"""

import copy
import json

from endpoint_rules import MALFORMED, VARIANTS, InputError, resolve

# Everything in EndpointResolver's answer that a record depends on.
COMPARED = ("hostname", "dnsSuffix", "endpointName", "credentialScope",
            "signatureVersions", "protocols", "sslCommonName", "deprecated")


class Referee:
    """botocore's answers for one partition."""

    def __init__(self, partition):
        try:
            from botocore.exceptions import EndpointVariantError, NoRegionError
            from botocore.regions import EndpointResolver
        except ImportError as error:
            raise InputError("--verify needs botocore: install python3-botocore") from error
        self._partition = partition
        self._resolver_type = EndpointResolver
        self._no_such_variant = EndpointVariantError
        self._no_region = NoRegionError

    def _copy_with(self, service_id):
        """The partition with one service, for one question.

        EndpointResolver writes plain answers into the data it was given.
        """
        service = copy.deepcopy(self._partition["services"][service_id])
        return {**self._partition, "services": {service_id: service}}

    def answers(self, service_id, region):
        """{tags: answer, or None} for the four variants."""
        result = {}
        for tags in VARIANTS:
            resolver = self._resolver_type({"partitions": [self._copy_with(service_id)]})
            try:
                result[tags] = resolver.construct_endpoint(
                    service_id, region, self._partition["partition"],
                    use_dualstack_endpoint="dualstack" in tags,
                    use_fips_endpoint="fips" in tags,
                )
            except self._no_such_variant:
                result[tags] = None
        return result

    def partition_endpoint(self, service_id):
        """The region that answers when none is named, or None."""
        resolver = self._resolver_type({"partitions": [self._copy_with(service_id)]})
        try:
            answer = resolver.construct_endpoint(
                service_id, partition_name=self._partition["partition"]
            )
        except self._no_region:
            return None
        return answer["endpointName"]

    def available(self, service_id):
        """{(region, tags)} of what exists.

        get_available_endpoints() knows no variants of pseudo regions; what
        their entries list is taken from there.
        """
        name = self._partition["partition"]
        resolver = self._resolver_type({"partitions": [self._partition]})
        result = set()
        for tags in VARIANTS:
            regions = resolver.get_available_endpoints(
                service_id, name, allow_non_regional=not tags, endpoint_variant_tags=sorted(tags)
            )
            result.update((region, tags) for region in regions)
        for region, entry in resolver.get_service_endpoints_data(service_id, name).items():
            if region not in self._partition["regions"]:
                for variant in entry.get("variants", []):
                    result.add((region, frozenset(variant["tags"])))
        return result


def rule_differences(ours, theirs, where):
    if ours is None or theirs is None:
        if ours is not theirs:
            yield f"{where}: rules say {ours!r}, botocore {theirs!r}"
        return
    for key in COMPARED:
        if ours.get(key) != theirs.get(key):
            yield f"{where}: {key}: rules say {ours.get(key)!r}, botocore {theirs.get(key)!r}"


def endpoint_differences(record, endpoint, theirs, region, where):
    """Where one written endpoint, with its service's attributes, is not botocore's answer."""
    if theirs is None:
        yield f"{where}: file has {endpoint['uri']!r}, botocore no answer"
        return
    scope = theirs.get("credentialScope", {})
    scheme = "https" if "https" in theirs["protocols"] else "http"
    expected = {
        "uri": f'{scheme}://{theirs["hostname"]}',
        "deprecated": "deprecated" in theirs,
        "partition": theirs["partition"],
        "credentialScope.region": scope.get("region", region),
        "credentialScope.service": scope.get("service", record["name"]),
        "signatureVersions": ",".join(theirs["signatureVersions"]),
        "sslCommonName": theirs.get("sslCommonName", theirs["hostname"]),
    }
    written = {
        "uri": endpoint["uri"],
        "deprecated": "deprecated" in record.get("tags", []),
        "credentialScope.region": region,
        "credentialScope.service": record["name"],
        "signatureVersions": "v4",
        "sslCommonName": endpoint["uri"].partition("://")[2],
        **record["attributes"],
        **endpoint.get("attributes", {}),
    }
    for key, value in expected.items():
        if written.get(key) != value:
            yield f"{where}: {key}: file has {written.get(key)!r}, botocore {value!r}"


def records_in(path, text):
    """{(namespace, name): record} of the written file, its registry record left out."""
    try:
        records = [json.loads(line) for line in text.splitlines()]
        return {(r["namespace"], r["name"]): r for r in records[1:]}
    except MALFORMED as error:
        raise InputError(f"{path}: not a file that convert.py writes: {error}") from error


class Comparison:
    """Counts what was compared and collects the differences."""

    def __init__(self, written, namespaces):
        self.written = written
        self.namespaces = namespaces
        self.rules = 0
        self.endpoints = 0
        self.settings = 0
        self.differences = []

    def service(self, partition, referee, service_id):
        name = partition["partition"]
        listed = referee.available(service_id)
        partition_endpoint = referee.partition_endpoint(service_id)
        for region in sorted({*partition["regions"], *(r for r, _ in listed)}):
            answers = referee.answers(service_id, region)
            where = f"{name} {service_id} {region}"
            for tags, theirs in answers.items():
                ours = resolve(partition, service_id, region, tags)
                place = f"{where} {sorted(tags)}"
                self.differences += rule_differences(ours, theirs, place)
                self.rules += 1
            expected = [tags for tags in VARIANTS if (region, tags) in listed]
            record = self.written.pop((self.namespaces[name, region], service_id), None)
            self.record(record, expected, answers, region, where)
            marked = bool(record) and "partitionEndpoint" in record["attributes"]
            if marked != (region == partition_endpoint):
                self.differences.append(
                    f"{where}: partitionEndpoint: botocore has {partition_endpoint!r}"
                )

    def record(self, record, expected, answers, region, where):
        """A written record, or None, against the variants that exist, in their order."""
        endpoints = record.get("endpoints", []) if record else []
        tags = [frozenset(e.get("tags", [])) for e in endpoints]
        if tags != expected:
            self.differences.append(
                f"{where}: file has the variants {[sorted(t) for t in tags]}, "
                f"botocore {[sorted(t) for t in expected]}"
            )
            return
        for endpoint, variant in zip(endpoints, tags):
            self.differences += endpoint_differences(
                record, endpoint, answers[variant], region, f"{where} {sorted(variant)}"
            )
            self.endpoints += 1

    def regions(self, partition, setting):
        name = partition["partition"]
        for region, about in partition["regions"].items():
            record = self.written.pop((self.namespaces[name, region], setting), {})
            if record.get("value") != about["description"]:
                self.differences.append(f"{name} {region}: file has no {setting} that agrees")
            self.settings += 1


def compare(partitions, namespaces, region_setting, path, expected_text):
    """Prints the counts and each difference; the exit status: 0 none, 1 some."""
    text = path.read_text(encoding="utf-8")
    comparison = Comparison(records_in(path, text), namespaces)
    if text != expected_text:
        comparison.differences.append(f"{path}: not the bytes that convert.py writes")
    for partition in partitions:
        referee = Referee(partition)
        try:
            comparison.regions(partition, region_setting)
            for service_id in partition["services"]:
                comparison.service(partition, referee, service_id)
        except MALFORMED as error:
            raise InputError(
                f'{path}: partition "{partition["partition"]}": a malformed record: {error!r}'
            ) from error
    for namespace, name in comparison.written:
        comparison.differences.append(f'{namespace}: file has "{name}", which botocore has not')
    for difference in comparison.differences:
        print(difference)
    print(f"{comparison.rules:>6} answers of the rules compared with construct_endpoint\n"
          f"{comparison.endpoints:>6} written endpoints compared with construct_endpoint\n"
          f"{comparison.settings:>6} region descriptions compared\n"
          f"{len(comparison.differences):>6} differences")
    return 1 if comparison.differences else 0
