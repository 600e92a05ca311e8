"""Trees of modules as large repositories have them: groups of folders, each module with its requirements."""

from __future__ import annotations

from pathlib import Path

SIBLINGS, OTHERS = 4, 16  # requirements of a module: inside the workspace, and of the world outside
GROUP = 25
SUM = f"h1:{'A' * 43}="  # the form of a hash, which nobody compares offline


def make_modules(root: Path, count: int) -> list[Path]:
    """Make ``count`` modules below ``root``, and nothing that uses them; return their folders."""
    return [_make_module(root, number, count) for number in range(count)]


def make_workspace(root: Path, count: int) -> list[Path]:
    """Make a formatted go.work over ``count`` modules; return their folders."""
    folders = make_modules(root, count)
    uses = "".join(f"\t{use}\n" for use in sorted(f"./{folder.relative_to(root)}" for folder in folders))
    (root / "go.work").write_text(f"go 1.22\n\nuse (\n{uses})\n")
    return folders


def _make_module(root: Path, number: int, count: int) -> Path:
    folder = root / f"group{number // GROUP:03}" / f"m{number:04}"
    folder.mkdir(parents=True)
    siblings = {(number * 7 + step * 13) % count for step in range(SIBLINGS)} - {number}
    requires = "".join(f"\texample.com/m{other:04} v0.1.{other}\n" for other in sorted(siblings))
    others = [f"example.org/dep{other:02}/v2 v2.{other}.{number % 5}" for other in range(OTHERS)]
    requires += "".join(f"\t{other}\n" for other in others)
    sums = "".join(f"{other} {SUM}\n{other}/go.mod {SUM}\n" for other in others)
    (folder / "go.sum").write_text(sums)
    (folder / "go.mod").write_text(f"module example.com/m{number:04}\n\ngo 1.22\n\nrequire (\n{requires})\n")
    (folder / "m.go").write_text("package m\n")
    return folder
