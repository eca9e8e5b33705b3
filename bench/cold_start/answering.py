"""A line from a program that waits for the next one; it has LONGEST for each, and is killed when it takes longer."""

import threading

LONGEST = 60  # seconds


def next_line(process):
    """Empty where the program has ended, or was killed for the time it took."""
    timer = threading.Timer(LONGEST, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()
