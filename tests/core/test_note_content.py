"""A note's content as JSON, its text, and the paths that it is found by."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.notes.change_note import GitState, NoteContent
from kbtui.core.notes.content import (
    MOST_ENDS,
    from_document,
    hash_of,
    named_paths,
    path_ends,
    plain_path,
    secrets_in,
    text_of,
    to_document,
    without_secrets,
)
from tests.linear import Repeated, assert_linear
from tests.notes import contents, full_content

KEY = "AKIA" + "Q3EGRIFVZ2M5KXNB"


@given(content=contents(surrogates=True))
def test_json_gives_the_content_back(content: NoteContent) -> None:
    assert from_document(json.loads(json.dumps(to_document(content)))) == content


@given(one=contents(), other=contents())
def test_hashes_are_equal_where_the_contents_are(one: NoteContent, other: NoteContent) -> None:
    assert (hash_of(one) == hash_of(other)) == (one == other)
    assert hash_of(one) == hash_of(from_document(to_document(one)))


def test_every_field_counts() -> None:
    base = full_content()
    hashes = {hash_of(base)} | {
        hash_of(replace(base, **{name: getattr(NoteContent(reason="other"), name)}))
        for name in NoteContent.__dataclass_fields__
        if getattr(base, name) != getattr(NoteContent(reason="other"), name)
    }
    assert len(hashes) == len(NoteContent.__dataclass_fields__)  # all but the template differ, and the base itself


def test_numbers_that_no_one_can_count_are_bounded() -> None:
    git = to_document(NoteContent(reason="x", git=GitState(added=10**5_000, removed=-1)))["git"]
    assert (git["added"], git["removed"]) == (2**63 - 1, 0)


@pytest.mark.parametrize(
    "change", [{"reason": 3}, {"files": "a"}, {"baseline": None}, {"git": {}}, {"fields": {"a": 1}}]
)
def test_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        from_document({**to_document(full_content()), **change})


def test_the_text_has_everything_that_was_written() -> None:
    text = text_of(full_content())
    for written in json.loads(json.dumps(to_document(full_content())["fields"])).values():
        for part in [written] if isinstance(written, str) else written:
            assert part in text
    for part in ("two seconds", "nginx -t", "opcache", "no cookies", "SELECT 1", "shop", "main", "PHP", "Below 300 ms"):
        assert part in text
    assert text_of(NoteContent(reason="why")) == "why"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("./a", "a"),
        ("a//b/", "a/b"),
        ("//a", "/a"),
        ("a/../b", "b"),
        ("../b", "../b"),
        ("C:\\a\\b", "C:\\a\\b"),
        (" a b\n", " a b\n"),
        ("", ""),
        ("/", "/"),
    ],
)
def test_paths_are_written_plainly(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@given(path=st.text(st.sampled_from("ab./\\ "), max_size=20))
def test_a_plain_path_is_plain_and_found_by_itself(path: str) -> None:
    plain = plain_path(path)
    assert plain_path(plain) == plain
    for end in path_ends(path):
        assert plain == end or plain.endswith(f"/{end}")
    assert not path_ends(path) or path_ends(path)[-1] == plain


def test_ends_are_bounded() -> None:
    path = "/".join("abcdefgh" for _ in range(1_000))
    ends = path_ends(path)
    assert (len(ends), ends[0], ends[-1]) == (MOST_ENDS + 1, "abcdefgh", path)


def test_the_paths_of_a_text_are_found() -> None:
    text = (
        "Edit `/etc/nginx/nginx.conf`, ./a/b.sh and ~/x/y. See https://example.org/a/b or a.conf; /etc/nginx/nginx.conf"
    )
    assert named_paths(text) == ("/etc/nginx/nginx.conf", "./a/b.sh", "~/x/y")


@pytest.mark.parametrize("piece", ["/", "a/", "a", "~/", "../", "a."])
def test_finding_paths_takes_linear_time(piece: str) -> None:
    assert_linear(named_paths, Repeated(piece), 40_000)


def test_secrets_are_found_and_masked_in_every_field() -> None:
    content = NoteContent(reason=f"why {KEY}", commands=("ls", f"x {KEY}"), fields={"a": ("b", KEY)})
    assert [name for name, _ in secrets_in(content)] == ["reason", "commands", "a"]
    masked = without_secrets(content)
    assert KEY not in json.dumps(to_document(masked))
    assert secrets_in(masked) == []
    assert without_secrets(full_content()) == full_content()
