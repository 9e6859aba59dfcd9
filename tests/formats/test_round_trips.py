"""Posts written and read back: as JSON documents, as Markdown; and any bytes at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import ImportProblem, ParsedPost
from kbtui.core.post import Entity, Image, Post, Revision, Score, to_document
from kbtui.core.text import slugify, storable
from kbtui.formats.export import to_markdown
from kbtui.formats.parser import FileParser

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
TEXT = st.text(CHARACTERS | st.sampled_from("-#:'\"[]{}&*!|>%@`,?~ \n"), max_size=30)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)
BLOCK = TEXT.map(str.strip).filter(bool)
OPTIONAL = st.just("") | LINE
LINES = st.lists(LINE, max_size=3).map(tuple)
# Lists of short words hold each once; commas separate them only where a source writes them as one text.
WORDS = st.lists(LINE, max_size=3, unique=True).map(tuple)
DAYS = st.none() | st.dates(date(1970, 1, 1), date(2100, 12, 31))
COUNTS = st.none() | st.integers(0, 2**63 - 1)
RATINGS = st.none() | st.integers(0, 100)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
POSTS = st.builds(
    Post,
    title=LINE,
    # A page full of control characters is refused as binary.
    body=TEXT.filter(lambda text: all(c.isprintable() or c.isspace() for c in text)),
    slug=LINE.map(slugify).filter(lambda slug: slugify(slug) == slug),
    aliases=LINES,
    topic=OPTIONAL,
    summary=st.just("") | BLOCK,
    brief=st.just("") | BLOCK,
    outline=st.lists(st.tuples(OPTIONAL, LINE), max_size=3).map(tuple),
    stack=WORDS,
    tools=WORDS,
    tags=WORDS,
    language=OPTIONAL | st.sampled_from(["python", "en", "go"]),
    difficulty=OPTIONAL,
    reading_minutes=COUNTS,
    views=COUNTS,
    score=st.builds(Score, RATINGS, RATINGS, RATINGS, RATINGS),
    revision=st.builds(Revision, OPTIONAL, OPTIONAL, DAYS),
    reference=OPTIONAL,
    source_hash=OPTIONAL,
    owner=OPTIONAL,
    flags=st.dictionaries(st.sampled_from(["has_images", "needs_human_review", "own_flag"]), st.booleans()),
    checklist=LINES,
    entities=st.lists(st.builds(Entity, LINE, OPTIONAL), max_size=3).map(tuple),
    images=st.lists(st.builds(Image, OPTIONAL, LINE, OPTIONAL), max_size=3).map(tuple),
    payload=st.dictionaries(TEXT, JSON, max_size=3),
    notes=LINES,
    similar=LINES,
    published=DAYS,
    extra=st.dictionaries(TEXT | st.sampled_from(["title", "tags", "extra"]), JSON, max_size=3),
)


def only(path: str, data: bytes) -> ParsedPost:
    (found,) = FileParser().parse(path, data)
    assert isinstance(found, ParsedPost)
    return found


@settings(max_examples=80, deadline=None)
@given(POSTS, LINE, LINE)
def test_a_document_reads_back_as_the_same_post(post: Post, source: str, path: str) -> None:
    post = replace(post, source=source, path=path)
    found = only("show.json", json.dumps(to_document(post)).encode())
    if not post.body.strip():
        post = replace(post, body="")
    assert found.post == post
    assert found.warnings == ()


@settings(max_examples=80, deadline=None)
@given(POSTS)
@example(
    Post(
        title="null",
        body="---\na: b\n---\n- [ ] task\n",
        slug="null",
        summary="a\n---\nb",
        tags=("no", "1.10", "~"),
    )
)
@example(Post(title="x", slug="x", payload={"a": [1, True, None, "1"], "b": {"c": 1.5}}, extra={"t": "2020-01-02"}))
def test_exported_markdown_reads_back_as_the_same_post(post: Post) -> None:
    found = only("page.md", to_markdown(post).encode())
    assert found.warnings == ()
    assert found.post == replace(post, path="page.md")


def test_a_task_that_is_changed_in_the_exported_text_is_changed_in_the_checklist() -> None:
    text = to_markdown(Post(title="Failover", body="- [ ] Stop writes\n", checklist=("Stop writes",)))
    read = only("failover.md", text.replace("Stop writes", "Stop all writes").encode()).post
    assert read.checklist == ("Stop all writes",)


def test_exported_markdown_is_pleasant_to_read() -> None:
    post = Post(
        title="Disk full",
        body="# Disk full\n",
        tags=("disk", "linux"),
        language="bash",
        outline=(("problem", "no space"),),
        score=Score(quality=90),
        revision=Revision("reviewed", "1.10", date(2020, 1, 2)),
        flags={"needs_human_review": True},
        payload={"seed": 7},
    )
    assert to_markdown(post) == (
        "---\ntitle: Disk full\noutline:\n  problem: no space\ntags:\n  - disk\n  - linux\ncode_language: bash\n"
        "score:\n  quality: 90\nrevision:\n  status: reviewed\n  version: '1.10'\n  last_reviewed: '2020-01-02'\n"
        "flags:\n  needs_human_review: true\npayload: '{\"seed\": 7}'\n---\n# Disk full\n"
    )


PATHS = st.sampled_from(["a.md", "a.txt", "a.json", "a.jsonl", "noext", "x/README.md", "..md", "a.weird"])
PIECES = [
    *(b"---\n", b"+++\n", b"title: ", b"post meta\n", b"summary", b"  \xe2\x80\xa2 ", b"- [ ] ", b"# ", b"```\n"),
    *(b"\n", b'{"title": ', b'"body": ', b"}", b"[", b"]", b",", b'"', b"\xff", b"\xc3\xa9", b"\r", b"a: b\n"),
    *(b"score\n", b": ", b"\x00", b"topic", b"checklist\n"),
]
HOSTILE = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join)


@settings(max_examples=250, deadline=None)
@given(PATHS, HOSTILE)
def test_any_bytes_give_posts_or_a_reason(path: str, data: bytes) -> None:
    try:
        found = list(FileParser().parse(path, data))
    except RefusedFileError as error:
        assert error.reason
        return
    assert any(isinstance(item, ParsedPost) for item in found)
    for item in found:
        if isinstance(item, ImportProblem):
            assert item.reason
        else:
            document = json.dumps(to_document(item.post), allow_nan=False, ensure_ascii=False)
            assert item.post.title
            assert storable(document) == document


SAMPLES = [
    ("openshift-runbooks", 5),
    ("pagerduty-incident-response", 4),
    ("gcp-community", 12),
    ("tldr", 400),
    ("obsidian-help", 12),
    ("adr-examples", 10),
    ("yaml-test-suite", 10),
]


@pytest.mark.skipif(not CORPORA.is_dir(), reason="no collection of real pages is here")
@pytest.mark.parametrize(("corpus", "step"), SAMPLES)
def test_real_pages_survive_the_way_out_and_back(corpus: str, step: int) -> None:
    for page in sorted((CORPORA / corpus).rglob("*.md"))[::step]:
        path = page.relative_to(CORPORA / corpus).as_posix()
        first = only(path, page.read_bytes())
        again = only(path, to_markdown(first.post).encode())
        assert again.post == first.post, path
