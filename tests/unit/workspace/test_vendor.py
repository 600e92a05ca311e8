"""Every form of line in vendor/modules.txt."""

from __future__ import annotations

from gowatchd.workspace.vendor import parse_vendor_list

TEXT = b"""\
## workspace; later
# ex.com/a v1.0.0
## explicit; go 1.20
ex.com/a
ex.com/a/sub
# ex.com/b v1.1.0 => ./b
## go 1.20
ex.com/b
# ex.com/c v1.2.0 => ex.com/d v1.3.0
# ex.com/c => ex.com/d v1.3.0
# ex.com/e nonsense
## explicit
ex.com/e
# ex.com/f v1.0.0 => ex.com/g nonsense
# short
ex.com/f
two words
"""


def test_all_forms():
    found = parse_vendor_list(TEXT)
    assert found.for_workspace
    assert found.explicit == {("ex.com/a", "v1.0.0")}
    assert found.providing == (("ex.com/a", "v1.0.0"), ("ex.com/b", "v1.1.0"), ("ex.com/f", "v1.0.0"))
    assert found.replaced == {
        ("ex.com/b", "v1.1.0"): ("./b", ""),
        ("ex.com/c", "v1.2.0"): ("ex.com/d", "v1.3.0"),
        ("ex.com/c", ""): ("ex.com/d", "v1.3.0"),
    }


def test_any_bytes_are_read():
    found = parse_vendor_list(b"\xff\xfe# x\n# ex.com/\xff v1.0.0\n## explicit")
    assert not found.for_workspace
    assert found.explicit == {("ex.com/\udcff", "v1.0.0")}


def test_the_header_counts_in_the_first_line_alone():
    assert not parse_vendor_list(b"# ex.com/a v1.0.0\n## workspace\n").for_workspace
