"""Copying blocks of code: what reaches the clipboard, what is asked before, what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from kbtui import open_library
from kbtui.core.commands.destructive import Destruction
from kbtui.core.post import Post
from kbtui.core.text import clean, is_line_safe
from kbtui.library import Library
from kbtui.markdown import read_page
from kbtui.markdown.tree import Code
from kbtui.markdown.walking import walk
from kbtui.tui.app import KbtuiApp
from kbtui.tui.code_copy import FilledCode, as_written, drawn, notice
from kbtui.tui.screens.copying import CopyScreen, PlaceholderLine, copy_code
from tests.factories import texts
from tests.tui.conftest import at_rest, make_app, shown_text, type_text
from tests.tui.dialogs import begin, notices, post_of, result, shown, stored, until

PAGE = """---
rollback: helm rollback web
---
# Copying

```bash
curl -sS localhost/health
```

```console
$ kubectl get pods -n <ns>
NAME  READY
web   1/1
$ kubectl -n <ns> delete pod <pod>
deleted
```

```sh
tail {{[-f|--follow]}} {{path/to/file}}
```

```make
all:
\tgcc x.c
```

```sh
echo \u202ehi
```

```sh
login --token <TOKEN> --user <user>
```
"""
PLAIN, SESSION, CHOICES, TABS, HIDDEN, SECRET = range(6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with one post of code blocks."""
    folder = tmp_path / "library"
    with open_library(folder) as library:
        library.editing.create(PAGE, "Copying")
        library.indexing.bring_up_to_date()
    return folder


def post_of_copying(library: Library) -> Post:
    return library.posts.get("copying")


def codes(body: str) -> list[Code]:
    return [block for block in walk(read_page(body).blocks) if isinstance(block, Code)]


async def copy(pilot: Pilot[None], app: KbtuiApp, number: int) -> None:
    """Ask for a block of the page to be copied."""
    await at_rest(pilot)
    post = post_of(pilot, "copying")
    await result(pilot, begin(pilot, copy_code(app, app.services, post, codes(post.body)[number])))


async def asked(pilot: Pilot[None], app: KbtuiApp, number: int) -> CopyScreen:
    """The dialog for a block of the page, as soon as it shows its text."""
    await copy(pilot, app, number)
    screen = await shown(pilot, CopyScreen)
    await until(pilot, lambda: bool(screen.preview.lines))
    return screen


async def shows(pilot: Pilot[None], screen: CopyScreen, *lines: str) -> None:
    """The preview comes to show these lines."""
    await until(pilot, lambda: list(screen.preview.lines) == list(lines))


