from __future__ import annotations

import pytest

from gowatchd.modfile import modulepath


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("example.com/m", None),
        ("example.com/m/v2", None),
        ("gopkg.in/yaml.v3", None),
        ("", "empty string"),
        ("-a.b/c", "leading dash"),
        ("a.b//c", "double slash"),
        ("a.b/c/", "trailing slash"),
        ("/a.b", "empty path element"),
        ("m", "missing dot in first path element"),
        ("A.b/c", "invalid char 'A' in first path element"),
        ("a.b/c?d", "invalid char '?'"),
        ("a.b/é", "invalid char 'é'"),
        ("a.b/c+d", "invalid char '+'"),
        ("a.b/.c", "leading dot in path element"),
        ("a.b/c.", "trailing dot in path element"),
        ("a.b/..", 'invalid path element ".."'),
        ("a.b/aux.x", '"aux" disallowed as path element component on Windows'),
        ("a.b/c~1.x", "trailing tilde and digits in path element"),
        ("a.b/c/v1", "invalid version"),
        ("a.b/\udcff", "invalid UTF-8"),
    ],
)
def test_module_paths(path, reason):
    found = modulepath.check_path(path)
    assert found is None if reason is None else found.endswith(f": {reason}")


@pytest.mark.parametrize("path", ["m", "a.b/c+d", "A/b", "a.b/.c", "a.b/c/v1"])
def test_more_can_be_imported(path):
    assert modulepath.check_import_path(path) is None


def test_the_words_of_an_import_path():
    assert modulepath.check_import_path("./x") == 'malformed import path "./x": invalid path element "."'


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a.b/c", ("a.b/c", "")),
        ("a.b/c/v2", ("a.b/c", "/v2")),
        ("a.b/cv2", ("a.b/cv2", "")),
        ("v2", ("v2", "")),
        ("a.b/c/v1", None),
        ("a.b/c/v0", None),
        ("a.b/c/v02", None),
        ("a.b/c/v2.1", None),
        ("a.b/c/1.2", ("a.b/c/1.2", "")),
        ("gopkg.in/x.v0", ("gopkg.in/x", ".v0")),
        ("gopkg.in/x.v2-unstable", ("gopkg.in/x", ".v2-unstable")),
        ("gopkg.in/x.v02", None),
        ("gopkg.in/x.v", None),
        ("gopkg.in/x/v2", None),
    ],
)
def test_major_versions_in_paths(path, parts):
    assert modulepath.split_path_version(path) == parts


@pytest.mark.parametrize(
    ("version", "path_major", "wanted"),
    [
        ("v1.2.3", "", None),
        ("v2.0.0+incompatible", "", None),
        ("v2.0.0", "", "v0 or v1"),
        ("v2.0.0", "/v2", None),
        ("v3.0.0", "/v2", "v2"),
        ("v2.0.0", ".v2-unstable", None),
        ("v0.0.0-20160101000000-000000000000", ".v1", None),
        ("v0.0.1", ".v1", "v1"),
    ],
)
def test_versions_fit_paths(version, path_major, wanted):
    reason = modulepath.check_path_major(version, path_major)
    major = version.partition(".")[0]
    assert reason == (wanted and f'version "{version}" invalid: should be {wanted}, not {major}')


@pytest.mark.parametrize(
    ("version", "canonical"),
    [
        ("v1", "v1.0.0"),
        ("v1.2.3+x", "v1.2.3"),
        ("v2.0.0+incompatible", "v2.0.0+incompatible"),
        ("v2.0.0+incompatible.1", "v2.0.0"),
        ("HEAD", ""),
    ],
)
def test_canonical_versions(version, canonical):
    assert modulepath.canonical_version(version) == canonical


@pytest.mark.parametrize("path", [".", "..", "./a", "../a", "/a", ".\\a", "..\\a", "\\a", "C:a"])
def test_directories(path):
    assert modulepath.is_directory_path(path)


@pytest.mark.parametrize("path", ["", "a", ".a", "...", "..a", "1:a"])
def test_modules(path):
    assert not modulepath.is_directory_path(path)
