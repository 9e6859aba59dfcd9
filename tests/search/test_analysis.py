"""From text to terms: identifiers whole and in parts, plain words stemmed, and no text takes long."""

from __future__ import annotations

import pytest
from hypothesis import given

from kbtui.search.analysis import LONGEST_TERM, WORD, chunks, fold, words, written
from tests.factories import texts
from tests.linear import Repeated, assert_linear


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
    ("word", "parts", "wholes"),
    [
        ("kube-proxy", ("kube", "proxi"), ("kube-proxy",)),
        ("KubePodCrashLooping", ("kube", "pod", "crash", "loop"), ("kubepodcrashloop",)),
        ("--dry-run", ("dry", "run"), ("--dry-run", "dry-run")),
        ("-r", ("r",), ("-r",)),
        ("10.0.0.1", ("10", "0", "0", "1"), ("10.0.0.1",)),
        ("Café-Tabelle", ("cafe", "tabel"), ("cafe-tabelle",)),
        ("c++", ("c++",), ()),
        ("k8s", ("k8s",), ()),
        ("502", ("502",), ()),
        ("日本", ("日", "本"), ("日本",)),
    ],
)
def test_parts_and_wholes(word: str, parts: tuple[str, ...], wholes: tuple[str, ...]) -> None:
    assert (written(word).parts, written(word).wholes) == (parts, wholes)


@pytest.mark.parametrize(
    "same", [("Restart", "restarting", "RESTARTED"), ("Größe", "GRÖSSE", "grosse"), ("ℌello", "hello")]
)
def test_plain_words_have_one_term(same: tuple[str, ...]) -> None:
    assert len({written(word) for word in same}) == 1


def test_a_name_in_capitals_is_found_in_small_letters() -> None:
    assert written("kubepodcrashlooping").parts[0] in written("KubePodCrashLooping").wholes


def test_letters_to_remember_are_put_back_into_their_words() -> None:
    assert chunks("E[x]tract and [c]reate, x[i] = [a](b)") == [
        b"Extract",
        b"and",
        b"create",
        b"x",
        b"i",
        b"a",
        b"b",
    ]


@given(texts(60))
def test_any_text_has_words_with_terms(text: str) -> None:
    end = 0
    for match in words(text):
        assert match.start() >= end
        end = match.end()
        assert written(match.group()).parts
        assert all(len(term) <= LONGEST_TERM for term in written(match.group()).parts)
    assert fold(fold(text)) == fold(text)


@given(texts(60))
def test_chunks_hold_the_words_of_the_text(text: str) -> None:
    text = text.replace("[", " ")
    in_chunks = [match.group() for chunk in chunks(text) for match in WORD.finditer(chunk.decode())]
    assert in_chunks == [match.group() for match in WORD.finditer(text.encode("utf-8", "replace").decode())]


@pytest.mark.parametrize(
    "text_of", [Repeated("-"), Repeated("-", before="a"), Repeated(".-"), Repeated("a:"), Repeated("A")], ids=str
)
def test_no_text_takes_time_that_grows_with_its_square(text_of: Repeated) -> None:
    def terms(text: str) -> None:
        written.cache_clear()
        for match in words(text):
            written(match.group())

    assert_linear(terms, text_of, 20_000)
