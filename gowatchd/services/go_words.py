"""What the go command complains about: its standard error, read line by line.

Provoked with ``go list -m`` of Go 1.21 to 1.27; the texts come from cmd/go/internal/modload.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gowatchd.services.plain_text import escape, shorten
from gowatchd.workspace.model import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

UNRECOGNISED = "go-command"  # the code of a complaint that no rule of ours makes
TEXT_LENGTH = 500  # characters of one complaint: a crash of go prints pages
MOST = 100  # complaints of one run


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that go complains about, in its own ``text``.

    ``path`` is absolute and ``line`` starts at 1, where go names them. ``codes`` are the rules of ours that
    stand for the same condition, the closest first; ``subject`` is the directory or module in question as
    our messages name it too.
    """

    text: str
    path: str | None = None
    line: int | None = None
    column: int = 1
    codes: tuple[str, ...] = (UNRECOGNISED,)
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The complaints of one run, and what go could not find out here (``unknown``: no network, no cache)."""

    complaints: tuple[Complaint, ...] = ()
    unknown: tuple[str, ...] = ()


# Each condition that a rule of ours knows, by go's words for it.
_CONDITIONS = tuple(
    (re.compile(pattern), codes)
    for pattern, codes in (
        (r"module (?P<s>.+?) listed in go\.work file requires go >= ", ("go-line-too-low",)),
        (
            r"cannot load module (?P<s>.+?) listed in go\.work file: (?:open|read) ",
            ("use-missing-module",),
        ),
        (r"cannot load module (?P<s>.+?) listed in go\.work file: err", ("use-invalid-module",)),
        (r"path (?P<s>.+) appears multiple times in workspace", ("duplicate-use",)),
        (r"module (?P<s>.+) appears multiple times in workspace", ("duplicate-module",)),
        (r"workspace module (?P<s>.+?) is replaced at all versions", ("replaced-workspace-module",)),
        (
            r"conflicting replacements for (?P<s>[^@:]+).*go work edit",
            ("conflicting-member-replacements", "conflicting-replacements"),
        ),
        (r"conflicting replacements for (?P<s>[^@:]+)", ("conflicting-replacements",)),
        (r"error reading \S+: missing module declaration", ("missing-module-directive",)),
        (
            r"updates to go\.mod needed",
            (
                UNRECOGNISED,
                "duplicate-require",
                "excluded-require",
                "useless-toolchain",
                "go-line-below-dependency",
            ),
        ),
    )
)

# What go can only find out with the network, a filled module cache or another toolchain. We forbid all three
# (go-line-too-new judges a go line by the person's own GOTOOLCHAIN), so that it is no fault of a file.
_UNKNOWN = re.compile(
    r"module lookup disabled by GOPROXY=off|missing go\.sum entry|updates to go\.sum needed"
    r"|requires go >= \S+ \(running go |toolchain not available|cannot find module providing package"
    r"|dial tcp|no such host|connection refused|GOVCS disallows"
    # and what is wrong with the machine
    r"|no space left on device|read-only file system|too many open files|cannot allocate memory"
    r"|resource temporarily unavailable|newosproc|new OS thread|GOCACHE|GOMODCACHE|cannot find GOROOT"
)

_REMARK = re.compile(r"go: (?:downloading|finding|warning:|ignoring requirement) |warning: ")
_HEADER = re.compile(r"(?:errors parsing|error loading) \S.*:\Z")
_PLACE = re.compile(r"(?P<path>[^:]*(?:go\.mod|go\.work)):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<text>.+)")


def read_reply(stderr: bytes, root: str) -> Reply:
    """Read what a failed ``go list -m``, run in the directory ``root``, printed on standard error."""
    complaints: dict[Complaint, None] = {}
    unknown: dict[str, None] = {}
    for event in _events(os.fsdecode(stderr)):
        for complaint in _complaints(event, root):
            if _UNKNOWN.search(complaint.text):
                unknown[complaint.text] = None
            elif len(complaints) < MOST:
                complaints[complaint] = None
    return Reply(tuple(complaints), tuple(unknown)[:MOST])


def _events(text: str) -> Iterator[list[str]]:
    """Yield the lines of each message: one that begins with ``go: ``, and those that go on with it."""
    event: list[str] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if (line.startswith("go: ") or _REMARK.match(line)) and event:
            yield event
            event = []
        event.append(line)
    if event:
        yield event


def _complaints(event: list[str], root: str) -> Iterator[Complaint]:
    if _REMARK.match(event[0]):
        return
    head = event[0].removeprefix("go: ")
    if _HEADER.search(head) and len(event) > 1:
        for line in event[1:]:
            yield _complaint(line, line, root, syntax="errors parsing" in head)
        return
    # up to Go 1.22: "reading go.work: /abs/go.work:3: text"
    where = head.removeprefix("reading go.work: ")
    yield _complaint(
        " ".join([where, *(line.strip() for line in event[1:])]), where, root, syntax=where != head
    )


def _complaint(text: str, where: str, root: str, *, syntax: bool) -> Complaint:
    """Return the complaint ``text``; the line ``where`` of it may begin with the place that it is about."""
    place = _PLACE.match(where)
    if place is not None:
        text = text[place.start("text") :]
    complaint = _recognised(Complaint(shorten(escape(text.strip()), TEXT_LENGTH)), text)
    if place is None:
        return replace(complaint, path=_named_file(text, root))
    known = complaint.codes != (UNRECOGNISED,)
    return replace(
        complaint,
        path=locate(root, place["path"]),
        line=int(place["line"]),
        column=int(place["column"] or 1),
        codes=("syntax",) if syntax and not known else complaint.codes,
    )


def _recognised(complaint: Complaint, text: str) -> Complaint:
    for pattern, codes in _CONDITIONS:
        match = pattern.match(text)
        if match is not None:
            return replace(complaint, codes=codes, subject=match.groupdict().get("s") or "")
    return complaint


def _named_file(text: str, root: str) -> str | None:
    """Return the file that a complaint without a line is about, as far as it says."""
    match = re.match(r"(?:error reading |reading )?(\S*go\.(?:mod|work))[: ]", text)
    return locate(root, match[1]) if match else None
