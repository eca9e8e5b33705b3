"""The most memory that a command had resident at once, and how long it ran.

Linux counts what a process had before it executed a program, and a child shares its parent's pages until then: who starts a command
cannot see less than what he has himself. So this file starts it, run by a fresh Python of some 10 MB; less than that is not seen.
"""

import json
import os
import subprocess
import sys
import time


def of(command):
    """{"peak_bytes": …, "seconds": …}; the command's standard output is passed over."""
    fresh = ["/usr/bin/python3", "-I", "-S", "-B", __file__, *map(str, command)]
    return json.loads(subprocess.run(fresh, check=True, stdout=subprocess.PIPE).stdout)


def main(command):
    begin = time.perf_counter_ns()
    # When this process is killed, the command goes too.
    child = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = (time.perf_counter_ns() - begin) / 1e9
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        return f"{command[0]} ended with status {child.returncode}"
    print(json.dumps({"peak_bytes": usage.ru_maxrss * 1024, "seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
