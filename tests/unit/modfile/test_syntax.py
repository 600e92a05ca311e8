from __future__ import annotations

from gowatchd.modfile.parser import parse_syntax
from gowatchd.modfile.position import Span
from gowatchd.modfile.syntax import BLANK, Block, CommentBlock, Line

TEXT = """\
// on its own

// above
use ( // opens
\t// heads the group
\t./a // ends

\t"./b c"
\t// last
) // closes

replace a.b/c v1.0.0 => ./é\t\\
""".replace("\\\n", "\n")


def test_comments_hang_on_what_they_belong_to():
    alone, block, _ = parse_syntax(TEXT.encode(), "go.work").statements
    assert isinstance(alone, CommentBlock)
    assert [(comment.text, comment.span) for comment in alone.comments] == [
        ("// on its own", Span.at(1, 1, 13))
    ]
    assert isinstance(block, Block)
    assert [comment.text for comment in block.before] == ["// above"]
    assert block.lparen_suffix.text == "// opens"
    assert block.rparen_suffix.text == "// closes"
    assert [comment.text for comment in block.rparen_before] == ["// last"]
    first, second = block.lines
    assert [comment.text for comment in first.before] == ["// heads the group"]
    assert first.suffix.span == Span.at(6, 6, 7)
    assert second.before == (BLANK,)


def test_spans_count_characters_and_include_quotes():
    _, block, replace = parse_syntax(TEXT.encode(), "go.work").statements
    assert block.span(0) == Span.at(4, 1, 3)
    assert block.span(1) == Span.at(4, 5, 1)
    assert (block.lineno, block.end_lineno) == (4, 10)
    assert block.lines[0].argument_span(0) == Span.at(6, 2, 3)
    assert block.lines[1].span(0) == Span.at(8, 2, 7)
    assert isinstance(replace, Line)
    assert replace.arguments == ("a.b/c", "v1.0.0", "=>", "./é")
    assert replace.argument_span(3) == Span.at(12, 25, 3)
    assert replace.argument_span(-1) == replace.span(4)
    assert (replace.start, replace.end) == (replace.whole.start, replace.whole.end)


def test_a_byte_that_is_no_character_counts_as_one():
    (line,) = parse_syntax(b"use ./\xff\xfe x", "go.work").statements
    assert line.span(2) == Span.at(1, 10, 1)


def test_tokens_that_stand_close_have_their_own_spans():
    (line,) = parse_syntax(b'retract [v1,"v 2"]//c', "go.mod").statements
    assert [line.span(index).start.column for index in range(6)] == [1, 9, 10, 12, 13, 18]
    assert line.suffix.span == Span.at(1, 19, 3)
