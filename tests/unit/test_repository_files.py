"""A repository's .gowatchd.toml: somebody else's file, which may take and never give."""

from __future__ import annotations

import os

import pytest

from gowatchd.repository_files import EXCLUDES_MOST, FILES_MOST, SIZE_LIMIT, RepositoryFiles
from gowatchd.services.restriction import UNRESTRICTED, Restriction
from tests.support.alarm import alarm
from tests.support.watching import write


@pytest.fixture
def repository(tmp_path):
    write(tmp_path / "repo/sub/go.mod")
    (tmp_path / "repo/.git").mkdir()
    return tmp_path / "repo"


@pytest.fixture
def files():
    return RepositoryFiles()


def said(repository, text):
    (repository / ".gowatchd.toml").write_text(text)
    return RepositoryFiles().of(str(repository / "sub/go.mod"))


def test_without_one_nothing_is_switched_off(files, repository):
    assert files.of(str(repository / "sub/go.mod")) == UNRESTRICTED


def test_all_that_can_be_switched_off(repository):
    place = repository / ".gowatchd.toml"
    text = """
[watch]
enabled = false
exclude = ["third_party"]
[format]
enabled = false
[check]
cross_check = false
disable = ["missing-go-line"]
[notify]
level = "problems"
"""
    assert said(repository, text) == Restriction(
        f"{place}: [format] enabled = false",
        f"{place}: [watch] enabled = false",
        cross_check=False,
        disable=frozenset({"missing-go-line"}),
        level="problems",
        excludes=((str(repository), "third_party"),),
    )
    assert said(repository, text).problems == ()


@pytest.mark.parametrize("key", ["watch.enabled", "format.enabled", "check.cross_check"])
def test_nothing_is_switched_on(repository, key):
    section, name = key.split(".")
    restriction = said(repository, f"# ours\n[{section}]\n{name} = true\n")
    assert restriction == UNRESTRICTED
    (problem,) = restriction.problems
    assert problem.startswith(f"{repository}/.gowatchd.toml:3: {key} = true:")
    assert "only switch things off" in problem


def test_what_is_switched_on_does_not_keep_the_rest_from_counting(repository):
    restriction = said(repository, "[format]\nenabled = false\n[check]\ncross_check = true\n")
    assert restriction.unformatted
    assert len(restriction.problems) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[format\n", 1, "not valid TOML"),
        ("[format]\nenabled = 0x" + "f" * 900, 2, "format.enabled = 0xfff"),
        ('[watch]\nexclude = ["\\u0000"]\n', 2, "NUL"),
        ("[format]\nenable = false\n", 2, "did you mean enabled?"),
        ('[format]\nfix_on_save = ["go-line-too-low"]\n', 2, "unknown key format.fix_on_save"),
        ('[check]\ngo = "/tmp/evil"\n', 2, "unknown key check.go"),
        ('[notify]\nlevel = "loud"\n', 2, "level"),
        ("[format]\nenabled = 0\n", 2, "format.enabled = 0"),
        ('[check]\ndisable = "all"\n', 2, "disable"),
    ],
)
def test_one_that_makes_no_sense_stops_the_formatting(repository, text, line, words):
    restriction = said(repository, text)
    assert restriction == Restriction(unformatted=f"{repository}/.gowatchd.toml makes no sense")
    (problem,) = restriction.problems
    assert problem.startswith(f"{repository}/.gowatchd.toml:{line}: ")
    assert words in problem
    assert problem.endswith("nothing is formatted there until it is mended")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "is not a regular file"),
        (os.mkdir, "is a directory"),
        (lambda path: os.symlink("/etc/passwd", path), "is a symbolic link"),
        (lambda path: path.write_bytes(b"#" * (SIZE_LIMIT + 1)), "is larger than 16 KiB"),
        (lambda path: path.write_bytes(b"\xff"), "not valid UTF-8"),
        (lambda path: path.write_text("a" + ".a" * 4000 + " = 1\n"), "a line of more than 1000 characters"),
        (lambda path: path.write_text("[watch]\nenabled = " + "9" * 5000), "a line of more than 1000"),
        (lambda path: path.write_text(excluding(EXCLUDES_MOST + 1)), "more than 100 patterns"),
        (lambda path: path.write_text("".join(f"k{one} = 1\n" for one in range(1000))), "(and 97 more)"),
    ],
    ids=["fifo", "directory", "link", "large", "bytes", "dots", "digits", "patterns", "mistakes"],
)
def test_what_is_no_plain_small_file_stops_the_formatting(files, repository, make, words):
    make(repository / ".gowatchd.toml")
    restriction = files.of(str(repository / "sub/go.mod"))
    assert restriction.unformatted
    assert words in restriction.problems[0]


