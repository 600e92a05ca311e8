"""go.mod and go.work texts: proper ones, ones with odd shapes and comments, and broken ones."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = ["a", "b.c/d", "e.f/g/v2", "gopkg.in/x.v1", "k", "é", "w-x_y.z~1", "Deprecated:"]
COMMENTS = st.sampled_from(
    [
        "//",
        "// c",
        "// indirect",
        "// indirect; why",
        "//d",
        "// Deprecated: no",
        "// ) (",
        '// "',
        "// é \x1c",
    ]
)
PATHS = st.sampled_from(["a.b/c", "a.b/d", "a.b/c/v2", "gopkg.in/x.v1", "m", '"a.b/q"', "Z.z/é"])
DIRECTORIES = st.sampled_from(
    ["./a", "./b", ".", "..", "../x", "a", "./a/", "./c/../d", "/abs", '"./a b"', '"./a"', "./é", "./A"]
)
VERSIONS = st.sampled_from(
    [
        "v1.0.0",
        "v1.2",
        "v1",
        "v0.10.0",
        "v0.9.0",
        "v1.9.0-rc.1",
        "v2.0.0",
        "v3.0.0+incompatible",
        '"v1.0.0"',
        "v1.0.0+x",
    ]
)
_GO = st.sampled_from(["1.20", "1.21", "1.22rc1", "1.25.3"])
_SPACE = st.sampled_from([" ", "\t", "  ", " \r"])


_REPLACEMENT = st.one_of(
    st.tuples(PATHS, st.just("=>"), DIRECTORIES),
    st.tuples(PATHS, VERSIONS, st.just("=>"), PATHS, VERSIONS),
    st.tuples(PATHS, st.just("=>"), PATHS, VERSIONS),
)
_INTERVAL = st.tuples(st.just("["), VERSIONS, st.just(","), VERSIONS, st.just("]"))
_ARGUMENTS: dict[str, st.SearchStrategy[tuple[str, ...]]] = {
    "use": st.tuples(DIRECTORIES),
    "module": st.tuples(PATHS),
    "godebug": st.tuples(st.sampled_from(["a=1", "b=0", "default=go1.21"])),
    "replace": _REPLACEMENT,
    "require": st.tuples(PATHS, VERSIONS),
    "exclude": st.tuples(PATHS, VERSIONS),
    "retract": st.one_of(st.tuples(VERSIONS), _INTERVAL),
    "tool": st.tuples(PATHS),
    "ignore": st.tuples(DIRECTORIES),
    "go": st.tuples(_GO),
    "toolchain": st.tuples(st.sampled_from(["go1.21.0", "default"])),
}
_INDENT = st.sampled_from(["", "\t", "  "])
_SUFFIX = st.one_of(st.just(""), st.just(""), COMMENTS.map(lambda comment: " " + comment))


def _join(parts: tuple[str, str, tuple[str, ...], str]) -> str:
    indent, space, tokens, suffix = parts
    return indent + space.join(tokens) + suffix


# One line by verb: inside a block without the verb, by itself with it.
_INSIDE = {
    verb: st.tuples(_INDENT, _SPACE, tokens, _SUFFIX).map(_join) for verb, tokens in _ARGUMENTS.items()
}
_ALONE = {
    verb: st.tuples(_INDENT, _SPACE, tokens.map(lambda tokens, verb=verb: (verb, *tokens)), _SUFFIX).map(
        _join
    )
    for verb, tokens in _ARGUMENTS.items()
}
_BETWEEN = st.lists(st.one_of(st.just(""), COMMENTS), max_size=2)


def _block(verb: str) -> st.SearchStrategy[list[str]]:
    lines = st.lists(st.tuples(_BETWEEN, _INSIDE[verb]), max_size=4)
    full = st.tuples(_SUFFIX, lines, _BETWEEN, _SUFFIX).map(
        lambda parts: [
            f"{verb} ({parts[0]}",
            *(text for between, line in parts[1] for text in (*between, line)),
            *parts[2],
            f"){parts[3]}",
        ]
    )
    empty = _SUFFIX.map(lambda suffix: [f"{verb} ( ){suffix}"])
    return st.one_of(full, full, full, full, empty)


_MOD_VERBS = ["require", "exclude", "replace", "retract", "tool", "ignore", "godebug"]
_WORK_VERBS = ["use", "replace", "godebug"]


_STATEMENTS = {
    verb: st.one_of(_ALONE[verb].map(lambda line: [line]), _block(verb))
    for verb in [*_MOD_VERBS, *_WORK_VERBS]
}


@st.composite
def _file(draw: st.DrawFn, verbs: list[str], once: list[str]) -> bytes:
    singles = [_ALONE[verb].map(lambda line: [line]) for verb in once if draw(st.booleans())]
    chosen = draw(st.lists(st.sampled_from(verbs), max_size=4))
    statements = draw(st.permutations([*singles, *(_STATEMENTS[verb] for verb in chosen)]))
    lines = [text for statement in statements for part in (_BETWEEN, statement) for text in draw(part)]
    lines += draw(_BETWEEN)
    newline = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    return (newline.join(lines) + draw(st.sampled_from([newline, ""]))).encode()


MODS = _file(_MOD_VERBS, ["module", "go", "toolchain"])
"""go.mod texts, nearly all of which Go accepts."""

WORKS = _file(_WORK_VERBS, ["go", "toolchain"])
"""go.work texts, nearly all of which Go accepts."""

_PIECES = st.one_of(
    st.sampled_from(
        [
            "use",
            "require",
            "module",
            "go",
            "retract",
            "replace",
            "=>",
            "v1.0.0",
            "./a",
            "(",
            ")",
            "[",
            "]",
            ",",
            "{",
        ]
    ),
    st.sampled_from(["\n", "\n", "\r\n", "\r", " ", "\t", "\v", "\x00", "\ufeff", "\xa0", "\u2028", "\\"]),
    st.sampled_from(
        ['"', "`", "'", "//", "/*", "/", '"a b"', '"\\x41"', '"\\\n"', "// c", "\U00013455", "\u0378"]
    ),
    st.sampled_from(_WORDS),
)

SOUPS = st.one_of(
    st.lists(_PIECES, max_size=14).map(lambda pieces: "".join(pieces).encode()),
    st.lists(_PIECES, max_size=10).map(lambda pieces: " ".join(pieces).encode()),
    st.binary(max_size=40),
    st.tuples(WORKS, st.binary(max_size=3), st.integers(0, 400)).map(
        lambda t: t[0][: t[2]] + t[1] + t[0][t[2] :]
    ),
)
"""Texts that are mostly broken, some just so."""
