"""The examples of the CommonMark specification: all that a browser would show is in the tree, in order."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from kbtui.markdown import text_of
from tests.corpora import CORPORA
from tests.markdown.shapes import blocks

EXAMPLES = CORPORA / "markdown-it-commonmark" / "commonmark.json"

DIFFERENT = frozenset(
    {
        *range(162, 167),  # a tag alone on a line begins no HTML: what follows it is Markdown
        548,  # wikilinks
        590,
    }
)
"""Examples that are read otherwise, deliberately."""


class _Shown(HTMLParser):
    """Gathers what a browser shows of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.text += dict(attrs).get("alt") or ""


@pytest.mark.skipif(not EXAMPLES.is_file(), reason="the corpora are not here")
def test_every_example_keeps_its_text() -> None:
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert len(examples) == 652
    lost = {
        example["example"]
        for example in examples
        if not _is_in_order("".join(_Shown(example["html"]).text.split()), text_of(blocks(example["markdown"])))
    }
    assert lost == DIFFERENT


def _is_in_order(wanted: str, text: str) -> bool:
    """Whether all characters of one text stand in another in the same order."""
    characters = iter(text)
    return all(character in characters for character in wanted)
