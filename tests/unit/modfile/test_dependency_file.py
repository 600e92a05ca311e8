"""What Go reads in the go.mod of a module that is merely required."""

from __future__ import annotations

import pytest

from gowatchd.modfile import ParseError
from gowatchd.modfile.dependency_file import parse_dependency


@pytest.mark.parametrize(
    "line",
    [
        "nonsense 1 2 3",
        "nonsense (\n\ta\n)",
        "two words (\n\ta\n)",
        "go (\n\t1.21\n)",
        "toolchain x",
        "godebug x",
        "tool",
        "exclude ex.com/a",
        "exclude (\n\tex.com/a\n)",
        "replace ex.com/a => nowhere",
        "retract [v1.0.0",
    ],
)
def test_what_counts_in_a_main_module_only_is_passed_over(line):
    text = f"module ex.com/m\n{line}\nrequire ex.com/r v1\n"
    mod = parse_dependency(text.encode())
    assert mod.module.path == "ex.com/m"
    assert [(one.path, one.version) for one in mod.require] == [("ex.com/r", "v1.0.0")]
    assert (mod.exclude, mod.replace, mod.retract, mod.tool, mod.godebug, mod.toolchain) == ((),) * 5 + (
        None,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("module", "usage: module module/path"),
        ("module ex.com/a\nmodule ex.com/b", "repeated module statement"),
        ("go 1.21\ngo 1.21", "repeated go statement"),
        ("go 1.21 1.22", "go directive expects exactly one argument"),
        ("go '1.21'", "invalid go version ''1.21'': must match format 1.23.0"),
        ("require ex.com/r", "usage: require module/path v1.2.3"),
        ("require (\n\tex.com/r v2.0.0\n)", "should be v0 or v1, not v2"),
        ("ignore a b", "ignore directive expects exactly one argument"),
        ("require (", "unterminated block"),
    ],
)
def test_the_rest_has_to_be_right(line, message):
    with pytest.raises(ParseError, match=r"go\.mod:") as caught:
        parse_dependency(line.encode())
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.21rc1", "1.21rc1"), ("v1.13", None), ("v1.13.2", "1.13"), ("1.12.3.4", "1.12"), ("1.9x", "1.9")],
)
def test_a_go_line_of_old_tools_counts_up_to_its_second_number(written, meant):
    text = f"go {written}\n".encode()
    if meant is None:
        with pytest.raises(ParseError, match="invalid go version"):
            parse_dependency(text)
    else:
        assert parse_dependency(text).go.version == meant


def test_retractions_of_a_dependency_are_read():
    (one,) = parse_dependency(b"retract [v1.0.0, v1.1.0] // bad\n").retract
    assert (one.low, one.high, one.rationale) == ("v1.0.0", "v1.1.0", "bad")
