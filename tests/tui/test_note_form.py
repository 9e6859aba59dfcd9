"""Writing change notes in the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TextArea

from kbtui import open_library
from kbtui.core.checklists.run import RunState
from kbtui.core.notes.change_note import NoteContent, NoteState
from kbtui.tui.screens.ask import AskScreen
from kbtui.tui.screens.finishing import FinishScreen
from kbtui.tui.screens.note_form import NoteForm
from kbtui.tui.screens.run import RunScreen
from kbtui.tui.screens.search import SearchScreen
from kbtui.tui.screens.shell_history import HistoryScreen
from kbtui.tui.widgets.form_fields import FormField
from tests.tui.articles import press, read
from tests.tui.conftest import at_rest, make_app, shown_text, type_text
from tests.tui.dialogs import notices, shown, until
from tests.tui.notes import make_note, note_of, only_note, screen_text

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is taken from the repository that the tests run in, nor from a history."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("HISTFILE", str(tmp_path / "no-history"))


async def form(pilot: Pilot[None]) -> NoteForm:
    """Open the form from wherever one stands."""
    await at_rest(pilot)
    await pilot.press("ctrl+g")
    screen = await shown(pilot, NoteForm)
    await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
    return screen


def field(screen: NoteForm, name: str) -> FormField:
    """The field of this name."""
    (found,) = (each for each in screen.query(FormField) if each.field.name == name)
    return found


def screen_rows(listed: OptionList) -> list[str]:
    """The text of each row of a list."""
    return [str(option.prompt) for option in listed.options]


@SIZES
async def test_only_the_reason_has_to_be_typed(library_folder: Path, size: tuple[int, int]) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=size) as pilot:
        await form(pilot)
        assert "only the reason has to be typed" in screen_text(pilot)
        await type_text(pilot, "less memory")
        await pilot.press("ctrl+s")
        await shown(pilot, SearchScreen)
    note = only_note(library_folder)
    assert note.content.reason == "less memory"
    assert note.info.state is NoteState.SHIPPED
    assert note.info.due_at is not None
    assert note.content.owner
    with open_library(library_folder) as library:
        assert library.note_drafts.forms() == []


async def test_without_a_reason_it_is_not_saved_and_says_so_at_the_field(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await form(pilot)
        field(screen, "owner").filled.focus()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: field(screen, "reason").has_class("-wrong"))
        await until(pilot, lambda: "Reason has to be filled in." in screen_text(pilot))
        assert screen.focused is field(screen, "reason").filled
        await type_text(pilot, "x")
        await until(pilot, lambda: not field(screen, "reason").has_class("-wrong"))
        await pilot.press("f2")
        await shown(pilot, SearchScreen)
    assert only_note(library_folder).info.state is NoteState.DRAFT


async def test_what_is_typed_is_on_disk_and_offered_again(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await form(pilot)
        await type_text(pilot, "half")

        def is_kept() -> bool:
            with open_library(library_folder) as library:
                return [content.reason for _, content in library.note_drafts.forms()] == ["half"]

        await until(pilot, is_kept)
    again = make_app(library_folder)
    async with again.run_test(size=(100, 30)) as pilot:
        await at_rest(pilot)
        await pilot.press("ctrl+g")
        await shown(pilot, AskScreen)
        await until(pilot, lambda: "“half”" in screen_text(pilot))
        await pilot.press("enter")
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)))
        await until(pilot, lambda: field(screen, "reason").text == "half")
        await pilot.press("ctrl+s")
        await shown(pilot, SearchScreen)
    assert only_note(library_folder).content.reason == "half"
    with open_library(library_folder) as library:
        assert library.note_drafts.forms() == []


async def test_a_note_knows_the_post_it_was_written_at(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await read(pilot, "nginx-502")
        await form(pilot)
        await type_text(pilot, "x")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NoteForm))
    note = only_note(library_folder)
    assert note.content.posts == ("nginx-502",)
    assert "nginx" in note.content.tools


async def test_another_template_asks_for_more_and_keeps_what_is_typed(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await form(pilot)
        await type_text(pilot, "index")
        await pilot.press("f4")
        await shown(pilot, AskScreen)
        with open_library(library_folder) as library:
            at = library.changes.templates().index("database-change")
        await pilot.press(*["down"] * at, "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: "template database-change" in screen_text(pilot))
        await until(pilot, lambda: bool(screen.query(FormField)) and field(screen, "reason").text == "index")
        with open_library(library_folder) as library:
            own = {each.name for each in library.changes.template("database-change").fields}
        assert own <= {each.field.name for each in screen.query(FormField)}


async def test_a_draft_needs_only_a_reason_whatever_the_template_requires(library_folder: Path) -> None:
    with open_library(library_folder) as library:
        content = NoteContent(reason="", template="cache-rule")
        required = [
            each.name
            for each in library.changes.template("cache-rule").fields
            if each.required and each.name != "reason"
        ]
    assert required
    app = make_app(library_folder)
    async with app.run_test(size=(100, 40)) as pilot:
        await at_rest(pilot)
        pilot.app.push_screen(NoteForm(app.services, content))
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
        assert "has to be filled in before it ships" in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: field(screen, "reason").has_class("-wrong"))
        await type_text(pilot, "x")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: all(field(screen, name).has_class("-wrong") for name in required))
        await pilot.press("f2")
        await shown(pilot, SearchScreen)
    assert only_note(library_folder).info.state is NoteState.DRAFT


async def test_what_is_typed_can_be_thrown_away(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await form(pilot)
        await type_text(pilot, "nonsense")
        await pilot.press("f8")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("f8")
        await shown(pilot, AskScreen)
        await pilot.press("down", "enter")
        await shown(pilot, SearchScreen)
        await at_rest(pilot)
    with open_library(library_folder) as library:
        assert library.note_drafts.forms() == []
        assert library.changes.page() == []


async def test_the_help_of_the_field_one_is_in_is_shown(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await form(pilot)
        for name in ("reason", "rollback", "host", "owner"):
            field(screen, name).filled.focus()
            wanted = field(screen, name).field.help
            await until(pilot, lambda wanted=wanted: shown_text(pilot, "#help") == wanted)  # type: ignore[misc]


async def test_a_secret_is_masked_unless_the_user_says_otherwise(library_folder: Path) -> None:
    app = make_app(library_folder)
    secret = "hunter" + "2Kx9"
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await form(pilot)
        await type_text(pilot, "x")
        commands = field(screen, "commands").filled
        assert isinstance(commands, TextArea)
        commands.text = f"export DB_PASSWORD={secret}"
        await pilot.press("ctrl+s")
        await shown(pilot, AskScreen)
        assert secret not in screen_text(pilot)
        await pilot.press("enter")
        await shown(pilot, SearchScreen)
    (command,) = only_note(library_folder).content.commands
    assert command.startswith("export DB_PASSWORD=")
    assert secret not in command


async def test_commands_are_taken_from_the_history_of_the_shell(
    library_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = tmp_path / "history"
    history.write_text("systemctl reload nginx\nmysql -psw" + "ordf1sh9 shop\ncurl -I localhost\n")
    monkeypatch.setenv("HISTFILE", str(history))
    monkeypatch.setenv("SHELL", "/bin/bash")
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await form(pilot)
        await type_text(pilot, "x")
        await pilot.press("f3")
        listed = (await shown(pilot, HistoryScreen)).choices
        await until(pilot, lambda: listed.option_count == 3)
        assert "ordf1sh9" not in screen_text(pilot)
        await until(pilot, lambda: listed.highlighted == 0)
        await pilot.press("space", "down", "space", "space", "down", "space")
        await until(pilot, lambda: [row[0] for row in screen_rows(listed)] == ["●", "○", "●"])
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen and field(screen, "commands").text != "")
        assert field(screen, "commands").text == "systemctl reload nginx\ncurl -I localhost"


async def test_a_note_that_was_saved_elsewhere_is_not_overwritten_unseen(library_folder: Path) -> None:
    note_id = make_note(library_folder, NoteContent(reason="first"))
    app = make_app(library_folder)
    async with app.run_test(size=(100, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape")
        await press(pilot, "4")
        await press(pilot, "f")
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
        field(screen, "reason").fill("mine")
        with open_library(library_folder) as library:
            library.note_drafts.save(note_id, NoteContent(reason="theirs"), based_on=1)
        await pilot.press("ctrl+s")
        await shown(pilot, AskScreen)
        await until(pilot, lambda: "-theirs" in screen_text(pilot) and "+mine" in screen_text(pilot))
        assert note_of(library_folder, note_id).content.reason == "theirs"
        await pilot.press("enter")
        await until(pilot, lambda: note_of(library_folder, note_id).content.reason == "mine")
    with open_library(library_folder) as library:
        reasons = [revision.content.reason for revision in library.changes.revisions(note_id)]
    assert reasons == ["mine", "theirs", "first"]


async def test_a_long_difference_is_read_to_its_end_with_the_keys(library_folder: Path) -> None:
    note_id = make_note(library_folder, NoteContent(reason="first"))
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        pilot.app.push_screen(NoteForm(app.services, NoteContent(reason="mine"), note=note_of(library_folder, note_id)))
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
        field(screen, "files").fill("\n".join(f"file{n}" for n in range(60)))
        with open_library(library_folder) as library:
            library.note_drafts.save(note_id, NoteContent(reason="theirs"), based_on=1)
        await pilot.press("ctrl+s")
        question = await shown(pilot, AskScreen)
        await until(pilot, lambda: question.query_one("#said").can_focus)
        assert "file59" not in screen_text(pilot)
        await pilot.press("shift+tab", "end")
        await until(pilot, lambda: "file59" in screen_text(pilot))
        await pilot.press("tab", "down", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_what_is_filled_in_is_never_markup(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await form(pilot)
        await type_text(pilot, "x")
        owner = field(screen, "owner").filled
        assert isinstance(owner, Input)
        owner.value = "Ana [bold]"
        await pilot.press("ctrl+s")
        await shown(pilot, SearchScreen)
    assert only_note(library_folder).content.owner == "Ana [bold]"


async def test_the_end_of_a_run_offers_a_note_with_its_commands_and_evidence(library_folder: Path) -> None:
    with open_library(library_folder) as library:
        library.editing.create("# Reload\n\n- [ ] Reload it\n\n  ```sh\n  nginx -s reload\n  ```\n", "Reload")
        run_id = library.checklists.start("reload").info.id
        library.checklists.done(run_id, 1)
        library.checklists.evidence(run_id, 1, "reloaded at noon")
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await at_rest(pilot)
        await pilot.app.push_screen(RunScreen(app.services, run_id))
        await at_rest(pilot)
        await pilot.press("f")
        await shown(pilot, FinishScreen)
        await pilot.press("down", "enter")
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
        await type_text(pilot, "x")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
    note = only_note(library_folder)
    assert note.content.commands == ("nginx -s reload",)
    assert (note.content.run, note.content.posts) == (run_id, ("reload",))
    with open_library(library_folder) as library:
        assert library.changes.evidence_text(note.id, 1) == "reloaded at noon"
        assert library.checklists.run(run_id).info.state is RunState.DONE


@pytest.mark.parametrize(
    ("script", "reasons", "told"),
    [
        ('sed -i.bak s/first/second/ "$1"', ["second"], "Saved “second”."),
        ('rm "$1"', [], "Nothing was changed."),
        ("exit 3", [], "exit code 3"),
    ],
    ids=["written", "deleted", "failed"],
)
async def test_going_on_in_the_editor(
    library_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    reasons: list[str],
    told: str,
) -> None:
    editor = library_folder.parent / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    # The driver of the tests lends its terminal.
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    app = make_app(library_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await form(pilot)
        await type_text(pilot, "first")
        await pilot.press("f5")
        await until(pilot, lambda: told in " ".join((*notices(pilot), screen_text(pilot))))
    with open_library(library_folder) as library:
        assert [note.title for note in library.changes.page()] == reasons
        assert library.note_drafts.left() == []
