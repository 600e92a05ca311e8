"""The Python of another Debian, in the root directory that the system tests have made of it."""

from __future__ import annotations

import os
import subprocess

from .environments import PLACE, ROOT, UnavailableError, tools_for

ROOTS = ROOT / "build/roots"
PACKAGES = (
    "bsdutils",
    "dpkg-dev",
    "gettext",
    "mount",
    "patch",
    "tzdata",
)  # what unit tests ask, and the root does not have
PREPARE_SECONDS = 900
# In a layer above the root directory, which stays for the next time: nothing else is changed. What is mounted
# goes with the process. The checkout and what it links to are there under their own paths.
ENTER = """\
set -eu
place=$1 base=$2 tools=$3
shift 3
mkdir -p "$place/upper" "$place/work" "$place/root"
mount -t overlay -o "lowerdir=$base,upperdir=$place/upper,workdir=$place/work" none "$place/root"
cd "$place/root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
cp /etc/resolv.conf etc/resolv.conf
for folder; do
	shift
	[ "$folder" != -- ] || break
	mkdir -p ".$folder"
	mount --rbind "$folder" ".$folder"
	checkout=${checkout-$folder}
done
printf '%s\\n' "$tools" "$checkout" >usr/lib/python3/dist-packages/compat.pth
exec chroot . env -i -C "$checkout" HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
	PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
"""


def has_root(suite: str) -> bool:
    """Say whether there is a finished root directory of ``suite``, which only root can enter."""
    return os.geteuid() == 0 and (ROOTS / f"{suite}.recipe").exists()


def in_root(suite: str, version: str) -> list[str]:
    """Return how to start the Python of ``suite``, which is ``version``, with what the tests need."""
    entered = _entering(suite, version)
    place = PLACE / f"layer-{suite}"
    recipe = (ROOTS / f"{suite}.recipe").read_text() + " ".join(PACKAGES)
    stamp = place / "recipe"
    if not stamp.exists() or stamp.read_text() != recipe:
        subprocess.run(["rm", "-rf", "--one-file-system", str(place)], timeout=PREPARE_SECONDS, check=True)
        place.mkdir(parents=True)
        install = "apt-get -qq update && apt-get -qq install -y --no-install-recommends " + " ".join(PACKAGES)
        done = subprocess.run(
            [*entered, "sh", "-c", install],
            capture_output=True,
            text=True,
            timeout=PREPARE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise UnavailableError(f"{suite}: {done.stderr.strip()[-500:]}")
        stamp.write_text(recipe)
    return [*entered, "python3"]


def _entering(suite: str, version: str) -> list[str]:
    tools = tools_for(version)
    git = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout.strip()
    linked = [path for path in (str((ROOT / "build/toolchains").resolve()), git) if os.path.isdir(path)]
    folders = [str(ROOT), *(path for path in linked if not path.startswith(f"{ROOT}/"))]
    unshared = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    words = (PLACE / f"layer-{suite}", (ROOTS / suite).resolve(), tools, *folders, "--")
    return [*unshared, "sh", "-c", ENTER, "sh", *map(str, words)]
