"""Cycles and shortcuts of a directed graph, whose nodes are strings and whose edges are pairs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

Pair = tuple[str, str]


def components(nodes: Iterable[str], pairs: AbstractSet[Pair]) -> dict[str, int]:
    """Return the strongly connected component of each node, as a number.

    A number is larger than those of all components that can be reached from it. Two nodes of one component
    are on a cycle. This is Tarjan's algorithm, without recursion, for a chain may be thousands long.
    """
    successors = _successors(pairs)
    found: dict[str, int] = {}
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    number = 0
    for start in nodes:
        if start in order:
            continue
        order[start] = low[start] = len(order)
        stack.append(start)
        path = [(start, iter(successors.get(start, ())))]
        while path:
            node, following = path[-1]
            for successor in following:
                if successor not in order:
                    order[successor] = low[successor] = len(order)
                    stack.append(successor)
                    path.append((successor, iter(successors.get(successor, ()))))
                    break
                if successor not in found:
                    low[node] = min(low[node], order[successor])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    _close(stack, node, number, found)
                    number += 1
    return found


def implied(component: Mapping[str, int], pairs: AbstractSet[Pair]) -> frozenset[Pair]:
    """Return the pairs whose target can also be reached through another component.

    ``component`` is what `components` returned. Without them everything that could be reached still can be.
    """
    below: dict[int, int] = {}  # component -> bits of all components that can be reached from it
    targets: dict[int, set[int]] = {}
    for source, target in pairs:
        if component[source] != component[target]:
            targets.setdefault(component[source], set()).add(component[target])
    for number in sorted(set(component.values())):
        reached = 0
        for following in targets.get(number, ()):
            reached |= below[following] | 1 << following
        below[number] = reached
    # what a component reaches through any of those that it leads to directly
    through = {number: _union(below[target] for target in following) for number, following in targets.items()}
    return frozenset(
        (source, target)
        for source, target in pairs
        if component[source] != component[target] and through[component[source]] >> component[target] & 1
    )


def _close(stack: list[str], node: str, number: int, found: dict[str, int]) -> None:
    while True:
        member = stack.pop()
        found[member] = number
        if member == node:
            return


def _union(sets: Iterable[int]) -> int:
    result = 0
    for one in sets:
        result |= one
    return result


def _successors(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    successors: dict[str, list[str]] = {}
    for source, target in sorted(pairs):
        successors.setdefault(source, []).append(target)
    return successors
