#!/usr/bin/env python3
"""A real HAProxy routes requests by the names of services, and what is published while it does."""
import argparse
import pathlib

import loopback
from loopback import answer, check, eventually, tally

CONF = """
global
  nbthread 1
  master-worker
  # A worker takes over the listening sockets of the one before it: no connection is refused, or lost in a queue.
  stats socket {folder}/haproxy.sock mode 600 level admin expose-fd listeners
defaults
  mode http
  timeout client 10s
  timeout connect 5s
  timeout server 10s
frontend web
  bind 127.0.0.1:{port}
  http-request return status 404 unless {{ req.hdr(host),field(1,.),map_str({folder}/known) -m found }}
  use_backend almanac-%[req.hdr(host),field(1,.)]
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, action="append", required=True)
    with loopback.Place(parser.parse_args().programs, {"haproxy": "haproxy"}) as place:
        heavy, light, none, other = map(place.answering, ("heavy", "light", "none", "other"))
        file = place.folder / "almanac.cfg"
        place.publish({"users": [(heavy.uri, 5), (none.uri, 0), (light.uri, 1)], "orders": [(other.uri, 1)],
                       "scaled": [(heavy.uri, 40000), (light.uri, 20000)], 'a"; } $b \\ {#\'': [(other.uri, 1)],
                       "encrypted": [("https://127.0.0.1:443/", 1), ("https://localhost:443/", 1)]})
        place.export("haproxy", file)
        (place.folder / "known").write_text("users x\norders x\nscaled x\n")
        haproxy, port = place.serve("haproxy", CONF, "haproxy", "-W", "-db", "-p", place.folder / "haproxy.pid",
                                    "-f", place.folder / "haproxy.conf", "-f", file)
        # HAProxy's round robin is exact in each turn of as many requests as the weights are in all.
        got = tally(port, {"Host": "users.test"}, 60)
        check(got == {(200, "heavy"): 50, (200, "light"): 10}, f"weights 5 and 1, and 0: {got}")
        got = tally(port, {"Host": "scaled.test"}, 30)
        check(got == {(200, "heavy"): 20, (200, "light"): 10}, f"weights 40000 and 20000: {got}")
        check(answer(port, {"Host": "orders.test"}) == (200, "other"), "another service is another backend")
        check(answer(port, {"Host": "nobody.test"})[0] == 404, "a name that is not there")

        check_first = f"haproxy -c -q -f {place.folder}/haproxy.conf -f {file}"
        follower = place.follow("haproxy", file, f'{check_first} && kill -USR2 "$(cat {place.folder}/haproxy.pid)"')
        loopback.expect_no_request_lost(place, port, {"Host": "users.test"}, follower)

        # A host that HAProxy cannot find fails the reload: what was good goes on, and the next good one is taken.
        place.publish({"users": [("http://no-such-host.invalid:80", 1)]})
        eventually(lambda: "--then: ended with status 1" in follower.said(), follower.said)
        check(answer(port, {"Host": "users.test"})[0] == 200, "haproxy goes on with what it has")
        place.publish({"users": [(heavy.uri, 1)]})
        eventually(lambda: answer(port, {"Host": "users.test"}) == (200, "heavy"), follower.said)
        check(haproxy.process.poll() is None, f"haproxy has ended\n{haproxy.said()}")
        loopback.expect_clean_end(follower)


if __name__ == "__main__":
    main()
