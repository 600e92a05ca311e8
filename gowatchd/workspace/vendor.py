"""What vendor/modules.txt says that ``go mod vendor`` or ``go work vendor`` put into the folder.

Follows cmd/go/internal/modload (vendor.go: readVendorList; init.go: modulesTextIsForWorkspace).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gowatchd.modfile import semver

if TYPE_CHECKING:
    from collections.abc import Mapping

Version = tuple[str, str]  # module path and version, which is empty for all versions


@dataclass(frozen=True, slots=True, eq=False)
class VendorList:
    """A vendor folder: what it was made for and from.

    ``explicit`` are the modules that a go.mod required then, ``providing`` those that packages came from, and
    ``replaced`` what stood in place of which: a directory as it was written, with an empty version, or a
    module.
    """

    for_workspace: bool
    explicit: frozenset[Version]
    providing: tuple[Version, ...]
    replaced: Mapping[Version, Version]


def parse_vendor_list(data: bytes) -> VendorList:
    """Return what ``data``, the content of a vendor/modules.txt, says; like go, pass over the rest."""
    explicit: set[Version] = set()
    providing: dict[Version, None] = {}
    replaced: dict[Version, Version] = {}
    module: Version | None = None
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    for line in lines:
        if line.startswith("# "):
            words = line.split()
            if len(words) < 3:
                continue
            module, target = _module_line(words)
            if module is not None and target is not None:
                replaced[module] = target
        elif module is None:
            continue
        elif line.startswith("## "):
            if "explicit" in _annotations(line):
                explicit.add(module)
        elif len(line.split()) == 1:
            providing[module] = None
    return VendorList("workspace" in _annotations(lines[0]), frozenset(explicit), tuple(providing), replaced)


def _annotations(line: str) -> list[str]:
    return [entry.strip() for entry in line[3:].split(";")] if line.startswith("## ") else []


def _module_line(words: list[str]) -> tuple[Version | None, Version | None]:
    """Return the module that a line is about, and what replaces it."""
    if semver.is_valid(words[2]):
        module, rest = (words[1], words[2]), words[3:]
    elif words[2] == "=>":
        module, rest = (words[1], ""), words[2:]
    else:
        return None, None
    if len(rest) == 2 and rest[0] == "=>":
        return module, (rest[1], "")
    if len(rest) == 3 and rest[0] == "=>" and semver.is_valid(rest[2]):
        return module, (rest[1], rest[2])
    return module, None
