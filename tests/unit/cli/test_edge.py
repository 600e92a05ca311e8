"""Standard output that is not what one expects."""

import fcntl
import os
import struct
import subprocess
import sys
import termios
from subprocess import PIPE

import pytest

from tests.support.bus import wait_for
from tests.support.go import ROOT

PIPE_BYTES = 4096  # the least that a pipe can hold
GOWATCHCTL = [sys.executable, "-m", "gowatchd.cli.main", "explain", "--json"]
GOFUMPT_WORK = [sys.executable, "-m", "gowatchd.cli.gofumpt_work", "go.mod"]


def held(pipe):
    """Return how many bytes wait in ``pipe``."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [GOWATCHCTL, GOFUMPT_WORK], ids=["gowatchctl", "gofumpt-work"])
def test_a_pipe_that_does_not_block_gets_all(command, unbuffered, tmp_path):
    """Node.js makes its pipes so, and whoever shares one finds it so."""
    (tmp_path / "go.mod").write_bytes(b"module m\n" + b"".join(b"tool x/%05d\n" % i for i in range(5000)))
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": str(ROOT)}
    expected = subprocess.run(
        command, cwd=tmp_path, stdout=PIPE, env=environment, check=True, timeout=60
    ).stdout
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    os.set_blocking(writing, False)
    with (
        open(reading, "rb") as reader,
        subprocess.Popen(command, cwd=tmp_path, stdout=writing, stderr=PIPE, env=environment) as child,
    ):
        os.close(writing)
        wait_for(lambda: held(reading) == PIPE_BYTES or child.poll() is not None, "the pipe is full")
        assert reader.read() == expected
        assert (child.stderr.read(), child.wait(60)) == (b"", 0)
    assert len(expected) > PIPE_BYTES
