"""Real go.mod and go.work files come out of `canonical` as they come out of the real go command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gowatchd.modfile import Kind, ParseError, canonical, stable
from tests.support.go import CORPUS, NEWEST, TOOLCHAINS, needs_all_toolchains, needs_corpus, needs_go
from tests.support.go_fmt import go_fmt_all
from tests.support.txtar import members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = needs_go


def corpus() -> list[tuple[Kind, bytes]]:
    return [
        (kind, path.read_bytes())
        for kind in Kind
        for path in sorted((CORPUS / kind.file_name).glob(f"*.{kind.value}"))
    ]


def script_members() -> list[tuple[Kind, bytes]]:
    """The distinct go.mod and go.work files in the go command's own script tests."""

    def found() -> Iterator[tuple[Kind, bytes]]:
        for script in sorted((TOOLCHAINS[NEWEST] / "src/cmd/go/testdata/script").glob("*.txt")):
            for name, content in members(script.read_bytes()):
                for kind in Kind:
                    if name.rpartition("/")[2].startswith(kind.file_name) and not name.endswith(".sum"):
                        yield kind, content

    return list(dict.fromkeys(found()))


def check(texts: list[tuple[Kind, bytes]], folder: Path) -> tuple[int, int]:
    """Compare each with Go; return how many were accepted and rejected."""
    accepted = rejected = 0
    for index, verdict in enumerate(go_fmt_all(NEWEST, texts, folder)):
        kind, data = texts[index]
        if verdict.text is None:
            rejected += 1
            with pytest.raises(ParseError) as caught:
                canonical(data, kind, str(index))
            assert str(caught.value) == verdict.error, data
        else:
            accepted += 1
            assert canonical(data, kind, str(index)) == verdict.text, data
    return accepted, rejected


@needs_corpus
def test_files_of_public_repositories(tmp_path):
    accepted, rejected = check(corpus(), tmp_path)
    assert accepted > 300
    assert rejected > 0


def test_files_of_the_go_commands_own_tests(tmp_path):
    accepted, rejected = check(script_members(), tmp_path)
    assert accepted > 500
    assert rejected > 5


@needs_all_toolchains
@needs_corpus
@pytest.mark.parametrize("version", sorted(TOOLCHAINS))
def test_every_toolchain_leaves_our_result_alone(version, tmp_path):
    changed = []
    for kind, data in corpus():
        try:
            result = stable(data, kind)
        except ParseError:
            continue
        if result != data:
            changed.append((kind, result))
    assert len(changed) > 50
    for (_, data), verdict in zip(changed, go_fmt_all(version, changed, tmp_path), strict=True):
        # Older toolchains do not know newer directives.
        assert verdict.text == data or "unknown" in verdict.error
