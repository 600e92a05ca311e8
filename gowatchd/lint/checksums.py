"""Rules on go.sum and go.work.sum: lines that stop go, and hashes that it does not find.

Follows cmd/go/internal/modfetch (fetch.go: readGoSum) and modload (modfile.go: goModSummary; import.go:
fetch).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint.diagnostic import Severity
from gowatchd.lint.go_env import has_modfile_flag, mod_flag
from gowatchd.lint.paths import check_path
from gowatchd.lint.requirements import severity_of
from gowatchd.lint.rule import Finding
from gowatchd.lint.vendoring import is_vendored
from gowatchd.modfile.kind import Kind
from gowatchd.workspace.checksums import needed_sums
from gowatchd.workspace.resolution import Resolution
from gowatchd.workspace.source import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gowatchd.lint.facts import Facts
    from gowatchd.workspace.checksums import MalformedLine, Needed, SumFile
    from gowatchd.workspace.model import Module, Workspace

CONFLICT_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


def malformed_go_sum(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A go.sum or go.work.sum has a line that is not module, version and hash.

    What: a line of another number of words than three, such as the markers of a merge conflict. In a
    workspace go reads the go.sum of every module, and go.work.sum. Told where go reads the file: not with a
    vendor folder in use, and not where nothing that is required comes from elsewhere. A file of more than
    8 MiB is not read.
    Why: every go command that needs a module from elsewhere stops, among them ``go list -m all`` and builds;
    Go 1.21 says "missing go.sum entry" instead. ``go mod tidy`` passes over such lines, and leaves them where
    it has nothing else to write.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        -- go.sum --
        <<<<<<< HEAD
        example.com/r v1.0.0 h1:TbXDU71ASwqSl1jxb8woPHwZ+NFjfLcwESMRi9tcd9s=
        example.com/r v1.0.0/go.mod h1:163Ttld6ngkzXRIfx/txT2NFPD0oVWytCJUVqcUCf9A=
        =======
        >>>>>>> topic
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        -- go.sum --
        example.com/r v1.0.0 h1:TbXDU71ASwqSl1jxb8woPHwZ+NFjfLcwESMRi9tcd9s=
        example.com/r v1.0.0/go.mod h1:163Ttld6ngkzXRIfx/txT2NFPD0oVWytCJUVqcUCf9A=
    """
    files = [*workspace.sums.values()]
    if workspace.work_sum is not None:
        files.append(workspace.work_sum)
    faulty = [one for one in files if one.content.malformed is not None]
    if not faulty or _reads_no_sums(workspace, facts) or not _needs_sums(workspace):
        return
    for file in faulty:
        line = file.content.malformed
        if line is not None:
            more = file.content.malformed_lines - 1
            others = f" (and {more} more such line{'s' if more > 1 else ''})" if more else ""
            yield Finding(
                file.path,
                line.span,
                f"malformed go.sum: wrong number of fields {line.words}{others}; {_remedy(line)}",
            )


def _remedy(line: MalformedLine) -> str:
    if line.text.startswith(CONFLICT_MARKERS):
        return "a merge left its conflict here: remove its markers and keep the lines of both sides"
    return "a line is module, version and hash: remove this one"


def _reads_no_sums(workspace: Workspace, facts: Facts) -> bool:
    """Say whether go builds from a vendor folder, or reads the sums beside another file than go.mod."""
    return is_vendored(workspace, facts) or (
        workspace.kind is Kind.MOD and has_modfile_flag(facts.environment.goflags)
    )


def _needs_sums(workspace: Workspace) -> bool:
    """Say whether anything that the workspace requires is neither a member nor a directory."""
    if workspace.kind is Kind.MOD:
        return any(member.once(needed_sums) for member in workspace.members)
    resolution = Resolution(workspace)
    return any(
        target.module is None and (target.replacement is None or target.replacement.directory is None)
        for member in workspace.members
        for _, _, target in resolution.targets(member)
    )


def missing_go_sum_entry(workspace: Workspace, facts: Facts) -> Iterator[Finding]:
    """A go.sum lacks the hash of what its go.mod requires.

    What: a required module that comes from neither a directory nor a vendor folder has no line in go.sum for
    its go.mod, or none that go understands. Where that is there and the one for the module itself is not, it
    is a warning, unless the requirement is marked as indirect. Told once for each go.mod; what the required
    modules require in turn, only go can tell.
    Why: ``go list -m all`` fails, and so does the build of what imports the module. A workspace does not ask
    for these hashes, and it comes back with GOWORK=off: there it is a warning.
    Bad:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.1.0
        -- go.sum --
        example.com/r v1.0.0 h1:TbXDU71ASwqSl1jxb8woPHwZ+NFjfLcwESMRi9tcd9s=
        example.com/r v1.0.0/go.mod h1:163Ttld6ngkzXRIfx/txT2NFPD0oVWytCJUVqcUCf9A=
    Good:
        -- go.mod --
        module example.com/m

        go 1.22

        require example.com/r v1.0.0
        -- go.sum --
        example.com/r v1.0.0 h1:TbXDU71ASwqSl1jxb8woPHwZ+NFjfLcwESMRi9tcd9s=
        example.com/r v1.0.0/go.mod h1:163Ttld6ngkzXRIfx/txT2NFPD0oVWytCJUVqcUCf9A=
    """
    if mod_flag(facts.environment.goflags) in {"mod", "vendor"} or (
        workspace.kind is Kind.MOD and _reads_no_sums(workspace, facts)
    ):
        return
    for member in workspace.members:
        file = workspace.sums.get(member.directory)
        if file is None or not (file.unlisted or file.partial) or file.content.malformed is not None:
            continue
        if workspace.kind is Kind.WORK and file.vendored:
            continue  # whether that is in use, only GOWORK=off decides
        unlisted = _foreign(workspace, file.unlisted)
        partial = _foreign(workspace, file.partial)
        if unlisted or partial:
            severity = severity_of(workspace) if unlisted else Severity.WARNING
            yield _missing(workspace, member, file, unlisted, partial, severity)


def _foreign(workspace: Workspace, needed: tuple[Needed, ...]) -> tuple[Needed, ...]:
    """Return those that can be had elsewhere: neither the members nor what is no module path.

    Of these ``unpublished-requirement`` and ``malformed-require`` tell.
    """
    members = workspace.module_paths
    return tuple(one for one in needed if one.require.path not in members and not check_path(one.path))


def _missing(
    workspace: Workspace,
    member: Module,
    file: SumFile,
    unlisted: tuple[Needed, ...],
    partial: tuple[Needed, ...],
    severity: Severity,
) -> Finding:
    one = (unlisted or partial)[0]
    name = one.require.path
    own, actual = f"{name}@{one.require.version}", f"{one.path}@{one.version}"
    replaced = "" if own == actual else f" (replaced by {actual})"
    words = f"{own}{replaced}: missing go.sum entry{' for go.mod file' if unlisted else ''}"
    more = len(unlisted) + len(partial) - 1
    others = f" (and of {more} more)" if more else ""
    if file.reason and file.state in {State.DENIED, State.SPECIAL}:
        remedy = f"go.sum cannot be read: {file.reason}"
    elif more:
        remedy = "run 'go mod tidy'"
    elif unlisted:
        remedy = f"run 'go mod download {name}', or 'go mod tidy'"
    else:
        remedy = f"what imports {name} cannot be built; run 'go mod tidy'"
    when = "with GOWORK=off, " if workspace.kind is Kind.WORK else ""
    span = one.require.line.argument_span(0)
    return Finding(member.file.path, span, f"{when}{words}{others}; {remedy}", severity)
