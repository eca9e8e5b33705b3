#!/usr/bin/env python3
"""The library never prints, ends the process or touches its user's terminal: no object file asks for that.

Nor for what compresses: one function of zstd's encoder brings all of it, 420 KB, into a static program.

Usage: library_symbols.py OBJECT_FILE...
"""

import re
import subprocess
import sys

from project_files import report

FORBIDDEN = re.compile(
    r"^("
    r"(v|f|vf|d|vd)?printf|__(v|f|vf|d|vd)?printf_chk|puts|fputs|putchar|_?IO_putc|putc|fputc|fwrite|perror|"
    r"(v?syslog|v?warnx?|v?errx?|error)|"
    r"abort|_?exit|_Exit|quick_exit|__assert_fail|__assert_perror_fail|raise|kill|"
    r"std::(w?cout|w?cerr|w?clog|w?cin|ios_base::Init::.*|abort.*|exit.*|__glibcxx_assert_fail.*)|"
    r"stdout|stderr|stdin|"
    r"signal|sigaction|setlocale|setenv|unsetenv|putenv|chdir|umask|srand|"
    r"ZSTD_(compress\w*|\w*C(Ctx|Dict|Stream|Params)\w*)"
    r")(@.*)?$"
)


def undefined(object_file: str) -> list[str]:
    listing = subprocess.run(["nm", "-C", "--undefined-only", object_file], check=True, capture_output=True, text=True).stdout
    return [line.split(maxsplit=1)[1] for line in listing.splitlines() if line.strip()]


def main() -> int:
    problems = []
    for object_file in sys.argv[1:]:
        problems += [f"{object_file}: uses {symbol}" for symbol in undefined(object_file) if FORBIDDEN.match(symbol)]
    return report(problems, len(sys.argv) - 1, "object files")


if __name__ == "__main__":
    sys.exit(main())
