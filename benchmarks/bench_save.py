"""From the close of a save to "validated" and "formatted", beside the shell loop that people write.

Both are told apart from outside: ours by its D-Bus signals, the loop by the lines that it prints. Saves
rotate over the files of one workspace with 40 modules, slowly enough that neither auto-save nor the rewrite
limit shows.
"""

from __future__ import annotations

import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import workbench
from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection

MODULES = 40
ROUNDS = 82  # two saves of every file
CYCLE_SECONDS = 5.2  # the same file is saved again after this time: two rewrites in ten seconds are allowed
QUIET_SECONDS = 0.05
LOST_SECONDS = 2.0  # a save of which nothing was heard by then was swallowed: the loop drops some
LOOP = r"""
inotifywait -m -q -e close_write,moved_to --format '%w%f' "$@" | while IFS= read -r file; do
    go list -m >/dev/null && echo "validated $file"
    case $file in
        *go.work) go work edit -fmt "$file" ;;
        *) go mod edit -fmt "$file" ;;
    esac
    echo "formatted $file"
    while IFS= read -r -t 0.02 _; do :; done  # the event of its own write, or it would never end
done
"""
Events = Callable[[float], "tuple[str, str] | None"]  # what happened, and to which file or folder


def loop_events(root: Path, files: list[Path]) -> tuple[subprocess.Popen[bytes], Events]:
    """Start the shell loop; the second result returns its next line, or None after a time-out."""
    process = subprocess.Popen(
        ["bash", "-c", LOOP, "loop", *sorted({str(file.parent) for file in files})],
        cwd=root,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, **workbench.GO_ENVIRONMENT, "PATH": f"{workbench.GOROOT}/bin:/usr/bin:/bin"},
    )
    assert process.stdout is not None
    stream = process.stdout
    buffered: list[bytes] = []

    def next_line(timeout: float) -> tuple[str, str] | None:
        if not buffered:
            if not select.select([stream], [], [], timeout)[0]:
                return None
            buffered.extend(os.read(stream.fileno(), 65536).splitlines())
        what, _, path = buffered.pop(0).decode().partition(" ")
        return what, path

    return process, next_line


def daemon_events(bus: str) -> Events:
    """Subscribe to the daemon's signals; the result returns the next one, or None after a time-out."""
    connection = open_dbus_connection(bus=bus)
    rule = MatchRule(type="signal", interface="org.gowatchd.Manager1")
    connection.send_and_get_reply(message_bus.AddMatch(rule))
    # what it is called here, and which argument is the path
    names = {"WorkspaceChecked": ("validated", 0), "FileFormatted": ("formatted", 1)}

    def next_signal(timeout: float) -> tuple[str, str] | None:
        end = time.monotonic() + timeout
        while True:
            try:
                message = connection.receive(timeout=max(0.0, end - time.monotonic()))
            except TimeoutError:
                return None
            member = message.header.fields.get(HeaderFields.member, "")
            if member in names:
                what, argument = names[member]
                return what, message.body[argument]

    return next_signal


def wait_until_ready(bus: str) -> None:
    """Return when the daemon has checked its workspace."""
    manager = DBusAddress("/org/gowatchd/Gowatchd1", "org.gowatchd.Gowatchd1", "org.gowatchd.Manager1")
    connection = open_dbus_connection(bus=bus)
    for _ in range(200):
        reply = connection.send_and_get_reply(new_method_call(manager, "GetStatus"))
        if reply.header.message_type is MessageType.method_return and json.loads(reply.body[0])["workspaces"]:
            return
        time.sleep(0.05)  # before anything is measured
    raise TimeoutError("the daemon did not come up")


def measure(files: list[Path], event: Events) -> dict[str, list[float]]:
    """Save the files in turn and time what follows each save, in milliseconds; note those that were lost."""
    times: dict[str, list[float]] = {"validated": [], "formatted": [], "lost": []}
    tidy = {file: file.read_bytes() for file in files}
    untidy = {file: workbench.messy(file) for file in files}
    cycle = time.monotonic()
    for number in range(ROUNDS):
        file = files[number % len(files)]
        if number and number % len(files) == 0:
            time.sleep(max(0.0, CYCLE_SECONDS - (time.monotonic() - cycle)))  # see CYCLE_SECONDS
            cycle = time.monotonic()
        while event(QUIET_SECONDS):
            pass
        with file.open("r+b", buffering=0) as stream:
            stream.truncate()
            stream.write(untidy[file])
        saved = time.perf_counter()
        awaited = ["validated", "formatted"]
        while awaited and (heard := event(LOST_SECONDS)):
            what, path = heard
            if what in awaited and path in {str(file), str(files[-1].parent)}:
                times[what].append((time.perf_counter() - saved) * 1000)
                awaited.remove(what)
        if awaited or file.read_bytes() != tidy[file]:
            times["lost"].append(number)
            file.write_bytes(tidy[file])
    return times


def measure_daemon(folder: Path, settle: int) -> dict[str, list[float]]:
    """Time gowatchd with the given settle."""
    files = workbench.make_workspace(folder / "src", MODULES)
    config = f'[watch]\nroots = ["{folder / "src"}"]\n[format]\nsettle_ms = {settle}\n'
    with workbench.private_bus() as bus, workbench.daemon(folder / "home", bus, config):
        wait_until_ready(bus)
        return measure(files, daemon_events(bus))


def measure_loop(folder: Path) -> dict[str, list[float]]:
    """Time the shell loop."""
    files = workbench.make_workspace(folder / "src", MODULES)
    process, event = loop_events(folder / "src", files)
    try:
        time.sleep(0.5)  # inotifywait says nothing when it is ready with -q
        return measure(files, event)
    finally:
        os.killpg(process.pid, 15)
        process.wait(10)


def main() -> int:
    """Print the table."""
    print(workbench.machine())
    print(f"{MODULES} modules, {ROUNDS} saves each, go {workbench.GO_VERSION}\n")
    with tempfile.TemporaryDirectory(dir=workbench.ROOT / "build") as temporary:
        folder = Path(temporary)
        results = {
            "shell loop": measure_loop(folder / "loop"),
            "gowatchd, settle_ms = 0": measure_daemon(folder / "none", 0),
            "gowatchd, settle_ms = 100": measure_daemon(folder / "default", 100),
        }
    for name, times in results.items():
        for what in ("validated", "formatted"):
            print(f"{name:26} {what:10} {workbench.summary(times[what])}   lost {len(times['lost'])}")
    loop = {what: statistics.median(times) for what, times in results["shell loop"].items() if times}
    none, default = results["gowatchd, settle_ms = 0"], results["gowatchd, settle_ms = 100"]
    validated = statistics.median(none["validated"] + default["validated"]) / loop["validated"]
    formatted = statistics.median(none["formatted"]) / loop["formatted"]
    settled = statistics.median(default["formatted"]) - 100
    print(f"\nvalidated: {validated:.2f} of the loop's median (goal 0.33)")
    print(f"formatted, no settle: {formatted:.2f} of the loop's median (goal 0.5)")
    print(f"formatted, default settle: {settled:.1f} ms after the settle (goal 10)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
