"""The lines of keys: every key that tomllib finds is found, on the line on which a person sees it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gowatchd.config.places import DEEPEST, line_of, places
from gowatchd.config.toml_file import as_key, as_toml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ODD = '''# [watch]
roots = { r.s = 1 }
"a.b".'c d' = """
x = 1
[no] "" \\" """"
[ watch . "e\\u0066" ] # [x]
list = [ # ]
  "one", 'two]',

  [ 3, { deep = [ { deeper = "]" } ] } ],
]
when = 1979-05-27 07:32:00 # a space
s = \'\'\'
y = 2\'\'\'\'
inline = { p = { q = 1 }, r = 2 }
[[many]]
k = 1
[[many]]
k = 2
[many.below]
z = +1.5e3
'''


def flat(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} if path else set()
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, one in entries if len(path) < DEEPEST else ():
        found |= flat(one, (*path, name))
    return found


def test_every_key_has_its_line():
    found = places(ODD)
    assert set(found) == flat(tomllib.loads(ODD))
    assert {".".join(map(str, path)): line for path, line in found.items()} == {
        "roots": 2,
        "roots.r": 2,
        "roots.r.s": 2,
        "a.b": 3,
        "a.b.c d": 3,
        "watch": 6,
        "watch.ef": 6,
        "watch.ef.list": 7,
        "watch.ef.list.0": 8,
        "watch.ef.list.1": 8,
        "watch.ef.list.2": 10,
        "watch.ef.when": 12,
        "watch.ef.s": 13,
        "watch.ef.inline": 15,
        "watch.ef.inline.p": 15,
        "watch.ef.inline.r": 15,
        "many": 16,
        "many.0": 16,
        "many.0.k": 17,
        "many.1": 18,
        "many.1.k": 19,
        "many.1.below": 20,
        "many.1.below.z": 21,
    }


def test_what_is_not_there_has_the_line_of_what_is_around_it():
    found = places("\n[watch]\n\nroots = [\n]\n")
    assert line_of(found, ("watch", "roots", 3)) == 4
    assert line_of(found, ("watch", "other")) == 2
    assert line_of(found, ("other",)) == 1


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 99) | TEXT,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXT, inside, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, max_size=4), st.sampled_from(["", "# = [\n", "\n\n"]))
def test_what_is_written_is_read_and_placed(document, between):
    text = "".join(f"{between}{as_key(name)} = {as_toml(value)}\n" for name, value in document.items())
    assert tomllib.loads(text) == document
    found = places(text)
    assert set(found) == flat(document)
    lines = text.split("\n")
    for name in document:
        assert lines[found[name,] - 1].startswith(f"{as_key(name)} = ")


@pytest.mark.parametrize("text", ["=", "[", "a", "a = ", "[[", "a.", '"', "a = [", "a = {b", "\\", "a = [1"])
def test_what_is_no_toml_ends_all_the_same(text):
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    assert isinstance(places(text), dict)
