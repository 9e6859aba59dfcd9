"""How pieces of a page are drawn: every width, nothing lost, nothing that a terminal would obey."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from kbtui.core.text import is_line_safe
from kbtui.markdown import read_page
from kbtui.markdown.tree import Block, Code, Heading, Item, Link, LinkKind, ListBlock, Mark, Paragraph, Run, Table
from kbtui.tui.document.canvas import Pen
from kbtui.tui.document.drawing import MARGIN, draw, height
from kbtui.tui.document.heights import Heights
from kbtui.tui.document.painting import place_at
from kbtui.tui.document.pieces import CodeLines, Part, Prose, TableRows, fold, without_title
from kbtui.tui.document.preparing import LONGEST_CODE, LONGEST_TABLE, prepare
from kbtui.tui.document.wrapping import is_plain, window, wrap
from tests.corpora import CORPORA
from tests.tui.reader import BLOCKS, LETTERS, LONG, inline, part_of, plain_pen

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def lines_of(blocks: tuple[Block, ...], width: int, *, is_wrapped: bool = False) -> list[str]:
    pen = plain_pen(width, is_wrapped=is_wrapped)
    return [line.strip.text.rstrip() for piece in prepare(blocks).pieces for line in draw(piece, pen).lines]


def drawn(text: str, width: int = 76, *, is_wrapped: bool = False) -> str:
    return "\n".join(lines_of(read_page(text).blocks, width, is_wrapped=is_wrapped))


@given(LETTERS | LONG, st.integers(1, 90))
def test_wrapping_loses_only_spaces_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(text[start:end] for start, end in lines).replace(" ", "") == re.sub("[ \n]", "", text)
    assert all(first[1] <= second[0] for first, second in pairwise(lines))
    for start, end in lines:
        assert "\n" not in text[start:end]
        assert cell_len(text[start:end]) <= max(2, width)


@given(st.text("ab ", max_size=60), st.integers(1, 20))
def test_plain_and_other_text_is_broken_alike(text: str, width: int) -> None:
    # A letter with an accent of its own is no plain text, and as wide as one.
    accented = text.replace("a", "e\u0301")
    plain = ["".join(text[start:end]).replace("a", "e\u0301") for start, end in wrap(text, width)]
    assert [accented[start:end] for start, end in wrap(accented, width)] == plain


def test_what_counts_as_plain_takes_one_cell() -> None:
    plain = [chr(code) for code in range(32, 0x3000) if is_plain(chr(code))]
    assert len(plain) > 500
    assert {get_character_cell_size(character) for character in plain} == {1}


@given(LETTERS, st.integers(0, 40), st.integers(2, 40))
def test_a_window_is_no_wider_than_asked_for(text: str, shift: int, width: int) -> None:
    line = text.replace("\n", " ")
    start, end = window(line, 0, len(line), shift, width)
    assert 0 <= start <= end <= len(line)
    assert cell_len(line[start:end]) <= width
    assert shift or start == 0


def test_small_letters_stand_where_the_letters_do() -> None:
    everything = "".join(map(chr, range(0x110000)))
    assert len(fold(everything)) == len(everything)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=700), st.data())
def test_heights_are_sums(heights: list[int], data: st.DataObject) -> None:
    sums = Heights()
    cut = data.draw(st.integers(0, len(heights)))
    sums.extend(heights[:cut])
    sums.extend(heights[cut:])
    changed = data.draw(st.integers(0, len(heights) - 1))
    heights[changed] = sums[changed] = 17
    piece = data.draw(st.integers(0, len(heights) - 1))
    assert sums.total == sum(heights)
    assert sums.top(piece) == sum(heights[:piece])
    assert sums.find(sums.top(piece) + heights[piece] - 1) == (piece, heights[piece] - 1)
    assert sums.find(sums.total + 5) == (len(heights) - 1, heights[-1] - 1)


@SLOW
@given(BLOCKS, st.integers(10, 130), st.booleans(), st.integers(0, 60))
def test_any_tree_is_drawn_whole(blocks: tuple[Block, ...], width: int, wrapped: bool, shift: int) -> None:
    part = prepare(blocks)
    assert all(before.line < after.line for before, after in pairwise(part.pieces)), "as in the source"
    _is_as_wide_as_the_page_and_as_high_as_measured(part, plain_pen(width, is_wrapped=wrapped, shift=shift))
    _loses_nothing(part, plain_pen(max(30, width), is_wrapped=True))


def _is_as_wide_as_the_page_and_as_high_as_measured(part: Part, pen: Pen) -> None:
    for piece in part.pieces:
        lines = draw(piece, pen).lines
        assert len(lines) == height(piece, pen)
        for line in lines:
            assert (
                line.strip.cell_length
                == sum(cell_len(segment.text) for segment in line.strip)
                == pen.width + 2 * MARGIN
            )
            # The edge of what is seen may part joined emoji; the app's line filter puts a dot there.
            assert is_line_safe(line.strip.text.replace("\u200d", ""))


def _loses_nothing(part: Part, pen: Pen) -> None:
    for piece, start in zip(part.pieces, part.starts, strict=True):
        result = draw(piece, pen)
        assert part.text.startswith(result.text + "\n", start)
        if result.hidden:
            continue
        seen: set[int] = set()
        for line in result.lines:
            for x, first, last in line.spans:
                # The text is where the line says that it is.
                assert line.strip.crop(x, x + cell_len(result.text[first:last])).text == result.text[first:last]
                assert first == last or place_at(line, result.text, x) == first
                seen.update(range(first, last))
        missing = {character for at, character in enumerate(result.text) if at not in seen}
        assert missing <= set(" \n\t")


def test_outside_links_and_pictures_show_where_they_lead() -> None:
    text = drawn("[docs](https://example.com/a), <https://example.com/b>, ![A chart](img/chart.png)", 100)
    assert "docs (https://example.com/a)" in text
    assert text.count("https://example.com/b") == 1
    assert "▣ A chart (img/chart.png)" in text
    assert drawn("[other](other.md)").strip() == "other"
    long = drawn(f"[graph](https://grafana.example.com/d/{'x' * 90}) ![](very/{'long/' * 20}way/to/a/picture.png)", 120)
    assert "graph (https://grafana.example.com/…)" in long
    assert "way/to/a/picture.png)" in long


def test_small_letters_of_chemistry_and_powers() -> None:
    runs = (Run("H"), Run("2", Mark.SUB), Run("O, 10"), Run("-6", Mark.SUPER), Run(", m"), Run("th", Mark.SUPER))
    assert lines_of((Paragraph(runs, 0),), 40)[0].strip() == "H₂O, 10⁻⁶, m^th"


def test_lists_have_bullets_numbers_and_boxes() -> None:
    text = drawn("- one\n  - two\n    - three\n- [ ] open\n- [x] done\n\n9. nine\n10. ten\n\n    more of ten")
    assert [line[2:] for line in text.splitlines()] == [
        *("• one", "  ◦ two", "    ▪ three", "☐ open", "☑ done"),
        *("", " 9. nine", "", "10. ten", "", "    more of ten"),
    ]


def test_quotes_and_callouts_have_bars_through_their_empty_lines() -> None:
    text = drawn("> one\n>\n> two\n\n> [!WARNING] Take care\n> Of this.\n\n> [!NOTE]\n> That.")
    assert [line[2:] for line in text.splitlines()] == [
        *("▌ one", "▌", "▌ two", ""),
        *("▌ Warning: Take care", "▌ Of this.", ""),
        *("▌ Note", "▌ That."),
    ]


def test_a_deep_tree_leaves_room_for_its_text() -> None:
    block: Block = Paragraph(inline("the innermost text"), 0)
    for _ in range(50):
        block = ListBlock((Item((block,), 0),), 0)
    lines = lines_of((block,), 20)
    assert [word for line in lines for word in line.split() if word.isalpha()] == ["the", "innermost", "text"]


def test_code_keeps_its_lines_and_says_where_they_go_on() -> None:
    long = "kubectl get pods --all-namespaces -o wide | grep -v Running"
    cut = drawn(f"```text\n{long}\nls\n```", 40).splitlines()
    assert len(cut) == 2
    assert cut[0].strip().endswith("›")
    assert cut[0].strip(" ▎›") == long[:35]
    wrapped = drawn(f"```text\n{long}\nls\n```", 40, is_wrapped=True)
    assert "".join(wrapped.replace("▎", "").split()) == "".join(long.split()) + "ls"


def test_code_moved_sideways_shows_its_end() -> None:
    part = prepare((Code("a" * 60 + "END\nshort", "", 0),))
    first, second = draw(part.pieces[0], plain_pen(40, shift=1000)).lines
    assert first.strip.text.strip().removeprefix("▎").strip().startswith("‹")
    assert first.strip.text.strip().endswith("END")
    assert second.strip.text.strip(" ▎") == "‹"


def test_a_code_block_names_its_language() -> None:
    assert drawn("```python\nx = 1\n```").splitlines()[0].endswith(" python")
    assert "python" not in drawn(f"```python\n{'x' * 200}\n```")


def test_a_table_fits_by_wrapping_or_is_cut() -> None:
    text = drawn("| a | b |\n|---|--:|\n| one | " + "many words " * 12 + "|\n| two | 2 |", 40)
    lines = text.splitlines()
    assert all(len(line) <= 42 for line in lines)
    assert lines[1].strip().startswith("────┼──")
    assert lines[-1].strip() == "two │" + " " * 34 + "2"
    wide = drawn("|" + " column |" * 12 + "\n|" + "---|" * 12 + "\n|" + " supercalifragilistic |" * 12, 40)
    assert all(line.rstrip().endswith("›") for line in wide.splitlines())


def test_long_blocks_are_drawn_in_pieces() -> None:
    code = prepare((Code("\n".join(f"line {n}" for n in range(250)), "bash", 0, 252),))
    leaves = [piece.leaf for piece in code.pieces]
    assert [leaf.text.count("\n") + 1 for leaf in leaves if isinstance(leaf, CodeLines)] == [LONGEST_CODE] * 6 + [10]
    assert [(code.first, code.end) for code in code.codes] == [(0, 7)]
    table = prepare((Table((inline("a"),), tuple((inline(str(n)),) for n in range(50)), ("left",), 0),))
    rows = [piece.leaf for piece in table.pieces]
    assert [len(leaf.rows) for leaf in rows if isinstance(leaf, TableRows)] == [1, LONGEST_TABLE, LONGEST_TABLE, 10]
    assert sum(piece.gap_lines for piece in (*code.pieces, *table.pieces)) == 0


@pytest.mark.parametrize("text", ["word " * 100_000, "x" * 500_000, "漢" * 200_000])
def test_one_endless_paragraph_is_cut(text: str) -> None:
    pieces = prepare((Paragraph((Run(text[:10]), Run(text[10:], Mark.STRONG)), 0),)).pieces
    assert max(len(piece.leaf.text) for piece in pieces) < 10_000
    assert "".join(piece.leaf.text for piece in pieces) == text


def test_one_endless_line_of_code_is_cut() -> None:
    pieces = prepare((Code("x" * 500_000, "json", 0),)).pieces
    assert max(len(piece.leaf.text) for piece in pieces) < 5_000
    assert sum(piece.leaf.text.count("x") for piece in pieces) == 500_000


def test_headings_and_links_are_counted_wherever_they_stand() -> None:
    part = part_of("# One\n\n> ## *Two* `x`\n\n- [a](a.md)\n\n| [b](b.md) |\n|---|\n| [c](c.md) |")
    assert [(entry.level, entry.text) for entry in part.outline] == [(1, "One"), (2, "Two x")]
    assert isinstance(part.pieces[part.outline[1].piece].leaf, Prose)
    links = [link for number in part.links for _, _, link in part.pieces[number].links()]
    assert links == [Link(f"{name}.md", LinkKind.FILE) for name in "abc"]


def test_a_first_heading_that_repeats_the_title_goes() -> None:
    blocks = read_page("# The *title*\n\ntext").blocks
    assert len(without_title(blocks, "The title")) == 1
    assert len(without_title(blocks, "Another")) == 2
    assert without_title((), "x") == ()
    assert without_title((Heading(2, inline("x"), "x", 0),), "x") != ()


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
@pytest.mark.parametrize("width", [80, 120, 200])
def test_real_pages_are_drawn_whole(width: int) -> None:
    files = sorted(CORPORA.glob("*/**/*.md"))[::150]
    pen = plain_pen(width - 2 * MARGIN, is_wrapped=True)
    for file in files:
        part = prepare(read_page(file.read_text(encoding="utf-8", errors="replace")).blocks)
        for piece in part.pieces:
            result = draw(piece, pen)
            assert len(result.lines) == height(piece, pen), file
            assert all(is_line_safe(line.strip.text) and line.strip.cell_length == width for line in result.lines), file
            if not result.hidden:
                seen = "".join(result.text[start:end] for line in result.lines for _, start, end in line.spans)
                assert sorted("".join(seen.split())) == sorted("".join(result.text.split())), file
