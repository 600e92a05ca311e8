"""The order of directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.style.sections import in_sections, verb_of

if TYPE_CHECKING:
    from gowatchd.modfile.syntax import FileSyntax

_WORK_ORDER = {verb: place for place, verb in enumerate(("go", "toolchain", "godebug", "use", "replace"))}
_MOD_ORDER = {verb: place for place, verb in enumerate(("module", "go", "toolchain", "godebug"))}


def order_work_directives(file: FileSyntax) -> FileSyntax:
    """Put go.work's directives into the order go, toolchain, godebug, use, replace.

    Why: what decides about everything else is read first, and every go.work looks alike.

    Bad::

        use ./a

        toolchain go1.25.0

        go 1.24

    Good::

        go 1.24

        toolchain go1.25.0

        use ./a
    """
    return _ordered(file, _WORK_ORDER)


def order_mod_directives(file: FileSyntax) -> FileSyntax:
    """Put module, go, toolchain and godebug first, in this order; leave the order of all others.

    Why: these four say what the file is about. The others have no order that everybody agrees on: Go itself
    puts a new directive where it finds room, so a stricter rule would only make them jump.

    Bad::

        go 1.24

        require example.com/a v1.0.0

        module example.com/m

    Good::

        module example.com/m

        go 1.24

        require example.com/a v1.0.0
    """
    return _ordered(file, _MOD_ORDER)


def _ordered(file: FileSyntax, order: dict[str, int]) -> FileSyntax:
    return in_sections(
        file, lambda section: sorted(section, key=lambda it: order.get(verb_of(it), len(order)))
    )
