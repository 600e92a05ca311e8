"""The laws of the strict style, with the real Go toolchains as the judge.

What comes out is left alone by us and by ``go work|mod edit -fmt`` of every Go; it says the same; it has the
same comments. Whatever does not parse is left alone, and nothing makes the formatter crash.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gowatchd.modfile import Kind, canonical
from gowatchd.style.formatter import INDENTS, tidy
from gowatchd.style.paths import clean_path
from tests.property.strategies import MODS, SOUPS, WORKS
from tests.property.style_files import mod_files, work_files
from tests.support.go import CORPUS, NEWEST, TOOLCHAINS, needs_all_toolchains, needs_corpus, run_go

# Each example starts go nine times, at about 7 ms.
WITH_GO = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ALONE = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def go_edit(version: str, kind: Kind, flag: str, data: bytes) -> bytes | None:
    """What ``go work|mod edit`` prints, or None where this Go rejects the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / kind.file_name
        file.write_bytes(data)
        result = run_go(version, kind.value, "edit", *flag.split(), str(file), cwd=Path(folder))
        return None if result.returncode else result.stdout


def meaning(kind: Kind, data: bytes) -> set[str]:
    """What -json says, as a set: order, exact repetition and the spelling of use paths left aside."""
    said = set()
    for key, value in json.loads(go_edit(NEWEST, kind, "-json", data)).items():
        for item in value if isinstance(value, list) else [value]:
            if key == "Use":
                item["DiskPath"] = clean_path(item.get("DiskPath", ""))
            said.add(json.dumps([key, item], sort_keys=True))
    return said


def comments(data: bytes) -> Counter[str]:
    """The texts of all comments; what we generate and collect has no // inside a string."""
    texts = (
        "//" + line.split("//", 1)[1].strip()
        for line in data.decode(errors="replace").split("\n")
        if "//" in line
    )
    return Counter(text for text in texts if text[2:].split() != ["indirect"])


def check_laws(data: bytes, kind: Kind) -> None:
    tidied = tidy(data, kind)
    if tidied.data is None:
        assert tidied.reason
        return
    assert tidy(tidied.data, kind).data == tidied.data
    assert comments(tidied.data) == comments(data)
    assert meaning(kind, tidied.data) == meaning(kind, data)
    for version in TOOLCHAINS:
        printed = go_edit(version, kind, "-fmt -print", tidied.data)
        if printed is None:  # a directive that is too new for it
            assert go_edit(version, kind, "-fmt -print", data) is None, version
        else:
            assert printed == tidied.data, version


@needs_all_toolchains
@WITH_GO
@given(work_files() | WORKS)
def test_laws_of_go_work(data):
    check_laws(data, Kind.WORK)


@needs_all_toolchains
@WITH_GO
@given(mod_files() | MODS)
@example(b"module (\n\t// one\n\n\t// Deprecated: two\n\tm\n)\n// three\n")
@example(b"// block\nretract ( // paren\n\t// line\n\tv1.0.0 // suffix\n\t// tail\n) // end\n")
def test_laws_of_go_mod(data):
    check_laws(data, Kind.MOD)


@ALONE
@given(st.data())
def test_canonical_only_adds_nothing(choice):
    """What canonical itself is worth is for its own tests, against Go, to say."""
    kind = choice.draw(st.sampled_from(Kind))
    data = choice.draw(work_files() if kind is Kind.WORK else mod_files())
    tidied = tidy(data, kind, canonical_only=True)
    assert tidied.data == canonical(data, kind)


@ALONE
@given(st.sampled_from(Kind), st.data())
def test_two_spaces_are_stable_and_tabs_come_back(kind, choice):
    data = choice.draw(work_files() if kind is Kind.WORK else mod_files())
    tabs, spaces = (tidy(data, kind, indent=indent).data for indent in INDENTS)
    if tabs is not None:
        assert tidy(spaces, kind, indent="2-space").data == spaces
        assert tidy(spaces, kind).data == tabs
        assert b"\t" not in spaces


@ALONE
@given(
    st.sampled_from(Kind),
    SOUPS | st.binary(max_size=300) | st.text(alphabet='usemodrplac()[]"`\\/. \t\r\n=>v10,').map(str.encode),
)
def test_no_bytes_make_it_crash(kind, data):
    tidied = tidy(data, kind)
    if tidied.data is None:
        assert tidied.reason
    else:
        assert tidy(tidied.data, kind).data == tidied.data


@ALONE
@given(st.data())
def test_damaged_files_do_not_make_it_crash(choice):
    kind = choice.draw(st.sampled_from(Kind))
    data = choice.draw(work_files() if kind is Kind.WORK else mod_files())
    cut = choice.draw(st.integers(0, len(data)))
    noise = choice.draw(
        st.sampled_from([b"", b"(", b")", b'"', b"\xff\xfe", b"\r\n", b"\0", b"<<<<<<< HEAD\n", b"use ("])
    )
    tidied = tidy(data[:cut] + noise + data[cut + len(noise) :], kind)
    assert tidied.data is not None or tidied.reason


@needs_corpus
@needs_all_toolchains
@pytest.mark.parametrize("folder", ["go.work", "go.mod"])
def test_laws_hold_for_real_files(folder):
    kind = Kind(folder.removeprefix("go."))
    changed = {}
    for file in sorted((CORPUS / folder).iterdir()):
        data = file.read_bytes()
        tidied = tidy(data, kind, str(file))
        assert tidied.problems or not tidied.reason, file
        if tidied.data not in (None, data):
            changed[tidied.data] = data
    assert len(changed) > 3
    for data in list(changed.values())[:: len(changed) // 30 + 1]:  # nine go processes for each
        check_laws(data, kind)
