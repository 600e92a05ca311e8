"""Where a path truly leads, and whether the daemon may write there by itself.

A repository came with a clone, links included. What they lead to is read, as go does it; written is only what
its person did not leave out, what no repository there switched off, and what a link in a work tree does not
fetch from outside of it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.services.choices import at_or_below
from gowatchd.system.git import find_work_tree

if TYPE_CHECKING:
    from gowatchd.services.restriction import Restriction, Restrictions
    from gowatchd.services.territory import Territory
    from gowatchd.system.discovery import Pruning

_NAMES = frozenset(kind.file_name for kind in Kind)


class Destinations:
    """``Restrictions`` for what is about to be written: those of ``files``, and of where the path leads."""

    def __init__(self, files: Restrictions, territory: Territory, pruning: Pruning) -> None:
        self._files = files
        self._territory = territory
        self._pruning = pruning

    def of(self, path: str) -> Restriction:
        """Return what counts for the file at ``path``, as the disk says now."""
        restriction = self._files.of(path)
        if restriction.unformatted:
            return restriction
        real = os.path.realpath(path)
        reason = self._left_out(real)
        if real != path and not reason:
            reason = self._astray(path, real) or self._files.of(real).unformatted
        return replace(restriction, unformatted=reason) if reason else restriction

    def _left_out(self, real: str) -> str:
        folder, root = os.path.dirname(real), self._root(real)
        if self._pruning.excludes(os.fsencode(folder), os.fsencode(root)):
            return f"you left out {folder}: see gowatchctl list"
        return ""

    def _root(self, path: str) -> str:
        """Return the root that ``path`` is below: the links on the way to that are the person's own."""
        root = self._territory.root_of(path)
        return "/" if root is None else root.path

    def _astray(self, path: str, real: str) -> str:
        """Say why a link on the way from ``path`` to ``real`` is not followed for writing, or nothing."""
        if os.path.basename(real) not in _NAMES:
            return f"it leads to {real}, which is no go.mod and no go.work by its name"
        here = self._root(path)
        names = [name for name in os.path.relpath(path, here).split("/") if name]
        for name in names:
            place = os.path.join(here, name)
            if os.path.islink(place):
                top = find_work_tree(here) or (here if name is names[-1] else "")
                if top and not at_or_below(real, top):
                    return f"{place} is a link out of {top}: gofumpt-work -w formats what it leads to"
            here = os.path.realpath(place)
        return ""
