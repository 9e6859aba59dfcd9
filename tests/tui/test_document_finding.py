"""Finding in a page: every match, drawn or not, marked where it is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from kbtui.markdown.tree import Block, Paragraph
from kbtui.tui.document.finding import Haystack, Match, Needle, word_pattern
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView
from tests.tui.reader import Reader, cells, inline, look, part_of, shown

SOME = (
    """# Restart nginx

Some text about *nginx* and `nginx -t`, see [the nginx docs](https://nginx.org).

| what | where |
|------|-------|
| logs of nginx | /var/log/nginx |

```bash
systemctl restart nginx
```

- Nginx in a list
"""
    + "\n\n".join(f"Paragraph {n}." for n in range(100))
    + "\n\nThe last nginx.\n"
)

TEXTS = st.lists(st.text("aAbB İ", max_size=12), min_size=1, max_size=12)


def found(app: Reader) -> tuple[int, int]:
    message = app.last(DocumentView.Found)
    assert isinstance(message, DocumentView.Found)
    return message.current, message.total


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.text("aAbB ", min_size=1, max_size=3))
def test_matches_are_those_of_each_piece(parts: list[list[str]], text: str) -> None:
    haystack, needle, expected = Haystack(), Needle(text), []
    pieces = [piece for part in parts for piece in part]
    for part in parts:
        haystack.add(prepare(tuple(Paragraph(inline(piece), 0) for piece in part)))
    for number, piece in enumerate(pieces):
        own = piece if text != text.lower() else piece.replace("İ", "I").lower()
        at = own.find(text)
        while at >= 0:
            expected.append(Match(number, at, at + len(text)))
            at = own.find(text, at + len(text))
    assert haystack.count(needle) == len(expected)
    assert [haystack.rank(needle, match) for match in expected] == list(range(1, len(expected) + 1))
    forward, backward = [], []
    match = haystack.after(needle, 0, 0)
    while match is not None:
        forward.append(match)
        match = haystack.after(needle, match.piece, match.end)
    match = haystack.before(needle, len(pieces) - 1, len(pieces[-1]))
    while match is not None:
        backward.append(match)
        match = haystack.before(needle, match.piece, match.start)
    assert forward == expected
    assert backward[::-1] == expected


async def test_find_counts_marks_and_steps() -> None:
    app = Reader()
    async with app.run_test(size=(80, 30)) as pilot:
        app.page.show(part_of(SOME))
        assert app.page.find("nginx") == 10
        await pilot.pause()
        assert found(app) == (1, 10)
        assert cells(app.page, look(app.page, "match-current")) == ["nginx"]
        marked = "".join(cells(app.page, look(app.page, "match")))
        assert marked.lower() == "nginx" * 8, "in the heading, in code, in the table, in links and addresses"
        app.page.next_match()
        await pilot.pause()
        assert found(app) == (2, 10)
        app.page.next_match(-1)
        app.page.next_match(-1)
        await pilot.pause()
        assert found(app) == (10, 10)
        assert "The last nginx." in "\n".join(shown(app.page))
        app.page.next_match()
        await pilot.pause()
        assert found(app) == (1, 10)
        assert "Restart" in "\n".join(shown(app.page))


async def test_capitals_count_where_one_is_typed() -> None:
    app = Reader()
    async with app.run_test(size=(80, 30)):
        app.page.show(part_of("Nginx and nginx and NGINX"))
        assert [app.page.find(text) for text in ("nginx", "Nginx", "NGINX", "nGinx")] == [3, 1, 1, 0]


async def test_escaping_goes_back_to_where_it_began() -> None:
    app = Reader()
    async with app.run_test(size=(80, 10)) as pilot:
        app.page.show(part_of(SOME), 0.3)
        before = shown(app.page)
        for text in ("l", "la", "las", "last"):
            app.page.find(text)
        assert "The last nginx." in "\n".join(shown(app.page))
        assert app.page.find("last x") == 0
        assert shown(app.page) == before, "without a match"
        app.page.find("last")
        app.page.clear_find()
        assert shown(app.page) == before
        assert not cells(app.page, look(app.page, "match-current"))
        app.page.find("last")
        app.page.clear_find(restore=False)
        await pilot.pause()
        assert "The last nginx." in "\n".join(shown(app.page))


async def test_a_match_that_is_wrapped_is_marked_on_both_lines() -> None:
    app = Reader()
    async with app.run_test(size=(30, 10)):
        app.page.show(part_of("word word word statement timeout word"))
        assert app.page.find("statement timeout") == 1
        marked = cells(app.page, look(app.page, "match-current"))
        assert marked == ["statement", "timeout"]


async def test_a_match_at_the_hidden_end_of_a_line_is_brought_into_sight() -> None:
    wide = "|" + " column |" * 12 + "\n|" + "---|" * 12 + "\n|"
    wide += " ".join(f"supercalifragilistic{n} |" for n in range(12))
    app = Reader()
    async with app.run_test(size=(60, 20)):
        app.page.show(part_of(f"```\n{'x' * 300} needle {'y' * 300}\n```\n\n{wide}"))
        assert app.page.find("needle") == 1
        assert cells(app.page, look(app.page, "match-current")) == ["needle"]
        assert app.page.find("listic11") == 1
        assert cells(app.page, look(app.page, "match-current")) == ["listic11"]


async def test_matches_in_parts_that_arrive_later_are_counted() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of("nothing yet"))
        assert app.page.find("nginx") == 0
        app.page.extend(part_of("here is nginx\n\nand nginx"))
        await pilot.pause()
        assert found(app) == (1, 2)


async def test_words_of_a_search_are_marked_whole_and_the_best_block_is_gone_to() -> None:
    text = "\n\n".join(["The redis server."] * 60 + ["- Redis refuses memory\n- maxmemory of redis"] + ["memory"] * 60)
    app = Reader()
    async with app.run_test(size=(60, 20)):
        app.page.show(part_of(text))
        app.page.mark(["redis", "memory"])
        assert app.page.go_to_best(["redis", "memory", "nothing"])
        assert "Redis refuses memory" in "\n".join(shown(app.page))
        marked = {word.lower() for word in cells(app.page, lambda style: bool(style.underline))}
        assert marked == {"redis", "memory"}, "and not a part of maxmemory"
        assert not app.page.go_to_best(["nothing"])


@pytest.mark.parametrize("moves", [False, True])
async def test_a_better_block_that_arrives_later_is_gone_to_unless_the_reader_moved(moves: bool) -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show(part_of("\n\n".join(["only redis"] * 60)))
        app.page.focus()
        app.page.go_to_best(["redis", "memory"])
        await _move(pilot, moves)
        before = shown(app.page)
        app.page.extend(part_of("\n\n".join(["words"] * 60 + ["redis and memory"])))
        assert ("redis and memory" in "\n".join(shown(app.page))) is not moves
        assert (shown(app.page) == before) is moves


async def _move(pilot: Pilot[None], moves: bool) -> None:
    if moves:
        await pilot.press("space")


def test_words_with_signs_are_words() -> None:
    pattern = word_pattern(["/etc/nginx", "c++", "Redis", " "])
    assert pattern is not None
    text = "x/etc/nginx /etc/nginxx c++ redis predis"
    assert pattern.findall(text) == ["/etc/nginx", "c++", "redis"]
    assert word_pattern([]) is None


def test_the_best_block_is_the_first_of_equals() -> None:
    blocks: tuple[Block, ...] = tuple(Paragraph(inline(text), n) for n, text in enumerate(("x", "a", "a b", "b a")))
    haystack = Haystack()
    haystack.add(prepare(blocks))
    assert haystack.best(["a", "b", "zz"]) == (2, Match(2, 0, 1))
