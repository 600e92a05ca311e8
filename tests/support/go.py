"""The real Go toolchains and the corpus of real files, where this machine has them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLCHAINS = {
    folder.name: folder / "go"
    for folder in sorted((ROOT / "build" / "toolchains").glob("1.*.*"))
    if (folder / "go/bin/go").exists()
}
NEWEST = "1.27.3"
CORPUS = ROOT.parent / "shared" / "corpus"

needs_go = pytest.mark.skipif(
    NEWEST not in TOOLCHAINS, reason="Go 1.27.3 is not in build/toolchains: scripts/fetch-toolchains"
)
needs_all_toolchains = pytest.mark.skipif(
    len(TOOLCHAINS) < 7, reason="not all Go toolchains are in build/toolchains: scripts/fetch-toolchains"
)
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus beside the checkout")


def run_go(
    version: str, *arguments: str, cwd: Path, stdin: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run one toolchain's go, offline and blind to the machine's own settings."""
    home = os.environ.get("HOME", "/nonexistent")
    return subprocess.run(
        [str(TOOLCHAINS[version] / "bin/go"), *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        env={
            "HOME": home,
            "PATH": "/usr/bin:/bin",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GOPROXY": "off",
            "GOENV": "off",
            **environment,
        },
    )
