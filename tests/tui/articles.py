"""A library of posts that link to each other, and ways to read in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from kbtui.tui.app import KbtuiApp
from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.article import ArticleScreen
from tests.tui.conftest import at_rest, import_folder

RUNBOOK = """---
title: Broker runbook
tools: [kafka-topics, kcat]
aliases: [The broker]
score: {quality: 85, freshness: 40}
flags: {has_images: true, image_heavy: false}
images:
  - {source: unsplash, url: "https://example.org/a.png", caption: A broken broker}
team: {leads: [Ann, Bo], phone: 112}
---
# Broker runbook

For whoever is paged about the broker.

See the [setup](guides/setup.md#the-second-step), the [[Glossary]], [nothing](gone.md), [[Nobody knows this]],
[below](#verify), [nowhere](#nowhere), the [web](https://example.org/a?b=c), a note[^1] and ![a picture](b.png).

## Diagnosis

{filler}

```bash
kcat -L -b broker
```

## Verify

The partitions are in sync again.

### In detail

{filler}

[^1]: What the note says.
"""

SETUP = """# Setup

Back to the [[The broker|runbook]].

## The first step

{filler}

## The second step

Done.

{filler}
"""
GLOSSARY = "# Glossary\n\nA broker, kafka, kcat and its partitions. No headings here.\n"
FILLER = "\n\n".join(f"Line {number} of many that fill the page." for number in range(60))

POSTS = {
    "broker-runbook.md": RUNBOOK.replace("{filler}", FILLER),
    "guides/setup.md": SETUP.replace("{filler}", FILLER),
    "glossary.md": GLOSSARY,
}


def linked_library(folder: Path, posts: Mapping[str, str] = POSTS) -> Path:
    """A library of posts that link to each other, imported from `folder`/posts."""
    for name, text in posts.items():
        path = folder / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return import_folder(folder / "linked", folder / "posts")


def article(pilot: Pilot[None]) -> ArticleScreen:
    """The article, which must be what is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, ArticleScreen)
    return screen


async def read(pilot: Pilot[None], slug: str) -> ArticleScreen:
    """Open a post as the switcher does."""
    await at_rest(pilot)
    assert isinstance(pilot.app, KbtuiApp)
    await pilot.app.push_screen(ArticleScreen(pilot.app.services, slug))
    await at_rest(pilot)
    return article(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each when the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await at_rest(pilot)


def shown(view: DocumentView) -> str:
    """What stands in the lines of the page that are in sight."""
    return "\n".join(strip.text.rstrip() for strip in view.render_lines(view.size.region))


def first_line(pilot: Pilot[None]) -> str:
    """The first line in sight that is not empty."""
    return next(line.strip() for line in shown(article(pilot).page).splitlines() if line.strip())


def title(pilot: Pilot[None]) -> str:
    """The heading over the page."""
    return str(article(pilot).query_one("#title", Static).content)


def told(pilot: Pilot[None]) -> list[str]:
    """The notices that were given, the newest last."""
    return [notice.message for notice in pilot.app._notifications]
