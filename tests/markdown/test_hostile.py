"""Texts that are made to hurt: none is slow out of proportion, none ends in an error, none loses its end."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kbtui.markdown import read_page, text_of

REPEATED = [
    *("[", "![", "[[", "[[a", "](", "[a](", "[a][b]", "*", "*a ", "**a _b ", "~~a ", "==a b ", "`a``b", "\\", "&a;"),
    *(
        "<",
        "<a ",
        "<!--",
        "<b>",
        "<? ",
        "<!a ",
        "{{",
        "{{<",
        "{{a{b",
        "{% ",
        "{:",
        "{#",
        "|",
        ":",
        "http://",
        "http://a(",
    ),
    *(
        "> ",
        "- ",
        "1. ",
        "# a ",
        "[^a]",
        "[a]: b\n",
        "[a]:\n",
        "]:",
        "[^a]: b\n\n",
        "a\n: b\n",
        "- a\n\n+ b\n\n",
        "> [!a] b\n",
    ),
    *(
        "```\n",
        "> ```\n",
        "- ```\n",
        "<details>\n",
        ":::a\n",
        '!!! a "b"\n',
        "<ul>",
        "<ul><li>",
        "<table><td>",
        "<pre>",
        "<h1>",
    ),
    *(
        "<div>\n\n",
        "<blockquote>",
        "$$",
        "mailto:a@",
        "a  \n",
        "\t",
        "\r",
        "\0",
        "&#x202e;",
        "a ",
        "---\n",
        "---\na: b\n",
    ),
]


@pytest.mark.parametrize("part", REPEATED)
def test_a_repeated_sign_takes_time_in_proportion(part: str) -> None:
    read_page(part)
    text = "x " + part * (2_000 // len(part))
    once = _seconds(text)
    assert _seconds(text * 4) < 8 * once + 0.2


@pytest.mark.parametrize("part", ["<a.b>", "{{a}}", "<x></x>", "<a b"])
def test_a_long_span_of_code_takes_time_in_proportion(part: str) -> None:
    once = _seconds(f"`{part * 400}`")
    assert _seconds(f"`{part * 1_600}`") < 8 * once + 0.2


def _seconds(text: str) -> float:
    start = time.process_time()
    read_page(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "nested",
    [
        "> " * 2_000 + "end",
        "- " * 2_000 + "end",
        "1. " * 2_000 + "end",
        "".join(f"{'  ' * depth}- a\n" for depth in range(300)) + "  " * 300 + "- end",
        "".join(f'{"    " * depth}!!! a "b"\n' for depth in range(300)) + "    " * 300 + "end",
        "<details>\n" * 500 + "end",
        ":::a\n" * 500 + "end",
        "<ul><li>" * 2_000 + "end",
        "<blockquote>" * 2_000 + "end",
        "<b>" * 2_000 + "end" + "</b>" * 2_000,
        "[![a](" * 500 + "end",
        "*" * 5_000 + "end" + "*" * 5_000,
        "[" * 5_000 + "end" + "](a)" * 5_000,
        "".join(f"{'  ' * depth}a\n{'  ' * depth}: " for depth in range(200)) + "end",
    ],
)
def test_deep_nesting_loses_nothing(nested: str) -> None:
    assert "end" in text_of(read_page(nested).blocks)


def test_deep_nesting_on_a_deep_stack() -> None:
    def deep(levels: int) -> str:
        return deep(levels - 1) if levels else text_of(read_page("> - " * 500 + "end").blocks)

    assert "end" in deep(sys.getrecursionlimit() // 2)


def test_a_dump_is_shown_as_it_stands() -> None:
    dump = '{"a": ["*b*", "<c>"]},\n' * 10_000
    [paragraph] = read_page(dump).blocks
    assert text_of([paragraph]) == dump.strip()


def test_many_threads_read_the_same() -> None:
    text = "# A\n\n- [x] b\n\n> [!note] c\n> d\n\n| a |\n|---|\n| <b>e</b> {{f}} |\n"
    expected = read_page(text)
    barrier = threading.Barrier(8)

    def read(_: int) -> bool:
        barrier.wait()
        return all(read_page(text) == expected for _ in range(20))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, range(8)))
