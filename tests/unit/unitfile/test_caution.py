import pytest

from gowatchd.unitfile.caution import Caution, caution
from gowatchd.unitfile.go_programs import SETTINGS


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("GITHUB_TOKEN", "x", Caution.SECRET),
        ("AWS_SECRET_ACCESS_KEY", "x", Caution.SECRET),
        ("DB_PASSWORD", "x", Caution.SECRET),
        ("PGPASS", "x", Caution.SECRET),
        ("OPENAI_API_KEY", "x", Caution.SECRET),
        ("GOAUTH", "netrc", Caution.SECRET),
        ("NETRC", "/x", Caution.SECRET),
        ("GOPROXY", "https://me:pw@proxy.corp", Caution.SECRET),
        ("GOPROXY", "https://proxy.corp,direct", None),
        ("HTTPS_PROXY", "http://me:pw@proxy:3128", Caution.SECRET),
        ("X", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", Caution.SECRET),
        ("SSH_AUTH_SOCK", "/run/x", Caution.SECRET),
        ("DISPLAY", ":0", Caution.VOLATILE),
        ("SSH_CONNECTION", "1 2 3 4", Caution.VOLATILE),
        ("XDG_RUNTIME_DIR", "/run/user/1", Caution.VOLATILE),
        ("VIRTUAL_ENV", "/x", Caution.VOLATILE),
        ("LD_PRELOAD", "/x.so", Caution.LOADER),
        ("PYTHONPATH", "/x", Caution.LOADER),
        ("GIT_SSH_COMMAND", "ssh -i x", Caution.CODE),
        ("BASH_ENV", "/x", Caution.CODE),
        ("GOFLAGS", "-toolexec=/x", Caution.CODE),
        ("GOFLAGS", "-mod=mod -tags=integration", None),
        ("WORKSPACE_ROOT", "/home/x/src", None),
        ("XDG_CONFIG_HOME", "/home/x/.cfg", None),
        ("KEYBOARD", "de", None),
        ("MONKEY", "x", None),
        ("AUTHOR", "x", None),
        ("COMPASS", "x", None),
    ],
)
def test_what_is_never_copied(name, value, why):
    assert caution(name, value) is why


def test_no_setting_of_go_is_refused_by_its_name():
    assert [name for name in SETTINGS if caution(name, "value") is not None] == []
