"""The `PostParser` over every format: which one reads a file is told by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import ImportProblem, ParsedPost
from kbtui.formats import names
from kbtui.formats.decoding import decode


class FileParser:
    """Reads Markdown, text, article text, JSON, JSON lines and cheat sheets."""

    version = "1"
    """Bumped by hand whenever the same bytes would give other posts, so that files are read again."""

    def parse(self, path: str, data: bytes) -> Iterator[ParsedPost | ImportProblem]:
        """The posts of a file, and the items of it that are none.

        `RefusedFileError`, raised when the first post is asked for, says that there is none at all.
        """
        name = path.rpartition("/")[2]
        ending = names.extension(name)
        if ending and ending not in names.READABLE:
            raise RefusedFileError(f"kbtui does not read .{ending} files")
        decoded = decode(data)
        warnings = decoded.warnings
        for found in _parse(path, ending, decoded.text):
            if isinstance(found, ParsedPost) and warnings:
                yield replace(found, warnings=(*warnings, *found.warnings))
                warnings = ()  # they are about the file: its first post tells
            else:
                yield found


def _parse(path: str, ending: str, text: str) -> Iterator[ParsedPost | ImportProblem]:
    # Imported here, because opening a library makes a parser, and only an import needs YAML, dates and Markdown.
    from kbtui.formats import article_text, json_posts, markdown

    if ending in names.JSON:
        yield from json_posts.parse(path, text)
    elif ending in names.JSON_LINES:
        yield from json_posts.parse_lines(path, text)
    elif ending in names.TEXT:
        yield article_text.parse(path, text)
    elif ending in names.MARKDOWN:
        yield markdown.parse(path, text)
    else:
        yield markdown.parse_cheat_sheet(path, text)
