"""What bench/run hands to a question, and what a question is.

A question is a module of bench/questions/ with

    TITLE = "…"                                  a line for the page
    PACKAGES = ["libabsl-dev", …]                Debian packages whose versions belong beside the figures
    SERVICES = [1_000, 10_000, …]                sizes it is asked at when none are named
    REMARKS = {case or subject: "…"}             optional: why a peer is ahead there, in whole sentences
    FLOORS = ["raw GET by libcurl", …]           optional: subjects that are no peers: what the hardware does at best, limits, yardsticks
    CHARTS = {case: "bars"}                      optional: "lines", "bars" or "none", where the page's own choice does not fit a case
    def targets() -> list[Target]: …
    def measure(setting: Setting) -> list[Measurement]: …     says what it does by setting.say()
"""

import dataclasses
import sys
import time

from .material import Material

QUICK_SERVICES = 10_000
QUICK_ROUNDS = 3
BEGIN = time.monotonic()


def say(text):
    """A line of progress, with the time since the run began."""
    minutes, seconds = divmod(int(time.monotonic() - BEGIN), 60)
    print(f"{minutes:3}:{seconds:02}  {text}", file=sys.stderr, flush=True)


@dataclasses.dataclass(frozen=True)
class Setting:
    material: Material
    services: list[int]
    quick: bool = False  # a look, which few repetitions will do for

    def rounds(self, usual):
        """How many repetitions to take where a full run takes so many."""
        return min(usual, QUICK_ROUNDS) if self.quick else usual

    @staticmethod
    def say(text):
        say(f"  {text}")


def sizes(module, named, quick):
    """What a question is asked at: the sizes that the command line names, or else its own, of which a quick run has the small ones."""
    if named:
        return named
    small = [services for services in module.SERVICES if services <= QUICK_SERVICES]
    return (small or module.SERVICES[:1]) if quick else module.SERVICES
