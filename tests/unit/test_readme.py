"""README.md names what there is: files, pictures, verbs; the Chinese one says the same."""

from __future__ import annotations

import re
from pathlib import Path

from gowatchd.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text()
CHINESE = (ROOT / "README.zh_CN.md").read_text()
LARGEST = 60_000  # bytes of a picture, as in scripts/make-screenshots


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 8
    for link in links:
        assert (ROOT / link).exists(), link


def test_its_pictures_are_small_and_there_is_no_other():
    shown = set(re.findall(r"\]\((docs/images/[^)]+\.png)\)", TEXT))
    assert shown == {str(path.relative_to(ROOT)) for path in (ROOT / "docs/images").iterdir()}
    for name in shown:
        data = (ROOT / name).read_bytes()
        assert data.startswith(b"\x89PNG\r\n")
        assert len(data) < LARGEST


def test_its_verbs_are_verbs():
    verbs = set(re.findall(r"gowatchctl (?:--json )?([a-z]+)", TEXT))
    assert len(verbs) > 8
    assert verbs <= set(VERBS)


def commands(text):
    """Return the lines of the code blocks, without their comments."""
    return [line.partition(" #")[0].rstrip() for line in text.splitlines() if line.startswith("    ")]


def test_the_chinese_one_has_the_same_commands_sections_and_links():
    links, chinese_links = ({*re.findall(r"\]\(([^)]+)\)", text)} for text in (TEXT, CHINESE))
    assert links - chinese_links == {"README.zh_CN.md"}
    assert chinese_links - links == {"README.md"}
    assert commands(CHINESE) == commands(TEXT)
    assert len(re.findall(r"(?m)^#", CHINESE)) == len(re.findall(r"(?m)^#", TEXT))
