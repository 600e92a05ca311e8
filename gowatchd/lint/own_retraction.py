"""Rules on what a module says of its own versions: retracted ones, and that it is deprecated."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Edit, Fix, Severity
from gowatchd.lint.rule import Finding
from gowatchd.lint.siblings import NEVER_PUBLISHED
from gowatchd.modfile import modulepath, semver
from gowatchd.modfile.quoting import quote
from gowatchd.modfile.syntax import CommentBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.directive import Retract
    from gowatchd.modfile.mod_file import ModFile
    from gowatchd.modfile.syntax import Comment
    from gowatchd.workspace.model import Module, Workspace


def invalid_retraction(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A retract line names a version that its module cannot have.

    What: the major version is not that of the module path. As a warning: a version that is not written out
    (``v1.2``, a branch), which Go has to look up, and an interval whose first version is above its second.
    Why: every go command fails in the module, and in a workspace that uses it. An interval the wrong way
    round retracts nothing.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        retract v2.0.0
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        retract v1.2.0
    """
    for member in workspace.members:
        mod = member.file.mod
        if mod is None or mod.module is None or not mod.retract:
            continue
        path = mod.module.path
        parts = modulepath.split_path_version(path)
        for one in mod.retract:
            interval = one.line.arguments[0] == "["
            ends = ((1, one.low), (3, one.high)) if interval else ((0, one.low),)
            for index, version in ends:
                span = one.line.argument_span(index)
                if modulepath.canonical_version(version) != version:
                    yield Finding(
                        member.file.path,
                        span,
                        f"retract {path}: version {quote(version)} is not of the form v1.2.3, so that Go has "
                        "to look it up at the module's origin; write the version out",
                        Severity.WARNING,
                    )
                    continue
                if parts is None:
                    problem = f"version {quote(version)} invalid: malformed module path {quote(path)}"
                else:
                    problem = modulepath.check_path_major(version, parts[1]) or ""
                if problem:
                    yield Finding(
                        member.file.path,
                        span,
                        f"errors parsing {workspace.shorten(member.file.path)}: retract {path}: {problem}; "
                        "correct or remove this line",
                    )
            if semver.is_valid(one.low) and semver.compare(one.low, one.high) > 0:
                edits = (
                    Edit(member.file.path, one.line.argument_span(1), one.high),
                    Edit(member.file.path, one.line.argument_span(3), one.low),
                )
                yield Finding(
                    member.file.path,
                    one.line.whole,
                    f"[{one.low}, {one.high}] retracts nothing: the first version is above the second; "
                    "swap them",
                    Severity.WARNING,
                    Fix("Swap the two versions", edits),
                )


def unseen_deprecation(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A comment says that the module is deprecated, and Go does not see it.

    What: a comment at the module line begins with "deprecated" in another case or without its colon, or is
    cut off from the module line by an empty line.
    Why: Go tells the module's users only of a paragraph that begins with ``Deprecated:``, directly above the
    module line or at its end.
    Bad:
        -- go.mod --
        // DEPRECATED: use example.com/m/v2

        module example.com/m

        go 1.22
    Good:
        -- go.mod --
        // Deprecated: use example.com/m/v2
        module example.com/m

        go 1.22
    """
    for member, comment in workspace.each(_unseen):
        yield Finding(
            member.file.path,
            comment.span,
            "Go does not see this deprecation; write '// Deprecated: ' and the reason, directly "
            "above the module line",
        )


def _unseen(module: Module) -> tuple[Comment, ...]:
    """Return the first comment that Go does not take for a deprecation, where the module has none."""
    mod = module.file.mod
    if mod is None or mod.module is None or mod.module.deprecated:
        return ()
    near = (one for one in _near_module(mod) if one.text[2:].strip().lower().startswith("deprecated"))
    return tuple(islice(near, 1))


def _near_module(mod: ModFile) -> Iterator[Comment]:
    """Yield the comments above the module line, and the one at its end."""
    for statement in mod.syntax.statements:
        if isinstance(statement, CommentBlock):
            yield from statement.comments
            continue
        yield from statement.before
        break
    if mod.module is not None:
        yield from mod.module.line.before
        if mod.module.line.suffix is not None:
            yield mod.module.line.suffix


def retracted_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires a version that the module at hand takes back.

    What: a required module is in the workspace, or a local replacement brings it in, and its go.mod retracts
    the very version that is required.
    Why: who builds without the workspace or the replacement gets the retracted version. Go says so only at
    ``go get`` and ``go list -m -u``: "retracted by module author".
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib v1.1.0
        -- lib/go.mod --
        module example.com/lib

        go 1.22

        retract v1.1.0 // loses data
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib v1.2.0
        -- lib/go.mod --
        module example.com/lib

        go 1.22

        retract v1.1.0 // loses data
    """
    for member, required, mod in _at_hand(workspace):
        for one in member.required[required.path]:
            if one.version in NEVER_PUBLISHED:
                continue  # a placeholder: nobody gets that version anywhere
            retraction = next((other for other in mod.retract if _covers(other, one.version)), None)
            if retraction is not None:
                reason = retraction.rationale.replace("\n", " ") or "no reason given"
                yield Finding(
                    member.file.path,
                    one.line.argument_span(1),
                    f"{one.path} {one.version} is retracted by module author: {reason} "
                    f"({workspace.shorten(required.file.path)}:{retraction.line.lineno}); "
                    "require another version",
                )


def deprecated_require(workspace: Workspace, _facts: Facts) -> Iterator[Finding]:
    """A go.mod requires a module at hand that calls itself deprecated.

    What: a required module is in the workspace, or a local replacement brings it in, and a ``Deprecated:``
    paragraph stands at its module line.
    Why: its author has something better. Go says so only at ``go get`` and ``go list -m -u``.
    Bad:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib v1.1.0
        -- lib/go.mod --
        // Deprecated: use example.com/lib/v2
        module example.com/lib

        go 1.22
    Good:
        -- go.work --
        go 1.22

        use ./api
        use ./lib
        -- api/go.mod --
        module example.com/api

        go 1.22

        require example.com/lib/v2 v2.0.0
        -- lib/go.mod --
        module example.com/lib/v2

        go 1.22
    """
    for member, required, mod in _at_hand(workspace):
        if mod.module is None or not mod.module.deprecated:
            continue
        one = member.required[required.path][0]
        yield Finding(
            member.file.path,
            one.line.argument_span(0),
            f"module {one.path} is deprecated: {mod.module.deprecated}".replace("\n", " "),
        )


def _at_hand(workspace: Workspace) -> Iterator[tuple[Module, Module, ModFile]]:
    """Yield each member, each module at hand that it requires, and its go.mod where that warns of it."""
    at_hand = {one.directory: one for one in (*workspace.members, *workspace.neighbours.values())}
    for module in at_hand.values():
        mod = module.file.mod
        if mod is None or mod.module is None or not (mod.retract or mod.module.deprecated):
            continue
        for member in workspace.members:
            if module.path in member.required and module.path != member.path:
                yield member, module, mod


def _covers(retraction: Retract, version: str) -> bool:
    return semver.compare(retraction.low, version) <= 0 <= semver.compare(retraction.high, version)
