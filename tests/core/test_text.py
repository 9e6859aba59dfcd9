"""Nothing hidden and nothing that is obeyed reaches the screen; slugs are plain."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.core.text import (
    SLUG_LENGTH,
    clean,
    is_line_safe,
    line_safe,
    one_line,
    shorten,
    slugify,
    storable,
    visible,
)
from tests.factories import NASTY, texts

# Of the format controls Unicode has, these are drawn: signs that stand before or around a number.
DRAWN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
JOINERS = "\u200d\ufe0e\ufe0f"


def unsafe(text: str) -> set[str]:
    """The hidden or obeyed characters of a text, by Unicode's own categories."""
    return {
        c
        for c in set(text)
        if c not in "\n\u200d" and ord(c) not in DRAWN and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


def test_no_control_or_format_character_of_unicode_survives() -> None:
    everything = "".join(f"{chr(code)}|" for code in range(sys.maxunicode + 1))
    cleaned = clean(everything)
    assert unsafe(cleaned) == set()
    assert unsafe(line_safe(everything)) == set()
    assert not any(j in cleaned for j in JOINERS)


@given(texts(60, surrogates=True))
@example("\u200d\x1b")
@example("😀\u200d\ufe0f\u200d😀")
@example("\x1b\ufe0f\u200d😀")
def test_clean_is_idempotent_and_leaves_nothing_hidden(text: str) -> None:
    cleaned = clean(text)
    assert unsafe(cleaned) == set()
    assert "\t" not in cleaned
    assert clean(cleaned) == cleaned
    assert cleaned.count("\n") == text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(texts(60, surrogates=True))
def test_one_line_is_safe_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert is_line_safe(line)
    assert line == line.strip()
    assert one_line(line) == line


@given(texts(60, surrogates=True))
def test_the_last_line_of_defence_keeps_every_place(text: str) -> None:
    safe = line_safe(text)
    assert len(safe) == len(text)
    assert is_line_safe(safe)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31m", "a␛[31m"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9d", "⟨U+009D⟩"),
        ("safe\u202egnp", "safe⟨U+202E⟩gnp"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a   b"),
        ("r\u200dm", "r⟨U+200D⟩m"),
        ("rm\u200d→", "rm⟨U+200D⟩→"),
        ("rm\ufe0f -rf", "rm⟨U+FE0F⟩ -rf"),
        ("x\ufe01", "x⟨U+FE01⟩"),
        ("\U0001d173", "⟨U+1D173⟩"),
    ],
)
def test_hidden_characters_become_pictures(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    ["👩\u200d💻", "❤\ufe0f\u200d🔥", "👩🏽\u200d🚀", "☀\ufe0f", "©\ufe0e", "1\ufe0f\u20e3", "naïve Ünïcödé", "日本語"],
)
def test_joined_emoji_and_scripts_stay_as_they_are(text: str) -> None:
    assert clean(text) == text
    assert line_safe(text) == text


def test_visible_names_every_kind() -> None:
    assert [visible(c) for c in "\x1b\x7f\u202e"] == ["␛", "␡", "⟨U+202E⟩"]


@given(texts(60), st.integers(1, 40))
def test_shorten_keeps_the_width(text: str, width: int) -> None:
    short = shorten(text, width)
    assert len(short) <= width
    assert is_line_safe(short)


@given(texts(60, surrogates=True))
def test_storable_text_fits_utf8_and_sqlite(text: str) -> None:
    stored = storable(text)
    stored.encode()
    assert "\x00" not in stored
    assert storable(stored) == stored


@given(texts(120, surrogates=True))
@example("a" * 78 + "_-" + "b" * 20)
@example("-" + "a" * 90)
def test_a_slug_is_plain_short_and_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert bool(slug) == bool(text.strip())
    assert len(slug) <= SLUG_LENGTH
    assert all(part and part.isalnum() for part in slug.split("-")) or not slug
    assert slug == slug.casefold()
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Restart the ingress!", "restart-the-ingress"),
        ("Größe & Maß", "grosse-mass"),
        ("Docker™ ℌello", "dockertm-hello"),
        ("kube_proxy -- v1.2", "kube-proxy-v1-2"),
        ("日本語 ガイド", "日本語-ガイド"),
        ("[[", "left-square-bracket-left-square-bracket"),
        ("_", "low-line"),
        ("  ", ""),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_every_nasty_text_is_cleaned() -> None:
    assert all(unsafe(clean(text)) == set() for text in NASTY)
