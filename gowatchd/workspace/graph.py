"""Who uses, requires and replaces whom: the modules of a workspace as nodes and edges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from gowatchd.modfile.kind import Kind
from gowatchd.workspace.connectivity import components, implied
from gowatchd.workspace.resolution import Resolution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gowatchd.workspace.model import Module, Replacement, Workspace


class NodeKind(str, Enum):
    """What a node stands for."""

    WORK = "go.work"
    MEMBER = "module"
    REPLACEMENT = "replacement"  # a directory outside the workspace that a replace directive brings in
    EXTERNAL = "external"  # a module that Go downloads


class EdgeKind(str, Enum):
    """What leads from one node to another. REPLACE: a requirement, or nothing, that a directory answers."""

    USE = "use"
    REQUIRE = "require"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Node:
    """A go.work or module; ``identity`` is its directory, or the path of an external module.

    ``path`` is the module path, and empty where there is none to read. ``errors`` and ``warnings`` count the
    diagnostics of its file.
    """

    identity: str
    kind: NodeKind
    path: str
    missing: bool = False
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """One directive, from ``source`` to ``target`` (both identities of nodes); ``version`` where it has one.

    ``implied``: a longer way leads there too. ``circular``: it is part of a cycle. ``unused``: a replacement
    of what nothing requires.
    """

    source: str
    target: str
    kind: EdgeKind
    version: str = ""
    implied: bool = False
    circular: bool = False
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """One workspace; ``root`` is the identity of its go.work or only module, the first of ``nodes``."""

    workspace: Workspace
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(
    workspace: Workspace, problems: Mapping[str, tuple[int, int]], *, external: bool = False
) -> Graph:
    """Return the graph of ``workspace``, with the modules that Go downloads where ``external``.

    ``problems`` counts errors and warnings by the path of the file.
    """
    builder = _Builder(workspace, problems, external=external)
    return builder.build()


class _Builder:
    def __init__(
        self, workspace: Workspace, problems: Mapping[str, tuple[int, int]], *, external: bool
    ) -> None:
        self._workspace = workspace
        self._problems = problems
        self._external = external
        self._resolution = Resolution(workspace)
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[str, str, EdgeKind], Edge] = {}
        self._used: set[Replacement] = set()

    def build(self) -> Graph:
        workspace = self._workspace
        root = workspace.path if workspace.kind is Kind.WORK else workspace.root
        if workspace.kind is Kind.WORK:
            errors, warnings = self._problems.get(workspace.path, (0, 0))
            self._nodes[root] = Node(root, NodeKind.WORK, "", errors=errors, warnings=warnings)
        pending = list(reversed(workspace.members))
        for member in workspace.members:
            self._add_module(member, NodeKind.MEMBER)
            if workspace.kind is Kind.WORK:
                self._add_edge(Edge(root, member.directory, EdgeKind.USE))
        while pending:
            pending += reversed(self._follow(pending.pop()))
        self._add_unused(root)
        return Graph(workspace, root, tuple(self._nodes.values()), self._judged())

    def _follow(self, module: Module) -> list[Module]:
        """Add what ``module`` requires; return the directories among it that are new."""
        new = []
        for path, version, target in self._resolution.targets(module):
            if target.replacement is not None:
                self._used.add(target.replacement)
            if target.module is None:
                if self._external:
                    self._add_external(module, path, version, target.replacement)
                continue
            kind = EdgeKind.REQUIRE if target.replacement is None else EdgeKind.REPLACE
            if target.module.directory not in self._nodes:
                self._add_module(target.module, NodeKind.REPLACEMENT)
                new.append(target.module)
            self._add_edge(Edge(module.directory, target.module.directory, kind, version))
        return new

    def _add_module(self, module: Module, kind: NodeKind) -> None:
        errors, warnings = self._problems.get(module.file.path, (0, 0))
        missing = module.file.mod is None and not module.file.problems
        self._nodes[module.directory] = Node(module.directory, kind, module.path, missing, errors, warnings)

    def _add_external(self, module: Module, path: str, version: str, replacement: Replacement | None) -> None:
        kind = EdgeKind.REQUIRE
        if replacement is not None:
            kind = EdgeKind.REPLACE
            path, version = replacement.target
        self._nodes.setdefault(path, Node(path, NodeKind.EXTERNAL, path))
        self._add_edge(Edge(module.directory, path, kind, version))

    def _add_unused(self, root: str) -> None:
        """Add the local replacements that answer no requirement; one of a member for itself says nothing."""
        workspace = self._workspace
        owners = [(root, one) for one in workspace.replacements]
        owners += [(member.directory, one) for member in workspace.members for one in member.replacements]
        for owner, one in owners:
            if one in self._used or one.directory is None or workspace.members_by_path(one.old[0]):
                continue
            if one.directory not in self._nodes:
                self._add_module(workspace.module_at(one.directory), NodeKind.REPLACEMENT)
            self._add_edge(Edge(owner, one.directory, EdgeKind.REPLACE, one.old[1], unused=True))

    def _add_edge(self, edge: Edge) -> None:
        self._edges.setdefault((edge.source, edge.target, edge.kind), edge)

    def _judged(self) -> tuple[Edge, ...]:
        """Return the edges, marked where they are part of a cycle or follow from others."""
        pairs = {(edge.source, edge.target) for edge in self._edges.values() if not edge.unused}
        component = components(self._nodes, pairs)
        following = implied(component, pairs)
        return tuple(
            replace(
                edge,
                circular=component[edge.source] == component[edge.target],
                implied=not edge.unused and (edge.source, edge.target) in following,
            )
            for edge in self._edges.values()
        )
