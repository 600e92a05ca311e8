"""The strict style: what gofumpt-work does beyond Go's own -fmt, as rules in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gowatchd.modfile import Kind
from gowatchd.style.blocks import unwrap_blocks
from gowatchd.style.duplicates import drop_duplicates
from gowatchd.style.merging import merge_mod_blocks, merge_requires, merge_work_blocks
from gowatchd.style.order import order_mod_directives, order_work_directives
from gowatchd.style.ordering import sort_blocks
from gowatchd.style.paths import clean_use_paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from gowatchd.modfile.syntax import FileSyntax

    Rule = Callable[[FileSyntax], FileSyntax]

RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.WORK: (
        clean_use_paths,
        drop_duplicates,
        unwrap_blocks,
        order_work_directives,
        merge_work_blocks,
        sort_blocks,
    ),
    Kind.MOD: (
        drop_duplicates,
        unwrap_blocks,
        order_mod_directives,
        merge_requires,
        merge_mod_blocks,
        sort_blocks,
    ),
}
