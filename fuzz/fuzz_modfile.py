"""Bytes that nobody thought of, for the go.mod and go.work language: run by ``make fuzz SECONDS=60``.

The first byte of an input chooses the kind of file. Every input must leave the laws of tests/property whole;
one in ORACLE_SHARE is also read by the real ``go``. What breaks a law is written to build/fuzz/crash-*; run
this program with that file as its argument to see it again.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["gowatchd"]):
    from gowatchd.modfile import Kind, ParseError, canonical, stable
    from gowatchd.style.formatter import tidy
    from tests.support.go import NEWEST, TOOLCHAINS
    from tests.support.go_fmt import go_fmt
    from tests.support.txtar import members

FOLDER = ROOT / "build" / "fuzz"
CORPUS = FOLDER / "corpus"
ORACLE_SHARE = 64
KINDS = (Kind.WORK, Kind.MOD)
STRING_OR_COMMENT = re.compile(rb'"(?:\\.|[^"\\\n])*"|(//[^\n]*)')


def main() -> None:
    """Fuzz; the arguments are libFuzzer's."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    _seed()
    if NEWEST not in TOOLCHAINS:
        print("no Go toolchain in build/toolchains: only our own laws are held", file=sys.stderr)
    arguments = [f"-artifact_prefix={FOLDER}/", "-max_len=2048", "-timeout=20", *sys.argv[1:]]
    if not any(not one.startswith("-") for one in sys.argv[1:]):
        arguments.append(str(CORPUS))
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def one(data: bytes) -> None:
    """Hold the laws on one input."""
    if not data:
        return
    kind, text = KINDS[data[0] % 2], data[1:]
    tidied = tidy(text, kind)
    if tidied.data is None:
        assert tidied.reason
    else:
        assert tidy(tidied.data, kind).data == tidied.data, "strict is not its own fixpoint"
        assert comments(tidied.data) == comments(text), "a comment was lost"
    try:
        settled: bytes | None = stable(text, kind)
    except ParseError:
        settled = None
    if settled is not None:
        assert stable(settled, kind) == settled, "canonical is not stable"
    if NEWEST in TOOLCHAINS and hashlib.sha256(data).digest()[0] % ORACLE_SHARE == 0:
        ask_go(kind, text, settled)


def ask_go(kind: Kind, text: bytes, settled: bytes | None) -> None:
    """Compare with what the real go makes of ``text``."""
    if not is_known(text):
        return
    try:
        verdict = go_fmt(NEWEST, kind, text, FOLDER)
    except subprocess.TimeoutExpired:  # a machine that stands still is no finding
        return
    if verdict.text is None:
        assert settled is None, f"go rejects it: {verdict.error}"
        return
    assert settled is not None, "go accepts it, we do not"
    assert go_fmt(NEWEST, kind, settled, FOLDER).text == settled, "go would change the canonical form"
    if comments(verdict.text) == comments(text) and settled != text:
        assert canonical(text, kind) == verdict.text, "go prints it in another way"


def comments(data: bytes) -> list[bytes]:
    """Return the comments of a file that parses."""
    return sorted(comment.rstrip(b" \t\r") for comment in STRING_OR_COMMENT.findall(data) if comment)


def is_known(text: bytes) -> bool:
    """Say whether this Python's Unicode knows every character; Go's is newer and may print more of them."""
    decoded = text.decode("utf-8", "surrogateescape")
    return all(unicodedata.category(char) != "Cn" for char in decoded)


def _seed() -> None:
    """Take the files of Go's own test scripts as a start."""
    if NEWEST not in TOOLCHAINS or any(CORPUS.iterdir()):
        return
    for script in (TOOLCHAINS[NEWEST] / "src/cmd/go/testdata/script").glob("*.txt"):
        for name, content in members(script.read_bytes()):
            kind = Kind.of(name)
            if kind is not None and len(content) < 2000:
                seed = bytes([KINDS.index(kind)]) + content
                (CORPUS / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


if __name__ == "__main__":
    main()
