"""Every rule's manual page is true: its bad example becomes its good one."""

from __future__ import annotations

import inspect
import re
import textwrap

import pytest

from gowatchd.modfile import Kind
from gowatchd.style.formatter import tidy
from gowatchd.style.rules import RULES

PAGES = [
    pytest.param(kind, rule, id=f"{kind.value}-{rule.__name__}") for kind in Kind for rule in RULES[kind]
]


def examples(rule):
    page = inspect.getdoc(rule)
    found = re.search(r"\nBad::\n\n(.*?)\nGood::\n\n(.*)\Z", page, re.DOTALL)
    assert found, f"{rule.__name__} has no examples"
    return [
        textwrap.dedent(text).strip("\n").replace("    ", "\t").encode() + b"\n" for text in found.groups()
    ]


@pytest.mark.parametrize(("kind", "rule"), PAGES)
def test_the_bad_example_becomes_the_good_one(kind, rule):
    bad, good = examples(rule)
    if (b"use" in good) == (kind is Kind.WORK):
        assert bad != good
        assert tidy(bad, kind).data == good
        assert tidy(good, kind).data == good


@pytest.mark.parametrize(("kind", "rule"), PAGES)
def test_the_page_says_what_and_why(kind, rule):
    page = inspect.getdoc(rule)
    assert re.match(r"[A-Z].*[.;]", page)
    assert "\nWhy: " in page
