"""``python3 -m tests.support.churn KIND SECONDS SEED``: one kind of churn below ~/src; what it did, as JSON.

KIND is also ``prepare``, which makes what the others change, ``last``, a last save of every file, and
``undo``, which takes the last change of each file back and looks whether the saved bytes stand.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.churn.bus import BusTalk
from tests.support.churn.editing import Editing
from tests.support.churn.ledger import Ledger, LostError, tidied
from tests.support.churn.programs import run
from tests.support.churn.repositories import Repositories
from tests.support.churn.units import Units

ROOT = Path.home() / "src"


def main(kind: str, seconds: float, seed: int) -> dict[str, int]:
    ledger = Ledger(Path.home() / "ledger.json")
    editing = Editing(ROOT, ledger, seed)
    workers = {
        "editing": editing,
        "git": Repositories(ROOT / "git", seed),
        "bus": BusTalk(ROOT, seed),
        "units": Units(seed),
    }
    try:
        if kind == "prepare":
            for worker in workers.values():
                worker.prepare()
        elif kind == "last":
            editing.once_more()
        elif kind == "waiting":
            return {"not formatted": len(unformatted(ledger))}
        elif kind == "undo":
            return {"undone": undo_all(ledger)}
        else:
            workers[kind].run(seconds)
    finally:
        if kind in ("prepare", "editing", "last"):
            ledger.keep()
    return workers[kind].counts if kind in workers else editing.counts


def unformatted(ledger: Ledger) -> list[str]:
    """Return the files that are not in the formatted form of what was saved last."""
    found = []
    for path, saved in ledger.saved.items():
        ledger.audit(Path(path))
        if Path(path).read_bytes() != tidied(Path(path).name, saved):
            found.append(path)
    return found


def undo_all(ledger: Ledger) -> int:
    """Take back the last change of each file; raise LostError where that is not what was saved."""
    entries = json.loads(run("gowatchctl", "log", "--json", "-n", "1000").stdout)["entries"]
    newest = {entry["path"]: entry["id"] for entry in entries}
    count = 0
    for path, saved in ledger.saved.items():
        if tidied(Path(path).name, saved) == saved:
            continue  # there was nothing to format
        run("gowatchctl", "undo", str(newest[path]))
        found = Path(path).read_bytes()
        if found != saved:
            raise LostError(f"{path}, undone\nsaved: {saved!r}\nfound: {found!r}")
        count += 1
    return count


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))))
