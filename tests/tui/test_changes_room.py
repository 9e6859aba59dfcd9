"""The room of changes, the page of a note, and where else notes are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from kbtui import open_library
from kbtui.core.measuring.measurement import METRICS, Phase
from kbtui.core.notes.change_note import NoteContent, NoteState
from kbtui.library import Library
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.ask import AskScreen, LineScreen, TextScreen
from kbtui.tui.screens.changes import ChangesScreen
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.note_revisions import NoteRevisionsScreen
from kbtui.tui.screens.search import SearchScreen
from tests.tui.articles import press, read
from tests.tui.conftest import at_rest, make_app
from tests.tui.dialogs import notices, shown, until
from tests.tui.notes import NOW, make_note, note_of, screen_text

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture
def notes(library_folder: Path) -> dict[str, str]:
    """A draft, a change of today, one that is due, and one that was kept."""
    folder = library_folder
    made = {
        "kept": make_note(
            folder,
            NoteContent(reason="Raise worker limit", tools=("nginx",), owner="Ben", expected="fewer 502"),
            days_ago=9,
        ),
        "due": make_note(
            folder,
            NoteContent(
                reason="Cache the catalogue [red]",
                files=("/etc/nginx/nginx.conf",),
                rollback="git revert HEAD",
                commands=("nginx -s reload",),
                owner="Ana",
            ),
            days_ago=3,
        ),
        "fresh": make_note(folder, NoteContent(reason="Set maxmemory", tools=("redis",)), days_ago=0.1),
        "draft": make_note(folder, NoteContent(reason="Try another pool size")),
    }
    with open_library(folder) as library:
        library.changes.verify(made["kept"], NoteState.KEPT, "no 502 since")
    return made


def rows(screen: ChangesScreen) -> list[str]:
    """The first line of each row."""
    listed = screen.choices
    return [str(listed.get_option_at_index(at).prompt).split("\n")[0] for at in range(listed.option_count)]


async def changes(pilot: Pilot[None]) -> ChangesScreen:
    """Go to the room."""
    await at_rest(pilot)
    await pilot.press("escape")
    await press(pilot, "4")
    screen = await shown(pilot, ChangesScreen)
    await until(pilot, lambda: screen.choices.option_count > 0)
    return screen


@SIZES
async def test_the_room_lists_changes_newest_first(
    library_folder: Path, notes: dict[str, str], size: tuple[int, int]
) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=size) as pilot:
        screen = await changes(pilot)
        assert [row.split()[0] for row in rows(screen)] == ["draft", "shipped", "due", "kept"]
        assert "Cache the catalogue [red]" in rows(screen)[2]
        assert "git revert HEAD" in str(screen.choices.get_option_at_index(2).prompt)
        assert "2 changes not verified, 1 due" in screen_text(pilot)
        await press(pilot, "d")
        await until(pilot, lambda: len(rows(screen)) == 2)
        assert [row.split()[0] for row in rows(screen)] == ["shipped", "due"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("file:nginx.conf", ["Cache the catalogue [red]"]),
        ("tool:redis", ["Set maxmemory"]),
        ("since:1d", ["Try another pool size", "Set maxmemory"]),
        ("state:kept", ["Raise worker limit"]),
        ("state:due", ["Cache the catalogue [red]"]),
        ("owner:Ana", ["Cache the catalogue [red]"]),
        ("WORKER limit", ["Raise worker limit"]),
    ],
)
async def test_the_room_is_filtered(library_folder: Path, notes: dict[str, str], typed: str, found: list[str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await changes(pilot)
        await press(pilot, "slash")
        screen.filter_line.value = typed
        await until(pilot, lambda: len(rows(screen)) == len(found))
        assert all(title in row for title, row in zip(found, rows(screen), strict=True))
        await press(pilot, "escape")
        await press(pilot, "escape")
        await until(pilot, lambda: len(rows(screen)) == len(notes))


async def test_a_filter_that_is_not_understood_says_so(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await changes(pilot)
        screen.filter_line.value = "state:lost since:[nonsense]"
        await until(pilot, lambda: "There is no state 'lost'" in screen_text(pilot))
        assert len(rows(screen)) == len(notes)


@SIZES
async def test_a_change_is_verified_with_what_was_measured_in_sight(
    library_folder: Path, notes: dict[str, str], size: tuple[int, int]
) -> None:
    with open_library(library_folder) as library:
        metric = METRICS["response time"]
        library.measuring.add(notes["due"], metric, Phase.BEFORE, [str(400 + n) for n in range(10)])
        library.measuring.add(notes["due"], metric, Phase.AFTER, [str(180 + n) for n in range(10)])
    app = make_app(library_folder)
    async with app.run_test(size=size) as pilot:
        screen = await changes(pilot)
        screen.choices.highlighted = 2
        await press(pilot, "enter")
        page = await shown(pilot, NoteScreen)
        await until(pilot, lambda: "Rollback" in screen_text(pilot))
        await pilot.press("v")
        await shown(pilot, AskScreen)
        assert "improved" in screen_text(pilot)
        await pilot.press("enter")
        line = await shown(pilot, LineScreen)
        line.query_one(Input).value = "halved"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is page)
        await until(pilot, lambda: note_of(library_folder, notes["due"]).info.state is NoteState.KEPT)
        assert note_of(library_folder, notes["due"]).info.outcome == "halved"
        await pilot.press("v", "escape", "escape")
        assert isinstance(await shown(pilot, ChangesScreen), ChangesScreen)


async def test_a_draft_is_shipped_and_not_verified(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await changes(pilot)
        await pilot.press("v")
        await until(pilot, lambda: any("is a draft" in notice for notice in notices(pilot)))
        await pilot.press("s")
        await until(pilot, lambda: note_of(library_folder, notes["draft"]).info.state is NoteState.SHIPPED)
        await until(pilot, lambda: rows(screen)[0].startswith("shipped"))
        await pilot.press("s")
        await at_rest(pilot)
        assert note_of(library_folder, notes["draft"]).info.revision == 2


async def test_verifying_can_wait(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await changes(pilot)
        screen.choices.highlighted = 2
        await pilot.press("v")
        await shown(pilot, AskScreen)
        await pilot.press("down", "down", "down", "enter")
        await until(pilot, lambda: rows(screen)[2].startswith("shipped"))
        due = note_of(library_folder, notes["due"]).info.due_at
        assert due is not None
        assert due > NOW


async def test_evidence_is_pasted_and_a_secret_in_it_masked(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await changes(pilot)
        await press(pilot, "enter")
        page = await shown(pilot, NoteScreen)
        await pilot.press("a")
        text = await shown(pilot, TextScreen)
        text.query_one(TextArea).text = "slow log\nexport DB_PASSWORD=" + "hunter" + "2Kx9\n"
        await pilot.press("ctrl+s")
        await shown(pilot, AskScreen)
        assert "looks like a secret" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is page and "slow log" in screen_text(pilot))
        assert "2Kx9" not in screen_text(pilot)
    with open_library(library_folder) as library:
        assert "2Kx9" not in library.changes.evidence_text(notes["draft"], 1)


async def test_revisions_of_a_note_are_compared(library_folder: Path, notes: dict[str, str]) -> None:
    def change(library: Library) -> None:
        old = library.changes.note(notes["draft"])
        library.note_drafts.save(old.id, NoteContent(reason="Try pool size 20"), based_on=1)

    with open_library(library_folder) as library:
        change(library)
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await changes(pilot)
        await press(pilot, "enter")
        await shown(pilot, NoteScreen)
        await press(pilot, "r")
        screen = await shown(pilot, NoteRevisionsScreen)
        await until(pilot, lambda: "+Try pool size 20" in screen.diff.lines)
        assert "-Try another pool size" in screen.diff.lines


async def test_a_note_follows_what_another_terminal_does_with_it(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await changes(pilot)
        await press(pilot, "enter")
        await shown(pilot, NoteScreen)
        with open_library(library_folder) as library:
            library.note_drafts.save(notes["draft"], NoteContent(reason="Said elsewhere"), based_on=1)
        await until(pilot, lambda: "Said elsewhere" in screen_text(pilot))


async def test_the_first_screen_shows_what_is_not_verified(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen.due.display)
        assert "2 changes not verified, 1 due" in screen_text(pilot)
        await pilot.press("n", "g")
        await until(pilot, lambda: not screen.due.display)
        await pilot.press("escape")
        await until(pilot, lambda: screen.due.display)
        screen.due.focus()
        await pilot.press("enter")
        page = await shown(pilot, NoteScreen)
        assert page.note_id == notes["due"]


@SIZES
async def test_a_change_that_waits_takes_one_line_of_the_first_screen(
    library_folder: Path, notes: dict[str, str], size: tuple[int, int]
) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen.due.option_count == 2)
        (due, fresh) = (str(option.prompt) for option in screen.due.options)
        assert due.startswith("due") and "Cache the catalogue [red]  3 d ago · ↩ git revert HEAD" in due
        assert fresh.startswith("shipped") and "Set maxmemory  2 h ago" in fresh
        await until(pilot, lambda: screen.due.size.height == 2)


async def test_the_room_is_drawn_anew_only_when_something_changed(
    library_folder: Path, notes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await changes(pilot)
        await at_rest(pilot)
        drawn: list[str] = []
        title = screen.query_one("#title", Static)
        monkeypatch.setattr(title, "update", lambda *_: drawn.append("title"))
        monkeypatch.setattr(screen.choices, "set_options", lambda *_: drawn.append("rows"))
        monkeypatch.setattr(screen.page, "show", lambda *_: drawn.append("page"))
        for _ in range(3):
            screen._tick()
            screen._preview()
            await at_rest(pilot)
        assert drawn == []


async def test_lists_are_walked_by_pages_and_to_their_ends(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await changes(pilot)
        await press(pilot, "G")
        assert screen.choices.highlighted == len(notes) - 1
        await press(pilot, "g")
        assert screen.choices.highlighted == 0
        await press(pilot, "ctrl+d")
        assert screen.choices.highlighted == len(notes) - 1


async def test_a_long_note_is_read_to_its_end_while_it_is_looked_at_again(
    library_folder: Path, notes: dict[str, str]
) -> None:
    with open_library(library_folder) as library:
        library.changes.attach(notes["draft"], "\n".join(f"line {n}" for n in range(8_000)), "long.log")
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await changes(pilot)
        await press(pilot, "enter")
        page = await shown(pilot, NoteScreen)
        for _ in range(5):
            page._tick()
            await pilot.pause(0.01)
        await at_rest(pilot)
        await press(pilot, "G")
        await until(pilot, lambda: "line 7999" in screen_text(pilot))


async def test_a_search_finds_notes_and_opens_them(library_folder: Path, notes: dict[str, str]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, SearchScreen)
        screen.query_line.value = "kind:note catalogue"
        await until(pilot, lambda: len(screen.results.hits) == 1)
        await until(pilot, lambda: "git revert HEAD" in screen_text(pilot))
        await pilot.press("enter")
        page = await shown(pilot, NoteScreen)
        assert page.note_id == notes["due"]


async def test_an_article_shows_the_changes_that_share_its_tools(library_folder: Path, notes: dict[str, str]) -> None:
    app: KbtuiApp = make_app(library_folder)
    async with app.run_test(size=(160, 40)) as pilot:
        await read(pilot, "nginx-502")
        await until(pilot, lambda: "Raise worker limit" in screen_text(pilot))
        article = pilot.app.screen
        assert isinstance(article, ArticleScreen)
        article.panes.side.related.focus()
        article.panes.side.related.action_first()
        await pilot.press("enter")
        page = await shown(pilot, NoteScreen)
        assert page.note_id == notes["kept"]
