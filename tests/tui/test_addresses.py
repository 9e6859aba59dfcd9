"""Which addresses are handed to a browser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.text import is_line_safe
from kbtui.tui.addresses import why_not_opened
from tests.factories import texts


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=f#g",
        "HTTPS://EXAMPLE.ORG/%20",
        "https://de.wikipedia.org/wiki/Köln_(Stadt)",
        "https://en.wikipedia.org/wiki/Moore's_law",
        "mailto:ops@example.org?subject=a",
    ],
)
def test_usual_addresses_are_opened(address: str) -> None:
    assert why_not_opened(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "--help",
        "-x https://example.org",
        "//example.org/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "vscode://file/etc",
        "ssh://host",
        "https:",
        "https://",
        "https:///path",
        "https://name@evil.example",
        "https://bank.example:443@evil.example/",
        "https://exаmple.org",  # the third letter is Cyrillic
        "https://example.org/a b",
        "https://example.org/\x1b]52",
        "https://example.org/\u202egpj",
        "https://example.org/⟨U+202E⟩gpj",
        "https://example.org/␛[2J",
        "https://example.org/%0d%0aSet-Cookie:x",
        "https://example.org/%1B]0;x",
        "https://example.org/$(id)`id`",
        "https://[::1",
        'https://example.org/"',
        "mailto:a@example.org?body=%0aBcc:b",
    ],
)
def test_odd_addresses_are_only_shown(address: str) -> None:
    assert why_not_opened(address)


@given(st.sampled_from(["https://example.org/", "mailto:", "http://", ""]), texts())
def test_what_is_opened_is_in_plain_sight(start: str, rest: str) -> None:
    if not why_not_opened(start + rest):
        assert is_line_safe(start + rest)
        assert (start + rest).lower().startswith(("https://", "http://", "mailto:"))
        assert not any(character.isspace() for character in start + rest)
