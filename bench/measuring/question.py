"""What bench/run hands to a question, and what a question is.

A question is a module of bench/questions/ with

    TITLE = "…"                                  a line for the page
    PACKAGES = ["libabsl-dev", …]                Debian packages whose versions belong beside the figures
    SERVICES = [1_000, 10_000, …]                sizes it is asked at when none are named
    def targets() -> list[Target]: …
    def measure(setting: Setting) -> list[Measurement]: …     says what it does by setting.say()
"""

import dataclasses
import sys

from .material import Material


@dataclasses.dataclass(frozen=True)
class Setting:
    material: Material
    services: list[int]

    @staticmethod
    def say(text):
        print(f"  {text}", file=sys.stderr, flush=True)
