"""Values for tests: posts by hand, and strategies that make any post there can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kbtui.core.post import Entity, Image, Post, Revision, Score

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

NASTY = (
    "",
    " \t\n ",
    "\x00",
    "a\x00b",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1b[2J\x9b31m\u009d0;title\u009c",
    "safe\u202egnp.exe",
    "zero\u200bwidth\ufefftag\U000e0041",
    "[@click=app.quit]x[/]",
    "a [/bold] list[int] $HOME ssh user@<host>",
    "👩\u200d💻 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
    "Ünïcödé ℌ ™ ﬁ İı ß",
    "हिन्दी 日本語 العربية",
    "'; DROP TABLE posts; --",
    'tool:"a b",c -x "',
    "../../etc/passwd",
    "%s %d {0} {x!r}",
    "a" * 300,
    "-" * 300,
    "C#/F#.md#3",
)
"""Texts that were trouble somewhere."""

_any_character = st.characters(exclude_categories=["Cs"])


class FixedClock:
    """A clock that stands still until `forward`."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        """Go on by a time in the words of `timedelta`."""
        self.at += timedelta(**by)
        return self.at


def a_post(**fields: Any) -> Post:
    """A post of the source `notes`; its path follows the title."""
    fields.setdefault("title", "Restart the ingress")
    fields.setdefault("source", "notes")
    fields.setdefault("path", fields["title"].casefold().replace(" ", "-") + ".md")
    return Post(**fields)


def full_post(**fields: Any) -> Post:
    """A post with something in every field."""
    everything: dict[str, Any] = {
        "title": "NGINX answers 502",
        "body": "# Context\n\nThe upstream closed the connection.\n",
        "slug": "nginx-502",
        "source": "runbooks",
        "path": "web/nginx-502.md",
        "aliases": ("Bad gateway",),
        "topic": "web",
        "summary": "What to do about a 502.",
        "brief": "Look upstream.",
        "outline": (("context", "a proxy"), ("problem", "502")),
        "stack": ("linux", "nginx"),
        "tools": ("curl", "kubectl"),
        "tags": ("http",),
        "language": "bash",
        "difficulty": "medium",
        "reading_minutes": 7,
        "views": 120,
        "score": Score(80, 70, 60, 50),
        "revision": Revision("reviewed", "1.10", date(2026, 1, 2)),
        "reference": "https://example.org/502",
        "source_hash": "abc",
        "owner": "platform",
        "flags": {"needs_human_review": True, "has_images": False},
        "checklist": ("look", "restart"),
        "entities": (Entity("NginxHighErrorRate", "alert"),),
        "images": (Image("disk", "a.png", "a graph"),),
        "payload": {"seed": 7, "nested": {"a": [1, 2.5, None]}},
        "notes": ("a note",),
        "similar": ("nginx-504",),
        "published": date(2025, 12, 31),
        "extra": {"team": ["a", {"b": "c"}]},
    }
    return Post(**{**everything, **fields})


def texts(max_size: int = 30, *, surrogates: bool = False) -> st.SearchStrategy[str]:
    """Any text, the nasty ones often; lone surrogates on request."""
    drawn = st.text(st.characters() if surrogates else _any_character, max_size=max_size)
    special = st.sampled_from((*NASTY, "\ud800 lone", "\udcff") if surrogates else NASTY)
    return st.one_of(drawn, special, st.tuples(special, drawn).map("".join))


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value that a file may hold."""
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        texts(10),
    )
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(6), inner, max_size=3), max_leaves=6
    )


def posts() -> st.SearchStrategy[Post]:
    """Any post that formats may give; its slug is free or empty, it lies in one of two sources."""
    line, few = texts(12), st.lists(texts(8), max_size=2).map(tuple)
    figure = st.none() | st.integers(0, 100)
    day = st.none() | st.dates()
    return st.builds(
        Post,
        title=texts(20),
        body=texts(200),
        slug=st.sampled_from(["", "taken", "other-slug"]),
        source=st.sampled_from(["notes", "runbooks"]),
        path=st.sampled_from(["a.md", "b/c.md", "b/d.jsonl#1", "b/d.jsonl#2", "c#/e.md"]),
        aliases=few,
        topic=line,
        summary=texts(40),
        brief=line,
        outline=st.lists(st.tuples(texts(5), texts(8)), max_size=2).map(tuple),
        stack=few,
        tools=few,
        tags=few,
        language=line,
        difficulty=line,
        reading_minutes=st.none() | st.integers(0, 10_000),
        views=st.none() | st.integers(0, 2**63 - 1),
        score=st.builds(Score, figure, figure, figure, figure),
        revision=st.builds(Revision, line, line, day),
        reference=line,
        source_hash=line,
        owner=line,
        flags=st.dictionaries(st.sampled_from(["needs_human_review", "has_images", "x"]), st.booleans(), max_size=2),
        checklist=few,
        entities=st.lists(st.builds(Entity, line, line), max_size=2).map(tuple),
        images=st.lists(st.builds(Image, line, line, line), max_size=1).map(tuple),
        payload=st.dictionaries(texts(6), json_values(), max_size=2),
        notes=few,
        similar=few,
        published=day,
        extra=st.dictionaries(texts(6), json_values(), max_size=2),
    )
