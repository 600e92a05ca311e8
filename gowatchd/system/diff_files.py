"""Diffs as files, for programs that show files: private, few, and gone by themselves."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time

KEPT_MOST = 16  # as many as anybody has open at once; the oldest goes
SIZE_MOST = (
    1 << 20
)  # bytes: they live in memory, and a diff of a go.mod that we format has at most half of it
CUT = "\n\\ the rest is left out: see gowatchctl log\n"
NAME_MOST = 80  # bytes of a title in a file's name, which may have 255 of them
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


class DiffFiles:
    """The folder ``diffs`` below ``folder``: $XDG_RUNTIME_DIR/gowatchd, say, which ends with the session."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, "diffs")

    def write(self, title: str, diff: str) -> str:
        """Make a file with ``diff`` and return its path; raises OSError for what the system says."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self._clean()
        data = diff.encode("utf-8", "surrogateescape")
        if len(data) > SIZE_MOST:
            data = data[: data.rfind(b"\n", 0, SIZE_MOST) + 1] + CUT.lstrip("\n").encode()
        stamp = time.strftime("%H%M%S")
        path = os.path.join(self.folder, f"{_slug(title)}-{stamp}-{secrets.token_hex(2)}.diff")
        with open(os.open(path, FLAGS, 0o600), "wb") as stream:
            stream.write(data)
        return path

    def _clean(self) -> None:
        """Make room for one more."""
        found = []
        for entry in os.scandir(self.folder):
            with contextlib.suppress(OSError):  # somebody else cleans up too
                found.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path))
        for _age, path in sorted(found)[: max(0, len(found) - KEPT_MOST + 1)]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _slug(title: str) -> str:
    """Return ``title`` as a file's name: no slash, no space, nothing that looks like an option."""
    name = re.sub(r"[^\w.]+", "-", title).strip("-.").encode()[:NAME_MOST]
    return name.decode(errors="ignore") or "changes"
