"""What happens to workspaces: seeded changes, each as a person or a tool makes it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.differential import file_mutations, line_mutations, text_mutations
from tests.differential.editing import files
from tests.differential.trees import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.differential.trees import Tree

    Mutation = Callable[[random.Random, Tree], None]


def _of(module: object) -> tuple[Mutation, ...]:
    """Return the changes that ``module`` defines, by name."""
    found = vars(module)
    return tuple(
        found[name] for name in sorted(found) if getattr(found[name], "__module__", "") == module.__name__
    )


MUTATIONS: tuple[Mutation, ...] = (*_of(line_mutations), *_of(text_mutations), *_of(file_mutations))


def mutate(chance: random.Random, tree: Tree, times: int) -> list[str]:
    """Change ``tree`` ``times`` times; return the names of what happened to it."""
    happened = []
    for _ in range(times):
        mutation = chance.choice(MUTATIONS)
        if any(not isinstance(content, Link) for _, content in files(tree)):
            mutation(chance, tree)
            happened.append(mutation.__name__)
    return happened
