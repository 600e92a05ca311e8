"""Which language is spoken, and what happens where there is no catalogue."""

from __future__ import annotations

import struct

import pytest

from gowatchd import translation


@pytest.fixture(autouse=True)
def _english_again():
    yield
    translation.use(())


@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({}, ()),
        ({"LANG": "C"}, ()),
        ({"LANG": "zh_CN.UTF-8"}, ("zh_CN.UTF-8",)),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, ("zh_CN.UTF-8",)),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, ()),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}, ("zh_CN.UTF-8",)),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:de:en"}, ("zh_CN", "de")),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_US:zh_CN"}, ()),
        ({"LANG": "en_US.UTF-8"}, ()),
        ({"LANG": "C.UTF-8"}, ("C.UTF-8",)),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, ()),
        ({"LANGUAGE": "zh_CN"}, ()),
    ],
)
def test_the_environment_names_the_languages(environment, languages):
    assert translation.languages_of(environment) == languages


def test_english_is_spoken_where_there_is_no_catalogue(monkeypatch, tmp_path):
    monkeypatch.setattr(translation, "FOLDERS", (str(tmp_path),))
    translation.use(("zh_CN",))
    assert translation._("Undo") == "Undo"
    assert translation.ngettext("{count} file", "{count} files", 2).format(count=2) == "2 files"


# One entry, the header: it says in which encoding the others are.
HEADER = b"Content-Type: text/plain; charset=no-such-encoding\n"
ODD = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 28) + struct.pack("<4I", 0, 44, len(HEADER), 45)


@pytest.mark.parametrize(
    "catalogue",
    [b"no catalogue", ODD[:16], ODD[:30], ODD + b"\0" + HEADER + b"\0"],
    ids=["none", "cut in the head", "cut in the table", "in an unknown encoding"],
)
def test_english_is_spoken_where_the_catalogue_is_damaged(monkeypatch, tmp_path, catalogue):
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "gowatchd.mo").write_bytes(catalogue)
    monkeypatch.setattr(translation, "FOLDERS", (str(tmp_path),))
    translation.use(("zh_CN",))
    assert translation._("Undo") == "Undo"
