"""Whatever switches a check off, waits by the clock or catches everything has its reason beside it."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("gowatchd", "tests", "benchmarks", "fuzz", "scripts")
MARKERS = {
    "noqa": re.compile(r"#\s*noqa\b(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?"),
    "type: ignore": re.compile(r"#\s*type:\s*ignore(?:\[[\w, -]+\])?"),
    "fmt": re.compile(r"#\s*fmt:\s*(?:skip|off|on)\b"),
    "no cover": re.compile(r"#\s*pragma:\s*no cover"),
}
EVERYTHING = {"Exception", "BaseException"}
SKIPS = {"skip", "xfail", "importorskip"}
SKIP_MARKS = {"skipif", "xfail", "skip"}
# Most files hold nothing of this, and need not be taken apart.
WORTH_A_LOOK = re.compile(r"noqa|ignore|fmt:|pragma|except\s*:|Exception|sleep|skip|xfail")
WORD = re.compile(r"[A-Za-z]{2,}")


def sources() -> list[Path]:
    """Return the Python programs and modules of the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\0")
    found = [ROOT / name for name in listed if name] or [
        path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")
    ]
    return sorted(path for path in found if path.suffix == ".py" or is_script(path))


def is_script(path: Path) -> bool:
    if path.suffix or not path.is_file():
        return False
    with path.open("rb") as file:
        return b"python" in file.readline(200)


def comments_of(text: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def says_why(comment: str) -> bool:
    for pattern in MARKERS.values():
        comment = pattern.sub("", comment)
    return WORD.search(comment) is not None


def name_of(node: ast.expr | None) -> str:
    """Return ``time.sleep`` of the call ``time.sleep(1)``, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{name_of(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def catches_everything(node: ast.ExceptHandler) -> bool:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or name_of(kind) in EVERYTHING for kind in kinds)


def is_reasoned_skip(node: ast.Call, what: str) -> bool:
    """Say whether a skip carries its words, which pytest prints; ``skipif`` and its like by keyword."""
    if any(keyword.arg == "reason" for keyword in node.keywords):
        return True
    return not what.startswith("pytest.mark.") and what != "pytest.importorskip" and bool(node.args)


def is_skip(what: str) -> bool:
    *before, last = what.split(".")
    return (before == ["pytest"] and last in SKIPS) or (before == ["pytest", "mark"] and last in SKIP_MARKS)


def what_lacks(node: ast.AST, comments: dict[int, str], called: set[int]) -> str:
    """Say what ``node`` does without a reason, or nothing."""
    if isinstance(node, ast.ExceptHandler) and catches_everything(node):
        return "" if says_why(comments.get(node.lineno, "")) else "except of everything"
    if isinstance(node, ast.Call):
        what = name_of(node.func)
        if what in {"time.sleep", "sleep"}:
            return "" if says_why(comments.get(node.end_lineno or 0, "")) else what
        return what if is_skip(what) and not is_reasoned_skip(node, what) else ""
    if isinstance(node, ast.Attribute) and id(node) not in called and is_skip(name_of(node)):
        return name_of(node)  # a decorator without words
    return ""


def unreasoned(text: str) -> list[str]:
    """Return what stands in ``text`` without a reason, as LINE: WHAT."""
    if not WORTH_A_LOOK.search(text):
        return []
    comments = comments_of(text)
    found = [
        (line, f"# {what}")
        for line, comment in comments.items()
        for what, pattern in MARKERS.items()
        if pattern.search(comment) and not says_why(comment)
    ]
    nodes = tuple(ast.walk(ast.parse(text)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    found += [(node.lineno, what) for node in nodes if (what := what_lacks(node, comments, called))]
    return [f"{line}: {what}" for line, what in sorted(found)]


def test_whatever_is_switched_off_has_its_reason():
    sought = sources()
    assert len(sought) > 400
    lacking = [f"{path.relative_to(ROOT)}:{one}" for path in sought for one in unreasoned(path.read_text())]
    assert not lacking, (
        "these lack a reason. Better than one: do without it, or wait for an event (wait_for). Else say why "
        "in a few words behind it on the same line; for a skip as its reason=:\n" + "\n".join(lacking)
    )


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("x = 1  # noqa: E501\n", ["1: # noqa"]),
        ("x = 1  # noqa\n", ["1: # noqa"]),
        ("x = 1  # noqa: D102, N802\n", ["1: # noqa"]),
        ("x = 1  # noqa: E501 it is an address\n", []),
        ("x = y  # type: ignore[misc]\n", ["1: # type: ignore"]),
        ("x = y  # type: ignore[misc] # noqa: E501\n", ["1: # noqa", "1: # type: ignore"]),
        ("x = y  # type: ignore[misc] # it has no types\n", []),
        ("x = (1,  2)  # fmt: skip\n", ["1: # fmt"]),
        ("x = '# noqa'\n", []),
        ("try:\n    x()\nexcept Exception:\n    pass\n", ["3: except of everything"]),
        ("try:\n    x()\nexcept (OSError, BaseException):\n    pass\n", ["3: except of everything"]),
        ("try:\n    x()\nexcept:\n    pass\n", ["3: except of everything"]),
        ("try:\n    x()\nexcept Exception:  # the edge\n    pass\n", []),
        ("try:\n    x()\nexcept OSError:\n    pass\n", []),
        ("time.sleep(1)\n", ["1: time.sleep"]),
        ("time.sleep(\n    1\n)  # the pace of a person\n", []),
        ("pytest.skip()\n", ["1: pytest.skip"]),
        ("pytest.skip('no go here')\n", []),
        ("pytest.importorskip('dbus')\n", ["1: pytest.importorskip"]),
        ("pytest.importorskip('dbus', reason='no dbus here')\n", []),
        ("x = pytest.mark.skipif(True)\n", ["1: pytest.mark.skipif"]),
        ("x = pytest.mark.skipif(True, reason='no go here')\n", []),
        ("@pytest.mark.skip\ndef test():\n    pass\n", ["1: pytest.mark.skip"]),
    ],
)
def test_what_is_a_reason(text, lacks):
    assert unreasoned(text) == lacks
