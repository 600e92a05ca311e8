"""Too few watches: what matters most is watched, the rest is said, and nothing is tried over and over."""

from __future__ import annotations

import pytest

from tests.support.inotify_limits import limit, needs_own_limits
from tests.support.other_process import Fork
from tests.support.watching import Watched, write

FEW = 40


def budget_text(what, budget):
    taken = f"all {budget} watches of [watch] budget are taken: raise it in the configuration"
    return f"not watched: {what}; {taken}"


def tree(root):
    """Make 10 modules three levels down among 200 folders without Go files."""
    for number in range(200):
        (root / f"a{number % 10}/{number}").mkdir(parents=True)
    for number in range(10):
        write(root / f"z/{number}/m/go.mod")
    return root


def story(watched):
    """Return what a watcher with few watches knows, hears and says."""
    known = len(watched.watcher.known_files())
    for number in range(10):
        (watched.root / f"z/{number}/m/go.mod").write_text("module later\n")
        watched.wait_for(f"z/{number}/m/go.mod")
    write(watched.root / "z/new/m/go.mod")
    watched.wait_for("z/new/m/go.mod")
    (watched.root / "z/new/m/go.mod").write_text("module later\n")
    watched.wait_for("z/new/m/go.mod")
    timers = watched.watcher._pump._timers
    watched.loop.run_until(lambda: not timers)
    return known, watched.watcher.folders_watched, watched.heard.degraded


def test_a_budget(tmp_path):
    watched = Watched(tree(tmp_path / "root"), budget=FEW)
    known, folders, said = story(watched)
    assert known == 10
    assert folders <= FEW
    assert said == [budget_text("folders without Go files so far", FEW)]
    watched.watcher.close()


@needs_own_limits
def test_the_kernels_limit(tmp_path):
    root = tree(tmp_path / "root")

    def work():
        limit(watches=FEW)
        return story(Watched(root))

    known, folders, said = Fork(work).answer()
    assert known == 10
    assert folders <= FEW
    (text,) = said
    assert "sudo sysctl fs.inotify.max_user_watches=" in text


@pytest.mark.parametrize("budget", [5, 12])
def test_too_few_even_for_the_modules(tmp_path, budget):
    watched = Watched(tree(tmp_path / "root"), budget=budget)
    assert len(watched.watcher.known_files()) == 10
    assert watched.watcher.folders_watched <= budget
    assert watched.heard.degraded == [budget_text("some folders with Go files", budget)]
    watched.watcher.rescan()
    watched.loop.run_until(lambda: watched.heard.scans == 2)
    assert len(watched.watcher.known_files()) == 10
    assert len(watched.heard.degraded) == 1
    watched.watcher.close()
