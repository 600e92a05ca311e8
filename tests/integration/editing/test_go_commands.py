"""The go commands that write: none fails because of us, and what they wrote is formatted."""

from __future__ import annotations

import contextlib
import http.server
import io
import subprocess
import threading
import time
import zipfile

import pytest

from tests.support.editing import MESSY, TIDY
from tests.support.go import NEWEST, TOOLCHAINS, needs_go

pytestmark = needs_go


@pytest.fixture
def go(place):
    def go(*arguments: str, **environment: str) -> None:
        finished = subprocess.run(
            [f"{TOOLCHAINS[NEWEST]}/bin/go", *arguments],
            cwd=place.folder,
            env={
                **place.daemon.environment,
                "GOPROXY": "off",
                "GOTOOLCHAIN": "local",
                "GOFLAGS": "-modcacherw",
                "GONOSUMDB": "*",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr

    return go


@pytest.fixture
def proxy():
    """The address of a module proxy that takes its time: longer than the settle."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _SlowProxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _SlowProxy(http.server.BaseHTTPRequestHandler):
    """Has version 1.0.0 of every module, with one package."""

    def do_GET(self) -> None:
        time.sleep(0.3)  # not waited for by the test: this is the network
        module, _, wanted = self.path[1:].partition("/@v/")
        answers = {
            "list": b"v1.0.0\n",
            "v1.0.0.mod": f"module {module}\n\ngo 1.21\n".encode(),
            "v1.0.0.info": b'{"Version":"v1.0.0","Time":"2024-01-01T00:00:00Z"}',
            "v1.0.0.zip": _zip(module),
        }
        with contextlib.suppress(BrokenPipeError):
            self.send_response(200 if wanted in answers else 404)
            self.end_headers()
            self.wfile.write(answers.get(wanted, b""))

    def log_message(self, *_details: object) -> None:
        pass


def _zip(module: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{module}@v1.0.0/go.mod", f"module {module}\n\ngo 1.21\n")
        archive.writestr(f"{module}@v1.0.0/x.go", "package x\n")
    return buffer.getvalue()


def test_go_mod_edit(place, go):
    go("mod", "edit", "-exclude=ex.com/b@v1.0.0", "-exclude=ex.com/a@v1.0.0")
    place.wait_for_text(f"{TIDY}\nexclude (\n\tex.com/a v1.0.0\n\tex.com/b v1.0.0\n)\n")


def test_several_go_mod_edits_in_a_row(place, go):
    """Each reads what the one before wrote: one of ours in between would be no fault, a lost line would."""
    place.errors_expected = True  # there is no go.sum yet
    for name in "edcba":
        go("mod", "edit", f"-require=ex.com/{name}@v1.0.0")
    place.wait_for_text(
        TIDY + "\nrequire (\n" + "".join(f"\tex.com/{one} v1.0.0\n" for one in "abcde") + ")\n"
    )


def test_go_mod_tidy_that_waits_for_the_network(place, go, proxy):
    """It ends with an error where go.mod changes between its first look and its write."""
    place.errors_expected = True  # there is no go.sum yet
    (place.folder / "main.go").write_text('package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n')
    (place.folder / "x").mkdir()
    (place.folder / "x" / "go.mod").write_text("module example.com/x\n\ngo 1.21\n")
    (place.folder / "x" / "x.go").write_text("package x\n")
    place.file.write_text(f"{MESSY}require example.com/unused v1.0.0\nreplace example.com/x => ./x\n")
    go("mod", "tidy", GOPROXY=proxy)
    assert "\nrequire example.com/x " in place.file.read_text()
    place.daemon.wait_for(lambda: place.file.read_text().startswith(TIDY), "the formatted file")


def test_go_get_that_waits_for_the_network(place, go, proxy):
    place.errors_expected = True  # it writes go.mod first, then go.sum: between the two there is none
    (place.folder / "main.go").write_text("package main\n\nfunc main() {}\n")
    place.file.write_text(f"{MESSY}// mine\n")
    go("get", "example.com/dependency@v1.0.0", GOPROXY=proxy)
    assert "example.com/dependency v1.0.0" in place.file.read_text()
    place.daemon.wait_for(lambda: place.file.read_text().startswith(TIDY), "the formatted file")
    assert place.file.read_text().count("// mine") == 1


def test_go_work(place, go):
    (place.folder / "b").mkdir()
    (place.folder / "b" / "go.mod").write_text("module example.com/b\n\ngo 1.21\n")
    go("work", "init", ".", "b")
    go("work", "edit", "-dropuse=.", "-dropuse=./b", "-use=./b/")
    go("work", "use", ".")
    go("work", "edit", "-replace=ex.com/z=./z")

    def is_formatted():
        text = (place.folder / "go.work").read_text()
        return text == f"go {NEWEST}\n\nuse (\n\t.\n\t./b\n)\n\nreplace ex.com/z => ./z\n"

    place.daemon.wait_for(is_formatted, "the formatted go.work")
