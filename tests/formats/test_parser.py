"""Which format reads a file, and the ports that the package keeps."""

from __future__ import annotations

import pytest

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import ParsedPost
from kbtui.core.ports import PostParser, SourceFiles
from kbtui.formats.files import Folder
from kbtui.formats.parser import FileParser

PARSER: PostParser = FileParser()
FILES: SourceFiles = Folder()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("a.MD", "# T\n"),
        ("a.markdown", "# T\n"),
        ("a.mkd", "# T\n"),
        ("a.text", "# T\n"),
        ("dir.d/name", "```sh\n# T\n```\n"),
        ("..md", "# T\n"),
    ],
)
def test_the_name_tells_the_format(path: str, body: str) -> None:
    (found,) = PARSER.parse(path, b"# T\n")
    assert isinstance(found, ParsedPost)
    assert found.post.body == body


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(RefusedFileError, match=r"kbtui does not read \.rst files"):
        list(PARSER.parse("a.rst", b"text"))


def test_version_is_a_constant() -> None:
    assert FileParser().version == PARSER.version
    assert isinstance(PARSER.version, str)


def test_trouble_of_a_whole_file_is_told_once() -> None:
    found = list(PARSER.parse("a.jsonl", b'{"title": "a"}\n{"title": "\xff"}\n'))
    warnings = [item.warnings for item in found if isinstance(item, ParsedPost)]
    assert [len(told) for told in warnings] == [1, 0]


def test_a_title_of_two_thousand_characters_arrives() -> None:
    title = "long " * 400
    for path, text in (
        ("a.md", f"---\ntitle: {title}\n---\n"),
        ("a.md", f"# {title}\n"),
        ("a.json", f'{{"title": "{title}"}}'),
    ):
        (found,) = PARSER.parse(path, text.encode())
        assert isinstance(found, ParsedPost)
        assert found.post.title == title.strip()
