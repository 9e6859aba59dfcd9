"""The one place that makes untrusted text safe to show.

Text is stored as it came and cleaned where it is shown or copied. A character that would move the cursor, change the
terminal or hide itself is shown as a visible sign instead: nothing in a post can be obeyed, nothing can be invisible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# C0 but tab and newline, DEL and C1, then everything that is drawn as nothing or turns the direction of text:
# soft hyphen, joiners, fillers, bidirectional marks and isolates, variation and tag characters, format controls of
# notations, lone surrogates.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U00016fe4"
    "\ud800-\udfff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A joiner is seen where it joins two emoji, a selector of text or emoji style where it follows a symbol or makes a
# keycap; anywhere else they are drawn as nothing.
_EMOJI = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_ODD = (
    f"(?<!{_EMOJI})(?<!{_EMOJI}\ufe0f)\u200d|\u200d(?!{_EMOJI})"
    "|(?<![\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f](?!\u20e3)"
)
_JOINERS = "\u200d\ufe0e\ufe0f"
# One class first, then a look around the few joiners: alternatives tried at every character take five times as long.
_SUSPECT = re.compile(f"[{_HIDDEN}{_JOINERS}]")
_ODD_JOINER = re.compile(_ODD)
_LINE_UNSAFE = re.compile(f"[\t\n{_HIDDEN}]|{_ODD}")
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")

_DEL_PICTURE = "\u2421"


def visible(character: str) -> str:
    """A visible sign for one character that must not reach the screen: `␛` for escape, `⟨U+202E⟩` for others."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return _DEL_PICTURE if code == 0x7F else f"⟨U+{code:04X}⟩"


def clean(text: str) -> str:
    """`text` with every line break as a newline, tabs as spaces and every hidden or control character visible.

    Idempotent. Joined emoji keep their joiner.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape_hidden(text, visible).expandtabs(4)


def escape_hidden(text: str, escape: Callable[[str], str]) -> str:
    """`text` with each hidden or control character, but tab and newline, as `escape` writes it."""

    def escaped(match: re.Match[str]) -> str:
        character = match.group()
        is_seen = character in _JOINERS and not _ODD_JOINER.match(text, match.start())
        return character if is_seen else escape(character)

    return _SUSPECT.sub(escaped, text)


def one_line(text: str) -> str:
    """`clean` text on one line: runs of white space become one space."""
    return _SPACE.sub(" ", clean(text)).strip()


def is_line_safe(text: str) -> bool:
    """Whether a piece of a screen line may go to the terminal as it is."""
    return _LINE_UNSAFE.search(text) is None


def line_safe(text: str) -> str:
    """The last line of defence: each unsafe character of a rendered piece becomes a middle dot.

    The dot keeps a one-cell character's width, so that a layout that was already computed still holds.
    """
    return _LINE_UNSAFE.sub("\u00b7", text)


def shorten(text: str, width: int) -> str:
    """`text` on one line, at most `width` characters, the cut marked with an ellipsis."""
    text = one_line(text)
    if len(text) <= width:
        return text
    # No joiner or selector may be left without what it belonged to.
    return text[: max(0, width - 1)].rstrip(" \u200d\ufe0e\ufe0f") + "…"


def storable(text: str) -> str:
    """`text` without what SQLite and UTF-8 cannot hold: lone surrogates become U+FFFD, NUL becomes `␀`."""
    return _SURROGATE.sub("\ufffd", text.replace("\x00", "\u2400"))


_NOT_WORD = re.compile(r"[^\w]+")
_LATIN_ACCENT = re.compile("[\u0300-\u036f]")
SLUG_LENGTH = 80


def slugify(text: str) -> str:
    """A slug: lower-case words joined by hyphens, accents folded, at most 80 characters; letters of any script stay.

    Text of punctuation alone is spelt out by its Unicode names, so that a page named `[[` has one; "" for no text.
    """
    # Folded after it is decomposed: the letters inside `™` and `ℌ` are capitals.
    decomposed = unicodedata.normalize("NFKD", storable(text)).casefold()
    folded = unicodedata.normalize("NFC", _LATIN_ACCENT.sub("", unicodedata.normalize("NFKD", decomposed)))
    slug = _NOT_WORD.sub("-", folded).replace("_", "-").strip("-")
    if not slug:
        names = [unicodedata.name(c, f"u{ord(c):04x}") for c in text.strip()[:8]]
        slug = _NOT_WORD.sub("-", " ".join(names).casefold()).strip("-")
    slug = re.sub("-{2,}", "-", slug)
    if len(slug) > SLUG_LENGTH:
        slug = slug[:SLUG_LENGTH].rsplit("-", 1)[0]
    return slug
