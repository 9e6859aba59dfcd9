"""Evidence of a step, written in a real editor: small scripts."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from kbtui import open_library
from kbtui.tui.screens.ask import AskScreen
from kbtui.tui.screens.run import RunScreen
from tests.tui.articles import press, read
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text
from tests.tui.dialogs import notices, shown, until

SetEditor = Callable[[str], None]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetEditor:
    """Makes a shell script the editor; `$1` is the file. The driver of the tests lends its terminal."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(drafts))

    def set_editor(script: str) -> None:
        path = tmp_path / "an editor.sh"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("VISUAL", shlex.quote(str(path)))

    return set_editor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of one post with a checklist."""
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "release.md").write_text("# Release\n\n- [ ] Tag it\n- [ ] Tell Ben\n")
    return import_folder(tmp_path / "library", posts)


def evidence(folder: Path) -> list[str]:
    with open_library(folder) as library:
        (info,) = library.checklists.runs()
        (step, _) = library.checklists.run(info.id).steps
        return [library.checklists.evidence_text(info.id, piece.number) for piece in step.evidence]


def drafts(folder: Path) -> list[Path]:
    return list((folder.parent / "drafts").iterdir())


async def begin_run(pilot: Pilot[None]) -> RunScreen:
    await read(pilot, "release")
    await press(pilot, "c")
    screen = await shown(pilot, RunScreen)
    await at_rest(pilot)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_what_was_written_is_kept(folder: Path, editor: SetEditor, size: tuple[int, int]) -> None:
    editor("printf 'exit \\033[31mcode 0\\n' > \"$1\"")
    async with make_app(folder).run_test(size=size) as pilot:
        screen = await begin_run(pilot)
        await press(pilot, "e")
        assert evidence(folder) == ["exit \x1b[31mcode 0\n"]
        assert "exit ␛[31mcode 0" in screen.details.lines and screen.steps.shown[0].endswith("evidence")
        assert drafts(folder) == []


async def test_nothing_written_is_nothing_kept(folder: Path, editor: SetEditor) -> None:
    editor("true")
    async with make_app(folder).run_test() as pilot:
        await begin_run(pilot)
        await press(pilot, "e")
        assert notices(pilot)[-1] == "Nothing was written, so nothing was kept."
        editor('rm "$1"')
        await press(pilot, "e")
        assert (evidence(folder), drafts(folder)) == ([], [])


async def test_what_is_too_large_is_edited_again(folder: Path, editor: SetEditor) -> None:
    editor("head -c 1000001 /dev/zero | tr '\\0' x > \"$1\"")
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        await pilot.press("e")
        await shown(pilot, AskScreen)
        (draft,) = drafts(folder)
        told = shown_text(pilot, "#text")
        assert "larger than 1 MB" in told and str(draft) in told
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        editor('head -c 9 "$1" > "$1.short" && mv "$1.short" "$1"')
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen and evidence(folder) == ["x" * 9])
        await at_rest(pilot)
        assert drafts(folder) == []


async def test_a_text_that_cannot_be_kept_stays_in_its_file(folder: Path, editor: SetEditor) -> None:
    editor('printf precious > "$1"')
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        with open_library(folder) as library:
            library.checklists.abandon(screen.run_id, "by another")
        await pilot.press("e")
        await shown(pilot, AskScreen)
        (draft,) = drafts(folder)
        told = shown_text(pilot, "#text")
        assert "takes no change" in told
        assert f"kbtui check evidence 1 {draft} --run {screen.run_id}" in " ".join(told.split())
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert draft.read_text() == "precious"


async def test_an_editor_that_fails_is_told_of(folder: Path, editor: SetEditor) -> None:
    editor("exit 3")
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        await pilot.press("e")
        await shown(pilot, AskScreen)
        assert "exit code 3" in shown_text(pilot, "#text") and drafts(folder) == []
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert evidence(folder) == []
