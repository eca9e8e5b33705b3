#!/usr/bin/env python3
"""A real DNS server serves the zone, dig finds the services, and a published change is there with a new serial."""
import argparse
import json
import pathlib

import loopback
from loopback import check, eventually

ZONE = "services.example"
CONF = """
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  zonefiles-check: yes
remote-control:
  control-enable: no
zone:
  name: "{zone}"
  zonefile: "{folder}/almanac.zone"
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, action="append", required=True)
    with loopback.Place(parser.parse_args().programs, {"nsd": "nsd", "nsd-checkzone": "nsd", "dig": "bind9-dnsutils"}) as place:
        file = place.folder / "almanac.zone"
        value = 'say "hi" \\ ; $TTL ü' + "x" * 300
        (place.folder / "values.jsonl").write_text(json.dumps({"namespace": "prod", "name": "limits/text", "value": value}) + "\n")
        place.publish({"users": [("http://10.0.0.1:8080", 3), ("http://[2001:db8::1]", 1), ("http://10.0.0.9", 0)],
                       "payments/api": [("https://pay.example.com/v1", 1)]})
        place.export("zone", file)
        place.run("nsd-checkzone", ZONE, file)
        nsd, port = place.serve("nsd", CONF.replace("{zone}", ZONE), "nsd", "-d", "-c", place.folder / "nsd.conf")

        def dig(name, kind, *more):
            out = place.run("dig", "@127.0.0.1", "-p", port, "+short", "+tries=5", "+time=2", *more, f"{name}{ZONE}.", kind)
            return sorted(out.splitlines())

        def expect(got, wanted):
            check(got == wanted, f"{got} is not {wanted}\n{nsd.said()}")

        expect(dig("users.", "A"), ["10.0.0.1"])
        expect(dig("users.", "AAAA"), ["2001:db8::1"])
        six = f"2001-0db8-0000-0000-0000-0000-0000-0001.users.{ZONE}."
        expect(dig("_http._tcp.users.", "SRV"), [f"0 1 80 {six}", f"0 3 8080 10-0-0-1.users.{ZONE}."])
        expect(dig("10-0-0-1.users.", "A"), ["10.0.0.1"])
        expect(dig("api.payments.", "CNAME"), ["pay.example.com."])
        expect(dig("_https._tcp.api.payments.", "SRV"), ["0 1 443 pay.example.com."])
        # dig shows the strings as a zone file has them.
        raw = value.encode()
        shown = [part.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace("ü".encode(), b"\\195\\188").decode() for part in (raw[:255], raw[255:])]
        expect(dig("text.limits.", "TXT"), [f'"{shown[0]}" "{shown[1]}"'])
        expect([line.split()[2] for line in dig("", "SOA")], ["1"])

        follower = place.follow("zone", file, f"kill -HUP {nsd.process.pid}")
        place.publish({"elsewhere": [("http://10.0.0.1", 1)]}, namespace="other")
        eventually(lambda: "unchanged, generation 2" in follower.said(), follower.said)
        place.publish({"users": [("http://10.0.0.2:8080", 1)]})
        eventually(lambda: dig("users.", "A") == ["10.0.0.2"], lambda: follower.said() + nsd.said())
        expect([line.split()[2] for line in dig("", "SOA")], ["3"])
        expect(dig("api.payments.", "CNAME"), [])
        loopback.expect_clean_end(follower)


if __name__ == "__main__":
    main()
