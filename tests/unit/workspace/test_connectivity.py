"""Cycles and shortcuts, against the plainest way to find them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gowatchd.workspace.connectivity import components, implied

NODES = [str(number) for number in range(8)]
PAIRS = st.frozensets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=24)


def reached(start, pairs):
    """Return all that can be reached from ``start`` in one step or more."""
    found, pending = set(), [start]
    while pending:
        here = pending.pop()
        for source, target in pairs:
            if source == here and target not in found:
                found.add(target)
                pending.append(target)
    return found


@given(PAIRS)
def test_two_of_one_component_reach_each_other(pairs):
    component = components(NODES, pairs)
    for one in NODES:
        for other in NODES:
            together = one == other or (other in reached(one, pairs) and one in reached(other, pairs))
            assert (component[one] == component[other]) is together


@given(PAIRS)
def test_numbers_fall_along_the_edges(pairs):
    component = components(NODES, pairs)
    assert all(component[source] >= component[target] for source, target in pairs)


@given(PAIRS)
def test_what_is_implied_can_be_left_out(pairs):
    left = pairs - implied(components(NODES, pairs), pairs)
    for node in NODES:
        assert reached(node, left) == reached(node, pairs)


@given(PAIRS)
def test_without_cycles_nothing_more_can_be_left_out(pairs):
    acyclic = frozenset((source, target) for source, target in pairs if source < target)
    left = acyclic - implied(components(NODES, acyclic), acyclic)
    for source, target in left:
        assert target not in reached(source, left - {(source, target)})


def test_a_chain_of_thousands():
    nodes = [str(number) for number in range(5000)]
    pairs = frozenset(pairwise(nodes)) | {("0", "4999")}
    component = components(nodes, pairs)
    assert len(set(component.values())) == 5000
    assert implied(component, pairs) == {("0", "4999")}
