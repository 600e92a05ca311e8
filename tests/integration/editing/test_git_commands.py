"""git beside the daemon: every command leaves the tree as it would without us, and one verdict is enough."""

from __future__ import annotations

import os

from tests.support.bus import wait_for
from tests.support.editing import MESSY, TIDY, Place
from tests.support.git import commit, git, repository

GITS = "this is what git has for it"
MEMBER = "module   example.com/m{}\ngo 1.21\n"


def test_git_brings_back_what_it_has(place):
    commit(place.folder, TIDY)
    commit(place.folder, MESSY)
    git(place.folder, "checkout", "-q", "HEAD~")
    git(place.folder, "checkout", "-q", "main")
    place.wait_for_standing("kept", "what git has")
    place.file.write_text(f"{MESSY}// mine\n")
    git(place.folder, "stash", "-q")
    git(place.folder, "stash", "pop", "-q")
    place.wait_for_standing("kept", "what git has")
    assert place.file.read_text() == f"{MESSY}// mine\n"
    git(place.folder, "checkout", "-q", "--", "go.mod")
    git(place.folder, "checkout", "-q", "-b", "side", "HEAD~")
    commit(place.folder, "side\n", "other")
    git(place.folder, "rebase", "-q", "main")
    place.wait_for_standing("kept", "what git has")
    assert git(place.folder, "status", "--porcelain") == ""


def test_a_merge_with_a_conflict_waits_for_its_end(place):
    git(place.folder, "checkout", "-q", "-b", "side")
    commit(place.folder, f"{MESSY}// theirs\n")
    git(place.folder, "checkout", "-q", "main")
    commit(place.folder, f"{MESSY}// ours\n")
    git(place.folder, "merge", "-q", "side", check=False)
    place.errors_expected = True  # the markers of a conflict do not parse, and that is what the verdict says
    place.wait_for_standing("kept", "")
    place.file.write_text(f"{MESSY}// both\n")
    place.wait_for_standing("pending", "a merge is under way")
    git(place.folder, "merge", "--abort")
    place.wait_for_standing("kept", "what git has")
    assert git(place.folder, "status", "--porcelain") == ""


def test_what_is_saved_during_a_rebase_is_formatted_after_it(place):
    git(place.folder, "checkout", "-q", "-b", "side")
    commit(place.folder, "side\n", "other")
    git(place.folder, "checkout", "-q", "main")
    commit(place.folder, "main\n", "other")
    git(place.folder, "rebase", "-q", "side", check=False)
    place.file.write_text(f"{MESSY}// mine\n")
    place.wait_for_standing("pending", "a rebase")
    git(place.folder, "rebase", "--quit")
    place.wait_until_formatted(f"{MESSY}// mine\n")


def test_a_script_that_edits_and_commits_at_once_leaves_a_clean_tree(place):
    place.file.write_text(f"{MESSY}// mine\n")
    git(place.folder, "commit", "-qam", "messy")
    place.wait_for_standing("kept", "what git has")
    assert git(place.folder, "status", "--porcelain") == ""


def test_save_all_of_forty_files_is_judged_as_a_whole(place):
    """The first file at once, and the others together; and once more when all are formatted."""
    whole = _workspace(place, 40)
    before = len(whole.verdicts.of(whole.folder))
    for number in range(40):
        _member(whole, number).write_text(MEMBER.format(number) + "// mine\n")
    for number in range(40):
        file, formatted = _member(whole, number), f"module example.com/m{number}\n\ngo 1.21\n\n// mine\n"
        place.daemon.wait_for(lambda file=file, text=formatted: file.read_text() == text, f"{file}")
    assert len(whole.verdicts.of(whole.folder)) - before <= 40  # how many fewer is up to the machine


def test_a_checkout_of_two_hundred_files_formats_nothing(place):
    whole = _workspace(place, 200)
    before, formatted = len(whole.verdicts.of(whole.folder)), list(place.verdicts.formatted)
    git(whole.folder, "checkout", "-q", "side")
    everything = f"{GITS} for two hundred files, each of which git is asked about"
    wait_for(lambda: [reason for _, reason in whole.standing()].count(GITS) >= 200, everything, seconds=120)
    assert len(whole.verdicts.of(whole.folder)) - before < 200  # how few is up to the machine
    assert place.verdicts.formatted == formatted
    assert git(whole.folder, "status", "--porcelain") == ""


def _workspace(place, count):
    """Move a repository in, with a go.work and ``count`` more modules, which differ on the branch side.

    None of them is formatted on either.
    """
    made = place.daemon.home / "made" / place.folder.name
    repository(made)
    commit(made, MESSY)
    for number in range(count):
        (made / f"m{number}").mkdir()
        (made / f"m{number}" / "go.mod").write_text(MEMBER.format(number))
    uses = sorted(f"./m{number}" for number in range(count))
    (made / "go.work").write_text("go 1.21\n\nuse (\n\t.\n" + "".join(f"\t{one}\n" for one in uses) + ")\n")
    git(made, "add", ".")
    git(made, "commit", "-qm", "workspace")
    git(made, "checkout", "-q", "-b", "side")
    for number in range(count):
        (made / f"m{number}" / "go.mod").write_text(MEMBER.format(number) + "// on a side branch\n")
    git(made, "commit", "-qam", "side")
    git(made, "checkout", "-q", "main")
    whole = Place(place.daemon, place.verdicts, place.folder.with_name(f"{place.folder.name}-whole"))
    os.rename(made, whole.folder)
    place.daemon.wait_for(
        lambda: [one["modules"] for one in whole.workspaces()] == [count + 1], "the workspace as a whole"
    )
    return whole


def _member(whole, number):
    return whole.folder / f"m{number}" / "go.mod"
