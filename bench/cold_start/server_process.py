"""What starting a server on the loopback interface takes: ports, whether it listens, and its end."""

import contextlib
import ctypes
import signal
import socket

PR_SET_PDEATHSIG = 1


def free_ports(count):
    """Each another one. Somebody may take one before it is used."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_with_parent(number=signal.SIGKILL):
    """Of a process that was just forked: the kernel sends it this signal when its parent ends, however that ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
