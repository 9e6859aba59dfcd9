"""Text without its markup."""

from __future__ import annotations

import pytest
from hypothesis import given

from kbtui.core.inline_text import inline_text
from tests.factories import texts
from tests.linear import Repeated, assert_linear


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("plain words", "plain words"),
        ("**Bold**, *thin* and ***both***, __x__ _y_", "Bold, thin and both, x y"),
        ("run `rm -rf *.log` and ``a ` b``", "run rm -rf *.log and a ` b"),
        ("see [the **page**](a_(b).md 'title') or [that][ref]", "see the page or that"),
        ("![a graph](g.png) [[Target|shown]] [[Other]]", "a graph shown Other"),
        ("ssh <user>@<host> <https://example.org/x>", "ssh <user>@<host> https://example.org/x"),
        ("a<br>b <kbd>ctrl</kbd>&nbsp;x &amp;&amp; y", "a b ctrl x && y"),
        (r"2 \* 3 snake_case_name a * b", "2 * 3 snake_case_name a * b"),
        ("~~old~~ new\nnext line", "old new next line"),
        ("$HOME [ ] [x] list[int]", "$HOME [ ] [x] list[int]"),
    ],
)
def test_markup_is_left_out(markdown: str, text: str) -> None:
    assert inline_text(markdown) == text


@given(texts(80, surrogates=True))
def test_it_is_one_line(markdown: str) -> None:
    assert "\n" not in inline_text(markdown)


@pytest.mark.parametrize("piece", ["`", "*a", "[", "![a](", "_a ", "<a ", "&a", "[[a|", "~~a", "\\"])
def test_the_time_grows_with_the_length(piece: str) -> None:
    assert_linear(inline_text, Repeated(piece), 4_000)
