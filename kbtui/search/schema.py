"""The fields of the index as Whoosh knows them: for its writers and its own queries; a search does without."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import formats
from whoosh.analysis import Analyzer, Token
from whoosh.fields import FieldType, Schema

from kbtui.search.analysis import words, written
from kbtui.search.fields import NAME, TEXT, TITLE, VALUE


class TermAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Whoosh's view of `words` and `written`: the parts one position after the other, a whole at that of its first."""

    def __call__(  # noqa: PLR0917  # the signature is Whoosh's
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,  # noqa: ARG002
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: object,
    ) -> Iterator[Token]:
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        token.boost, token.stopped = 1.0, False
        position = start_pos
        for match in words(value):
            if chars:
                token.startchar, token.endchar = start_char + match.start(), start_char + match.end()
            terms = written(match.group())
            # A query is asked by its parts: the sequence of a document holds no wholes.
            for whole in () if mode == "query" else terms.wholes:
                token.text, token.pos = whole, position
                yield token
            for part in terms.parts:
                token.text, token.pos = part, position
                yield token
                position += 1


class Sequences(formats.Positions):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Positions that are read from the document's sequence, not from the posting."""

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions in a posting's value, as `codec.TermMatcher` makes it."""
        return [int.from_bytes(value[at : at + 4], "little") for at in range(0, len(value), 4)]

    def decode_frequency(self, value: bytes) -> int:
        """How often the word is in the document."""
        return len(value) // 4

    decode_weight = decode_frequency


class WordField(FieldType):  # type: ignore[misc]  # Whoosh's base class is untyped
    """A field of words."""

    indexed, stored, scorable, unique = True, False, False, False
    vector = column_type = None
    multitoken_query = "phrase"

    def __init__(self) -> None:
        self.analyzer = TermAnalyzer()
        self.format = Sequences()

    def supports(self, name: str) -> bool:
        """Whether postings can give `name`; what Whoosh's phrase query asks."""
        return bool(self.format.supports(name))


class ExactField(FieldType):  # type: ignore[misc]  # Whoosh's base class is untyped
    """A field of terms that are looked up as they are."""

    indexed, stored, scorable, unique = True, False, False, False
    vector = column_type = None

    def __init__(self) -> None:
        self.analyzer = None
        self.format = formats.Existence()


def make_schema() -> Schema:
    """The schema of a new index."""
    return Schema(**{NAME: ExactField(), TEXT: WordField(), TITLE: ExactField(), VALUE: ExactField()})
