"""Odd bytes and characters are accepted, rejected and printed as the real go command does it."""

from __future__ import annotations

import pytest

from gowatchd.modfile import Kind, ParseError, canonical, parse_work
from gowatchd.modfile.quoting import quote
from tests.support.go import NEWEST, needs_go
from tests.support.go_fmt import go_fmt, go_fmt_all

pytestmark = needs_go

ACCEPTED = [
    b"",
    b"\n\n",
    b"\r",
    b"use ./a",
    b"use\r./a\r\n",
    b"use ./a\r\nuse ./b\r\n",
    b"go\r1.21",
    b"use ./\xff\n",
    b'use "./\xff a"\n',
    b'use "./\\xff"\n',
    b'use "./\\xc3\\xa9"\n',
    b'use "./\\303\\251"\n',
    "use ./\ufffd\n".encode(),
    "use ./é\nuse (\n\t./\U0001f600\n\t./\uffee\n)\n".encode(),
    b"use (\n\t./\xff\n\t./\xc3\xa9\n\t./\x80\n\t./z\n)\n",
    b"// \x00 \xff \x0b comment \x1c\x85\n",
    "// trailing \u2028\u3000\nuse ./a // b \u00a0\n".encode(),
    b'use "./\\u00a0"\nuse "\\t"\nuse "a//b"\nuse "/*"\nuse ""\n',
    "use ./\u0870\nuse ./\U00011f00\nuse ./\U00016ea0\n".encode(),  # of Unicode 14, 15 and 17
    b"use https://a\n",
    b"use a/ // b\nuse /a///b\n",
    b'replace "(" => ./b\n',
    b"use )\n",
    b"use (\r)\n",
    b"// " + b"x" * 300_000 + b"\n",
    b"use ./" + b"y" * 300_000 + b"\n",
]
REJECTED = [
    b"\xef\xbb\xbfuse ./a\n",
    b"use ./a\x00\n",
    b"use \x0b./a\n",
    b"use ./a\x0cb\n",
    "use ./a\xa0\n".encode(),
    "use ./a\u2028\n".encode(),
    "use ./\u0378\n".encode(),
    "use ./\ufffe\n".encode(),
    "use ./\U0001fbfc\n".encode(),
    "use ./\xad\n".encode(),
    b"use ./a /* b */\n",
    b"use ./a/* b */\n",
    b'use "./a\n',
    b'use "./a',
    b'use "./a\\',
    b'use "./a\\\n"\nuse x y\n',
    b'use "./a\\\n" \x00\n',
    b"use `./a`\n",
    b"use `./a\n",
    b"use './a'\n",
    b'use a"b\n',
    b'use "\\q"\nuse "\\ud800"\nuse "\\U00110000"\nuse "\\400"\nuse "\\\'"\nuse "\\x4"\n',
    b"use (\n\t./a\n",
    b"  use (\n\t./a",
    b"use (\n) x\n",
    b"use (\n) x \x00\n",
    b"use (\n)\x00 x\n",
    'use (\n) é "x\\\ny" z\n'.encode(),
    b"use ./a (\n\t./b\n)\n",
    b"use ( )\nuse a ( )\nx ( ) y\n",
    b"(\n",
    b"( )\n",
    b"go (\n\t1.21\n)\n",
    b"go 1.21\ngo 1.21\n",
    b"go 1\ngo 1.21\ngo 1.2.3.4\n",
    b"toolchain local\ntoolchain go1\ntoolchain go1\n",
    b"godebug a\ngodebug a=b,c\ngodebug a=b c=d\n",
    b"use a b\nuse\nfoo\n\tbar\n",
    b"replace a\nreplace a => b\nreplace a => b@v1\nreplace a => .\\b\nreplace a => ./b v1.0.0\n",
    b"replace a v1 => b x\nreplace a/v1 => ./b\nreplace a v2.0.0 => ./b\nreplace a x => ./b\n",
    b"replace 'a' => ./b\nreplace \"\" v2.0.0 => ./b\nreplace a => 'b'\nreplace a 'v' => ./b\n",
]


@pytest.mark.parametrize("data", ACCEPTED, ids=lambda data: repr(data[:30]))
def test_accepted(data, tmp_path):
    assert canonical(data, Kind.WORK) == go_fmt(NEWEST, Kind.WORK, data, tmp_path).text


@pytest.mark.parametrize("data", REJECTED, ids=lambda data: repr(data[:30]))
def test_rejected_with_the_same_words(data, tmp_path):
    with pytest.raises(ParseError) as caught:
        canonical(data, Kind.WORK)
    verdict = go_fmt(NEWEST, Kind.WORK, data, tmp_path)
    assert (str(caught.value), None) == (verdict.error, verdict.text)


def test_every_character_is_printable_or_not_as_in_go(tmp_path):
    """A quoted string shows it for all of them at once: Go escapes what is not printable."""
    points = [point for point in [*range(0x40000), *range(0xE0000, 0xE0200)] if not 0xD800 <= point <= 0xDFFF]
    data = ('use "' + "".join(f"\\U{point:08x}" for point in points) + '"\n').encode()
    assert canonical(data, Kind.WORK) == go_fmt(NEWEST, Kind.WORK, data, tmp_path).text
    path = parse_work(data).use[0].path
    assert path == "".join(map(chr, points))
    assert quote(path[:3]) == r'"\x00\x01\x02"'


def test_module_directives_are_rejected_with_the_same_words(tmp_path):
    data = b"""
module a b
module c
require a.b/c v2.0.0
require a.b/c/v2 v1.0.0
require a.b/c/v1 v1.0.0
require a.b/c/v02 v1.0.0
require gopkg.in/x v1.0.0
require gopkg.in/x.v2 v1.0.0
require gopkg.in/x.v2-unstable v1.0.0
require (
\ta.b/c main
\ta.b/c "v1
"
)
"""
    more = [
        data,
        data.replace(b'"v1\n"', b'"v\\q"'),
        b"require a\nrequire a v1 v2\nrequire 'a' v1\nrequire a 'v'\nrequire \"\" v2.0.0\nexclude \"\" x\n",
        b"require gopkg.in/x.v1 v0.0.0-20160101000000-000000000000\n",
        b"require a v2.0.0+incompatible\n",
        b"require a v1.02.0\nrequire a v1.0-rc1\nrequire a v1.0.0-01\n",
        b"require a v1.0.0+a..b\nrequire a 1.0.0\n",
        b"exclude a v2.0.0+x\nexclude a\nexclude a HEAD\n",
        b"retract\nretract ( v1\n",
        b"retract (\n\t[\n\t[ v1\n\t[v1,\n\t[v1, v2\n\t[v1, v2] x\n\tv1 v2\n\t'v'\n)\n",
        b'retract ["\\q"\n',
        b"tool\ntool a b\nignore\nignore 'a'\nuse x\ntool (\n\ta\n\tb c\n)\n",
        b'module "a\\q"\n',
        b"\tmodule 'a'\n",
    ]
    verdicts = go_fmt_all(NEWEST, [(Kind.MOD, text) for text in more], tmp_path)
    for index, (text, verdict) in enumerate(zip(more, verdicts, strict=True)):
        if verdict.text is None:
            with pytest.raises(ParseError) as caught:
                canonical(text, Kind.MOD, str(index))
            assert str(caught.value) == verdict.error
        else:
            assert canonical(text, Kind.MOD, str(index)) == verdict.text
