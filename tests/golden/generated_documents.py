"""Registry documents that follow a rule and are too large to keep: canonical JSON Lines by case."""
import json


def json_line(record):
    """A record as canonical JSON Lines have it; the order of the keys is the record's own."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def text(case):
    return "".join(map(json_line, CASES[case]()))


def large_namespace_own_frame():
    """Three frames: two small namespaces together, one of more than 1 MiB alone, a small one behind it."""
    yield {"registry": "large-namespace-own-frame"}
    for namespace in ("edge", "middle"):
        yield {"namespace": namespace, "name": "gateway", "endpoints": [{"uri": f"https://{namespace}.example"}]}
    for number in range(20):
        yield {"namespace": "settings", "name": f"document-{number:02}",
               "description": f"Document {number}. " + "All of it is repetition. " * 300,
               "value": f"line {number} of a document that repeats itself\n" * 1400}
    yield {"namespace": "tail", "name": "gateway", "endpoints": [{"uri": "https://gateway.tail.example"}]}


def long_names_and_uris():
    """Every text as long as it may be, every list of tags and attributes as full, counted in bytes."""
    namespace = "n" * 127 + "/" + "é" * 63 + "n"
    words = [f"{number:03}" + "w" * 252 for number in range(255)]
    attributes = {word: "a" * 4096 for word in words[:3]} | {f"{word[:3]}x": "" for word in words[3:]}
    yield {"registry": "r" * 255, "revision": "v" * 1024}
    yield {"namespace": namespace, "name": "a" * 1023, "value": "one byte shorter than its neighbour"}
    yield {"namespace": namespace, "name": "a" * 1024, "description": "d" * 65536, "value": "v" * 65536, "tags": words,
           "attributes": attributes,
           "endpoints": [{"uri": "u:" + "p" * 8190, "version": "1.0.0-" + "x" * 249, "weight": 65535, "zone": "z" * 255,
                          "tags": words, "attributes": attributes}]}
    yield {"namespace": namespace, "name": "a" * 1022 + "é", "endpoints": [{"uri": "u:" + "é" * 4095}]}
    yield {"namespace": namespace, "name": "b/" * 511 + "cc", "value": "a path of 512 segments"}


def most_endpoints():
    """As many endpoints as a service may have, and more zones than two byte planes can number."""
    yield {"registry": "most-endpoints"}
    for service, count in (("full", 65535), ("three-planes", 3)):
        yield {"namespace": "n", "name": service,
               "endpoints": [{"uri": "a:b", "zone": f"{service[0]}{number}"} for number in range(count)]}


def ten_thousand():
    """10,000 services in four namespaces, with more attribute sets than one byte plane can number."""
    yield {"registry": "ten-thousand", "revision": "1"}
    for namespace in ("dev", "prod", "prod/eu", "staging"):
        for number in range(2500):
            record = {"namespace": namespace, "name": f"team-{number // 100:02}/service-{number % 100:02}"}
            if number % 7 == 0:
                record["description"] = f"Number {number} of {namespace}"
            if number % 11 == 0:
                record["value"] = str(number * 7919 % 10007)
            if number % 3 == 0:
                record["tags"] = ["critical", f"tier-{number % 4}"]
            record["attributes"] = {"owner": f"team-{number // 100:02}", "timeout_ms": str(number % 20 * 50)}
            record["endpoints"] = [_endpoint(namespace, number, copy) for copy in range(1 + number % 3)]
            yield record


def _endpoint(namespace, number, copy):
    endpoint = {"uri": f"tcp://10.{number // 256}.{number % 256}.{copy}:{4000 + number % 50}"}
    if number % 5 == 0:
        endpoint["version"] = f"{1 + number % 3}.{copy}.0"
    if copy > 0:
        endpoint["weight"] = 100 // copy
    endpoint["zone"] = f"{namespace.replace('/', '-')}-{'abc'[copy]}"
    return endpoint


CASES = {
    "large-namespace-own-frame": large_namespace_own_frame,
    "long-names-and-uris": long_names_and_uris,
    "most-endpoints": most_endpoints,
    "ten-thousand": ten_thousand,
}
