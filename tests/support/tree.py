"""Trees of modules in real directories, and what the rules say of them."""

from __future__ import annotations

import os

from gowatchd.lint.catalog import check
from gowatchd.lint.facts import Facts
from gowatchd.services.workspaces import Workspaces
from gowatchd.system.files import SafeFiles
from tests.support.memory import txtar


def build(text, root):
    """Make the files of a txtar text below ``root``; ``-- name -> target --`` is a symbolic link."""
    for path, content in txtar(text, str(root)).items():
        link, arrow, target = path.partition(" -> ")
        os.makedirs(os.path.dirname(link), exist_ok=True)
        if arrow:
            os.symlink(target, link)
        else:
            with open(link, "wb") as file:
                file.write(content)


def diagnose(root, version):
    """Check what stands in ``root``, as the go command of ``version`` with GOTOOLCHAIN=local would see it."""
    top = [str(root / name) for name in ("go.work", "go.mod") if (root / name).exists()]
    facts = Facts(version, switches_toolchain=False)
    return [one for workspace in Workspaces(SafeFiles()).load(top) for one in check(workspace, facts)]
