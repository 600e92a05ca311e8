"""The catalogues in po/: whole, sound, and compiled as gettext's own msgfmt would."""

from __future__ import annotations

import argparse
import ast
import gettext
import os
import shutil
import subprocess
import sys
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


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """What the programs say now, as scripts/extract-translations finds it."""
    extract = [TOP / "scripts/extract-translations"]
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(extract, env=environment, stdout=subprocess.PIPE, check=True, timeout=120)
    path = tmp_path_factory.mktemp("template") / "gowatchd.pot"
    path.write_bytes(done.stdout)
    return path


def gettext_tool(*command):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8"
    )


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
class TestCatalogue:
    def test_it_is_well_formed_with_the_placeholders_of_the_original(self, catalogue):
        done = gettext_tool("msgfmt", "--check", "-o", "/dev/null", str(catalogue))
        assert (done.returncode, done.stderr) == (0, "")

    def test_it_has_all_that_the_programs_say_and_no_more(self, catalogue, template):
        done = gettext_tool("msgcmp", str(catalogue), str(template))
        assert done.stderr == "", f"make translations, then fill what is empty:\n{done.stderr}"
        assert done.returncode == 0

    @pytest.mark.parametrize("what", ["--only-obsolete", "--only-fuzzy"])
    def test_nothing_in_it_is_old_or_a_guess(self, catalogue, what):
        done = gettext_tool("msgattrib", what, str(catalogue))
        assert (done.returncode, done.stdout) == (0, ""), "make translations; take out what is left over"


MARKS = {"_": 1, "N_": 1, "ngettext": 2}  # how many strings each takes


def marked(module: Path) -> list[ast.Call]:
    tree = ast.parse(module.read_text())
    names = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return [call for call in names if call.func.id in MARKS]


def test_every_mark_is_found(template):
    """xgettext does not look into f-strings, and nothing can look into a sentence that is put together."""
    known = template.read_text()
    flat = known.replace('"\n"', "")
    for module in sorted((TOP / "gowatchd").rglob("*.py")):
        if module.name == "translation.py":
            continue
        for call in marked(module):
            for given in call.args[: MARKS[call.func.id]]:
                place = f"{module.relative_to(TOP)}:{call.lineno}"
                assert not isinstance(given, ast.JoinedStr), f"{place}: an f-string cannot be translated"
                if isinstance(given, ast.Constant):
                    quoted = given.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                    assert f'"{quoted}"' in flat, f"{place}: xgettext does not see {given.value!r}"


def test_the_list_of_what_argparse_says_is_up_to_date():
    """Of errors it has those of several Pythons; what every help shows is in each of them."""
    source = ast.parse(Path(argparse.__file__).read_text())
    said = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    listed = (TOP / "po/argparse.pot").read_text()
    for text in ("usage: ", "positional arguments", "options", "show this help message and exit"):
        assert text in said
        assert f'"{text}"' in listed
