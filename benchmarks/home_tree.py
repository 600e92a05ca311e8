"""A home directory as programmers have them: a few Go modules in a sea of folders that are none of ours.

Of the folders 70 % are node_modules, 6 % .git/objects, 4 % vendor and 20 % source; one source folder in fifty
has a go.mod. Run it to make one: ``benchmarks/home_tree.py DIR --folders 100000``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDERS_OF_REPOSITORY = 2500
NODE_MODULES, GIT_OBJECTS, VENDOR = 0.70, 0.06, 0.04  # the rest is source
MODULES_OF_REPOSITORY = 10
WORKSPACES_OF_REPOSITORY = 5  # one go.work over most of its modules, and the others by themselves
WIDTH = 10  # folders beside each other


@dataclass(frozen=True, slots=True)
class Home:
    """What was made: every module's folder, and those with a go.work."""

    modules: tuple[Path, ...]
    works: tuple[Path, ...]


def make_home(root: Path, folders: int = 100_000) -> Home:
    """Make about ``folders`` folders below ``root``, one in 250 a module, in half as many workspaces."""
    modules: list[Path] = []
    works: list[Path] = []
    for number in range(max(1, folders // FOLDERS_OF_REPOSITORY)):
        repository = root / f"group{number // 8}" / f"repo{number:03}"
        modules += _make_repository(repository, number)
        works.append(repository)
    return Home(tuple(modules), tuple(works))


def _make_repository(root: Path, number: int) -> list[Path]:
    total = FOLDERS_OF_REPOSITORY
    _fill(root / "web" / "node_modules", int(total * NODE_MODULES), "index.js", "module.exports = {}\n")
    _fill(root / "vendor" / "example.org", int(total * VENDOR), "v.go", "package v\n")
    for prefix in range(int(total * GIT_OBJECTS)):
        (root / ".git" / "objects" / f"{prefix:02x}").mkdir(parents=True)
    (root / ".git" / "refs").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    source = _fill(
        root / "src", int(total * (1 - NODE_MODULES - VENDOR - GIT_OBJECTS)), "s.go", "package s\n"
    )
    modules = source[:: len(source) // MODULES_OF_REPOSITORY][:MODULES_OF_REPOSITORY]
    for place, folder in enumerate(modules):
        name = f"example.com/repo{number:03}/m{place}"
        (folder / "go.mod").write_text(f"module {name}\n\ngo 1.22\n\nrequire example.org/dep v1.2.{place}\n")
    used = modules[: MODULES_OF_REPOSITORY - WORKSPACES_OF_REPOSITORY + 1]
    uses = "".join(f"\t{use}\n" for use in sorted(f"./{folder.relative_to(root)}" for folder in used))
    (root / "go.work").write_text(f"go 1.22\n\nuse (\n{uses})\n")
    return modules


def _fill(root: Path, count: int, name: str, text: str) -> list[Path]:
    """Make ``count`` folders, ``root`` among them, with a file ``name`` in each."""
    folders = [root]
    while len(folders) < count:
        folders.append(folders[(len(folders) - 1) // WIDTH] / f"p{len(folders) % WIDTH}")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folders


def main() -> int:
    """Make a home and say what is in it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--folders", type=int, default=100_000)
    options = parser.parse_args()
    home = make_home(options.directory, options.folders)
    print(f"{len(home.modules)} modules, {len(home.works)} go.work files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
