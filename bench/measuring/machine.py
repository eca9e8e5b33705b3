"""The machine that a result comes from, and how quiet it was."""

import os
import pathlib
import platform
import re
import subprocess
import time


def processor():
    named = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return named[1].strip() if named else platform.machine()


def short_name():
    """Of a folder of results: "epyc-2-cores"."""
    words = [word for word in re.findall(r"[a-z0-9]+", processor().lower()) if word not in {"amd", "intel", "r", "tm", "cpu", "processor"}]
    return f"{words[0] if words else 'machine'}-{os.cpu_count()}-cores"


def last_core():
    """To pin what is measured to: the first one has most of the machine's interrupts."""
    return max(os.sched_getaffinity(0))


def spin(rounds=200_000):
    """Nanoseconds that the same work takes."""
    begin = time.perf_counter_ns()
    for _ in range(rounds):
        pass
    return time.perf_counter_ns() - begin


def noise(samples=50):
    """How much the same work varies while nothing is measured: most and median over least."""
    times = sorted(spin() for _ in range(samples))
    return {"min_ns": times[0], "median_over_min": times[samples // 2] / times[0], "max_over_min": times[-1] / times[0], "samples": samples}


def ticks():
    """(of all cores since the start, of those the idle ones); proc(5), /proc/stat: idle and iowait are the fourth and fifth."""
    times = [int(one) for one in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(times), times[3] + times[4]


def busy(seconds=0.25):
    """The share of all cores that others use, while this process waits."""
    total, idle = ticks()
    time.sleep(seconds)
    total_then, idle_then = ticks()
    return 1 - (idle_then - idle) / max(total_then - total, 1)


def facts():
    memory = re.search(r"^MemTotal:\s+(\d+) kB", pathlib.Path("/proc/meminfo").read_text(), re.MULTILINE)
    huge_pages = pathlib.Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[1]) / 2**20) if memory else None,
        "kernel": platform.release(),
        "transparent_huge_pages": huge_pages.read_text().strip() if huge_pages.exists() else None,
        "load_before": os.getloadavg()[0],
        "busy_before": round(busy(), 3),
        "noise": noise(),
    }


def versions(packages):
    """{package: version} of Debian packages; those that are not installed are left out."""
    if not packages:
        return {}  # dpkg-query would tell of all
    lines = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", *packages], capture_output=True, text=True).stdout
    return dict(line.split() for line in lines.splitlines() if len(line.split()) == 2)


def commit(root):
    """The commit that is measured, or None where there is no git; results themselves are no change."""
    def git(*arguments):
        return subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("rev-parse", "HEAD")[:12] + (" and changes" if git("status", "--porcelain", "--", ".", ":!bench/results") else "")
    except (OSError, subprocess.CalledProcessError):
        return None
