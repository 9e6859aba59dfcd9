"""Flows through the finding in a page, and through its outline."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Label

from kbtui.tui.screens.search import SearchScreen
from tests.tui.articles import article, first_line, linked_library, press, read, shown, title
from tests.tui.conftest import make_app, type_text


def count(pilot: Pilot[None]) -> str:
    """What stands behind the text that is sought."""
    return str(article(pilot).query_one("#find-count", Label).content)


async def test_matches_are_marked_and_counted_while_one_types(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        await press(pilot, "j")
        before = first_line(pilot)
        await press(pilot, "slash")
        await type_text(pilot, "line 5")
        await press(pilot)
        assert count(pilot) == "1/22"
        await type_text(pilot, "9 of")
        assert count(pilot) == "1/2"
        assert "Line 59 of many" in shown(screen.page)
        await press(pilot, "down")
        assert count(pilot) == "2/2"
        await press(pilot, "up", "enter")
        assert count(pilot) == "1/2" and screen.page.has_focus
        await press(pilot, "n", "n", "N")
        assert count(pilot) == "2/2"
        await press(pilot, "escape")
        assert first_line(pilot) == before
        assert not screen.find_bar.display
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SearchScreen)


async def test_capitals_count_only_where_they_are_typed_and_another_page_ends_the_finding(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(200, 50)) as pilot:
        screen = await read(pilot, "glossary")
        await press(pilot, "slash", *"kafka")
        assert count(pilot) == "1/1"
        await press(pilot, "escape", "slash", *"Kafka")
        assert count(pilot) == "no match"
        assert screen.find_bar.has_class("-none")
        await press(pilot, "escape", "slash", *"kafka", "enter", "s", "g", "enter")
        assert title(pilot).startswith("Broker runbook")
        assert not screen.find_bar.display


async def test_escape_from_the_line_restores_the_place(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        before = first_line(pilot)
        await press(pilot, "n", "N", "slash", "enter", "n")
        assert first_line(pilot) == before, "nothing is sought"
        assert not screen.find_bar.display
        await press(pilot, "slash", *"sync")
        assert first_line(pilot) != before
        await press(pilot, "escape")
        assert first_line(pilot) == before
        assert screen.page.has_focus


async def test_the_outline_follows_the_reader_leads_and_is_hidden_by_a_second_press(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        assert screen.panes.outline.current == -1
        await press(pilot, "}", "}")
        assert screen.panes.outline.current == 1
        await press(pilot, "t", "j", "enter")
        assert first_line(pilot) == "In detail"
        assert screen.page.has_focus and screen.panes.outline.current == 2
        await pilot.click("#outline", offset=(4, 1))
        await press(pilot)
        assert first_line(pilot) == "Diagnosis"
        assert screen.panes.outline.current == 0
        await press(pilot, "t")
        assert screen.panes.outline.has_focus
        await press(pilot, "t")
        assert not screen.panes.outline.display and screen.page.has_focus
        await press(pilot, "t")
        assert screen.panes.outline.has_focus
        await press(pilot, "escape")
        assert screen.panes.outline.display and screen.page.has_focus


async def test_the_outline_of_a_narrow_screen_goes_when_it_has_led(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "broker-runbook")
        await press(pilot, "t")
        assert screen.panes.outline.display
        await press(pilot, "G", "enter")
        assert first_line(pilot) == "In detail"
        assert not screen.panes.outline.display
