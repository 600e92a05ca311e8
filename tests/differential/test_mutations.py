"""Whatever happens to a workspace, we have an error exactly where go fails.

DIFFERENTIAL=5000 (workspaces) makes it a long run, DIFFERENTIAL_SEED another one.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.differential.agreement import VERSIONS, compare
from tests.differential.mutations import mutate
from tests.differential.sound_trees import sound
from tests.differential.trees import put, show
from tests.support.go import needs_go

COUNT = int(os.environ.get("DIFFERENTIAL") or 300)
FIRST = int(os.environ.get("DIFFERENTIAL_SEED") or 0)

# Seconds: 2,500 workspaces take two minutes on an idle machine with two processors, and more on a busy one.
pytestmark = [needs_go, pytest.mark.timeout(600 + COUNT)]


def one(folder, seed):
    """Return what became of the tree of ``seed``: its disagreements in words, and the counts."""
    chance = random.Random(seed)
    tree = sound(chance)
    happened = mutate(chance, tree, chance.choice((0, 1, 1, 1, 2, 2, 3)))
    root = folder / str(seed)
    root.mkdir()
    put(tree, root)
    agreement = compare(root)
    told = f"\nseed {seed}: {', '.join(happened) or 'untouched'}\n{show(tree)}"
    return [f"{words}{told}" for words in agreement.disagreements], agreement.counts


def test_go_and_we_fail_on_the_same_workspaces(tmp_path, capsys):
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(partial(one, tmp_path), range(FIRST, FIRST + COUNT)))
    counts = Counter(kind for _, kinds in results for kind in kinds)
    with capsys.disabled():
        told = ", ".join(f"{kind} {number}" for kind, number in counts.most_common())
        print(f"\n{COUNT} workspaces, go {' and '.join(VERSIONS)}: {told}")
    disagreements = [words for found, _ in results for words in found]
    assert not disagreements, f"{len(disagreements)} disagreements\n" + "\n".join(disagreements[:20])
    assert counts["both fail"] > COUNT / 4
    assert counts["both accept"] > COUNT / 4
