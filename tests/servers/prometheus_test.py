#!/usr/bin/env python3
"""Prometheus' own promtool takes the targets that are exported for it."""
import argparse
import json
import pathlib

import loopback
from loopback import check

CONF = """
scrape_configs:
  - job_name: almanac
    file_sd_configs:
      - files: ["{file}"]
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, action="append", required=True)
    with loopback.Place(parser.parse_args().programs, {"promtool": "prometheus"}) as place:
        file = place.folder / "targets.json"
        (place.folder / "prometheus.yml").write_text(CONF.format(file=file))
        place.publish({"users": [("http://10.0.0.1:8080", 3), ("http://[2001:db8::1]:81", 1)], 'a"; } $b \\ {#\'ü': [("http://10.0.0.2:82", 1)]})
        place.export("prometheus", file)
        place.run("promtool", "check", "config", place.folder / "prometheus.yml")
        # It looks for as long as it is told to, whatever it has found.
        found = json.loads(place.run("promtool", "check", "service-discovery", "--timeout=3s", place.folder / "prometheus.yml", "almanac"))
        targets = sorted(each["discoveredLabels"]["__address__"] for each in found)
        check(targets == ["10.0.0.1:8080", "10.0.0.2:82", "[2001:db8::1]:81"], f"promtool finds {targets}")
        # That this promtool would not take anything.
        file.write_text('[{"targets":[{}]}]')
        place.run("promtool", "check", "config", place.folder / "prometheus.yml", status=1)


if __name__ == "__main__":
    main()
