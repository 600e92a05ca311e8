"""The Chinese catalogue, compiled, and the environment of somebody who reads Chinese."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
CHINESE = {"LANG": "zh_CN.UTF-8", "LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": ""}


@cache
def compile_catalogues() -> None:
    """Compile po/ into the checkout, where its programs look first, as ``make setup`` does."""
    subprocess.run([sys.executable, TOP / "scripts/compile-translations"], check=True, timeout=60)
