"""The go.mod and go.work language: syntax (lines, blocks, comments) apart from meaning.

``parse_mod`` and ``parse_work`` read a file as Go 1.27 does, ``canonical`` gives what its ``-fmt`` prints.
Text is ``str`` decoded from UTF-8 with ``surrogateescape``.

A port that follows the structure of golang.org/x/mod (modfile, module, semver) and internal/gover, Copyright
2009-2026 The Go Authors, under the BSD licence with three clauses; see debian/copyright.
"""

from gowatchd.modfile.canonical import arrange, canonical, stable
from gowatchd.modfile.kind import Kind
from gowatchd.modfile.mod_file import ModFile, parse_mod
from gowatchd.modfile.printer import print_file
from gowatchd.modfile.problem import ParseError, Problem
from gowatchd.modfile.work_file import WorkFile, parse_work

__all__ = [
    "Kind",
    "ModFile",
    "ParseError",
    "Problem",
    "WorkFile",
    "arrange",
    "canonical",
    "parse_mod",
    "parse_work",
    "print_file",
    "stable",
]
