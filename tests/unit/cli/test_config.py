"""``gowatchctl config``: show, check and schema, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from gowatchd.cli.main import main
from gowatchd.config.loading import load
from gowatchd.config.models import Config
from gowatchd.config.schema import repository_schema, schema
from gowatchd.config.shape import keys

GOOD = '[format]\nenabled = false\n\n[watch]\nroots = [\n  "~/src",\n  "~/gone",\n]\n'
MEANT = "there is no such rule: did you mean use-missing-module?"
BAD = "[format]\nsetle_ms = 1\nenabled = 1\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".config/gowatchd").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    return tmp_path


@pytest.fixture
def own(home):
    return home / ".config/gowatchd/config.toml"


def test_show_prints_every_key_as_toml_that_means_the_same(own, capsys, tmp_path):
    own.write_text(GOOD + '[check]\ngo = "/a \\"b \\u0085 \\u007f \u200b ☃"\n[env.values]\n"A B" = \'\\1\'\n')
    assert main(["config"]) == 0
    shown = capsys.readouterr().out
    (tmp_path / "shown.toml").write_text(shown)
    assert load((str(tmp_path / "shown.toml"),)) == load((str(own),))
    for key in keys(Config):
        assert f"\n{key.name} = " in shown or f"\n# {key.name} is not set" in shown


def test_show_says_where_each_value_comes_from(own, capsys):
    own.write_text(GOOD)
    assert main(["config", "show", "--origin"]) == 0
    lines = capsys.readouterr().out.splitlines()
    origins = {
        line.split(" ")[0]: line.split("  # ")[1] for line in lines if "  # " in line and " = " in line
    }
    assert origins["roots"] == "~/.config/gowatchd/config.toml:5"
    assert origins["enabled"] == "~/.config/gowatchd/config.toml:2"
    assert {origins[name] for name in origins.keys() - {"roots", "enabled"}} == {"default"}
    assert any(line.startswith("# budget is not set ") and line.endswith("# default") for line in lines)


def test_show_as_json(own, capsys):
    own.write_text(GOOD)
    assert main(["config", "show", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == 1
    assert answer["files"][1] == {"path": str(own), "exists": True}
    by_name = {one["key"]: one for one in answer["keys"]}
    assert by_name["format.enabled"] == {
        "key": "format.enabled",
        "value": False,
        "default": True,
        "origin": {"file": str(own), "line": 2},
    }
    assert by_name["watch.budget"]["value"] is None
    assert by_name["env.policy"]["origin"] is None


def test_show_of_a_bad_file_says_what_is_wrong(own, capsys):
    own.write_text(BAD)
    assert main(["config", "show"]) == 78
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{own}:2: unknown key format.setle_ms: did you mean settle_ms?\n{own}:3: " in captured.err


def test_check_of_what_is_fine_says_so(own, capsys):
    own.write_text('[notify]\nlevel = "off"\n')
    assert main(["config", "check"]) == 0
    assert "~/.config/gowatchd/config.toml: fine\n" in capsys.readouterr().out
    own.unlink()
    assert main(["config", "check"]) == 0
    assert "~/.config/gowatchd/config.toml: not there, which is fine\n" in capsys.readouterr().out


def test_check_names_all_that_is_wrong_and_ends_with_78(own, capsys):
    own.write_text(BAD)
    assert main(["config", "check"]) == 78
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"error: {own}:2: unknown key format.setle_ms: did you mean settle_ms?",
        f"error: {own}:3: format.enabled = 1: must be true or false",
    ]
    assert main(["config", "check", "--json"]) == 78
    found = json.loads(capsys.readouterr().out)["files"][1]
    assert (found["path"], [one["line"] for one in found["errors"]]) == (str(own), [2, 3])


def test_check_warns_of_what_does_nothing(own, capsys):
    own.write_text(GOOD + '[check]\ndisable = ["x", "use-mising-module"]\n')
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        f"warning: {own}:10: check.disable = [\"x\"]: there is no such rule: 'gowatchctl explain' lists all",
        f'warning: {own}:10: check.disable = ["use-mising-module"]: {MEANT}',
        f'warning: {own}:7: watch.roots = ["~/gone"]: there is no such folder now',
    ]


def test_check_of_a_file_by_name(home, capsys, monkeypatch):
    monkeypatch.chdir(home)
    (home / ".gowatchd.toml").write_text("[watch]\nenabled = false\n")
    assert main(["config", "check", ".gowatchd.toml"]) == 0
    (home / ".gowatchd.toml").write_text("[format]\nenabled = true\n")
    assert main(["config", "check", ".gowatchd.toml"]) == 0
    said = "2: format.enabled = true: a repository may only switch things off: this is ignored"
    assert f"warning: {home}/.gowatchd.toml:{said}" in capsys.readouterr().out
    (home / "draft").write_text("[watch]\nenabled = false\n")
    assert main(["config", "check", "draft"]) == 78
    assert "draft:2: unknown key watch.enabled" in capsys.readouterr().out
    (home / "odd\x1b").write_text('"\x1b" = 1\n'.replace("\x1b", "\\u001b"))
    assert main(["config", "check", "odd\x1b"]) == 78
    assert "\x1b" not in capsys.readouterr().out
    assert main(["config", "check", "gone"]) == 4
    if os.geteuid() != 0:  # root reads everything
        (home / "draft").chmod(0)
        assert main(["config", "check", "draft"]) == 78


def test_schema_is_printed(capsys):
    assert main(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(schema()))
    assert main(["config", "schema", "--repository"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(repository_schema()))


@pytest.mark.parametrize(
    "argv",
    [["show", "FILE"], ["check", "--origin"], ["nothing"], ["schema", "FILE"], ["show", "--repository"]],
)
def test_what_goes_together_with_nothing_is_a_usage_error(argv, home):
    assert main(["config", *argv]) == 2


def test_its_help_needs_no_pydantic(home):
    code = "import sys; from gowatchd.cli.main import main; main(['config', '--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert not {"pydantic", "gi"} & set(done.stdout.split())
