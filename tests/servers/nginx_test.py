#!/usr/bin/env python3
"""A real nginx routes requests by the names of services, and what is published while it does."""
import argparse
import pathlib

import loopback
from loopback import answer, check, eventually, tally

CONF = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  map_hash_bucket_size 2048;
  include {folder}/almanac.conf;
  server {{
    listen 127.0.0.1:{port};
    server_name ~^(?<by_host>[^.]+)\\.test$;
    location / {{
      if ($almanac_upstream = "") {{ return 404; }}
      proxy_pass $almanac_scheme://$almanac_upstream;
    }}
  }}
  # A name that a host cannot have is asked for by a header.
  map $http_x_service $almanac_service {{
    default $http_x_service;
    "" $by_host;
  }}
}}
"""
HOSTILE = ['a"; } $b \\ {#\'', "default", "hostnames", "include", "~.*", "*.x", "größe/a b", "größe/a;b", "größe_a_b", "!y", "\\x", "y" * 200,
           "z" * 1024]


def expect_routes(place, port):
    users = {"Host": "users.test"}
    got = tally(port, users, 60)
    # nginx's round robin is exact in each turn of as many requests as the weights are in all.
    check(got == {(200, "heavy"): 50, (200, "light"): 10}, f"weights 5 and 1, and 0: {got}")
    check(answer(port, {"Host": "orders.test"}) == (200, "other"), "another service is another upstream")
    check(answer(port, {"Host": "nobody.test"})[0] == 404, "a name that is not there")
    for name in HOSTILE:
        got = answer(port, {"X-Service": name.encode()})
        check(got == (200, "hostile"), f"{name}: {got}")
    check(answer(port, {"X-Service": "anything"})[0] == 404, "a name is no pattern")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, action="append", required=True)
    with loopback.Place(parser.parse_args().programs, {"nginx": "nginx-light"}) as place:
        heavy, light, none, other, hostile = map(place.answering, ("heavy", "light", "none", "other", "hostile"))
        file = place.folder / "almanac.conf"
        place.publish({"users": [(heavy.uri, 5), (none.uri, 0), (light.uri, 1)], "orders": [(other.uri, 1), ("http://unix:80", 1)],
                       **{name: [(hostile.uri, 1)] for name in HOSTILE}})
        place.export("nginx", file)
        nginx, port = place.serve("nginx", CONF, "nginx", "-c", place.folder / "nginx.conf", "-e", place.folder / "error.log")
        expect_routes(place, port)

        follower = place.follow("nginx", file, f"nginx -c {place.folder}/nginx.conf -e {place.folder}/error.log -s reload")
        loopback.expect_no_request_lost(place, port, {"Host": "users.test"}, follower)

        before = file.stat().st_mtime_ns
        place.publish({"x": [(heavy.uri, 1)]}, namespace="elsewhere")
        eventually(lambda: "unchanged, generation 8" in follower.said(), follower.said)
        check(file.stat().st_mtime_ns == before, "a change elsewhere does not touch the file")

        # A host that nginx cannot find fails its reload: what was good goes on, and the next good one is taken.
        place.publish({"users": [("http://no-such-host.invalid:80", 1)]})
        eventually(lambda: "--then: ended with status 1" in follower.said(), follower.said)
        check(answer(port, {"Host": "users.test"})[0] == 200, "nginx goes on with what it has")
        place.publish({"users": [(heavy.uri, 1)]})
        eventually(lambda: answer(port, {"Host": "users.test"}) == (200, "heavy"), follower.said)
        check(nginx.process.poll() is None, "nginx has ended")
        loopback.expect_clean_end(follower)


if __name__ == "__main__":
    main()
