"""Hypothesis strategies for go.work and go.mod files as people leave them: commented, split, doubled."""

from __future__ import annotations

from hypothesis import strategies as st

COMMENTS = st.sampled_from(
    ["// one", "// two", "// Heading", "// use ./b", "// replace a.b/c => ./c", "//", "//x", "// indirect"]
)
MODULES = ["a.b/c", "a.b/d", "a.b/e/v2", "gopkg.in/y.v3", "z.z/z", "ü.b/c"]
VERSIONS = {"a.b/e/v2": ["v2.0.0", "v2.10.0", "v2.9.1-rc.1"], "gopkg.in/y.v3": ["v3.0.1", "v3.10.0"]}
OTHER_VERSIONS = ["v1.0.0", "v0.9.0", "v0.10.0", "v1.2.3-pre", "v2.0.0+incompatible"]


@st.composite
def _required(draw):
    module = draw(st.sampled_from(MODULES))
    return f"{module} {draw(st.sampled_from(VERSIONS.get(module, OTHER_VERSIONS)))}"


def _suffixed(arguments, comments, share):
    return st.tuples(arguments, st.none() | comments, st.integers(0, 9)).map(
        lambda it: f"{it[0]} {it[1]}" if it[1] and it[2] < share else it[0]
    )


USES = st.sampled_from(
    [
        ".",
        "./a",
        "./b",
        "./b/",
        "./c/../d",
        "a",
        "../x",
        "/abs/./dir",
        "./z",
        '"./a b"',
        "./c/d/e",
        "..",
        "./",
    ]
)
REPLACES = st.sampled_from(
    [
        "a.b/c => ./c",
        "a.b/c v1.0.0 => ./c1",
        "a.b/d => ../d",
        "z.z/z => a.b/z v1.0.0",
        "a.b/e/v2 => ./e",
        "gopkg.in/y.v3 v3.0.1 => ./y",
        "m.m/m => ./m",
    ]
)
RETRACTS = st.sampled_from(["v1.0.0", "v1.1.0", "[v0.1.0, v0.9.0]", "v1.10.0", "v0.5.0"])
GODEBUGS = st.sampled_from(["default=go1.21", "panicnil=1", "asynctimerchan=0"])
TOOLS = st.sampled_from(["a.b/c/cmd/x", "z.z/z/t", "a.b/d"])
IGNORES = st.sampled_from(["./node_modules", "static", "./third_party/js"])
INDIRECT = st.sampled_from(["// indirect", "// indirect; kept", "//indirect", "// note", "// indirect foo"])


def _gap():
    """What stands above a line: nothing most times, or comments and blank lines."""
    return st.lists(st.just("") | COMMENTS, max_size=3) | st.just([]) | st.just([])


@st.composite
def _directive(draw, verb, arguments, comments=COMMENTS, share=2):
    """Draw one directive, in one line or in a block, with what stands above it."""
    suffixed = _suffixed(arguments, comments, share)
    above = draw(_gap())
    if draw(st.integers(0, 2)):
        return [*above, f"{verb} {draw(suffixed)}"]
    lines = [f"{verb} (" + draw(st.just("") | st.just("") | COMMENTS.map(" {}".format))]
    for _ in range(draw(st.integers(0, 5))):
        lines += [f"\t{line}" if line else "" for line in (*draw(_gap()), draw(suffixed))]
    return [*above, *lines, *draw(_gap()), ")" + draw(st.just("") | st.just("") | COMMENTS.map(" {}".format))]


def _single(verb, arguments):
    return st.tuples(_gap(), _suffixed(arguments, COMMENTS, 2)).map(lambda it: [*it[0], f"{verb} {it[1]}"])


GO = _single("go", st.sampled_from(["1.20", "1.21", "1.21rc1", "1.24.1"]))
TOOLCHAIN = _single("toolchain", st.sampled_from(["go1.24.1", "default"]))
MODULE = _single("module", st.sampled_from(["m.m/m", '"m.m/m"'])) | st.tuples(_gap(), _gap()).map(
    lambda it: [*it[0], "module (", *it[1], "m.m/m", ")"]
)


@st.composite
def _text(draw, once, often):
    statements = [draw(strategy) for strategy in once if draw(st.integers(0, 3))]
    statements += draw(st.lists(often, max_size=7))
    statements = draw(st.permutations(statements))
    lines = [line for statement in statements for line in statement] + draw(_gap())
    return "\n".join(lines).encode() + draw(st.sampled_from([b"\n", b"\n", b"", b"\n\n"]))


def work_files():
    """Return files that Go since 1.23 takes as go.work."""
    use = _directive("use", USES)
    return _text(
        [GO, TOOLCHAIN], st.one_of(use, use, _directive("replace", REPLACES), _directive("godebug", GODEBUGS))
    )


def mod_files():
    """Return files that Go since 1.25 takes as go.mod."""
    require = _directive("require", _required(), INDIRECT, 5)
    others = {
        "replace": REPLACES,
        "exclude": _required(),
        "retract": RETRACTS,
        "godebug": GODEBUGS,
        "tool": TOOLS,
        "ignore": IGNORES,
    }
    often = [_directive(verb, arguments) for verb, arguments in others.items()]
    return _text([MODULE, GO, TOOLCHAIN], st.one_of(require, require, *often))
