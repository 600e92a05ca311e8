"""Several processes do random things: in the end the watcher knows what is there and hears the next save."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress

import pytest

from tests.support.other_process import Fork
from tests.support.watching import Watched

NAMES = ("a", "b", "c", "d", "node_modules")
OPERATIONS = ("make", "write", "save", "unlink", "rename", "remove", "grow")
WEIGHTS = (4, 4, 2, 1, 3, 1, 3)
STEPS = 1500


def somewhere(chance, root):
    return os.path.join(root, *chance.choices(NAMES, k=chance.randint(1, 4)))


def operate(root, seed):
    """Make, write, rename and remove below ``root`` at random."""
    chance = random.Random(seed)
    for number in range(STEPS):
        place, other = somewhere(chance, root), somewhere(chance, root)
        with suppress(OSError):
            match chance.choices(("make", "write", "save", "unlink", "rename", "remove"), (4, 4, 2, 1, 3, 1))[
                0
            ]:
                case "make":
                    os.makedirs(place)
                case "write":
                    with open(f"{place}/go.mod", "w") as file:
                        file.write(f"module m{seed}/{number}\n")
                case "save":
                    with open(f"{place}/new", "w") as file:
                        file.write(f"module m{seed}/{number}\n")
                    os.rename(f"{place}/new", f"{place}/go.mod")
                case "unlink":
                    os.unlink(f"{place}/go.mod")
                case "rename":
                    os.rename(place, other)
                case "remove":
                    shutil.rmtree(place)
                case "grow":
                    os.makedirs(f"{place}/a/b/c")
                    with open(f"{place}/a/b/c/go.mod", "w") as file:
                        file.write(f"module m{seed}/{number}\n")


def on_disk(root):
    """Return every go.mod that is not below a node_modules."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != "node_modules"]
        found += [f"{folder}/go.mod" for name in files if name == "go.mod"]
    return tuple(sorted(found))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_missed(tmp_path, seed):
    root = os.path.realpath(tmp_path / "root")
    os.mkdir(root)
    watched = Watched(tmp_path / "root")
    workers = [
        Fork(lambda seed=seed, worker=worker: operate(root, seed * 10 + worker)) for worker in range(3)
    ]
    ended = []
    first = watched.loop.watch_fd(workers[0]._reader, lambda: ended.append(1))
    watched.loop.run_until(lambda: ended, 60)  # the watcher follows meanwhile
    first.cancel()
    for worker in workers:
        worker.answer()
    there = on_disk(root)
    watched.loop.run_until(lambda: watched.watcher.known_files() == there)
    assert there, "the operations left nothing: a different seed is needed"
    for path in there:
        with open(path, "a") as file:
            file.write("// later\n")
        watched.wait_for(path)
    watched.watcher.close()
