"""What the doctor's examination finds of a person who is well, for its checks as pure functions."""

from __future__ import annotations

from types import SimpleNamespace

from gowatchd.cli.config_check import Checked
from gowatchd.cli.examination import Watches
from gowatchd.cli.go_folders import GoFolders, Goroots
from gowatchd.cli.service_facts import Notifications, Service
from gowatchd.cli.session_examination import Answer, Bus
from gowatchd.system.clock import Clock
from gowatchd.system.go_places import GoPlace
from gowatchd.system.go_trial import Trial
from gowatchd.system.group_counters import GroupCounters
from gowatchd.system.room import Room

MANAGER = {"PATH": "/usr/bin", "LANG": "C", "GOPROXY": "direct"}
GO = SimpleNamespace(version="1.24.1", go="/opt/go/bin/go", found="PATH", goroot="/opt/go")
PLACE = GoPlace("/opt/go/bin/go", "/opt/go", "1.24.1")
GIB = 1 << 30


def service(**facts: object) -> Service:
    """A service that runs and lacks nothing, but for ``facts``."""
    well = {
        "load": "loaded",
        "active": "active",
        "sub": "running",
        "file_state": "enabled",
        "stale": False,
        "skipped": False,
        "result": "success",
        "exit_status": 0,
        "restarts": 0,
        "memory": 40 << 20,
        "memory_high": 512 << 20,
        "tasks": 3,
        "counters": GroupCounters(0, 0, 0, 0, 0.0),
    }
    return Service(**{**well, **facts})


def room(path: str, **facts: object) -> Room:
    """A folder of one's own on a disk with room."""
    well = {
        "stands": path,
        "is_folder": True,
        "writable": True,
        "owner": "me",
        "ours": True,
        "mode": 0o700,
        "free": 20 * GIB,
        "free_files": 1 << 20,
        "device": 1,
    }
    return Room(path, **{**well, **facts})


def folders(**facts: object) -> GoFolders:
    """Folders as go has them by default."""
    well = {
        "goroot": "/opt/go",
        "gopath": ("/home/me/go",),
        "gomodcache": "/home/me/go/pkg/mod",
        "gocache": "/home/me/.cache/go-build",
        "gobin": "",
    }
    return GoFolders(**{**well, **facts})


def patient(**facts: object) -> SimpleNamespace:
    """An examination of somebody who is well, but for ``facts``."""
    well = {
        "version": "1",
        "user": "me",
        "bus": Bus("unix:path=/run/user/1000/bus", "", systemd=True),
        "manager": Answer("257", MANAGER),
        "shell": (MANAGER, ""),
        "configuration": (Checked("/etc/gowatchd/config.toml", exists=False),),
        "status": (
            {"version": "1", "off": [], "go": {"version": "1.24.1", "path": GO.go}, "workspaces": []},
            "",
        ),
        "units": ({"reason": "", "units": [{"unit": "a.service", "findings": []}]}, ""),
        "service": (service(), ""),
        "notifications": (Notifications("dunst 1.9", ("actions", "body")), ""),
        "go": (GO, ""),
        "gos": (PLACE,),
        "shell_gos": (PLACE,),
        "goroots": Goroots("/opt/go", "1.24.1", ()),
        "go_folders": (folders(), ""),
        "trial": Trial("", "", "/tmp", 0.2),
        "accesses": (),
        "watches": Watches(500_000, 128, (("code", 2, 9000),)),
        "state_folder": (room("/home/me/.local/state/gowatchd"), ()),
        "rooms": (room("/home/me"),),
        "clock": Clock(2000.0, 1000.0, "/bin/sh", kept=True),
        "lingers": False,
        "session": ("wayland", "GNOME"),
    }
    return SimpleNamespace(**{**well, **facts})
