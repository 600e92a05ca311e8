"""The commented example, config/gowatchd.toml: what a person begins from, and what each key is for.

It is the one place where the keys are described: the JSON Schema has its descriptions from there.
"""

from __future__ import annotations

import os
import re

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gowatchd.toml")

_HEADER = re.compile(r"(?:# )?\[(?P<name>[\w.]+)\]")
_KEY = re.compile(r"(?:# )?(?P<name>\w+) = ")


def example() -> str:
    """Return the example, in which every key has its default."""
    with open(FILE, encoding="utf-8") as stream:
        return stream.read()


def to_begin_from() -> str:
    """Return the example with every key commented out.

    A file that sets all keys would win over the administrator's in all of them, and keep today's defaults.
    """
    lines = example().splitlines()
    return "".join(
        f"# {line}\n" if line and not line.startswith(("#", "[")) else f"{line}\n" for line in lines
    )


def descriptions() -> dict[str, str]:
    """Return what stands above each key, and each table of the person's own keys, by its dotted name."""
    found: dict[str, str] = {}
    section = ""
    comment: list[str] = []
    for line in example().splitlines():
        if header := _HEADER.fullmatch(line):
            section = header["name"]
            if comment:
                found[section] = _sentence(comment)
        elif key := _KEY.match(line):
            found.setdefault(f"{section}.{key['name']}", _sentence(comment))
        elif line.startswith("# "):
            comment.append(line[2:])
            continue
        comment = []
    return found


def _sentence(comment: list[str]) -> str:
    text = " ".join(comment)
    return f"{text[:-1]}." if text.endswith(":") else text