def excluding(count):
    return "[watch]\nexclude = [\n" + "".join(f'"{one}",\n' for one in range(count)) + "]\n"


def test_as_many_patterns_as_it_may_have_are_read(repository):
    restriction = said(repository, excluding(EXCLUDES_MOST))
    assert not restriction.problems
    assert len(restriction.excludes) == EXCLUDES_MOST


def test_a_tower_of_them_is_not_climbed(files, repository):
    folder = repository
    for _ in range(FILES_MOST + 1):
        (folder / ".gowatchd.toml").write_text('[check]\ndisable = ["syntax"]\n')
        folder /= "x"
        folder.mkdir()
    restriction = files.of(str(folder / "go.mod"))
    assert restriction.unformatted == "more than 32 .gowatchd.toml files stand above it"
    assert files.of(str(folder.parent.parent / "go.mod")).unformatted == ""


def test_it_counts_from_the_top_of_the_work_tree_downward(files, repository, tmp_path):
    (tmp_path / ".gowatchd.toml").write_text("[format]\nenabled = false\n")
    (tmp_path / "go.work").write_text("go 1.22\n")
    assert files.of(str(repository / "sub/go.mod")) == UNRESTRICTED
    (repository / ".git").rmdir()
    assert files.of(str(repository / "sub/go.mod")).unformatted, "without git, the topmost go.work"
    (tmp_path / "go.work").unlink()
    assert files.of(str(repository / "sub/go.mod")) == UNRESTRICTED


def test_those_on_the_way_add_up(files, repository):
    (repository / ".gowatchd.toml").write_text("[check]\ncross_check = false\n")
    (repository / "sub/.gowatchd.toml").write_text("[format]\nenabled = false\n")
    restriction = files.of(str(repository / "sub/go.mod"))
    assert restriction.unformatted
    assert not restriction.cross_check
    assert not files.of(str(repository / "go.mod")).unformatted


def test_a_change_counts_at_once_and_problems_go_with_it(files, repository):
    path = str(repository / "sub/go.mod")
    own = repository / ".gowatchd.toml"
    own.write_text("nonsense")
    assert files.of(path).unformatted
    assert len(files.problems()) == 1
    own.write_text("[watch]\nenabled = false\n")
    assert (files.of(path).unformatted, bool(files.of(path).unwatched)) == ("", True)
    assert files.problems() == ()
    own.unlink()
    assert files.of(path) == UNRESTRICTED


def test_an_event_makes_it_read_again_whatever_its_times_say(files, repository, monkeypatch):
    path = str(repository / "sub/go.mod")
    own = repository / ".gowatchd.toml"
    own.write_text("[watch]\nenabled = false\n")
    monkeypatch.setattr("gowatchd.repository_files._mark", lambda _found: (0, 0, 0, 0, 0))
    assert files.of(path).unwatched
    own.write_text("[watch]\nenabled = true \n")
    assert files.of(path).unwatched
    files.forget(str(own))
    assert not files.of(path).unwatched


@pytest.mark.parametrize("path", ["//x/go.mod", "x/go.mod", "go.mod", "//go.mod"])
def test_a_path_that_never_comes_to_the_root_has_an_end(files, path):
    with alarm():
        assert files.of(path) == UNRESTRICTED
