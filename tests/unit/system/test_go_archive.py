"""A downloaded release of Go, with real archives."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pytest

from gowatchd.system.go_archive import is_sum, read_archive


@pytest.fixture
def archive(tmp_path):
    """A small release, as the official ones begin."""
    path = tmp_path / "go1.24.1.linux-amd64.tar.gz"
    with tarfile.open(path, "w:gz") as made:
        for name, data in (
            ("go/VERSION", b"go1.24.1\ntime 2025-03-01T00:00:00Z\n"),
            ("go/bin/go", b"x" * 300_000),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return path


def test_what_is_in_it_and_its_sum(archive):
    real = hashlib.sha256(archive.read_bytes()).hexdigest()
    found = read_archive(str(archive), "")
    assert (found.sha256, found.told, found.source) == (real, "", "")
    assert (found.version, found.damage) == ("go1.24.1", "")
    assert read_archive(str(archive), real.upper()).told == real


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a" * 64, True),
        ("a" * 64 + "\n", True),
        ("b" * 64 + "  go1.24.0.linux-amd64.tar.gz\n" + "a" * 64 + " *go1.24.1.linux-amd64.tar.gz\n", True),
        ("a" * 64 + "  another.tar.gz\n", False),
        ("<html>Not Found</html>", False),
        ("", False),
    ],
)
def test_the_sum_beside_it(archive, text, found):
    beside = archive.with_name(f"{archive.name}.sha256")
    beside.write_text(text)
    read = read_archive(str(archive), "")
    assert read.told == ("a" * 64 if found else "")
    assert read.source == (str(beside) if found else "")
    assert read_archive(str(archive), "c" * 64).told == "c" * 64, "what the person says wins"


def test_half_a_download_and_a_flipped_bit_are_damage(archive):
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    assert read_archive(str(archive), "").damage
    archive.write_bytes(data[:200] + bytes([data[200] ^ 0x20]) + data[201:])
    assert read_archive(str(archive), "").damage
    archive.write_bytes(b"<html>Not Found</html>")
    assert read_archive(str(archive), "").damage
    with pytest.raises(FileNotFoundError):
        read_archive(str(archive) + ".gone", "")


def test_what_a_sum_looks_like():
    assert is_sum("A" * 64)
    assert not is_sum("a" * 63)
    assert not is_sum("g" * 64)
