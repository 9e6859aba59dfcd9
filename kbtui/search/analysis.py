"""From text to the terms that are indexed and searched.

A text is cut into written words. A plain word has one term, its stem. An identifier has parts, which are terms in the
order of the text (`KubePodCrashLooping`: kube, pod, crash, loop), and a whole, which is a term of its own
(`kubepodcrashlooping`). Parts stand in the document's sequence, by which phrases and nearness are judged; the whole is
looked up directly. Nothing is left out: not one-letter words, not stop words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from whoosh.lang.porter import stem as porter_stem

# A run of letters, digits and the signs that hold identifiers together, which may begin with signs (--dry-run, /etc,
# $HOME, .env) and end with ++ or #. At most eight signs, so that a line of dashes takes no time that grows with its
# square.
WORD = re.compile(r"[-/$.@_~]{0,8}\w(?:[\w./:@+~-]*\w)?(?:\+\+|#)?", re.UNICODE)
_SIGNS_ONLY = re.compile(r"\S+")
# Chinese and Japanese are written without spaces: each character is a part, and a word is found as a phrase.
_IDEOGRAPH = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|(?<=[A-Za-z])(?:\+\+|#)", re.ASCII)
_PLAIN = re.compile(r"[a-z]{3,}\Z")
_LETTERS = re.compile(r"[^\W\d_]+\Z")
_ACCENT = re.compile("[\u0300-\u036f]")
_LEADING_SIGNS = "-/$.@_~"
LONGEST_TERM = 64
"""Terms are cut to as many characters."""

_STOP_WORDS = (
    "a about am an and any are as at be been but by can could did do does for from had has have how i if in into is it "
    "its me my no not of on or our should so some than that the their them then there these they this those to was we "
    "were what when where which while who why will with would you your"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that a query need not find: they are indexed, and looked for where a query has no others."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one written word is indexed as."""

    parts: tuple[str, ...]
    """Terms in the order of the text."""
    wholes: tuple[str, ...] = ()
    """For an identifier: the folded word, and where it begins with signs also without them."""


@lru_cache(maxsize=65_536)
def written(word: str) -> Written:
    """The terms of one written word."""
    folded = fold(word)
    if _LETTERS.match(folded) and _is_one_case(word) and not _is_ideographic(folded):
        return Written((stemmed(folded),))
    if folded.isdigit():
        return Written((folded,))
    bare = folded.lstrip(_LEADING_SIGNS) or folded
    parts = tuple(stemmed(fold(part)) for part in _pieces(_unaccented(word)))
    if not parts:
        return Written((folded,))
    # Stemmed where it is of letters, so that it is found in lower case too, where nothing tells it from a plain word.
    wholes = (stemmed(folded),) if bare == folded else (folded, stemmed(bare))
    return Written(parts, tuple(whole for whole in wholes if whole != parts[0] or len(parts) > 1))


def _pieces(word: str) -> list[str]:
    """The parts of an identifier. A short or hexadecimal mix of letters and digits (`k8s`, `3f2a`) is not cut."""
    pieces: list[str] = []
    for run in re.findall(r"[^\W_]+(?:\+\+|#)?", word):
        cut = (_PART if run.isascii() else _any_part()).findall(run)
        mixed = any(piece.isdigit() for piece in cut)
        keep = mixed and max(map(len, (p for p in cut if not p.isdigit())), default=0) < 3
        pieces += [run] if len(cut) > 1 and (keep or run[-1] in "+#") else cut
    return pieces


@cache
def _any_part() -> re.Pattern[str]:
    """`_PART` with the letters of all scripts. It takes 5 ms to make: only for who has such words."""
    return re.compile(
        rf"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[{_IDEOGRAPH}]|[^\W\d_a-zA-Z{_IDEOGRAPH}]+|(?<=[A-Za-z])(?:\+\+|#)"
    )


def _is_one_case(word: str) -> bool:
    return word.islower() or word.istitle() or word.isupper() or not word.isascii()


def _is_ideographic(word: str) -> bool:
    return not word.isascii() and re.search(f"[{_IDEOGRAPH}]", word) is not None


def fold(word: str) -> str:
    """Lower case without accents, at most 64 characters."""
    if word.isascii():
        return word.lower()[:LONGEST_TERM]
    # Without accents first: there are capitals inside `ℌ`.
    return _unaccented(_unaccented(word).casefold())[:LONGEST_TERM]


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFKD", text)))


def fold_name(name: str) -> str:
    """A title or alias as it is compared whole."""
    return " ".join(fold(word) for word in name.split())[: LONGEST_TERM * 4]


@lru_cache(maxsize=65_536)
def stemmed(word: str) -> str:
    """The Porter stem of a folded plain word; other words as they are."""
    return porter_stem(word) if _PLAIN.match(word) else word


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of a text, with their places. A text of signs alone (`!!`, `[[`) is one word."""
    found = False
    for match in WORD.finditer(text):
        found = True
        yield match
    if not found and len(text) <= LONGEST_TERM:
        yield from _SIGNS_ONLY.finditer(text)


# The quick way for whole documents: bytes.translate and split make chunks at C speed, and each distinct chunk is looked
# at once. Signs that no word can hold become spaces; chunks are the same words as `words` gives, or hold them.

_IN_WORDS = b"-/$.@_~:+#\x01\x02"
_TO_CHUNKS = bytes(code if code >= 0x80 or chr(code).isalnum() or code in _IN_WORDS else 0x20 for code in range(256))


# Pages that teach a letter to remember set it in brackets: E[x]tract, [c]reate.
_MNEMONIC = re.compile(r"\[([A-Za-z]{1,2})\](?=[A-Za-z])")


def chunks(text: str) -> list[bytes]:
    """The text cut at every sign that is in no word. Words of a chunk: those that `WORD` finds in it."""
    if "[" in text:
        text = _MNEMONIC.sub(r"\1", text)
    return text.encode("utf-8", "replace").translate(_TO_CHUNKS).split()
