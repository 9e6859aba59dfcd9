"""JSON and JSON lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import ImportProblem, ParsedPost
from kbtui.formats.parser import FileParser
from tests.linear import assert_linear


def parse(text: str, path: str = "posts.json") -> list[ParsedPost | ImportProblem]:
    return list(FileParser().parse(path, text.encode("utf-8", "surrogatepass")))


def posts(value: Any, path: str = "posts.json") -> list[ParsedPost]:
    return [found for found in parse(json.dumps(value), path) if isinstance(found, ParsedPost)]


def test_one_object_a_list_and_an_object_of_posts() -> None:
    one = {"title": "One", "body": "text", "tags": ["a"]}
    assert [(p.post.title, p.post.body, p.item) for p in posts(one)] == [("One", "text", "")]
    assert [p.item for p in posts([one, one])] == ["1", "2"]
    assert [p.item for p in posts({"posts": [one], "version": 1})] == ["1"]


@pytest.mark.parametrize("key", ["body", "content", "text", "markdown", "Text"])
def test_body_keys(key: str) -> None:
    (found,) = posts({key: "# Heading\n\ntext"})
    assert (found.post.title, found.post.body) == ("Heading", "# Heading\n\ntext")
    assert found.post.extra == {}


def test_the_first_body_key_is_the_body_and_the_others_stay() -> None:
    (found,) = posts({"title": "t", "text": "a", "body": "b"})
    assert (found.post.body, found.post.extra) == ("b", {"text": "a"})


def test_titles_come_from_the_body_where_there_is_none() -> None:
    assert posts({"body": "first line\nsecond"})[0].post.title == "first line"
    assert posts({"body": "x" * 200}, "some-name.json")[0].post.title == "some name"
    assert posts({"title": "only a title"})[0].post.body == ""


def test_items_are_named_by_slug_or_id_and_unique() -> None:
    items = [
        {"title": "a", "slug": "s", "id": 7},
        {"title": "b", "_id": "7"},
        {"title": "c", "id": 7},
        {"title": "d", "id": ""},
        {"title": "e", "id": "4"},
        {"title": "f", "id": [1]},
    ]
    assert [p.item for p in posts(items)] == ["s", "7", "7-2", "4", "4-2", "6"]


def test_many_items_of_one_name_are_quick() -> None:
    def read(count: int) -> None:
        found = parse('{"title": "a", "id": 1}\n' * count, "p.jsonl")
        assert len({item.item for item in found if isinstance(item, ParsedPost)}) == count

    assert_linear(read, int, 300)


def test_bad_items_are_told_and_the_others_taken() -> None:
    found = parse('[{"title": "a"}, 7, {"x": 1}, {"body": "  "}, {"body": {"rendered": "x"}}]', "dir/p.json")
    assert [f.path for f in found if isinstance(f, ImportProblem)] == [f"dir/p.json#{n}" for n in (2, 3, 4, 5)]
    reasons = [f.reason for f in found if isinstance(f, ImportProblem)]
    assert reasons[0] == "item 2: it is not an object with a title or a body"
    assert reasons[1] == "item 3: it has neither a title nor a body"


def test_lines() -> None:
    text = '{"title": "a\u2028b"}\n\n{"title": \n[]\n{"text": "c", "id": "x"}\n' + "[" * 100_000 + "\n"
    found = parse(text, "p.jsonl")
    assert [f.item for f in found if isinstance(f, ParsedPost)] == ["1", "x"]
    problems = {f.path: f.reason for f in found if isinstance(f, ImportProblem)}
    assert list(problems) == ["p.jsonl#3", "p.jsonl#4", "p.jsonl#6"]
    assert problems["p.jsonl#3"].startswith("line 3: not JSON: Expecting value")
    assert problems["p.jsonl#6"] == "line 6: nested deeper than 50 levels"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"name": "kbtui", "version": "1"}', "not a post"),
        ("[]", "it holds no posts"),
        ('["a", "b"]', "it holds no posts; item 1"),
        ("7", "not a post"),
        ('{"title": ', "line 1: not JSON"),
        ('{\n"title": x}', "line 2: not JSON"),
        ("[" * 100_000, "nested deeper than 50"),
        ('{"a":' * 100_000, "nested deeper than 50"),
        ('{"title": "t", "a": ' + "[" * 60 + "]" * 60 + "}", "nested deeper than 50"),
        ("undefined", "not JSON"),
    ],
    ids=range(10),
)
def test_files_without_posts_are_refused(text: str, reason: str) -> None:
    with pytest.raises(RefusedFileError) as error:
        parse(text)
    assert reason in error.value.reason


def test_lines_without_posts_are_refused() -> None:
    with pytest.raises(RefusedFileError, match="it holds no posts; line 1: not JSON"):
        parse("a\nb\n", "p.ndjson")


def test_odd_numbers_and_characters_are_kept_storable() -> None:
    digits = "9" * 5_000
    numbers = f'"views": {digits}, "x": NaN, "y": 1e999, "z": -{digits}, "k\\ud800": 1.10'
    (found,) = parse(f'{{"title": "a\\u0000\\ud800", {numbers}}}')
    assert isinstance(found, ParsedPost)
    assert found.post.title == "a␀\ufffd"
    assert found.post.views is None
    assert found.post.extra == {"views": digits, "x": "NaN", "y": "1e999", "z": "-" + digits, "k\ufffd": 1.1}
    json.dumps(dict(found.post.extra), allow_nan=False).encode("utf-8")


def test_numbers_become_text_as_they_were_written() -> None:
    (found,) = parse('{"title": 1.10, "version": 2.0, "tags": [1.50, 3], "body": "x", "views": 9223372036854775808}')
    assert isinstance(found, ParsedPost)
    assert (found.post.title, found.post.revision.version, found.post.tags) == ("1.10", "2.0", ("1.50", "3"))
    assert found.post.extra == {"views": "9223372036854775808"}


def test_tasks_fill_the_checklist_of_json_posts_too() -> None:
    assert posts({"body": "- [ ] a\n"})[0].post.checklist == ("a",)
    assert posts({"body": "- [ ] a\n", "checklist": []})[0].post.checklist == ()
