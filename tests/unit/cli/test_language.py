"""The programs as somebody sees them who reads Chinese: translated for people, English for programs."""

import json
import sys

import pytest

from gowatchd.cli.table import width
from tests.support.chinese import CHINESE, compile_catalogues
from tests.support.desk import ctl

MODULE = b"module example.com/m\n\ngo 1.22\n\ntoolchain go1.21.0\n"


@pytest.fixture(autouse=True)
def _catalogues():
    compile_catalogues()


@pytest.fixture
def module(tmp_path):
    (tmp_path / "go.mod").write_bytes(MODULE)
    return tmp_path


def test_the_help_is_chinese_and_fits_the_terminal():
    for arguments in (["--help"], ["matrix", "--help"], ["init", "--help"]):
        said = ctl(*arguments, COLUMNS="80", **CHINESE).stdout
        assert said.startswith("用法：gowatchctl")
        assert "显示此帮助信息并退出" in said
        assert max(map(width, said.splitlines())) <= 80


def test_usage_errors_are_chinese():
    done = ctl("check", "--no-such-option", **CHINESE)
    assert done.returncode == 2
    assert "错误：无法识别的参数：--no-such-option" in done.stderr


def test_the_formatter_speaks_it_too(module):
    done = ctl("--help", program=[sys.executable, "-m", "gowatchd.cli.gofumpt_work"], **CHINESE)
    assert "只做 go work|mod edit -fmt 所做的事" in done.stdout


def test_diagnostics_stay_english_and_their_sum_is_chinese(module):
    english, chinese = ctl("check", str(module)), ctl("check", str(module), **CHINESE)
    assert (chinese.returncode, chinese.stdout) == (english.returncode, english.stdout)
    assert "1 个工作区中有 1 个错误；“gowatchctl fix”可修复其中 1 个" in chinese.stderr


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("check", "--format", "sarif"), ("matrix",), ("graph",), ("explain",)],
    ids=" ".join,
)
def test_what_programs_read_is_english(module, arguments):
    form = () if "--format" in arguments else ("--json",)
    where = () if arguments == ("explain",) else (str(module),)
    english, chinese = (ctl(*arguments, *form, *where, **one) for one in ({}, CHINESE))
    assert json.loads(chinese.stdout) == json.loads(english.stdout)
    assert english.stdout.isascii()


def test_a_manual_page_is_chinese_and_its_examples_are_files():
    said = ctl("explain", "useless-toolchain", **CHINESE).stdout
    assert "toolchain 行没有说出 go 行以外的内容，Go 要求删除它。" in said
    assert "\n错误示例：\n  -- go.mod --\n" in said


class TestWithADaemon:
    def test_json_is_english(self, daemon):
        for verb in ("status", "log"):
            assert daemon.ctl(verb, "--json", **CHINESE).stdout == daemon.ctl(verb, "--json").stdout

    def test_the_columns_of_a_status_are_aligned(self, daemon):
        said = daemon.ctl("status", **CHINESE).stdout
        head, *rows = said.splitlines()
        assert "正在监视 3 个工作区、6 个模块" in head
        columns = {width(row[: row.index(" 个模块")]) for row in rows if " 个模块" in row}
        assert len(columns) == 1
        assert "上次改动：" in said
