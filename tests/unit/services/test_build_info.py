"""Both forms of what go version -m prints."""

from __future__ import annotations

import pytest

from gowatchd.services.build_info import BuildInfo, Built, read_build_info
from gowatchd.services.go_listing import Listed, read_listing

TEXT = (
    "/tmp/a: b: go1.22.10 X:nocoverageredesign\n"
    "\tpath\tex.com/a/cmd\n"
    "\tmod\tex.com/a\t(devel)\t\n"
    "\tdep\tex.com/b\t(devel)\t\n"
    "\tdep\tex.com/r\tv1.0.0\n"
    "\t=>\t./r\t(devel)\t\n"
    "\t\n"
    "\tdep\tex.com/x\tv1.2.3\th1:abc=\n"
    "\tbuild\t-buildmode=exe\n"
    '\tbuild\t-ldflags="-X \\"main.v=1\\""\n'
    "\tbuild\tvcs.modified=true\n"
)
INFO = BuildInfo(
    "1.22.10",
    Built("ex.com/a", "(devel)"),
    (
        Built("ex.com/b", "(devel)"),
        Built("ex.com/r", "v1.0.0", ("./r", "(devel)")),
        Built("ex.com/x", "v1.2.3"),
    ),
    {"-buildmode": "exe", "-ldflags": '-X "main.v=1"', "vcs.modified": "true"},
)
JSON = (
    '{"GoVersion": "go1.22.10 X:nocoverageredesign", "Path": "ex.com/a/cmd",'
    '"Main": {"Path": "ex.com/a", "Version": "(devel)"}, "Deps": [{"Path": "ex.com/b", "Version": "(devel)"},'
    '{"Path": "ex.com/r", "Version": "v1.0.0", "Replace": {"Path": "./r", "Version": "(devel)"}},'
    '{"Path": "ex.com/x", "Version": "v1.2.3", "Sum": "h1:abc="}],'
    '"Settings": [{"Key": "-buildmode", "Value": "exe"}, {"Key": "-ldflags", "Value": "-X \\"main.v=1\\""},'
    '{"Key": "vcs.modified", "Value": "true"}]}'
)


@pytest.mark.parametrize("output", [TEXT, JSON])
def test_both_forms_say_the_same(output):
    assert read_build_info(output.encode()) == INFO


def test_a_binary_of_single_files_has_no_main_module():
    assert read_build_info(b"x: go1.21.13\n\tpath\tcommand-line-arguments\n") == BuildInfo("1.21.13")
    assert read_build_info(b'{"GoVersion": "go1.27.3", "Deps": null}') == BuildInfo("1.27.3")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "\n",
        "x",
        "{",
        "{}",
        '{"GoVersion": 1}',
        '{"GoVersion": "go1.27", "Deps": [3]}',
    ],
)
def test_anything_else_is_refused(output):
    with pytest.raises(ValueError, match=r"."):
        read_build_info(output.encode())


def test_a_listing_is_one_object_after_another():
    output = b"""{"Path": "ex.com/a", "Main": true, "Dir": "/w/a"}
{"Path": "ex.com/r", "Version": "v1.0.0", "Dir": "/w/r", "Replace": {"Path": "./r", "Dir": "/w/r"}}
{"Path": "ex.com/s", "Version": "v1.0.0", "Replace": {"Path": "ex.com/t", "Version": "v1.1.0", "Dir": "/m/t"}}
"""
    assert read_listing(output) == (
        Listed("ex.com/a", "", "/w/a"),
        Listed("ex.com/r", "v1.0.0", "/w/r", ("/w/r", "")),
        Listed("ex.com/s", "v1.0.0", "", ("ex.com/t", "v1.1.0")),
    )
    assert read_listing(b" \n") == ()


@pytest.mark.parametrize("output", [b"command-line-arguments\n", b"[]", b"{}", b'{"Path": "a"} {'])
def test_what_is_no_listing_is_refused(output):
    with pytest.raises(ValueError, match=r"."):
        read_listing(output)
