"""From text to the words that are indexed and searched.

An identifier stays whole and is found by its parts as well: `kube-proxy` gives `kube-proxy`, `kube` and `proxy`;
`KubePodCrashLooping` gives itself, `kube`, `pod`, `crash`, `loop`; `/etc/nginx/nginx.conf`, `10.0.0.1` and `c++` stay
one word too. Plain words are stemmed, identifiers are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from whoosh.analysis import Token, Tokenizer
from whoosh.lang.porter import stem as porter_stem

# A run of letters, digits and the signs that hold identifiers together, which may begin with a sign (--dry-run, /etc,
# $HOME, .env) and end with ++ or #.
# At most eight signs, so that a line of dashes takes no time that grows with its square.
WORD = re.compile(r"[-/$.@_~]{0,8}\w(?:[\w./:@+~-]*\w)?(?:\+\+|#)?", re.UNICODE)
_SIGNS_ONLY = re.compile(r"\S+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_PLAIN = re.compile(r"[a-z]{4,}\Z")
_ACCENT = re.compile("[\u0300-\u036f]")
_LEADING_SIGNS = "-/$.@_~"
LONGEST_WORD = 64


@lru_cache(maxsize=200_000)
def forms(word: str) -> tuple[str, ...]:
    """Every form under which one written word is indexed; the first is the whole word, stemmed if it is plain."""
    whole = fold(word)
    bare = whole.lstrip(_LEADING_SIGNS) or whole
    if bare == whole and _PLAIN.match(whole) and (word.islower() or word.istitle() or word.isupper()):
        return (stemmed(whole),)
    return tuple(dict.fromkeys([whole, bare, stemmed(bare), *parts(word)]))


def parts(word: str) -> tuple[str, ...]:
    """The stemmed parts of an identifier, in order; those of one letter left out."""
    found = (stemmed(fold(part)) for part in _PART.findall(_unaccented(word)))
    return tuple(dict.fromkeys(part for part in found if len(part) > 1))


def fold(word: str) -> str:
    """Lower case without accents, at most 64 characters."""
    # Without accents first: there are capitals inside `ℌ`.
    return _unaccented(_unaccented(word).casefold())[:LONGEST_WORD]


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFKD", text)))


def fold_name(name: str) -> str:
    """A title or alias as it is compared whole."""
    return " ".join(fold(name).split())


@lru_cache(maxsize=100_000)
def stemmed(word: str) -> str:
    """The Porter stem of a folded plain word; other words as they are."""
    return porter_stem(word) if _PLAIN.match(word) else word


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of a text, with their places. A text of signs alone (`!!`, `[[`) is one word."""
    found = False
    for match in WORD.finditer(text):
        found = True
        yield match
    if not found and len(text) <= LONGEST_WORD:
        yield from _SIGNS_ONLY.finditer(text)


class WordTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Whoosh's view of `words` and `forms`; forms of one word share its position."""

    def __call__(  # noqa: PLR0917  # the signature is Whoosh's
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,  # noqa: ARG002
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,  # noqa: ARG002
        mode: str = "",
        **kwargs: object,
    ) -> Iterator[Token]:
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for position, match in enumerate(words(value), start_pos):
            for form in forms(match.group()):
                token.text = form
                token.boost = 1.0
                token.stopped = False
                if positions:
                    token.pos = position
                if chars:
                    token.startchar = start_char + match.start()
                    token.endchar = start_char + match.end()
                yield token
