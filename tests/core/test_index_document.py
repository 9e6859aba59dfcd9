"""What the index is told of a post, and of a change note."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from kbtui.core.index_document import (
    HAS_VALUES,
    IS_VALUES,
    KINDS,
    MOST_FILE_VALUES,
    MOST_META_VALUES,
    NOTE_KIND,
    document_id,
    document_key,
    document_kind,
    index_document,
    index_note,
)
from kbtui.core.notes.change_note import NoteContent, NoteState
from kbtui.core.post import Post, Revision
from kbtui.core.searching.clauses import KNOWN_GOOD, RANGE_FIELDS, Filter
from kbtui.core.searching.query import FIELD_NAMES, parse_query
from tests.factories import a_post, full_post, posts
from tests.linear import Repeated, assert_linear
from tests.notes import a_note, contents, full_content


def values_of(post: Post, name: str) -> set[str]:
    return {value for field, value in index_document(post).values if field == name}


def test_names_labels_headings_and_lead() -> None:
    document = index_document(full_post(body="# Symptoms ##\n\ntext\n\n### Next steps\n"))
    assert document.names == ("NGINX answers 502", "Bad gateway", "nginx-502")
    assert {"web", "curl", "nginx", "http", "bash", "NginxHighErrorRate"} <= set(document.labels)
    assert document.headings == ("Symptoms", "Next steps")
    for part in ("What to do about a 502.", "Look upstream.", "a proxy", "restart", "a note"):
        assert part in document.lead
    assert document.body == "# Symptoms ##\n\ntext\n\n### Next steps\n"


def test_values_and_numbers() -> None:
    document = index_document(full_post(id=3, body="```bash\nsudo systemctl restart nginx\n```\n"))
    expected = {
        ("kind", "post"),
        ("tool", "curl"),
        ("entity", "nginxhigherrorrate"),
        ("flag", "needs_human_review"),
        ("command", "systemctl"),
        ("has", "checklist"),
        ("has", "code"),
        ("is", "needs-review"),
        ("is", "reviewed"),
        ("meta.team", "a"),
        ("meta.team.b", "c"),
        ("meta.seed", "7"),
        ("meta.nested.a", "2.5"),
    }
    assert expected <= set(document.values)
    assert ("flag", "has_images") not in document.values
    assert document.numbers == {
        "reviewed": date(2026, 1, 2).toordinal(),
        "known_good": date(2026, 1, 2).toordinal(),
        "published": date(2025, 12, 31).toordinal(),
        "views": 120,
        "quality": 80,
        "minutes": 7,
    }


@pytest.mark.parametrize(
    ("path", "name"), [("a/KubePodCrashLooping.md", "KubePodCrashLooping"), ("a/all.jsonl#3", "all"), ("tar", "")]
)
def test_the_name_of_the_file_is_a_name(path: str, name: str) -> None:
    names = index_document(a_post(title="T", slug="t", path=path)).names
    assert names == tuple(filter(None, ("T", "t", name)))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("text\n\n  - [ ] look\n", "checklist"),
        ("1. [x] look\n", "checklist"),
        ("~~~\nls\n~~~\n", "code"),
        ("![graph](a.png)", "image"),
        ("see [this](b.md)", "link"),
        ("see [[this]]", "link"),
        ("| a |\n|---|\n| 1 |\n", "table"),
    ],
)
def test_what_a_body_has(body: str, what: str) -> None:
    assert what in values_of(a_post(body=body), "has")
    assert values_of(a_post(body="plain - [text]"), "has") == set()


def test_a_draft_is_one() -> None:
    assert values_of(a_post(revision=Revision("Draft", "", None)), "is") == {"draft"}


@pytest.mark.parametrize("key", ["owner_slack", "Owner Slack", "Owner: Slack", 'a "quoted" (key), b'])
def test_any_key_of_the_metadata_can_be_asked_for(key: str) -> None:
    ((name, value),) = [
        pair
        for pair in index_document(a_post(extra={key: "#Ops"})).values
        if pair[0] != "kind" and pair[0].startswith("meta.")
    ]
    assert parse_query(f"{name}:#ops").clauses == (Filter(name, (value,)),)


def test_metadata_is_taken_in_bounds() -> None:
    nested: Any = "x"
    for _ in range(5_000):
        nested = {"a": nested}
    document = index_document(a_post(extra={"deep": nested, "long": [str(n) for n in range(1_000)]}))
    assert len([name for name, _ in document.values if name.startswith("meta.")]) == MOST_META_VALUES


@given(posts())
def test_any_post_makes_a_document(post: Post) -> None:
    document = index_document(post)
    assert document.names[0] == post.title
    assert len(set(document.names)) == len(document.names)
    assert len(set(document.values)) == len(document.values)
    assert all(name in FIELD_NAMES or name.startswith("meta.") for name, _ in document.values)
    assert values_of(post, "has") <= set(HAS_VALUES)
    assert values_of(post, "is") <= set(IS_VALUES)
    assert set(document.numbers) <= {*RANGE_FIELDS, KNOWN_GOOD}


@pytest.mark.parametrize("kind", KINDS)
def test_keys_tell_id_and_kind(kind: str) -> None:
    key = document_key(2**40, kind)
    assert (document_id(key), document_kind(key)) == (2**40, kind)


@pytest.mark.parametrize(
    "body_of",
    [
        Repeated(" ", before="# a", after="b"),
        Repeated("#", before="# a", after="b"),
        Repeated(" \t", before="#"),
        Repeated("# "),
        Repeated("\n"),
        Repeated(" \n"),
        Repeated("```\n"),
        Repeated("{", before="```sh\n"),
    ],
    ids=str,
)
def test_a_hostile_body_takes_no_time(body_of: Repeated) -> None:
    assert_linear(lambda body: index_document(a_post(body=body)), body_of, 20_000)


def test_a_note_has_a_name_labels_values_and_a_body() -> None:
    document = index_note(7, a_note(content=full_content(), state=NoteState.KEPT, outcome="halved"), ())
    assert (document_id(document.key), document_kind(document.key)) == (7, NOTE_KIND)
    assert document.names[0] == "Cache the front page"
    assert document.labels == ("NGINX", "curl", "PHP", "production")
    assert set(document.values) == {
        ("kind", "note"),
        ("status", "kept"),
        ("tool", "nginx"),
        ("tool", "curl"),
        ("stack", "php"),
        ("owner", "platform"),
        ("command", "nginx"),
        ("command", "systemctl"),
        ("command", "curl"),
        ("file", "nginx.conf"),
        ("file", "nginx/nginx.conf"),
        ("file", "etc/nginx/nginx.conf"),
        ("file", "/etc/nginx/nginx.conf"),
        ("file", "site.conf"),
        ("file", "conf.d/site.conf"),
    }
    assert "halved" in document.body
    assert set(document.numbers) <= set(RANGE_FIELDS)


@given(content=contents(surrogates=True))
def test_any_note_can_be_indexed(content: NoteContent) -> None:
    document = index_note(1, a_note(content=content))
    assert all(name in FIELD_NAMES and value for name, value in document.values)
    assert len(set(document.values)) == len(document.values)


def test_a_note_of_many_files_has_few_values() -> None:
    document = index_note(1, a_note(files=tuple(f"a/b/c/{n}" for n in range(2_000))))
    assert sum(name == "file" for name, _ in document.values) <= MOST_FILE_VALUES
    assert "a/b/c/1999" in document.body


@pytest.mark.parametrize("piece", ["/", "a/", "```\n", "{", " \n"])
def test_a_hostile_note_takes_no_time(piece: str) -> None:
    assert_linear(
        lambda text: index_note(1, a_note(reason=f"x{text}", commands=(text,), files=(text,))), Repeated(piece), 20_000
    )
