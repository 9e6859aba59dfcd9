"""Text files: rendered articles with their metadata box, and plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kbtui.core.importing import ParsedPost
from kbtui.core.post import Entity, Image, Post, Revision, Score
from kbtui.formats.parser import FileParser
from tests.linear import Repeated, assert_linear

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))

ARTICLE = """| |

rotating logs on busy linux servers

a server that writes logs must also remove them. this text keeps to one host.

a picture of a log
a picture of a log. image source: archive

before the change

note the size of the folder: it is the baseline.
  • read the configuration
  • look at the disk
    • and at its inodes

logrotate --force /etc/logrotate.conf

final notes

keep the metric close to the article.

example post meta

topicrotating logs / linux servers
summaryhow logs are rotated: safely, and without a restart.
ai outline
  • context: a small team
  • problem: full disks
  • recommended action: measure first: then change
ai briefone short text.
stack
  • linux servers
  • operations
tools
  • logrotate
  • journalctl
code languagebash
difficultybeginner
reading time7
view count1204
score
  • quality: 88
  • freshness: 70
  • depth: 61
  • clarity: 93
revision
  • status: reviewed
  • version: 2.0.1
  • last reviewed: 2021-11-30
referenceex-ref-000007-1
hash00ff00ff
flags
  • ai generated style: 0
  • has images: 1
  • image heavy: 0
  • needs human review: 1
checklist
  • read the configuration
  • look at the disk
entities
    • name: linux servers
    • type: stack
    • name: full disks
    • type: problem
image sources
    • source: archive
    • url: https://images.example.org/log?w=1&q=2
    • caption: a picture of a log
payload
  • source id: example-000007
  • generator: by hand
  • seed: 7
notes
  • one note
  • another: with a colon
mood
  • unknown to everybody
seo titlenobody can tell where the label ends

Similar Posts

keeping journals small
stack traces in logs
"""


def post(text: str, path: str = "article.txt") -> Post:
    (found,) = FileParser().parse(path, text.encode())
    assert isinstance(found, ParsedPost)
    return found.post


def test_every_field_of_the_box_arrives() -> None:
    found = post(ARTICLE)
    assert found == Post(
        title="rotating logs on busy linux servers",
        slug="rotating-logs-on-busy-linux-servers",
        path="article.txt",
        body=found.body,
        topic="rotating logs / linux servers",
        summary="how logs are rotated: safely, and without a restart.",
        brief="one short text.",
        outline=(
            ("context", "a small team"),
            ("problem", "full disks"),
            ("recommended action", "measure first: then change"),
        ),
        stack=("linux servers", "operations"),
        tools=("logrotate", "journalctl"),
        language="bash",
        difficulty="beginner",
        reading_minutes=7,
        views=1204,
        score=Score(88, 70, 61, 93),
        revision=Revision("reviewed", "2.0.1", date(2021, 11, 30)),
        reference="ex-ref-000007-1",
        source_hash="00ff00ff",
        flags={
            "ai_generated_style": False,
            "has_images": True,
            "image_heavy": False,
            "needs_human_review": True,
        },
        checklist=("read the configuration", "look at the disk"),
        entities=(Entity("linux servers", "stack"), Entity("full disks", "problem")),
        images=(Image("archive", "https://images.example.org/log?w=1&q=2", "a picture of a log"),),
        payload={"source_id": "example-000007", "generator": "by hand", "seed": "7"},
        notes=("one note", "another: with a colon"),
        similar=("keeping journals small", "stack traces in logs"),
        extra={
            "post meta": ["seo titlenobody can tell where the label ends"],
            "mood": ["unknown to everybody"],
        },
    )


def test_the_text_becomes_markdown() -> None:
    assert post(ARTICLE).body == (
        "a server that writes logs must also remove them. this text keeps to one host.\n\n"
        "a picture of a log\na picture of a log. image source: archive\n\n"
        "## before the change\n\n"
        "note the size of the folder: it is the baseline.\n"
        "- read the configuration\n- look at the disk\n  - and at its inodes\n\n"
        "logrotate --force /etc/logrotate.conf\n\n"
        "## final notes\n\n"
        "keep the metric close to the article.\n"
    )


def test_newlines_of_another_system_change_nothing() -> None:
    assert post(ARTICLE.replace("\n", "\r\n")) == post(ARTICLE)


def test_plain_text_keeps_its_body() -> None:
    text = "\n\n  Disk full on db-1 \n\n  • look\n# not a heading\npost meta is not here\n"
    found = post(text, "notes/disk-full.txt")
    assert (found.title, found.slug, found.body) == ("Disk full on db-1", "disk-full", text)
    assert post("x" * 121 + "\nmore", "notes/disk-full.txt").title == "disk full"


def test_a_line_post_meta_without_labels_is_text() -> None:
    text = "Title\n\nwhat we call post meta\n\ntools are listed elsewhere\n"
    assert post(text).body == text


def test_box_without_a_text_is_still_a_post() -> None:
    assert post("post meta\ntopica\nsummaryb\ndifficultyc\n", "some-name.txt").title == "some name"


@pytest.mark.parametrize(
    "text_of",
    [
        Repeated("post meta\n"),
        Repeated("more text\n", before="title\n\npost meta\ntopica\nsummaryb\n", after="difficultyc\n"),
        lambda length: (
            "title\n\npost meta\ntopica\nsummaryb\ndifficultyc\n"
            + "".join(f"x{n}\n - y\n" for n in range(length // 12))
        ),
        Repeated("  • x\n\n", before="title\n\n", after="post meta\ntopica\nsummaryb\ndifficultyc\n"),
        Repeated(" ", before="post", after="x\ntopica\nsummaryb\ndifficultyc\n"),
    ],
    ids=range(5),
)
def test_hostile_texts_are_quick(text_of: Callable[[int], str]) -> None:
    assert_linear(lambda text: post(text).title, text_of, 25_000)


@pytest.mark.skipif(not SEEDS, reason="the first article is not here")
def test_the_first_article() -> None:
    found = post(SEEDS[0].read_text("utf-8"), SEEDS[0].name)
    assert found.title == "production checklist for improving database queries in python services"
    assert found.topic == "improving database queries / python services"
    assert (found.reading_minutes, found.views) == (15, 276_748)
    assert found.score == Score(97, 81, 91, 95)
    assert found.revision == Revision("expanded", "1.9.5", date(2017, 3, 7))
    assert (len(found.checklist), len(found.entities), len(found.images), len(found.notes)) == (5, 3, 1, 3)
    assert found.payload["source_id"] == "alphanode-015981"
    assert found.extra == {}
    headings = [line for line in found.body.split("\n") if line.startswith("## ")]
    assert headings == [
        "## production checks",
        "## security and maintenance notes",
        "## why this matters",
        "## the practical approach",
        "## implementation checklist",
        "## final notes",
    ]
