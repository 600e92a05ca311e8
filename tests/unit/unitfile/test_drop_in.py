import pytest

from gowatchd.unitfile.drop_in import is_ours, render
from gowatchd.unitfile.quoting import LONGEST_VALUE, UnquotableError, environment_line
from gowatchd.unitfile.unit_name import is_template, object_path, template_of


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("plain", 'Environment="A=plain"'),
        ('a "b" \\c', 'Environment="A=a \\"b\\" \\\\c"'),
        ("100%h", 'Environment="A=100%%h"'),
        ("one\ntwo\tthree\r", 'Environment="A=one\\ntwo\\tthree\\r"'),
        ("\x01\x7f", 'Environment="A=\\x01\\x7f"'),
        ("$X `y` 'z' ; # =", "Environment=\"A=$X `y` 'z' ; # =\""),
        ("grüß 你好", 'Environment="A=grüß 你好"'),
        ("", 'Environment="A="'),
    ],
)
def test_quoting(value, line):
    assert environment_line("A", value) == line


@pytest.mark.parametrize("value", ["a\0b", "\udcff", "x" * (LONGEST_VALUE + 1)])
def test_what_no_unit_file_can_hold(value):
    with pytest.raises(UnquotableError, match=r"^A: "):
        environment_line("A", value)


def test_our_drop_in_is_known_again_until_it_is_edited():
    text = render("sync.service", {"B": "2", "A": "1"}, "its script\nuses $A")
    assert text.endswith('[Service]\nEnvironment="A=1"\nEnvironment="B=2"\n')
    assert "its script uses $A" in text
    assert is_ours(text)
    assert not is_ours(text.replace("A=1", "A=2"))
    assert not is_ours("[Service]\n")
    assert is_ours("# a remark of the person\n" + text)


def test_unit_names():
    assert is_template("a@.service")
    assert not is_template("a@b.service")
    assert template_of("a@b@c.service") == "a@.service"
    assert template_of("a.service") is None
    assert template_of("a@.service") is None
    expected = "/org/freedesktop/systemd1/unit/tpl_40home_2ddev_2dmy_5cx20ws_2eservice"
    assert object_path("tpl@home-dev-my\\x20ws.service") == expected
    assert object_path("7zip.service").endswith("/_37zip_2eservice")
