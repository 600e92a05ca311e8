"""What is said of a mistake: file, line, key, value, and what would be right."""

from __future__ import annotations

import pytest

from gowatchd.config.mistake import ConfigError, Mistake
from gowatchd.config.models import Config, Notify, RepositoryConfig
from gowatchd.config.validation import NUL, validated

CODE = '"code --goto {file}:{line}"'
LEAVE = ", or leave the key out"
NO_FILE = f"nothing says where the file goes: write {{file}}, as in {CODE}"
LIST = 'must be a list of strings, such as ["a", "b"]'


def mistakes(text: str, model: type = Config) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        validated("f", text, model)
    assert str(caught.value).split("\n") == [*map(str, caught.value.mistakes)]
    return [*map(str, caught.value.mistakes)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[format]\n\nsettle_ms = -1\n",
            "f:3: format.settle_ms = -1: must be a whole number from 0 to 60000",
        ),
        ("[format]\nsetle_ms = 1\n", "f:2: unknown key format.setle_ms: did you mean settle_ms?"),
        ("[formt]\n", "f:1: unknown key formt: did you mean format?"),
        ("[format]\nlevel = 1\n", "f:2: unknown key format.level: did you mean level in [notify]?"),
        ("settle_ms = 1\n", "f:1: unknown key settle_ms: did you mean settle_ms in [format]?"),
        ("[notify]\nx = 1\n", f"f:2: unknown key notify.x: known here: {', '.join(Notify.__annotations__)}"),
        (
            '[notify]\nlevel = "loud"\n',
            'f:2: notify.level = "loud": must be "off", "problems", "changes" or "all"',
        ),
        ('[watch]\nroots = "~/src"\n', f'f:2: watch.roots = "~/src": {LIST}'),
        ('[watch]\nroots = [\n"a",\n3]\n', f'f:4: watch.roots = ["a", 3]: {LIST}'),
        ('format.enabled = "yes"\n', 'f:1: format.enabled = "yes": must be true or false'),
        ("[watch]\nbudget = 0\n", "f:2: watch.budget = 0: must be a whole number from 1 to 2147483647"),
        ("[watch]\nbudget = true\n", "f:2: watch.budget = true: must be a whole number from 1 to 2147483647"),
        (
            "watch = 3\n",
            "f:1: watch = 3: must be a section: [watch] on a line of its own, and its keys below",
        ),
        ("[check]\ngo = 1.5\n", "f:2: check.go = 1.5: must be a string, in quotes"),
        ('[env]\npolicy = "always"\n', 'f:2: env.policy = "always": must be "off", "suggest" or "apply"'),
        ("[env]\nunits = [1]\n", f"f:2: env.units = [1]: {LIST}"),
        ("[env.values]\nA = 1\n", "f:2: env.values.A = 1: must be a string, in quotes"),
        ('[env.required]\n"s*" = "A"\n', f'f:2: env.required."s*" = "A": {LIST}'),
        ('[env.required]\nt = ["A",\n 3]\n', f'f:3: env.required.t = ["A", 3]: {LIST}'),
        (
            "[env]\nvalues = 3\n",
            "f:2: env.values = 3: must be a table, each of its values a string, in quotes",
        ),
        ('[watch]\nroots = ["a",\n"~\\u0000"]\n', f'f:3: watch.roots = "~\\u0000": {NUL}'),
        ('[env.values]\n"A\\u0000" = "b"\n', f'f:2: env.values."A\\u0000" = "A\\u0000": {NUL}'),
        ("[watch]\nbudget = " + "9" * 5000, "f:2: a number is too long: TOML's have 64 bits"),
        (
            "[watch]\nbudget = 0x" + "f" * 5000,
            f"f:2: watch.budget = 0x{'f' * 75}...: must be a whole number from 1 to 2147483647",
        ),
        (
            "[notify]\neditor = 0x" + "f" * 5000,
            f"f:2: notify.editor = 0x{'f' * 75}...: must be a string, in quotes",
        ),
        ('[notify]\neditor = ""\n', 'f:2: notify.editor = "": no program: write one like ' + CODE + LEAVE),
        ('[notify]\neditor = "code"\n', f'f:2: notify.editor = "code": {NO_FILE}'),
        (
            '[notify]\neditor = "vi +{lien} {file}"\n',
            'f:2: notify.editor = "vi +{lien} {file}": {lien} stands for nothing: only {file} and {line} do',
        ),
        (
            '[notify]\neditor = "{file}"\n',
            'f:2: notify.editor = "{file}": the program itself cannot come from a file\'s name: put it first',
        ),
        (
            '[notify]\nterminal = "\'"\n',
            'f:2: notify.terminal = "\'": No closing quotation: close the quotation mark',
        ),
        (
            '[notify]\nterminal = ""\n',
            f'f:2: notify.terminal = "": no program: write one like "xterm -e"{LEAVE}',
        ),
        ("[env]\nlogin_shell = 1\n", "f:2: env.login_shell = 1: must be true or false"),
        (
            f'[notify]\nlevel = "{"x" * 999}"\n',
            f'f:2: notify.level = "{"x" * 76}...: must be "off", "problems", "changes" or "all"',
        ),
    ],
)
def test_a_mistake_is_explained(text, said):
    assert mistakes(text) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[format]\nenabled = \n", "f:2: not valid TOML: "),
        ("[watch]\nroots = [\n\n", "f:4: not valid TOML: "),
        (f"a = {'[' * 9999}", "f"),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(text, said):
    (one,) = mistakes(text)
    assert one.startswith(said)
    assert "not valid TOML" in one


def test_all_mistakes_of_a_file_are_said_in_their_order():
    text = (
        '[notify]\nlevel = 3\n[watch]\nrots = []\n[format]\nenabled = 1\nindent = "x"\nfix_on_save = [1, 2]\n'
    )
    found = mistakes(text)
    assert [one.split(":")[1] for one in found] == ["2", "4", "6", "7", "8"]


def test_a_repository_has_keys_of_its_own():
    assert mistakes("[watch]\nroots = []\n", RepositoryConfig) == [
        "f:2: unknown key watch.roots: known here: enabled, exclude"
    ]
    assert mistakes("[format]\nenabled = 0\n", RepositoryConfig) == [
        "f:2: format.enabled = 0: must be true or false"
    ]


def test_a_mistake_as_json_has_its_parts():
    with pytest.raises(ConfigError) as caught:
        validated("f", "[format]\nsettle_ms = -1\n", Config)
    (mistake,) = caught.value.mistakes
    assert mistake.as_json() == {
        "file": "f",
        "line": 2,
        "key": "format.settle_ms",
        "value": "-1",
        "message": "must be a whole number from 0 to 60000",
    }
    assert str(Mistake("f", "Permission denied")) == "f: Permission denied"
