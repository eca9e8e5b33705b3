"""What a document shows of commands and of what they print, and what a sample's run shows.

A line that begins with "$ " is a command; what it printed follows.
"""
import re

CONSOLE_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands_in(console):
    """Each command, and what is shown below it. Titles between them, as a sample prints them, are left out."""
    parts = re.split(r"^\$ (.*)\n", re.sub(r"^\n# .*\n", "", console, flags=re.MULTILINE), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def in_console_blocks(text):
    """The same for all the console blocks of a document."""
    return commands_in("".join(CONSOLE_BLOCK.findall(text)))


def with_outputs(text, actual):
    """The text with what its commands print below them; the commands of its console blocks are the first of `actual`, in order."""
    outputs = iter(actual)

    def fresh(block):
        shown = (next(outputs) for _ in commands_in(block[1]))
        return "```console\n" + "".join(f"$ {command}\n{output}" for command, output in shown) + "```"

    return CONSOLE_BLOCK.sub(fresh, text)
