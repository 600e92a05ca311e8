"""What a program may not do in the sandbox of the service, attempted in earnest; runs inside as a program.

Prints a JSON object: what was attempted, and "" or the name of the error. Each is something that a plain unit
of the same person can do, so that a refusal is the sandbox's own.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import platform
import socket
import sys
import tempfile
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_libc = ctypes.CDLL(None, use_errno=True)

IO_URING_SETUP = 425  # of <linux/io_uring.h>; new calls have one number on every architecture
USERFAULTFD = {"x86_64": 323, "aarch64": 282}.get(platform.machine(), -1)
USER_MODE_ONLY = 1  # UFFD_USER_MODE_ONLY: what an ordinary person is granted
CLONE_NEWUSER = 0x10000000
PTRACE_TRACEME = 0
ADDR_NO_RANDOMIZE = 0x0040000
IPC_PRIVATE = 0


def call(name: str, *arguments: object) -> int:
    """Call a function of libc; raise what it says went wrong."""
    answer = int(getattr(_libc, name)(*arguments))
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def open_socket(family: int, kind: int = socket.SOCK_STREAM) -> None:
    socket.socket(family, kind).close()


def listen() -> None:
    """Take a name of the abstract kind, and callers."""
    with socket.socket(socket.AF_UNIX) as taken:
        taken.bind(b"")  # the kernel finds one
        taken.listen()


def execute_memory() -> None:
    """Make memory that can be written and run."""
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def set_mode(mode: int) -> None:
    """Make a program that runs as whoever owns it."""
    with tempfile.NamedTemporaryFile() as file:
        os.fchmod(file.fileno(), mode)


def change_owner() -> None:
    """Give a file the owner that it has."""
    with tempfile.NamedTemporaryFile() as file:
        os.chown(file.name, os.getuid(), -1)


def make_fifo() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(f"{folder}/fifo")


def read_parent() -> None:
    """Read memory of this process the way that other processes' is read."""
    there, here = ctypes.create_string_buffer(b"x", 1), ctypes.create_string_buffer(1)

    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    ours = Piece(ctypes.addressof(here), 1)
    theirs = Piece(ctypes.addressof(there), 1)
    call("process_vm_readv", os.getpid(), ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)


def io_uring() -> None:
    """Ask for a ring: through one, sockets of any family can be opened."""
    parameters = ctypes.create_string_buffer(120)
    os.close(call("syscall", IO_URING_SETUP, 1, parameters))


def be_one_cpu() -> None:
    os.sched_setaffinity(0, os.sched_getaffinity(0))


# Some change the process that does them: each has one of its own.
ATTEMPTS: dict[str, Callable[[], object]] = {
    "an IPv4 socket": partial(open_socket, socket.AF_INET),
    "an IPv6 socket": partial(open_socket, socket.AF_INET6),
    "a netlink socket": partial(open_socket, socket.AF_NETLINK, socket.SOCK_RAW),
    "a ring of io_uring": io_uring,
    "a name to be called by": listen,
    "memory to write and run": execute_memory,
    "a setuid file": partial(set_mode, 0o4755),
    "a setgid file": partial(set_mode, 0o2755),
    "a change of owner": change_owner,
    "a device or FIFO": make_fifo,
    "memory of another process": read_parent,
    "shared memory of System V": lambda: call("shmget", IPC_PRIVATE, 4096, 0o600),
    "faults handled by itself": lambda: os.close(call("syscall", USERFAULTFD, USER_MODE_ONLY)),
    "another processor": be_one_cpu,
    "its own user id again": lambda: os.setuid(os.getuid()),
    "to be traced": lambda: call("ptrace", PTRACE_TRACEME, 0, 0, 0),
    "another personality": lambda: call("personality", ADDR_NO_RANDOMIZE),
    "a user namespace": lambda: call("unshare", CLONE_NEWUSER),
}


def attempt(what: Callable[[], object]) -> str:
    """Do it in a process of its own; return "" or the name of the error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            what()
        except OSError as error:
            said = errno.errorcode.get(error.errno or 0, str(error))
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="ascii") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return said if status == 0 else f"ended with status {status}"


def status() -> dict[str, str]:
    """Return what the kernel says of the sandbox of this process (proc(5))."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        fields = dict(line.rstrip("\n").partition(":\t")[::2] for line in file)
    return {name: fields[name] for name in ("NoNewPrivs", "Seccomp", "Seccomp_filters")}


def attempts() -> dict[str, str]:
    return {name: attempt(what) for name, what in ATTEMPTS.items()}


def as_the_daemon_starts_go() -> dict[str, str]:
    """Attempt the same in a child that the daemon's own code starts."""
    from gowatchd.system.process import Command, run_child  # noqa: PLC0415 only in the container

    finished = run_child(Command((sys.executable, __file__), "/", 60.0))
    found: dict[str, str] = json.loads(finished.stdout)
    return found


if __name__ == "__main__":
    if "--with-child" in sys.argv:
        environment = dict(os.environ)
        found = {"status": status(), "environment": environment}
        print(json.dumps({**found, "itself": attempts(), "child": as_the_daemon_starts_go()}))
    else:
        print(json.dumps(attempts()))
