"""Scrolling through a document: any length, any width, what stands at the top stays there."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.theme import BUILTIN_THEMES

from kbtui.markdown import read_page, read_pieces
from kbtui.tui.document.document import Document
from kbtui.tui.document.layout import BELOW_END, KEPT_LINES, Layout, Place
from kbtui.tui.document.looks import NAMES
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView
from tests.tui.conftest import at_rest
from tests.tui.reader import BLOCKS, Reader, look, part_of, plain_pen, shown
from tests.tui.reader import cells as cells_of

SECTIONS = "\n\n".join(
    f"## Section {n}\n\nParagraph {n} of words that are so many that they are wrapped on a narrow screen.\n\n"
    f"- item {n}\n- another\n\n```sh\necho {n}\n```"
    for n in range(60)
)
BIG = "\n\n".join(f"## Section {n}\n\n" + "words and more words " * 40 for n in range(1200))


def first_line(page: DocumentView) -> str:
    return next(line for line in shown(page) if line.strip()).strip()


async def test_html_and_placeholders_stay() -> None:
    app = Reader()
    async with app.run_test(size=(120, 10)):
        app.page.show(part_of("Use `ssh user@<host>` or &lt;x&gt; list[int] [TODO] :warning: {{name}} [/red]"))
        line = shown(app.page)[0]
    for piece in ("ssh user@<host>", "<x>", "list[int]", "[TODO]", ":warning:", "{{name}}", "[/red]"):
        assert piece in line


async def test_a_megabyte_opens_pages_and_ends() -> None:
    assert len(BIG) > 1_000_000
    app = Reader()
    async with app.run_test(size=(100, 30)) as pilot:
        app.page.show(part_of(BIG))
        app.page.focus()
        assert "Section 0" in shown(app.page)[0]
        await pilot.press("space")
        assert "Section 0" not in "\n".join(shown(app.page))
        await pilot.press("G")
        assert "words" in shown(app.page)[29 - BELOW_END]
        assert shown(app.page)[29] == ""
        assert app.page.position > 0.99
        assert app.page.max_scroll_y == app.page.scroll_y
        await pilot.press("g")
        assert "Section 0" in shown(app.page)[0]


async def test_every_line_is_passed_once_by_paging() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of(SECTIONS))
        app.page.focus()
        lines: list[str] = []
        while "Section 59" not in "\n".join(lines[-20:]) and len(lines) < 2000:
            lines += shown(app.page)
            await pilot.press("space")
        sections = [line.split()[-1] for line in lines if line.strip().startswith("Section")]
        assert sections == [str(number) for number in range(len(sections))]
        assert len(sections) >= 58
        await pilot.press("pageup", "k", "j", "ctrl+d", "ctrl+u", "down")
        assert app.page.position > 0.9


async def test_an_empty_page_and_a_next_one() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(prepare(()))
        app.page.focus()
        await pilot.press("G", "g", "ctrl+d", "}", "{", "]", "[", "L", "H", "enter", ">", "<", "W", "space")
        assert (app.page.find("x"), app.page.position, app.page.current_code) == (0, 0.0, None)
        assert not app.page.go_to_best(["x"])
        app.page.clear_find()
        app.page.show(part_of("one"))
        assert "one" in shown(app.page)[0]


@pytest.mark.parametrize("width", [40, 80, 200])
async def test_resizing_keeps_the_text_at_the_top(width: int) -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of(SECTIONS))
        app.page.focus()
        for _ in range(9):
            await pilot.press("space")
        before = first_line(app.page)
        await pilot.resize_terminal(width, 30)
        await at_rest(pilot)
        first_words = before.split()[:2]
        assert " ".join(first_words) in " ".join(shown(app.page)[:2])
        await pilot.resize_terminal(60, 20)
        await at_rest(pilot)
        assert before in "\n".join(shown(app.page)[:3])


@pytest.mark.parametrize("pages", [0, 1, 7, 30, 500])
async def test_a_position_is_found_again_at_any_width(pages: int) -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of(SECTIONS))
        app.page.focus()
        for _ in range(min(pages, 40)):
            await pilot.press("space")
        position, before = app.page.position, shown(app.page)
        app.page.show(part_of("another page"))
        app.page.show(part_of(SECTIONS), position)
        assert shown(app.page) == before
        assert app.page.position == position
    other = Reader()
    async with other.run_test(size=(110, 20)):
        other.page.show(part_of(SECTIONS), position)
        section = next(line for line in before if "Section" in line)
        assert section.strip() in "\n".join(shown(other.page))


async def test_a_page_that_arrives_in_parts() -> None:
    parts = [prepare(blocks) for blocks in read_pieces(SECTIONS, first=500, rest=1500)]
    assert len(parts) > 4
    whole, app = Reader(), Reader()
    async with whole.run_test(size=(60, 20)):
        whole.page.show(part_of(SECTIONS), 0.7)
        wanted, outline = shown(whole.page), whole.page.outline
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(parts[0], 0.7, lines=SECTIONS.count("\n") + 1)
        assert app.page.position == 0.7, "also before that piece is there"
        for part in parts[1:]:
            app.page.extend(part)
        await pilot.pause()
        assert shown(app.page) == wanted
        assert app.page.outline == outline


async def test_who_scrolls_while_a_page_arrives_stays_where_they_are() -> None:
    parts = [prepare(blocks) for blocks in read_pieces(SECTIONS, first=3000, rest=1500)]
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(parts[0], 0.9, lines=SECTIONS.count("\n") + 1)
        app.page.focus()
        await pilot.press("space")
        before = shown(app.page)
        for part in parts[1:]:
            app.page.extend(part)
        await pilot.pause(0.2)
        assert shown(app.page) == before


async def test_measuring_what_is_above_moves_nothing() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of("\n\n".join([f"{'x' * 30} {'y' * 30} {'z' * 30}"] * 5000)), 0.5)
        before, total = shown(app.page), app.page.virtual_size.height
        for _ in range(200):
            await pilot.pause(0.05)
            assert shown(app.page) == before
            if app.page.virtual_size.height != total:
                break
        assert app.page.virtual_size.height != total


async def test_the_wheel_and_the_scroll_bar_reach_the_end() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of(SECTIONS))
        await pilot._post_mouse_events([_wheel()], offset=(5, 5))
        await pilot.pause(0.3)
        assert app.page.scroll_y > 0
        app.page.scroll_to(y=app.page.max_scroll_y, animate=False)
        await pilot.pause(0.3)
        assert "echo 59" in "\n".join(shown(app.page))


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_every_theme_has_its_colours() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of("## Heading\n\n`code`"))
        seen = set()
        for theme in ("textual-dark", "textual-light", "nord", "ansi-dark"):
            app.theme = theme
            await pilot.pause(0.1)
            assert cells_of(app.page, look(app.page, "h2")) == ["Heading"]
            seen.add(str(app.page.get_component_rich_style("document--h2").color))
        assert len(seen) > 2


@pytest.mark.parametrize("theme", sorted(BUILTIN_THEMES))
async def test_in_no_theme_is_text_of_the_colour_of_its_ground(theme: str) -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.theme = theme
        await pilot.pause()
        for name in NAMES:
            style = app.page.get_component_rich_style(f"document--{name}")
            assert style.color is not None
            assert style.color.is_default or style.color != style.bgcolor, name


def test_what_is_far_from_sight_is_forgotten() -> None:
    document = Document()
    document.add(part_of(BIG))
    layout = Layout(document, plain_pen(60))
    place = Place()
    for _ in range(400):
        assert len(layout.lines(place, 40)) == 40
        place = layout.moved(place, 40)
    assert layout.kept_lines <= KEPT_LINES + 100


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(BLOCKS, st.integers(10, 120), st.integers(1, 40), st.data())
def test_places_and_lines_agree(blocks: tuple[object, ...], width: int, screen: int, data: st.DataObject) -> None:
    document = Document()
    document.add(prepare(blocks))  # type: ignore[arg-type]
    layout = Layout(document, plain_pen(width))
    while layout.measure(1):
        pass
    lines = [line for piece in range(len(document.pieces)) for line in layout.drawn(piece).lines]
    assert layout.total == len(lines) + BELOW_END
    if lines:
        at = data.draw(st.integers(0, len(lines) - 1))
        place = layout.place_at(at)
        assert layout.top(place) == at
        assert [line for _, line in layout.lines(place, screen)] == lines[at : at + screen]
        other = data.draw(st.integers(0, len(lines) - 1))
        assert layout.top(layout.moved(place, other - at)) == other
        position = document.position_of(place.piece, place.line / layout.height(place.piece))
        piece, part = document.place_of(position)
        assert Place(piece, round(part * layout.height(piece))) == place
        assert layout.top(layout.last(screen)) == max(0, len(lines) + BELOW_END - max(screen, BELOW_END + 1))


async def test_the_widget_does_not_need_to_be_seen() -> None:
    app: App[None] = App()
    async with app.run_test():
        page = DocumentView()
        page.display = False
        await app.mount(page)
        page.show(prepare(read_page(SECTIONS).blocks), 0.4)
        assert page.position == 0.4
        assert page.find("Paragraph 5") == 11
