"""How the search room says what was read and found: corrections, part matches, orders, facets, pasted text."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from kbtui.tui.widgets.results import MOST_ROWS, SOME_WORDS, HitOption
from tests.tui.conftest import at_rest, import_folder, make_app, room, shown_text, slugs


async def test_a_correction_is_told(library_folder: Path) -> None:
    async with make_app(library_folder, "maxmemroy ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert slugs(pilot) == ["redis-memory"]
        assert 'No page has "maxmemroy": showing "maxmemory".' in shown_text(pilot, "#notice")
        room(pilot).query_line.value = "redis"
        await at_rest(pilot)
        assert shown_text(pilot, "#notice") == ""


async def test_odd_syntax_is_told_and_markup_in_it_is_text(library_folder: Path) -> None:
    async with make_app(library_folder, "tooll:[bold]redis ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert "There is no field tooll:" in shown_text(pilot, "#notice")


async def test_the_notice_never_takes_more_than_a_line(library_folder: Path) -> None:
    text = "tooll:redis statuss:draft maxmemroy refusess writess "
    async with make_app(library_folder, text).run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        notice = pilot.app.screen.query_one("#notice")
        assert len(shown_text(pilot, "#notice")) > 80
        assert notice.size.height == 1
        assert "…" in notice.render_line(0).text


@pytest.fixture
def words_folder(tmp_path: Path) -> Path:
    """A library of posts of which two have three words and four have two of them."""
    source = tmp_path / "words"
    source.mkdir()
    for number, words in enumerate(("kafka quorum lag", "lag kafka quorum", *["kafka quorum"] * 2, *["kafka lag"] * 2)):
        (source / f"{number}.md").write_text(f"# Post {number}\n\n{words} here\n", encoding="utf-8")
    return import_folder(tmp_path / "library", source)


async def test_hits_with_some_of_the_words_stand_apart(words_folder: Path) -> None:
    async with make_app(words_folder, "kafka quorum lag ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        options = room(pilot).results.options
        partial = [option.hit.partial for option in options if isinstance(option, HitOption)]
        assert partial == [False, False, True, True, True, True]
        at = [n for n, option in enumerate(options) if not isinstance(option, HitOption)]
        assert at == [partial.index(True)]
        assert SOME_WORDS in shown_text(pilot, "#results")


async def test_the_cursor_steps_over_the_separator(words_folder: Path) -> None:
    async with make_app(words_folder, "kafka quorum lag ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        results = room(pilot).results
        seen = []
        for _ in range(len(results.hits)):
            seen.append(results.current)
            await pilot.press("down")
        assert seen == list(results.hits)
        assert results.current == results.hits[-1], "and it does not wrap"
        results.focus()
        for key in ("pageup", "pagedown", "pageup", "g", "G", "k"):
            await pilot.press(key)
            assert results.current is not None


async def test_another_order_has_no_separator(words_folder: Path) -> None:
    async with make_app(words_folder, "kafka quorum lag ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        room(pilot).results.focus()
        await pilot.press("o")
        await at_rest(pilot)
        assert len(slugs(pilot)) == 6
        assert SOME_WORDS not in shown_text(pilot, "#results")


async def test_without_complete_hits_the_separator_is_above_and_the_cursor_on_a_hit(library_folder: Path) -> None:
    async with make_app(library_folder, "maxmemory upstream ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        results = room(pilot).results
        assert not isinstance(results.options[0], HitOption)
        assert results.current == results.hits[0]
        results.focus()
        await pilot.press("pageup")
        assert results.current == results.hits[0]


async def test_the_order_goes_round_and_is_told(library_folder: Path) -> None:
    async with make_app(library_folder, "linux").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        first = slugs(pilot)
        await pilot.press("escape", "escape")
        room(pilot).query_line.value = "linux"
        await at_rest(pilot)
        told = []
        for _ in range(6):
            await pilot.press("o")
            await at_rest(pilot)
            told.append((shown_text(pilot, "#count").partition(" · ")[2], slugs(pilot)))
        orders = dict(told)
        assert list(orders) == ["reviewed", "updated", "views", "quality", "title", ""]
        assert orders["reviewed"] == ["nginx-502", "redis-memory", "restore"]
        assert orders["title"] == ["nginx-502", "redis-memory", "restore"]
        assert orders[""] == first


async def test_an_order_goes_on_page_by_page(tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(120):
        day = f"2026-{1 + number * 7 % 12:02}-{1 + number * 11 % 28:02}"
        text = f"---\nrevision: {{status: reviewed, last_reviewed: {day}}}\n---\n# Post {number:03}\n\nabout kafka\n"
        (source / f"post-{number:03}.md").write_text(text, encoding="utf-8")
    folder = import_folder(tmp_path / "library", source)
    async with make_app(folder, "kafka").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        room(pilot).results.focus()
        await pilot.press("o")
        await at_rest(pilot)
        for _ in range(3):
            await pilot.press("G")
            await at_rest(pilot)
        days = [hit.post.last_reviewed for hit in room(pilot).results.hits]
        assert len(set(slugs(pilot))) == 120
        assert None not in days
        assert days == sorted(days, key=str, reverse=True)


async def test_the_list_says_that_it_ends_before_the_hits_do(tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(MOST_ROWS + 10):
        (source / f"post-{number:03}.md").write_text(f"# Post {number:03}\n\nabout kafka\n", encoding="utf-8")
    folder = import_folder(tmp_path / "library", source)
    async with make_app(folder, "kafka").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        room(pilot).results.focus()
        for _ in range(6):
            await pilot.press("G")
            await at_rest(pilot)
        assert len(slugs(pilot)) == MOST_ROWS
        assert "the first 200 of 210" in shown_text(pilot, "#results").splitlines()[-1]
        assert room(pilot).results.current == room(pilot).results.hits[-1]
        await pilot.press("pagedown")
        assert room(pilot).results.current == room(pilot).results.hits[-1]


async def test_excluding_a_facet_leaves_its_posts_out_and_keeps_it_listed(library_folder: Path) -> None:
    async with make_app(library_folder, "linux ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        room(pilot).facets.focus()
        await pilot.press("g", "x")
        await at_rest(pilot)
        value = room(pilot).query_line.value
        assert "-tool:" in value
        assert len(slugs(pilot)) == 2
        excluded = [line for line in shown_text(pilot, "#facets").splitlines() if line.startswith("−")]
        assert len(excluded) == 1
        assert excluded[0].split()[1] in value
        await pilot.press("x")
        await at_rest(pilot)
        assert room(pilot).query_line.value.strip() == "linux"
        assert len(slugs(pilot)) == 3


async def test_other_values_of_a_chosen_facet_can_be_added(library_folder: Path) -> None:
    async with make_app(library_folder, "tool:curl ").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert slugs(pilot) == ["nginx-502"]
        lines = shown_text(pilot, "#facets").splitlines()
        assert any(line.startswith("●") and "curl" in line for line in lines)
        assert any(line.startswith("○") and "redis-cli" in line and line.split()[-1] == "1" for line in lines)


LOG = """\
Nov 01 10:00:01 web1 redis[811]: OOM command not allowed when used memory > 'maxmemory'.
Nov 01 10:00:02 web1 redis[811]: OOM command not allowed when used memory > 'maxmemory'.
"""


async def paste(pilot: Pilot[None], text: str) -> None:
    room(pilot).query_line.post_message(Paste(text))
    await at_rest(pilot)


async def test_a_pasted_log_is_looked_through(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await paste(pilot, LOG)
        assert slugs(pilot)[0] == "redis-memory"
        line = room(pilot).query_line.value
        assert "maxmemory" in line
        assert "allowed" not in line
        assert shown_text(pilot, "#notice").startswith("Looked for ")
        assert "from the pasted text." in shown_text(pilot, "#notice")
        before = slugs(pilot)
        room(pilot).ask_again()
        await at_rest(pilot)
        assert slugs(pilot) == before
        assert "from the pasted text." in shown_text(pilot, "#notice"), "asked anew it is the same question"
        await pilot.press("escape")
        await at_rest(pilot)
        assert len(slugs(pilot)) == 3
        assert shown_text(pilot, "#notice") == ""


async def test_a_pasted_title_finds_its_post_first(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await paste(pilot, "something\nRestore a backup\n")
        assert slugs(pilot)[0] == "restore"


@pytest.mark.parametrize("text", ["zzzz\nqqqq\n", "zzzz " * 1_000])
async def test_of_a_pasted_text_that_tells_nothing_the_text_is_searched(library_folder: Path, text: str) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await paste(pilot, text)
        assert room(pilot).query_line.value.startswith("zzzz ")
        assert slugs(pilot) == []
        assert "Nothing found" in shown_text(pilot, "#nothing")


async def test_one_pasted_line_is_put_in_as_it_is(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await paste(pilot, "  refuses   writes\n")
        assert room(pilot).query_line.value == "refuses writes"
        assert slugs(pilot)[0] == "redis-memory"


async def test_a_megabyte_of_pasted_text_is_answered(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await paste(pilot, LOG * 6_000)
        assert slugs(pilot)[0] == "redis-memory"
