from gowatchd.unitfile.effective import Settings, effective

MANAGER = {"HOME": "/home/x", "PATH": "/usr/bin", "LANG": "C", "X": "manager"}


def test_the_later_wins():
    settings = Settings(
        assignments=("X=unit", "Y=1", "Z=unit=with=equals"),
        files=({"Y": "file"}, {"Y": "second"}),
        passed=("LANG", "NOT_THERE"),
        search_path=("/opt/go/bin", "/usr/bin"),
    )
    found = effective(MANAGER, settings)
    assert found.values["X"] == "unit"
    assert found.values["Y"] == "second"
    assert found.values["Z"] == "unit=with=equals"
    assert found.values["PATH"] == "/opt/go/bin:/usr/bin"
    assert found.from_file == {"Y"}
    assert not found.has("NOT_THERE")


def test_unset_beats_everything():
    settings = Settings(assignments=("A=1", "B=2"), files=({"C": "3"},), unset=("A", "B=other", "C=3"))
    found = effective(MANAGER, settings)
    assert "A" not in found.values
    assert found.values["B"] == "2"
    assert "C" not in found.values
    assert found.removed == {"A"}


def test_an_empty_value_is_none():
    assert not effective({"E": ""}, Settings()).has("E")
