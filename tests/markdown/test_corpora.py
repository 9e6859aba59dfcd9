"""Pages that people have written: all are read, none loses its words."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from pathlib import Path

import pytest

from kbtui.core.text import is_line_safe
from kbtui.markdown import read_page, read_pieces
from tests.corpora import CORPORA
from tests.markdown.shapes import strings_of

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")

FOLDERS = [
    "adr-examples",
    "cheat-cheatsheets",
    "gcp-community",
    "log4brains-adr",
    "markdown-it-commonmark",
    "obsidian-help",
    "openshift-runbooks",
    "pagerduty-incident-response",
    "tldr",
]

# What is not for readers: front matter, tags of HTML, definitions, titles and labels of links, entities, sizes, numbers
# of items.
NOT_TEXT = re.compile(
    r"\A---\n.*?\n---\n|</?[a-z][a-z0-9]*\b[^<>]*>|^ *\[[^\]\n]+\]:[^\n]*(?:\n +[^\n]*)?|\]\([^()\n]*\)|\]\[[^\]\n]*\]"
    r"|&#?\w+;|\|\d+(?:x\d+)?\]|^[?!]{3}[^\"\n]*|^[ >]*\d+[.)]",
    re.MULTILINE | re.DOTALL,
)
WORD = re.compile(r"[^\W_]{2,}")


def _files(folder: str) -> list[Path]:
    return [file for file in sorted((CORPORA / folder).rglob("*")) if file.is_file() and file.suffix in ("", ".md")]


@pytest.mark.parametrize("folder", FOLDERS)
def test_all_files_are_read(folder: str) -> None:
    files = _files(folder)
    assert files
    for number, file in enumerate(files[:: max(1, len(files) // 700)]):
        text = file.read_text(encoding="utf-8", errors="replace")
        found = read_page(text).blocks
        assert all(before.line <= behind.line for before, behind in pairwise(found)), file
        if number % 5 == 0:
            assert tuple(chain.from_iterable(read_pieces(text, 500, 2_000))) == found, file
        strings = "\n".join(strings_of(found))
        assert all(map(is_line_safe, strings.split("\n"))), file
        words = set(WORD.findall(NOT_TEXT.sub(" ", text.replace("\r\n", "\n"))))
        assert [word for word in words if word.lower() not in strings.lower()] == [], file
