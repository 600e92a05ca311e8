"""What pyproject.toml cannot say: the translations are compiled, into the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTranslations(build_py):
    """Build the package with a compiled catalogue for each language of po/."""

    def run(self) -> None:
        """Build; an editable installation finds its catalogues in the checkout."""
        super().run()
        root = Path("." if getattr(self, "editable_mode", False) else self.build_lib)
        subprocess.run([sys.executable, "scripts/compile-translations", root / "gowatchd/locale"], check=True)


setup(cmdclass={"build_py": BuildWithTranslations})