async def test_one_harmless_line_is_copied_at_once(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test() as pilot:
        await copy(pilot, app, PLAIN)
        assert app.clipboard == "curl -sS localhost/health"
        await until(pilot, lambda: notices(pilot) == ["Copied “curl -sS localhost/health”."])
        assert not isinstance(app.screen, CopyScreen)


async def test_a_session_is_shown_without_prompts_and_output_and_filled_in(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, SESSION)
        assert app.clipboard == ""
        first, danger = "  kubectl get pods -n <ns>", "  ^ deletes from the cluster"
        await shows(pilot, screen, first, "! kubectl -n <ns> delete pod <pod>", danger)
        assert shown_text(pilot, "#remarks") == "2 prompts taken off, 3 lines of output left out"
        assert shown_text(pilot, "#rollback") == "To go back: helm rollback web"
        assert screen.query_one("#rollback").display
        await type_text(pilot, "shop")
        await shows(pilot, screen, "  kubectl get pods -n shop", "! kubectl -n shop delete pod <pod>", danger)
        await pilot.press("tab")
        await type_text(pilot, "web1")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == "kubectl get pods -n shop\nkubectl -n shop delete pod web1"
        await until(pilot, lambda: notices(pilot) == ["Copied 2 lines, from “kubectl get pods -n shop”."])


async def test_what_was_filled_in_is_remembered_for_the_post(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, SESSION)
        await type_text(pilot, "shop")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert stored(pilot, lambda library: library.reading.placeholder_values(post_of_copying(library)))
        again = await asked(pilot, app, SESSION)
        assert [line.value for line in again.query(PlaceholderLine)] == ["shop", ""]


async def test_secrets_are_not_remembered(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, SECRET)
        await type_text(pilot, "hush")
        await pilot.press("tab")
        await type_text(pilot, "me")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == "login --token hush --user me"
        known = stored(pilot, lambda library: library.reading.placeholder_values(post_of_copying(library)))
        assert known == {"user": "me"}


async def test_the_values_that_the_page_offers_are_gone_through(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, CHOICES)
        await shows(pilot, screen, "  tail --follow {{path/to/file}}")
        await pilot.press("down")
        await shows(pilot, screen, "  tail -f {{path/to/file}}")
        await pilot.press("up", "tab", "down")
        await shows(pilot, screen, "  tail --follow {{path/to/file}}")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        told = "Copied “tail --follow {{path/to/file}}”. {{path/to/file}} is still to be filled in."
        await until(pilot, lambda: notices(pilot) == [told])


async def test_escape_copies_nothing(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, SESSION)
        await type_text(pilot, "shop")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == ""
        assert notices(pilot) == []
        assert stored(pilot, lambda library: library.reading.placeholder_values(post_of_copying(library))) == {}


async def test_several_lines_are_shown_first_and_keep_their_tabs(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, TABS)
        await shows(pilot, screen, "  all:", "      gcc x.c")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == "all:\n\tgcc x.c"


async def test_hidden_characters_are_warned_of_and_never_copied(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, HIDDEN)
        assert "U+202E" in shown_text(pilot, "#warnings")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == "echo ⟨U+202E⟩hi"


async def test_hidden_characters_of_a_value_are_never_copied(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, SECRET)
        screen.query(PlaceholderLine).first().value = "a\x1b]0;x\x07\u202e"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.clipboard == "login --token a␛]0;x␇⟨U+202E⟩ --user <user>"


async def test_the_fields_stay_in_sight_whatever_stands_above(tmp_path: Path) -> None:
    lines = "\n".join(f"rm -rf /srv/<dir{n}> \u200b аb" for n in range(50))
    way_back = "\n".join(f"- step {n}" for n in range(30))
    with open_library(tmp_path / "library") as library:
        library.editing.create(f"# Copying\n\n```sh\n{lines}\n```\n\n## Rollback\n\n{way_back}\n")
        library.indexing.bring_up_to_date()
    app = make_app(tmp_path / "library")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await asked(pilot, app, 0)
        await pilot.pause(0.2)
        fields = screen.query(PlaceholderLine)
        assert len(fields) == 30, "a form of more is none that anybody fills in"
        assert screen.query_one("#box").region.contains_region(fields.first().region)
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        await type_text(pilot, "last")
        await until(pilot, lambda: screen.query_one("#box").region.contains_region(fields.last().region))
        assert fields.last().value == "last"


def test_a_look(folder: Path, snap_compare: Callable[..., bool]) -> None:
    app = make_app(folder)

    async def act(pilot: Pilot[None]) -> None:
        screen = await asked(pilot, app, SESSION)
        for line in screen.query(PlaceholderLine):
            line.cursor_blink = False
        await type_text(pilot, "shop")
        await until(pilot, lambda: "-n shop" in screen.preview.lines[0])
        await at_rest(pilot)

    assert snap_compare(app, terminal_size=(80, 24), run_before=act)


@pytest.mark.parametrize("before", ["", "  ", "> ", "- ", "1. ", "> - "])
@given(lines=st.lists(st.one_of(st.text(st.sampled_from("ab \t\u202e\u00a0é"), max_size=8), texts(8)), min_size=1))
def test_a_block_is_copied_as_it_was_written(before: str, lines: list[str]) -> None:
    lines = [line for line in (line.replace("\r", "").replace("\n", "") for line in lines) if "``" not in line]
    after = before if before.strip() in (">", "") else before.replace("-", " ").replace("1.", "  ")
    body = "text\n\n" + "\n".join([f"{before}```sh", *(after + line for line in lines), f"{after}```"])
    for code in codes(body):
        found = as_written(body, code)
        assert [clean(line).split() for line in found.split("\n")] == [line.split() for line in code.text.split("\n")]
    if before == "":
        assert as_written(body, codes(body)[0]) == "\n".join(lines)


@given(st.lists(texts(20), min_size=1, max_size=5), st.integers(10, 60))
def test_a_preview_is_whole_safe_and_fits(lines: list[str], width: int) -> None:
    text = clean("\n".join(lines))
    rows = ["".join(text for text, _ in line) for line in drawn(FilledCode(text, (Destruction(0, "deletes"),)), width)]
    assert all(is_line_safe(row) for row in rows)
    body = [row for row in rows if not row.startswith("  ^ ")]
    assert "".join("".join(row[2:] for row in body).split()) == "".join(text.split())
    assert all(cell_len(row) <= max(width, 4) for row in body)
    assert rows[0].startswith("! ")


def test_a_notice_names_the_first_line_that_says_something() -> None:
    assert notice(FilledCode("\n" + "x" * 90 + "\nb")) == f"Copied 3 lines, from “{'x' * 49}…”."
    assert notice(FilledCode("a <b> <c>", open=("<b>", "<c>"))).endswith("<b>, <c> are still to be filled in.")
