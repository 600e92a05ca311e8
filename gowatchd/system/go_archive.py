"""A Go release as it was downloaded: its SHA-256, and whether it is whole and for this machine."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tarfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_SUM = re.compile(r"[0-9a-fA-F]{64}")
_SUM_FILE_SIZE = 1 << 16  # bytes: one line, or a list of all archives of some releases
_LARGEST = 4 << 30  # bytes unpacked, four times a release: what grows further was made to do harm
_VERSION_FILE = "go/VERSION"  # the first member of every official archive
_VERSION_SIZE = 4096


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive turned out to be.

    ``told`` is the sum that it should have and ``source`` where that is from, both "" where nobody said one.
    ``version`` is what the archive says of itself, such as ``go1.22.10``, "" for one of another make;
    ``damage`` why it cannot be unpacked, or "".
    """

    path: str
    sha256: str
    told: str
    source: str
    version: str
    damage: str


def read_archive(path: str, told: str) -> Archive:
    """Read the archive at ``path``; raises OSError.

    ``told`` is the sum that its person named; without one, a ``path.sha256`` beside it is asked.
    """
    source = "--sha256"
    if not told:
        source = f"{path}.sha256"
        told = _sum_of(source, os.path.basename(path))
    with open(path, "rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        file.seek(0)
        version, damage = _unpacked(file)
    return Archive(path, digest.hexdigest(), told.lower(), source if told else "", version, damage)


def is_sum(text: str) -> bool:
    """Say whether ``text`` can be a SHA-256."""
    return _SUM.fullmatch(text) is not None


def _sum_of(path: str, name: str) -> str:
    """Return the sum for ``name`` in a file that has it alone, or as sha256sum(1) writes it."""
    try:
        with open(path, "rb") as file:
            lines = file.read(_SUM_FILE_SIZE).decode(errors="replace").splitlines()
    except OSError:
        return ""
    words = [line.split() for line in lines]
    sums = [
        one[0] for one in words if one and is_sum(one[0]) and (len(one) == 1 or one[-1].lstrip("*") == name)
    ]
    return sums[0] if sums else ""


def _unpacked(file: IO[bytes]) -> tuple[str, str]:
    """Return the version in the archive, and why it cannot be unpacked; nothing is written."""
    version = ""
    try:
        # tarfile's own "r|gz" compares no check sum
        with gzip.GzipFile(fileobj=file) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            for member in _bounded(archive):
                if member.name == _VERSION_FILE and (content := archive.extractfile(member)) is not None:
                    version = content.read(_VERSION_SIZE).decode(errors="replace").partition("\n")[0].strip()
            while plain.read(_CHUNK):  # the sum stands behind the last member
                pass
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        return version, str(error) or type(error).__name__
    return version, ""


def _bounded(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    total = 0
    for member in archive:
        total += member.size
        if total > _LARGEST:
            raise tarfile.TarError(f"more than {_LARGEST} bytes come out of it")
        yield member
        archive.members.clear()  # type: ignore[attr-defined] # else it keeps all 15,000 of them
