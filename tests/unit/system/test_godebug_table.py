"""The table of settings in real toolchains."""

from __future__ import annotations

import re

from gowatchd.system.godebug_table import TABLE, read_godebugs
from tests.support.go import NEWEST, TOOLCHAINS, needs_all_toolchains, needs_go


@needs_go
def test_every_setting_of_every_toolchain_is_known():
    for goroot in TOOLCHAINS.values():
        text = (goroot / TABLE).read_text()
        named = re.findall(r'^\s*\{Name: "(\w+)"', text, re.MULTILINE)
        table = read_godebugs(str(goroot))
        assert table.known | table.removed.keys() == set(named)
        assert "panicnil" in table.known


@needs_go
def test_removed_settings_refuse_their_old_values():
    removed = read_godebugs(str(TOOLCHAINS[NEWEST])).removed
    assert removed["asynctimerchan"] == ({"1", "2"}, 27)
    assert removed["x509sha1"] == ({"1"}, 24)
    assert removed["tlskyber"] == ({"0"}, 24)


@needs_all_toolchains
def test_go_1_26_refuses_removed_settings_whatever_their_value():
    assert read_godebugs(str(TOOLCHAINS["1.26.6"])).removed == {"x509sha1": (None, 24)}


def test_without_source_nothing_is_known(tmp_path):
    assert read_godebugs(str(tmp_path)) is None
    table = tmp_path / TABLE
    table.parent.mkdir(parents=True)
    table.write_text("package godebugs\n")
    assert read_godebugs(str(tmp_path)) is None
    table.unlink()
    table.mkdir()
    assert read_godebugs(str(tmp_path)) is None
