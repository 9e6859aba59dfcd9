"""The reader's widget: a page of any length, with its outline, its links and its code blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.selection import Selection

from kbtui.markdown.tree import Code, Link
from kbtui.tui.document.finder import DocumentFinder
from kbtui.tui.document.keys import KEYS
from kbtui.tui.document.layout import Place
from kbtui.tui.document.looks import CSS, NAMES, PREFIX
from kbtui.tui.document.painting import Paint, place_at
from kbtui.tui.document.pieces import OutlineEntry, Part

SIDE_STEP = 10
"""Cells that wide code is moved by one key."""
CONTEXT_LINES = 2
"""Lines above a code block that is brought into sight."""


@dataclass(frozen=True, slots=True)
class _LinkPlace:
    piece: int
    start: int
    end: int
    link: Link


class DocumentView(DocumentFinder):
    """A Markdown page on virtual lines. What it shows comes from `prepare`."""

    DEFAULT_CSS = CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = {PREFIX + name for name in NAMES}
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    @dataclass
    class Scrolled(Message):
        """Another part of the page is seen."""

        position: float

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, DocumentView.Scrolled)

    @dataclass
    class SectionChanged(Message):
        """The top of the page is in another section: its number in the outline, -1 before the first heading."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, DocumentView.SectionChanged)

    @dataclass
    class CodeChosen(Message):
        """A code block was chosen."""

        code: Code

    @dataclass
    class LinkChosen(Message):
        """A link was stepped to."""

        link: Link
        text: str

    @dataclass
    class LinkFollowed(Message):
        """A link is to be followed."""

        link: Link
        text: str

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._styled_by: object = None
        self._told: Place | None = None
        self._section = -1
        self._code: int | None = None
        self._link: _LinkPlace | None = None
        self._hovered: _LinkPlace | None = None

    def show(self, part: Part, position: float = 0.0, lines: int = 0) -> None:
        self._told, self._section = None, -1
        self._code = self._link = self._hovered = None
        self._pen = replace(self._pen, shift=0, chosen=None)
        super().show(part, position, lines)

    # Outline

    @property
    def outline(self) -> Sequence[OutlineEntry]:
        """The headings of the page, as far as it has arrived."""
        return self._document.outline

    @property
    def current_section(self) -> int:
        """The number of the heading that the top of the page stands under; -1 before the first."""
        return self._section

    def go_to_section(self, index: int) -> None:
        """Bring a heading of the outline to the top."""
        if 0 <= index < len(self.outline):
            self._go_to_piece(self.outline[index].piece)
            # The end of the page may have kept the heading from the top.
            self._tell_section(index)

    def go_to_anchor(self, anchor: str) -> bool:
        """Bring the heading with this anchor to the top; whether there is one."""
        wanted = anchor.casefold()
        for index, entry in enumerate(self.outline):
            if entry.anchor.casefold() == wanted:
                self.go_to_section(index)
                return True
        return False

    def go_to_footnote(self, label: str) -> bool:
        """Bring a footnote to the top; whether there is one."""
        piece = self._document.footnotes.get(label)
        if piece is not None:
            self._go_to_piece(piece)
        return piece is not None

    def action_step_section(self, direction: int) -> None:
        """To the next heading, or to the one of this section and then to those before."""
        index = self._section
        if direction > 0:
            self.go_to_section(index + 1)
        elif index >= 0:
            piece = self.outline[index].piece
            is_below = self._place > Place(piece, self._document.pieces[piece].gap_lines)
            self.go_to_section(index if is_below else index - 1)

    def _go_to_piece(self, piece: int) -> None:
        self._go(Place(piece, self._document.pieces[piece].gap_lines))

    def _moved(self) -> None:
        if self._place == self._told or not self._document.pieces:
            return
        is_first, self._told = self._told is None, self._place
        self.post_message(self.Scrolled(self.position))
        section = self._document.section_at(self._place.piece)
        if section != self._section or is_first:
            self._tell_section(section)

    def _tell_section(self, index: int) -> None:
        self._section = index
        self.post_message(self.SectionChanged(index))

    # Code blocks

    @property
    def current_code(self) -> Code | None:
        """The chosen code block if it is in sight, else the first in sight."""
        index = self._code if self._sees_code() else next(self._codes_in_sight(), None)
        return None if index is None else self._document.codes[index].code

    def set_warnings(self, is_destructive: Callable[[str], bool]) -> None:
        """Which lines of code are marked as dangerous."""
        self._redraw(replace(self._pen, is_destructive=lru_cache(maxsize=1024)(is_destructive)))

    def action_step_code(self, direction: int) -> None:
        """Choose the next code block, or the one before."""
        if self._sees_code() and self._code is not None:
            index = self._code + direction
        else:
            index = self._document.code_after(self._place.piece - 1) - (direction < 0)
        if 0 <= index < len(self._document.codes):
            self._choose_code(index)

    def action_toggle_wrap(self) -> None:
        """Wrap long lines of code, or keep them on one line each."""
        self._lay_out(replace(self._pen, is_wrapped=not self._pen.is_wrapped, shift=0))

    def action_move_wide(self, direction: int) -> None:
        """Move what is too wide for the page sideways."""
        hidden = max((self._layout.drawn(piece).hidden for piece, _ in self._lines), default=0)
        shift = max(0, min(self._pen.shift + direction * SIDE_STEP, hidden))
        if shift != self._pen.shift:
            self._redraw(replace(self._pen, shift=shift))

    def _choose_code(self, index: int) -> None:
        self._code = index
        block = self._document.codes[index]
        self._redraw(replace(self._pen, chosen=block.code))
        start = Place(block.first, self._document.pieces[block.first].gap_lines)
        end = Place(block.end - 1, self._layout.height(block.end - 1) - 1)
        if start < self._place or self._layout.between(self._place, end) >= self.size.height:
            self._go(self._layout.moved(start, -CONTEXT_LINES))
        self.post_message(self.CodeChosen(block.code))

    def _codes_in_sight(self) -> Iterator[int]:
        codes = (self._document.code_at(piece) for piece, _ in self._lines)
        return (index for index in codes if index is not None)

    def _sees_code(self) -> bool:
        return self._code is not None and self._code in self._codes_in_sight()

    # Links

    def set_dead(self, is_dead: Callable[[Link], bool]) -> None:
        """Which links lead nowhere, and are drawn so."""
        self._redraw(replace(self._pen, is_dead=is_dead))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "follow_link":
            return self._link is not None
        return super().check_action(action, parameters)

    def action_step_link(self, direction: int) -> None:
        """Choose the next link, or the one before."""
        here = self._link
        if here is not None and any(piece == here.piece for piece, _ in self._lines):
            at = here.piece, here.start
        else:
            at = self._place.piece, self._layout.offset_of(self._place) - (direction > 0)
        for piece in self._document.links_from(at[0], direction):
            for start, end, link in self._document.pieces[piece].links()[::direction]:
                if ((piece, start) > at) if direction > 0 else ((piece, start) < at):
                    self._link = _LinkPlace(piece, start, end, link)
                    self._reveal(piece, start)
                    self.post_message(self.LinkChosen(link, self._text_of(self._link)))
                    return

    def action_follow_link(self) -> None:
        """Follow the chosen link."""
        if self._link is not None:
            self.post_message(self.LinkFollowed(self._link.link, self._text_of(self._link)))

    def _text_of(self, place: _LinkPlace) -> str:
        return self._document.haystack.text(place.piece)[place.start : place.end]

    # Painting, the mouse, selection

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]
        # The looks change with the theme alone, whose rules are a new list. Textual would work out all of them, for
        # 25 ms, whenever the focus comes or goes.
        rules = self.app.stylesheet.rules
        if rules is self._styled_by:
            return frozenset()
        self._styled_by = rules
        return super()._get_component_classes()

    def _paint(self, piece: int) -> list[Paint]:
        palette, paint = self._pen.palette, super()._paint(piece)
        for place, look in ((self._hovered, "link-hover"), (self._link, "link-chosen")):
            if place is not None and place.piece == piece:
                paint.append((place.start, place.end, palette[look]))
        selected = self.text_selection.get_span(piece) if self.text_selection is not None else None
        if selected is not None:
            start, end = selected
            end = len(self._document.haystack.text(piece)) if end < 0 else end
            paint.append((start, end, self.screen.get_component_rich_style("screen--selection")))
        return paint

    def _hit(self, event: events.MouseEvent) -> tuple[int, int | None] | None:
        """The piece under the pointer, and the place in its text."""
        offset = event.get_content_offset(self)
        if offset is None or not 0 <= offset.y < len(self._lines):
            return None
        piece, line = self._lines[offset.y]
        return piece, place_at(line, self._document.haystack.text(piece), offset.x)

    def _link_at(self, hit: tuple[int, int | None] | None) -> _LinkPlace | None:
        if hit is None or hit[1] is None:
            return None
        piece, at = hit[0], hit[1]
        links = self._document.pieces[piece].links()
        return next((_LinkPlace(piece, *place) for place in links if place[0] <= at < place[1]), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._link_at(self._hit(event)))

    def on_leave(self) -> None:
        self._hover(None)

    def _hover(self, link: _LinkPlace | None) -> None:
        if link != self._hovered:
            self._hovered = link
            self._repaint()

    def on_click(self, event: events.Click) -> None:
        hit = self._hit(event)
        if hit is None or event.chain > 1 or self.text_selection is not None:
            return
        link, code = self._link_at(hit), self._document.code_at(hit[0])
        if link is not None:
            self._link = link
            self._repaint()
            self.action_follow_link()
        elif code is not None:
            self._choose_code(code)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as the page has it, lines not broken."""
        pieces = self._document.pieces
        first = 0 if selection.start is None else selection.start.y
        last = len(pieces) - 1 if selection.end is None else min(selection.end.y, len(pieces) - 1)
        lines: list[str] = []
        for piece in range(first, last + 1):
            text, span = self._document.haystack.text(piece), selection.get_span(piece)
            start, end = span or (0, 0)
            gap = "\n" if lines and pieces[piece].gap >= 0 else ""
            lines.append(gap + text[start : len(text) if end < 0 else end])
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        self._repaint()
