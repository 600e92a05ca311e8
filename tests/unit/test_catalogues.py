"""The catalogues in po/: what we compile of them is what gettext's own msgfmt would."""

from __future__ import annotations

import gettext
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

TOP = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((TOP / "po").glob("*.po"))

pytestmark = pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")


def read(compiled: Path) -> dict[object, str]:
    """Return what a .mo file says, read as translation does."""
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_our_compiler_agrees_with_msgfmt(catalogue, tmp_path):
    subprocess.run([TOP / "scripts/compile-translations", tmp_path], check=True, timeout=60)
    theirs = tmp_path / "theirs.mo"
    subprocess.run(["msgfmt", "-o", theirs, catalogue], check=True, timeout=60)
    ours = tmp_path / catalogue.stem / "LC_MESSAGES/gowatchd.mo"
    assert read(ours) == read(theirs)


def test_our_compiler_knows_plurals_quotes_and_what_is_fuzzy(tmp_path):
    text = dedent(
        r"""
        msgid ""
        msgstr "Content-Type: text/plain; charset=UTF-8\n"
        "Plural-Forms: nplurals=1; plural=0;\n"

        #, python-brace-format
        msgid "{n} \"file\"\n"
        msgid_plural "{n} files"
        msgstr[0] "{n} 个“文件”\n"

        #, fuzzy
        msgid "guess"
        msgstr "猜"

        msgid "nothing yet"
        msgstr ""

        #~ msgid "old"
        #~ msgstr "旧"
        """
    )
    top = tmp_path / "checkout"
    (top / "po").mkdir(parents=True)
    (top / "scripts").mkdir()
    shutil.copy(TOP / "scripts/compile-translations", top / "scripts")
    (top / "po/zh_CN.po").write_text(text)
    subprocess.run([top / "scripts/compile-translations"], check=True, timeout=60)
    found = read(top / "gowatchd/locale/zh_CN/LC_MESSAGES/gowatchd.mo")
    found.pop("")
    assert found == {('{n} "file"\n', 0): "{n} 个“文件”\n"}
