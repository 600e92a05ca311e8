"""Every rule there is, and the check that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.lint import (
    checksums,
    dependencies,
    go_env,
    go_lines,
    godebug,
    leaks,
    own_retraction,
    paths,
    reading,
    replacements,
    requirements,
    siblings,
    surroundings,
    targets,
    toolchains,
    uses,
    vendoring,
    versioned_replacements,
    versions,
)
from gowatchd.lint.diagnostic import Diagnostic, Severity
from gowatchd.lint.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from gowatchd.lint.facts import Facts
    from gowatchd.modfile.position import Position
    from gowatchd.workspace.model import Workspace

RULES = (
    Rule("syntax", Severity.ERROR, reading.syntax),
    Rule("unreadable-file", Severity.ERROR, reading.unreadable_file),
    Rule("special-file", Severity.WARNING, reading.special_file),
    Rule("file-too-large", Severity.WARNING, reading.file_too_large),
    Rule("missing-module-directive", Severity.ERROR, reading.missing_module_directive),
    Rule("invalid-module-path", Severity.ERROR, paths.invalid_module_path),
    Rule("malformed-require", Severity.ERROR, paths.malformed_require),
    Rule("invalid-tool-path", Severity.ERROR, paths.invalid_tool_path),
    Rule("module-in-temp-root", Severity.WARNING, paths.module_in_temp_root),
    Rule("use-missing-module", Severity.ERROR, uses.use_missing_module),
    Rule("use-invalid-module", Severity.ERROR, uses.use_invalid_module),
    Rule("duplicate-use", Severity.ERROR, uses.duplicate_use),
    Rule("duplicate-module", Severity.ERROR, uses.duplicate_module),
    Rule("empty-workspace", Severity.ERROR, uses.empty_workspace),
    Rule("module-not-in-use", Severity.INFO, surroundings.module_not_in_use),
    Rule("captured-module", Severity.WARNING, surroundings.captured_module),
    Rule("shadowed-workspace", Severity.INFO, surroundings.shadowed_workspace),
    Rule("case-collision", Severity.WARNING, siblings.case_collision),
    Rule("unpublished-requirement", Severity.WARNING, siblings.unpublished_requirement),
    Rule("go-line-spelling", Severity.INFO, siblings.go_line_spelling),
    Rule("go-line-too-low", Severity.ERROR, versions.go_line_too_low),
    Rule("go-line-too-new", Severity.ERROR, versions.go_line_too_new),
    Rule("go-line-below-dependency", Severity.ERROR, dependencies.go_line_below_dependency),
    Rule("replaced-workspace-module", Severity.ERROR, replacements.replaced_workspace_module),
    Rule("conflicting-replacements", Severity.ERROR, replacements.conflicting_replacements),
    Rule("conflicting-member-replacements", Severity.ERROR, replacements.conflicting_member_replacements),
    Rule(
        "conflicting-versioned-replacement",
        Severity.ERROR,
        versioned_replacements.conflicting_versioned_replacement,
    ),
    Rule("replacement-missing", Severity.ERROR, replacements.replacement_missing),
    Rule("duplicate-require", Severity.ERROR, requirements.duplicate_require),
    Rule("excluded-require", Severity.ERROR, requirements.excluded_require),
    Rule("useless-toolchain", Severity.ERROR, toolchains.useless_toolchain),
    Rule("invalid-toolchain", Severity.WARNING, toolchains.invalid_toolchain),
    Rule("require-below-dependency", Severity.ERROR, dependencies.require_below_dependency),
    Rule("self-require", Severity.WARNING, requirements.self_require),
    Rule("missing-go-line", Severity.WARNING, go_lines.missing_go_line),
    Rule("invalid-go-version", Severity.ERROR, go_lines.invalid_go_version),
    Rule("directive-too-new", Severity.WARNING, go_lines.directive_too_new),
    Rule("shared-replacement", Severity.ERROR, targets.shared_replacement),
    Rule("replacement-invalid", Severity.ERROR, targets.replacement_invalid),
    Rule("replacement-other-path", Severity.INFO, targets.replacement_other_path),
    Rule("leaking-replace", Severity.INFO, leaks.leaking_replace),
    Rule("redundant-replace", Severity.INFO, leaks.redundant_replace),
    Rule("ignored-replace", Severity.WARNING, leaks.ignored_replace),
    Rule("ignored-godebug", Severity.WARNING, leaks.ignored_godebug),
    Rule("invalid-retraction", Severity.ERROR, own_retraction.invalid_retraction),
    Rule("unseen-deprecation", Severity.WARNING, own_retraction.unseen_deprecation),
    Rule("retracted-require", Severity.WARNING, own_retraction.retracted_require),
    Rule("deprecated-require", Severity.INFO, own_retraction.deprecated_require),
    Rule("inconsistent-vendoring", Severity.ERROR, vendoring.inconsistent_vendoring),
    Rule("malformed-go-sum", Severity.ERROR, checksums.malformed_go_sum),
    Rule("missing-go-sum-entry", Severity.ERROR, checksums.missing_go_sum_entry),
    Rule("invalid-godebug", Severity.ERROR, godebug.invalid_godebug),
    Rule("goflags-against-workspace", Severity.ERROR, go_env.goflags_against_workspace),
    Rule("modules-disabled", Severity.ERROR, go_env.modules_disabled),
    Rule("invalid-gowork", Severity.ERROR, go_env.invalid_gowork),
    Rule("ignored-go-work", Severity.WARNING, go_env.ignored_go_work),
    Rule("gopath-is-goroot", Severity.WARNING, go_env.gopath_is_goroot),
    Rule("file-in-module-cache", Severity.WARNING, go_env.file_in_module_cache),
    Rule("file-in-gopath", Severity.WARNING, go_env.file_in_gopath),
)

# What these say is about settings of the person, and the same in every workspace: enough to be told once.
OF_ENVIRONMENT = frozenset(
    {
        "goflags-against-workspace",
        "modules-disabled",
        "invalid-gowork",
        "ignored-go-work",
        "gopath-is-goroot",
    }
)


def check(
    workspace: Workspace, facts: Facts, disable: AbstractSet[str] = frozenset()
) -> tuple[Diagnostic, ...]:
    """Return what all rules but those in ``disable`` say of ``workspace``, by path, place and code."""
    found = [
        (rule, finding)
        for rule in RULES
        if rule.code not in disable
        for finding in rule.check(workspace, facts)
    ]
    diagnostics = (
        Diagnostic(one.path, one.span, one.severity or rule.severity, rule.code, one.message, one.fix)
        for rule, one in found
    )
    return tuple(sorted(diagnostics, key=sort_key))


def sort_key(diagnostic: Diagnostic) -> tuple[str, Position, str]:
    """Return what sorts diagnostics: path, line, column, code."""
    return diagnostic.path, diagnostic.span.start, diagnostic.code
