import pytest

from gowatchd.services.unit_findings import Audit, Finding, Kind, Offer, Origin
from gowatchd.services.unit_plan import RefusedError, drop_in_path, plan
from gowatchd.services.unit_state import UnitState
from gowatchd.system.drop_in_files import DropInFiles
from gowatchd.unitfile import drop_in

FILES = DropInFiles()


def lacking(**values):
    findings = [
        Finding("a.service", Kind.MISSING, name, "m", Offer(value, Origin.LOGIN_SHELL))
        for name, value in values.items()
    ]
    return Audit("a.service", (*findings, Finding("a.service", Kind.FAILED, "203", "m")))


def test_the_plan_sets_what_is_lacking_and_says_from_where(tmp_path):
    planned = plan(UnitState("a.service"), lacking(A="1"), str(tmp_path), FILES)
    assert planned.path == str(tmp_path / "a.service.d/50-gowatchd.conf")
    assert (planned.before, planned.assignments) == (b"", {"A": "1"})
    assert b"A from login shell" in planned.after
    assert b'Environment="A=1"' in planned.after
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_drop_in_of_ours_sets_stays_in_it(tmp_path):
    (tmp_path / "a.service.d").mkdir()
    ours = drop_in.render("a.service", {"A": "old", "B": "2"}, "w")
    (tmp_path / "a.service.d/50-gowatchd.conf").write_text(ours)
    planned = plan(UnitState("a.service"), lacking(A="1"), str(tmp_path), FILES)
    assert planned.before == ours.encode()
    assert planned.assignments == {"A": "1", "B": "2"}
    assert planned.diff == ('-Environment="A=old"', '+Environment="A=1"')


def test_an_edited_one_a_link_and_a_value_of_no_use_are_refused(tmp_path):
    place = tmp_path / "a.service.d/50-gowatchd.conf"
    place.parent.mkdir()
    place.write_text("[Service]\nEnvironment=A=mine\n")
    with pytest.raises(RefusedError, match="left alone"):
        plan(UnitState("a.service"), lacking(A="1"), str(tmp_path), FILES)
    place.unlink()
    place.symlink_to("/dev/null")  # how its person switches ours off
    with pytest.raises(RefusedError, match=r"50-gowatchd\.conf"):
        plan(UnitState("a.service"), lacking(A="1"), str(tmp_path), FILES)
    place.unlink()
    with pytest.raises(RefusedError, match="A: the value has"):
        plan(UnitState("a.service"), lacking(A="x" * 5000), str(tmp_path), FILES)


@pytest.mark.parametrize(
    ("name", "fragment", "place"),
    [
        ("a.service", "/usr/lib/systemd/user/a.service", "a.service.d/50-gowatchd.conf"),
        ("t@x.service", "/u/t@.service", "t@.service.d/50-gowatchd.conf"),
        ("t@x.service", "/usr/lib/systemd/user/t@.service", "t@x.service.d/51-gowatchd-instance.conf"),
    ],
)
def test_an_instance_of_a_template_of_ones_own_gets_it_at_the_template(name, fragment, place):
    assert drop_in_path(UnitState(name, fragment), "/u") == f"/u/{place}"
