"""Signing keys of gpg for the length of some tests, apart from anybody's own keys."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "Release Test <release@example.org>"


@contextmanager
def signing_key(of: tuple[str, ...] = (KEY,)) -> Iterator[dict[str, str]]:
    """Make a key for each name, and give the environment in which gpg knows these and no other ones."""
    home = tempfile.mkdtemp(prefix="gpg.")  # not below tmp_path: the agent's socket has a short name, unix(7)
    environment = {"GNUPGHOME": home}
    try:
        for name in of:
            _gpg(environment, "--quick-generate-key", name, "ed25519", "sign", "never")
        yield environment
    finally:
        subprocess.run(
            ["gpgconf", "--homedir", home, "--kill", "all"], capture_output=True, timeout=60, check=False
        )
        shutil.rmtree(home, ignore_errors=True)


def _gpg(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        ["gpg", "--batch", "--quiet", "--passphrase", "", *arguments],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        timeout=60,
        check=True,
    )
