"""Diagnostics as SARIF 2.1.0, which code scanning services and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import os
import urllib.parse
from collections import Counter
from typing import TYPE_CHECKING

import gowatchd
from gowatchd.cli.hyperlink import file_uri
from gowatchd.lint.catalog import RULES
from gowatchd.lint.diagnostic import Severity
from gowatchd.services.manual import manuals
from gowatchd.services.report import readable
from gowatchd.services.rules_page import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gowatchd.lint.diagnostic import Diagnostic, Fix
    from gowatchd.modfile.position import Span
    from gowatchd.services.manual import Manual

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
BASE_ID = "%SRCROOT%"  # the name that code scanning services give to the top of the checkout


def sarif_log(diagnostics: Iterable[Diagnostic], texts: Mapping[str, bytes], base: str) -> dict[str, object]:
    """Return the log of one run; paths below ``base`` are relative to it, ``texts`` are what was checked."""
    pages = manuals(RULES)
    place = _Base(base)
    prints = _Fingerprints(place, texts)
    index = {page.code: number for number, page in enumerate(pages)}
    run = {
        "tool": {
            "driver": {
                "name": "gowatchd",
                "fullName": f"gowatchd {gowatchd.__version__}",
                "version": gowatchd.__version__,
                "rules": [_rule(page) for page in pages],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE_ID: {"uri": f"{file_uri(base).rstrip('/')}/"}},
        "results": [_result(one, index, place, prints) for one in diagnostics],
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


class _Base:
    """Says where files are: relative to the base, or absolute where they are outside of it."""

    def __init__(self, base: str) -> None:
        self._prefix = f"{base.rstrip('/')}/"

    def location(self, path: str) -> dict[str, object]:
        """Return the ``artifactLocation`` of ``path``."""
        if path.startswith(self._prefix):
            relative = os.fsencode(path[len(self._prefix) :])
            return {"uri": urllib.parse.quote(relative), "uriBaseId": BASE_ID}
        return {"uri": file_uri(path)}


class _Fingerprints:
    """Gives each result a print that stays when lines move: its rule, its file and the text of its line."""

    def __init__(self, place: _Base, texts: Mapping[str, bytes]) -> None:
        self._place = place
        self._texts = texts
        self._seen: Counter[bytes] = Counter()

    def of(self, one: Diagnostic) -> dict[str, str]:
        """Return the ``partialFingerprints`` of one result; equal ones are numbered."""
        lines = self._texts.get(one.path, b"").split(b"\n")
        number = one.span.start.line
        line = lines[number - 1].strip() if 0 < number <= len(lines) else b""
        uri = str(self._place.location(one.path)["uri"])
        mark = b"\0".join((one.code.encode(), uri.encode(), line))
        self._seen[mark] += 1
        digest = hashlib.sha256(b"%s\0%d" % (mark, self._seen[mark])).hexdigest()
        return {"codeAndLine/v1": digest}


def _rule(page: Manual) -> dict[str, object]:
    text = plain(f"{page.what}\n\n{page.why}".strip())
    rule: dict[str, object] = {
        "id": page.code,
        "name": "".join(word.capitalize() for word in page.code.split("-")),
        "shortDescription": {"text": plain(page.summary)},
        "fullDescription": {"text": text or plain(page.summary)},
        "defaultConfiguration": {"level": LEVELS[page.severity]},
    }
    if page.bad and page.good:
        example = f"{text}\n\nBad:\n\n{page.bad}\n\nGood:\n\n{page.good}"
        markdown = f"{text}\n\nBad:\n\n```\n{page.bad}\n```\n\nGood:\n\n```\n{page.good}\n```\n"
        rule["help"] = {"text": example, "markdown": markdown}
    return rule


def _result(
    one: Diagnostic, index: Mapping[str, int], place: _Base, prints: _Fingerprints
) -> dict[str, object]:
    location = {"artifactLocation": place.location(one.path), "region": _region(one.span)}
    result: dict[str, object] = {
        "ruleId": one.code,
        "level": LEVELS[one.severity],
        "message": {"text": readable(one.message)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": prints.of(one),
    }
    if one.code in index:
        result["ruleIndex"] = index[one.code]
    if one.fix is not None:
        result["fixes"] = [_fix(one.fix, place)]
    return result


def _fix(fix: Fix, place: _Base) -> dict[str, object]:
    changes = [
        {
            "artifactLocation": place.location(path),
            "replacements": [
                {
                    "deletedRegion": _region(edit.span),
                    "insertedContent": {"text": readable(edit.new_text)},
                }
                for edit in fix.edits
                if edit.path == path
            ],
        }
        for path in dict.fromkeys(edit.path for edit in fix.edits)
    ]
    return {"description": {"text": readable(fix.title)}, "artifactChanges": changes}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }
