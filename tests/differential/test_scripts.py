"""The workspaces of the toolchain's own test scripts: we have an error exactly where go fails."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.differential.agreement import VERSIONS, compare
from tests.differential.trees import put, show
from tests.support.go import NEWEST, TOOLCHAINS, needs_go
from tests.support.txtar import members

# Seconds: all the scripts take a minute on an idle machine with two processors, and more on a busy one.
pytestmark = [needs_go, pytest.mark.timeout(1800)]

SCRIPTS = TOOLCHAINS[NEWEST] / "src/cmd/go/testdata/script" if NEWEST in TOOLCHAINS else None
PATTERN = "*.txt" if os.environ.get("DIFFERENTIAL") else "work*.txt"


def roots(tree):
    """Return the folders of ``tree`` in which go would begin: those with a go.work, or else a go.mod."""
    work = {posixpath.dirname(path) for path in tree if posixpath.basename(path) == "go.work"}
    mod = {posixpath.dirname(path) for path in tree if posixpath.basename(path) == "go.mod"}
    alone = {folder for folder in mod if not any(is_below(folder, other) for other in work)}
    return sorted(work | alone)


def is_below(folder, other):
    return not other or folder == other or folder.startswith(f"{other}/")


def one(folder, script):
    """Return the disagreements in the workspaces of ``script``, and the counts."""
    tree = dict(members(script.read_bytes()))
    root = folder / script.stem
    root.mkdir()
    put(tree, root)
    found, counts = [], []
    for top in roots(tree):
        agreement = compare(root / top)
        counts += agreement.counts
        files = {path: text for path, text in tree.items() if path.endswith(("go.work", "go.mod"))}
        found += [f"{script.stem}: {top or '.'}: {words}\n{show(files)}" for words in agreement.disagreements]
    return found, counts


def test_go_and_we_fail_on_the_same_workspaces(tmp_path, capsys):
    scripts = sorted(SCRIPTS.glob(PATTERN))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(partial(one, tmp_path), scripts))
    counts = Counter(kind for _, kinds in results for kind in kinds)
    with capsys.disabled():
        told = ", ".join(f"{kind} {number}" for kind, number in counts.most_common())
        print(f"\n{len(scripts)} scripts, go {' and '.join(VERSIONS)}: {told}")
    disagreements = [words for found, _ in results for words in found]
    assert not disagreements, f"{len(disagreements)} disagreements\n" + "\n".join(disagreements[:40])
    assert counts["both fail"] > 10
    assert counts["both accept"] > 50
