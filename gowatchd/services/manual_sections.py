"""The sections of a docstring that is a manual page: ``What:``, ``Why:``, ``Symptom:`` and their like."""

from __future__ import annotations

import re
import textwrap

_SECTION = re.compile(r"([A-Z][a-z]+):(?: |$)")


def summary(text: str) -> str:
    """Return the first paragraph of a manual page in one line."""
    return " ".join(text.partition("\n\n")[0].split())


def sections(text: str) -> dict[str, str]:
    """Return the sections of a manual page: prose in one line a paragraph, examples as they are."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):
        heading = _SECTION.match(line)
        if heading:
            current = found.setdefault(heading[1], [])
            line = line[heading.end() :]  # noqa: PLW2901 the rest of it is the first of the section
        current.append(line)
    return {name: _body(lines) for name, lines in found.items()}


def _body(lines: list[str]) -> str:
    text = textwrap.dedent("\n".join(lines)).strip("\n")
    return text if text.startswith("-- ") else re.sub(r"\s*\n(?!\n)\s*", " ", text).strip()
