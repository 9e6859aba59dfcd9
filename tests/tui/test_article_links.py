"""Flows from post to post: links, the way back and forward, addresses outside the library."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kbtui.markdown.tree import Link, LinkKind
from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.address import AddressScreen
from kbtui.tui.screens.search import SearchScreen
from tests.tui.articles import article, first_line, linked_library, press, read, shown, title, told
from tests.tui.conftest import at_rest, make_app, shown_text


async def follow(pilot: Pilot[None], text: str) -> None:
    """Step to the link with this text and follow it."""
    page = article(pilot).page
    for _ in range(30):
        await press(pilot, "L")
        chosen = page.get_component_rich_style("document--link-chosen")
        strips = page.render_lines(page.size.region)
        if any(s.text == text and s.style and s.style.bgcolor == chosen.bgcolor for strip in strips for s in strip):
            await press(pilot, "enter")
            return
    raise AssertionError(f"no link {text!r}")


def dead(view: DocumentView) -> set[str]:
    """The texts that are drawn as links which lead nowhere."""
    strips = view.render_lines(view.size.region)
    return {s.text for strip in strips for s in strip if s.style and s.style.strike}


async def test_a_path_leads_to_its_post_and_heading_and_back(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        await press(pilot, "j")
        before = first_line(pilot)
        await follow(pilot, "setup")
        assert article(pilot) is screen
        assert title(pilot).startswith("Setup")
        assert "← 1" in title(pilot)
        assert first_line(pilot) == "The second step"
        await press(pilot, "h")
        assert title(pilot).startswith("Broker runbook")
        assert "→ 1" in title(pilot) and "←" not in title(pilot)
        assert first_line(pilot) == before
        await press(pilot, "l")
        assert first_line(pilot) == "The second step"
        await press(pilot, "alt+left", "alt+right")
        assert title(pilot).startswith("Setup")


async def test_a_name_and_an_alias_lead_to_their_posts(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        await follow(pilot, "Glossary")
        assert title(pilot).startswith("Glossary")
        await press(pilot, "backspace")
        await follow(pilot, "setup")
        await press(pilot, "g")
        await follow(pilot, "runbook")
        assert title(pilot).startswith("Broker runbook")
        assert "← 2" in title(pilot)


async def test_back_from_the_first_page_leaves_and_escape_leaves_from_any(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        await follow(pilot, "Glossary")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SearchScreen)
        await read(pilot, "broker-runbook")
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, SearchScreen)


async def test_places_of_the_same_page(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        before = first_line(pilot)
        await follow(pilot, "below")
        assert first_line(pilot) == "Verify"
        await press(pilot, "h")
        assert first_line(pilot) == before
        await follow(pilot, "nowhere")
        assert "no heading “nowhere”" in told(pilot)[-1]
        assert first_line(pilot) == before


async def test_a_heading_of_a_part_that_is_yet_to_come_is_gone_to(tmp_path: Path) -> None:
    long = "# Long\n\n" + "\n\n".join(f"## Part {n}\n\nWords of part {n}, and more of them." for n in range(2500))
    posts = {"long.md": long, "start.md": "# Start\n\n[end](long.md#part-2400)\n"}
    async with make_app(linked_library(tmp_path, posts)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "start")
        await follow(pilot, "end")
        assert first_line(pilot) == "Part 2400"


async def test_dead_links_are_marked_and_say_so(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        assert dead(screen.page) == {"nothing", "Nobody knows this", "nowhere"}
        await follow(pilot, "nothing")
        assert told(pilot)[-1] == "There is no post “gone.md” in this library."
        assert title(pilot).startswith("Broker runbook")


async def test_a_post_that_comes_later_can_be_reached_by_a_link_that_was_dead(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        (tmp_path / "posts" / "gone.md").write_text("# It came back\n\nYes.\n", encoding="utf-8")
        linked_library(tmp_path, {})
        await follow(pilot, "nothing")
        assert title(pilot).startswith("It came back")


# Outside


class Browser:
    """Takes every address."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, address: str) -> bool:
        self.opened.append(address)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """In the place of the browser of this machine."""
    browser = Browser()
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", browser.open)
    return browser


async def test_an_address_is_shown_in_full_copied_and_opened_only_by_a_key(tmp_path: Path, browser: Browser) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(80, 24)) as pilot:
        await read(pilot, "broker-runbook")
        await follow(pilot, "web")
        assert shown_text(pilot, "#address") == "https://example.org/a?b=c"
        await press(pilot, "y")
        assert pilot.app.clipboard == "https://example.org/a?b=c"
        assert title(pilot).startswith("Broker runbook")
        await press(pilot, "enter")
        assert shown_text(pilot, "#address") == "https://example.org/a?b=c"
        assert browser.opened == []
        await press(pilot, "o")
        assert browser.opened == ["https://example.org/a?b=c"]
        assert title(pilot).startswith("Broker runbook")


UNSAFE = ("file:///etc/passwd", "javascript:alert(1)", "vscode://x", "https://a@evil.example")


async def test_what_is_not_safe_is_not_opened_and_a_picture_is_its_caption_and_address(
    tmp_path: Path, browser: Browser
) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        for address in UNSAFE:
            screen.page.post_message(DocumentView.LinkFollowed(Link(address, LinkKind.OUTSIDE), "harmless"))
            await at_rest(pilot)
            assert isinstance(pilot.app.screen, AddressScreen)
            await press(pilot, "o")
            assert browser.opened == []
            objection = shown_text(pilot, "#objection")
            assert "not opened" in objection or "Only web" in objection, address
            await press(pilot, "escape")
        assert article(pilot) is screen
        assert "a picture" in shown(screen.page)
        screen.page.post_message(DocumentView.LinkFollowed(Link("b.png", LinkKind.FILE, is_embed=True), "a picture"))
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, AddressScreen)
        assert shown_text(pilot, "#address") == "b.png"
        assert "a picture" in shown_text(pilot, "#box Static")
