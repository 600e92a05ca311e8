"""The introspection file and the object say the same: pydbus finds a difference only when it is too late."""

import inspect
import xml.etree.ElementTree as ET

import pytest
from gi.repository import Gio
from pydbus.generic import signal

from gowatchd.system.bus_address import INTERFACE, OBJECT_PATH
from gowatchd.system.dbus_text import clean, to_json
from gowatchd.system.manager_object import INTROSPECTION, ManagerObject

(DESCRIBED,) = Gio.DBusNodeInfo.new_for_xml(INTROSPECTION).interfaces


def test_names():
    assert DESCRIBED.name == INTERFACE
    assert ET.fromstring(INTROSPECTION).get("name") == OBJECT_PATH


@pytest.mark.parametrize("method", DESCRIBED.methods, ids=lambda method: method.name)
def test_every_method_takes_its_arguments(method):
    taken = inspect.signature(getattr(ManagerObject, method.name)).parameters
    assert len(taken) == 1 + len(method.in_args)


def test_every_signal_and_property_is_there():
    for described in DESCRIBED.signals:
        assert isinstance(getattr(ManagerObject, described.name), signal)
    for described in DESCRIBED.properties:
        assert isinstance(getattr(ManagerObject(None), described.name), str)


def test_everything_is_described():
    own = {name for name in vars(ManagerObject) if name[0].isupper()} - {"PropertiesChanged"}
    assert own == {described.name for described in (*DESCRIBED.methods, *DESCRIBED.signals)}
    comments = INTROSPECTION.split("<!--")[1:]
    explained = {comment.split(":")[0].strip() for comment in comments}
    members = (*DESCRIBED.methods, *DESCRIBED.signals, *DESCRIBED.properties)
    assert {member.name for member in members} <= explained


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("plain ✓", "plain ✓"),
        ("a\udcffb", "a\ufffdb"),
        ("\ud800\0", "\ufffd\ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_text_for_the_bus(text, fit):
    assert clean(text) == fit
    clean(text).encode()


def test_json_for_the_bus():
    assert to_json({"path": "/a\udcff", "text": "工\0"}) == '{"path":"/a\ufffd","text":"工\\u0000"}'


class Fixes:
    """A manager that writes down for which file it is asked for a fix."""

    def __init__(self):
        self.paths = []

    def apply_fix(self, path, before, after, titles):
        self.paths.append(path)
        return {}


@pytest.mark.parametrize(
    ("path", "real"),
    [(b"/a/go.mod", "/a/go.mod"), (b"//a///go.mod", "/a/go.mod"), (b"/\xff/go.mod", "/\udcff/go.mod")],
)
def test_the_path_of_a_fix(path, real):
    fixes = Fixes()
    assert ManagerObject(fixes).ApplyFix(path, b"", b"", []) == "{}"
    assert fixes.paths == [real]


@pytest.mark.parametrize("path", [b"/a\0/go.mod", b"go.mod", b""])
def test_what_is_no_path_is_refused(path):
    fixes = Fixes()
    with pytest.raises(Exception, match="is not an absolute path") as error:  # pydbus wants a type of its own
        ManagerObject(fixes).ApplyFix(path, b"", b"", [])
    assert type(error.value).__name__ == "org.gowatchd.Error.Refused"
    assert fixes.paths == []
