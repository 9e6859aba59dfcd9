"""From text to words: identifiers whole and in parts, plain words stemmed, and no text takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from kbtui.search.analysis import LONGEST_WORD, fold, forms, parts, words
from tests.factories import texts


def found(text: str) -> list[str]:
    return [match.group() for match in words(text)]


@pytest.mark.parametrize(
    "word",
    [
        "kube-proxy",
        "--dry-run",
        "-r",
        "/etc/nginx/nginx.conf",
        "KubePodCrashLooping",
        "max_connections",
        "c++",
        "c#",
        "10.0.0.1",
        "v1.2.3",
        "CVE-2024-1234",
        "ERR_SSL_PROTOCOL_ERROR",
        "$HOME/.ssh",
        "../../x",
        "user@example.org",
        "日本語",
        "[[",
    ],
)
def test_what_a_user_would_paste_is_one_word(word: str) -> None:
    assert found(word) == [word]
    assert word.casefold() in forms(word)


def test_sentences_lose_their_punctuation() -> None:
    assert found('Restart it ("now"), then look: done. Really?') == [
        "Restart",
        "it",
        "now",
        "then",
        "look",
        "done",
        "Really",
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("kube-proxy", ("kube", "proxi")),
        ("KubePodCrashLooping", ("kube", "pod", "crash", "loop")),
        ("HTTPServer2", ("http", "server")),
        ("10.0.0.1", ("10",)),
        ("Café-Tabelle", ("cafe", "tabel")),
        ("c++", ()),
    ],
)
def test_parts(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@pytest.mark.parametrize(
    "same", [("Restart", "restarting", "RESTARTED"), ("Größe", "GRÖSSE", "grosse"), ("ℌello", "hello")]
)
def test_plain_words_have_one_form(same: tuple[str, ...]) -> None:
    assert len({forms(word)[0] for word in same}) == 1


def test_identifiers_are_not_stemmed() -> None:
    assert forms("max_connections")[0] == "max_connections"


@given(texts(60, surrogates=True))
def test_any_text_has_words_with_forms(text: str) -> None:
    end = 0
    for match in words(text):
        assert match.start() >= end
        end = match.end()
        assert forms(match.group())
        assert len(forms(match.group())[0]) <= LONGEST_WORD
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["-" * 300_000, "a" + "-" * 300_000, ".-" * 150_000, "a:" * 150_000, "A" * 300_000])
def test_no_text_takes_time_that_grows_with_its_square(text: str) -> None:
    started = time.perf_counter()
    for match in words(text):
        parts(match.group())
    assert time.perf_counter() - started < 2.0
