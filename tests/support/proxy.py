"""A module proxy of files, and the module cache that go fills from it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.support.go import run_go

if TYPE_CHECKING:
    from pathlib import Path


def publish(proxy: Path, path: str, version: str, files: dict[str, str]) -> None:
    """Put a version of the module ``path``, which has no capital letters, into ``proxy``."""
    folder = proxy / path / "@v"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.mod").write_text(files["go.mod"])
    (folder / f"{version}.info").write_text(f'{{"Version":"{version}","Time":"2024-01-01T00:00:00Z"}}')
    with zipfile.ZipFile(folder / f"{version}.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{path}@{version}/{name}", text)


def download(proxy: Path, cache: Path, version: str, *modules: str) -> None:
    """Have the go of ``version`` fetch ``modules`` (path@version) from ``proxy`` into ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    finished = run_go(
        version,
        "mod",
        "download",
        *modules,
        cwd=cache,
        GOPROXY=f"file://{proxy}",
        GONOSUMDB="*",
        GOMODCACHE=str(cache),
        GOFLAGS="-modcacherw",
    )
    assert finished.returncode == 0, finished.stderr.decode()
