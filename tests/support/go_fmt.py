"""What the real ``go mod edit -fmt`` and ``go work edit -fmt`` say about many texts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.go import run_go

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gowatchd.modfile import Kind

_HEADER = re.compile(r"\A(?:(?:go: )?errors parsing [^\n]*:\n)+")


@dataclass(frozen=True)
class Verdict:
    """One answer: the printed text, or else (with ``text`` None) what is wrong, without the header."""

    text: bytes | None
    error: str = ""


def go_fmt(version: str, kind: Kind, data: bytes, folder: Path, name: str = "") -> Verdict:
    """Have one toolchain print ``data``, which errors call ``name``."""
    name = name or kind.file_name
    (folder / name).write_bytes(data)
    run = run_go(version, kind.value, "edit", "-fmt", "-print", name, cwd=folder)
    if run.returncode == 0:
        return Verdict(run.stdout)
    stderr = run.stderr.decode("utf-8", "surrogateescape").removesuffix("\n")
    return Verdict(None, _HEADER.sub("", stderr))


def go_fmt_all(version: str, texts: Sequence[tuple[Kind, bytes]], folder: Path) -> list[Verdict]:
    """Have one toolchain print every text, two at a time; errors call them ``0``, ``1``, ..."""
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(
                lambda item: go_fmt(version, item[1][0], item[1][1], folder, str(item[0])), enumerate(texts)
            )
        )
