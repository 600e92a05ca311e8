"""Every check of the doctor, in the order in which one explains the next."""

from __future__ import annotations

from gowatchd.cli.checks.configuration import check_configuration
from gowatchd.cli.checks.environment import check_environment, check_shell, check_units
from gowatchd.cli.checks.machine import check_clock, check_inotify, check_space, check_state_folder
from gowatchd.cli.checks.service import check_daemon, check_service
from gowatchd.cli.checks.session import check_bus, check_linger, check_manager, check_notifications
from gowatchd.cli.checks.toolchain import check_go, check_go_builds, check_go_on_path
from gowatchd.cli.checks.toolchain_archive import check_archive
from gowatchd.cli.checks.toolchain_folders import check_go_folders, check_goroot
from gowatchd.cli.checks.workspaces import check_blind, check_reach
from gowatchd.cli.diagnosis import SECONDS, Check
from gowatchd.system.go_trial import BUILD_SECONDS, RUN_SECONDS

ARCHIVE_SECONDS = 120.0  # 100 MB from a slow disk, unpacked for a look

ARCHIVE = Check("go-archive", check_archive, ARCHIVE_SECONDS)  # only where somebody names an archive
CHECKS = (
    Check("session-bus", check_bus),
    Check("user-manager", check_manager),
    Check("service", check_service),
    Check("daemon", check_daemon),
    Check("configuration", check_configuration),
    Check("linger", check_linger),
    Check("notifications", check_notifications),
    Check("login-shell", check_shell),
    Check("environment", check_environment),
    Check("units", check_units),
    Check("go", check_go),
    Check("go-on-path", check_go_on_path),
    Check("goroot", check_goroot),
    Check("go-folders", check_go_folders),
    Check("go-builds", check_go_builds, SECONDS + BUILD_SECONDS + RUN_SECONDS),
    Check("workspaces", check_reach),
    Check("file-systems", check_blind),
    Check("inotify", check_inotify),
    Check("state-folder", check_state_folder),
    Check("disk-space", check_space),
    Check("clock", check_clock),
)
