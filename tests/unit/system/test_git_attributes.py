from __future__ import annotations

import pytest

from gowatchd.system.git_attributes import MAX_SIZE, PATTERNS_MOST, git_changes
from tests.support.git import repository


@pytest.mark.parametrize(
    ("attributes", "changes"),
    [
        ("", False),
        ("*.png filter=lfs diff=lfs merge=lfs -text\n", False),
        ("* text=auto eol=crlf\n", False),
        ("# * filter=x\n", False),
        ("*.mod -filter\n", False),
        ("* filter=git-crypt diff=git-crypt\n", True),
        ("*.mod ident\n", True),
        ("go.* text working-tree-encoding=UTF-16\n", True),
        ("/sub/go.mod filter=x\n", True),
        ("[attr]secret filter=x\n*.mod secret\n", True),
        ("[attr]secret filter=x\n*.key secret\n", False),
        ("[Gg]o.mo[d] filter=x\n", True),
        ("go.mo? filter=x\n", True),
        ("".join(f"*.{one} filter=lfs\n" for one in range(5000)), False),
        ("".join(f"*{one}*d filter=x\n" for one in range(PATTERNS_MOST)), False),
        ("".join(f"*{one}*d filter=x\n" for one in range(PATTERNS_MOST + 1)), True),  # who knows
        ("*o" * 60 + "*d filter=x\n", True),
        ("#" * (MAX_SIZE + 1), True),
    ],
)
@pytest.mark.parametrize("where", [".gitattributes", "sub/.gitattributes", ".git/info/attributes"])
def test_attributes_that_change_the_content(tmp_path, attributes, changes, where):
    repo = repository(tmp_path / "repo")
    (repo / "sub").mkdir()
    (repo / where).parent.mkdir(exist_ok=True)
    (repo / where).write_text(attributes)
    assert git_changes(str(repo / "sub" / "go.mod"), str(repo / ".git")) is changes
