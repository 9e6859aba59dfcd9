"""A snippet shows the best passage on one line, its marks on its words."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.core.searching.snippets import LONGEST_REST, SNIPPET_LENGTH, best_snippet
from kbtui.core.text import clean, is_line_safe
from tests.factories import texts
from tests.linear import Repeated, assert_linear

LIMIT = SNIPPET_LENGTH + 2 * LONGEST_REST
WORD = re.compile(r"\w+")


def spans_of(text: str, words: set[str]) -> list[tuple[int, int]]:
    return [m.span() for m in WORD.finditer(text) if m.group().casefold() in words]


_prose = st.lists(
    st.sampled_from(["alpha", "Beta", "γάμμα", "delta,", "x\x1by", "\n\n", "  \t", "a\u200db", "-"]), max_size=120
)


@given(_prose.map(" ".join), st.sets(st.sampled_from(["alpha", "beta", "γάμμα", "x", "y", "nowhere"])))
def test_marks_lie_on_the_words_that_matched(text: str, wanted: set[str]) -> None:
    spans = spans_of(text, wanted)
    snippet = best_snippet(text, spans)
    marked = [snippet.text[a:b] for a, b in snippet.marks]
    assert all(word.casefold() in wanted for word in marked)
    assert bool(marked) == bool(spans)
    assert list(snippet.marks) == sorted(snippet.marks)
    assert all(b <= c for (_, b), (c, _) in zip(snippet.marks, snippet.marks[1:], strict=False))


@given(_prose.map(" ".join), st.sets(st.sampled_from(["alpha", "beta", "γάμμα", "x", "y"])))
def test_no_word_of_ordinary_length_is_cut(text: str, wanted: set[str]) -> None:
    shown = best_snippet(text, spans_of(text, wanted)).text.removeprefix("… ").removesuffix(" …")
    assert set(shown.split()) <= set(clean(text).split())


@given(texts(400, surrogates=True), st.lists(st.tuples(st.integers(0, 399), st.integers(1, 30)), max_size=20))
@example("x" * 100_000 + ":word:" + "y" * 100_000, [(100_001, 4)])
@example("word " * 30_000, [(n * 5, 4) for n in range(0, 30_000, 7)])
@example("a" * 1_000, [(0, 1_000)])
def test_any_text_gives_one_safe_line_of_bounded_length(text: str, drawn: list[tuple[int, int]]) -> None:
    spans = sorted((a, min(a + n, len(text))) for a, n in drawn if a < len(text))
    snippet = best_snippet(text, spans)
    assert is_line_safe(snippet.text)
    # A hidden character is written out with up to nine.
    assert len(snippet.text) <= 9 * LIMIT + 4
    assert all(0 <= a < b <= len(snippet.text) for a, b in snippet.marks)
    if text.isascii() and text.isprintable():
        assert len(snippet.text) <= LIMIT + 4


def test_the_window_with_the_most_different_words_wins() -> None:
    text = "disk disk disk disk. " + "filler " * 100 + "the disk is full. " + "filler " * 100 + "full"
    snippet = best_snippet(text, spans_of(text, {"disk", "full"}))
    assert "the disk is full" in snippet.text
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")


def test_without_a_match_it_is_the_beginning() -> None:
    assert best_snippet("\n\n  First words.\nMore.", ()).text == "First words. More."
    assert best_snippet("", ()).text == ""


def test_a_page_full_of_matches_takes_no_time() -> None:
    def snippet(text: str) -> None:
        best_snippet(text, [(n, n + 1) for n in range(0, len(text), 2)])

    assert_linear(snippet, Repeated("a "), 25_000)
