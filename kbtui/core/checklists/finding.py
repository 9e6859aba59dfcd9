"""Finding the checklists of a post: its field, its task lists, and the plain lists that may become one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kbtui.core.checklists.checklist import FIELD, TASKS, Checklist, ChecklistKind, Step, StepCode
from kbtui.core.inline_text import inline_text
from kbtui.core.markdown_blocks import Block, BlockKind, read_blocks
from kbtui.core.post import Post

_TASK = re.compile(r"\[[ xX]\][ \t\n]+(?=\S)")
_BEFORE_TEXT = re.compile(r"(?:[ \t>]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*[ \t>]*(?:\[[ xX]\][ \t]+)?")
_NOTHING = re.compile(r"\[[ xX]\]\s*")
_TAG = re.compile(r"<[^<>]*>")
_SIGNS = re.compile(r"[\W_]+")
# Readers of Markdown take `<host>` for a tag, so that a field that was made of the tasks is without it.
_PLACEHOLDER = re.compile(r"(?P<kept>\\.|`[^`]*`|<[a-z]+:[^<>\s]*>)|</?[A-Za-z][^<>]*>")
_NUMBERED = (".", ")")


def find_checklists(post: Post) -> list[Checklist]:
    """Every checklist of a post that has a step: its tasks, its field, then each plain list of two items or more.

    The field is left out where it says what the tasks say.
    """
    sections = _with_sections(read_blocks(post.body))
    tasks = tuple(_Finder(_is_task).steps(sections))
    field = tuple(Step(inline_text(item)) for item in _field(post))
    found = []
    if tasks:
        found.append(Checklist(TASKS, ChecklistKind.TASKS, "", tasks))
    if field and not _repeats(_field(post), tasks):
        found.append(Checklist(FIELD, ChecklistKind.FIELD, "", field))
    plain = (_plain(items, section) for items, section in _plain_lists(sections))
    lists = [checklist for checklist in plain if len(checklist.steps) > 1]
    return found + [replace(checklist, name=f"list-{number}") for number, checklist in enumerate(lists, 1)]


def rewritten(post: Post, step: Step, text: str) -> Post | None:
    """The post with another text for one of its steps; None where the text would change more than this step.

    `step` is one that `find_checklists` gave for this very post. `text` is Markdown; its lines become one.
    """
    text = " ".join(text.split())
    wanted = inline_text(text)
    if step.line < 0:
        # Steps of the field have no place that would tell two of the same text apart.
        alike = [at for at, item in enumerate(post.checklist) if inline_text(item) == step.text]
        is_clear = wanted and len(alike) == 1
        return replace(post, checklist=_with_item(post.checklist, alike[0], wanted)) if is_clear else None
    lines = post.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = _BEFORE_TEXT.match(lines[step.line])
    lines[step.line : step.line + step.lines] = [f"{before[0] if before else ''}{text}"]
    changed = replace(post, body="\n".join(lines), checklist=_beside(post, step, text))
    return changed if _only_differs(post, changed, step, wanted) else None


def _field(post: Post) -> list[str]:
    """The items of the field that say something."""
    return [item for item in post.checklist if _says(inline_text(item))]


def _says(text: str) -> bool:
    return any(character.isprintable() and not character.isspace() for character in text)


def _beside(post: Post, step: Step, text: str) -> tuple[str, ...]:
    """The field of a post with another text for a step of its body: where it was made of the tasks, it still is."""
    tasks = tuple(_Finder(_is_task).steps(_with_sections(read_blocks(post.body))))
    at = next((at for at, task in enumerate(tasks) if task.line == step.line), None)
    places = [place for place, item in enumerate(post.checklist) if _says(inline_text(item))]
    if at is None or at >= len(places) or not _repeats(_field(post), tasks):
        return post.checklist
    return _with_item(post.checklist, places[at], inline_text(_PLACEHOLDER.sub(_kept, text)))


def _with_item(checklist: Sequence[str], at: int, item: str) -> tuple[str, ...]:
    return (*checklist[:at], item, *checklist[at + 1 :])


def _kept(match: re.Match[str]) -> str:
    return match["kept"] or ""


def _repeats(field: Sequence[str], tasks: Sequence[Step]) -> bool:
    """Whether the field was made of the tasks: of a long page of the first ones, and without `<host>`."""
    both = zip(field, tasks, strict=False)
    return len(field) <= len(tasks) and all(_says_the_same(item, task.text) for item, task in both)


def _says_the_same(item: str, text: str) -> bool:
    # An item may be Markdown, or a text that only looks as if it were.
    return item == text or _bare(text) in (_bare(item), _bare(inline_text(item)))


def _bare(text: str) -> str:
    return _SIGNS.sub(" ", _TAG.sub("", text)).strip()


def _only_differs(post: Post, changed: Post, step: Step, wanted: str) -> bool:
    """Whether the steps of both are the same but for the text of one."""

    def told(checklists: Sequence[Checklist], *, expect: bool) -> list[tuple[object, ...]]:
        return [
            (c.name, s.depth, s.commands, s.notes, wanted if expect and s.line == step.line else s.text)
            for c in checklists
            if c.kind is not ChecklistKind.FIELD
            for s in c.steps
        ]

    return told(find_checklists(post), expect=True) == told(find_checklists(changed), expect=False)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block and the heading that it stands under."""

    block: Block
    section: str


def _with_sections(page: Block) -> list[_Placed]:
    """The blocks of a page. The first heading of the first level is the title, no section."""
    placed, section, has_title = [], "", False
    for block in page.children:
        if block.kind is BlockKind.HEADING:
            is_title = block.level == 1 and not has_title
            has_title = has_title or block.level == 1
            section = "" if is_title else inline_text(block.text)
        else:
            placed.append(_Placed(block, section))
    return placed


class _Finder:
    """Makes steps of the items that are steps."""

    def __init__(self, is_step: Callable[[Block], bool]) -> None:
        self._is_step = is_step

    def steps(self, placed: Sequence[_Placed]) -> Iterator[Step]:
        """The steps among blocks, in order, each before those inside it."""
        for number, one in enumerate(placed):
            following = _code_behind(placed, number) if one.block.kind is BlockKind.ITEM else []
            yield from self._within(one.block, one.section, 0, following)

    def _within(self, block: Block, section: str, depth: int, following: Sequence[Block] = ()) -> Iterator[Step]:
        if block.kind is BlockKind.ITEM and self._is_step(block):
            step = self._step(block, section, depth, following)
            if step is not None:
                yield step
                depth += 1
        children = block.children
        for number, child in enumerate(children):
            behind = _code_behind(children, number) if child.kind is BlockKind.ITEM else []
            yield from self._within(child, section, depth, behind)

    def _step(self, item: Block, section: str, depth: int, following: Sequence[Block]) -> Step | None:
        first = item.children[0] if item.children else None
        if first is None:
            return None
        rest = [*(item.children if first.kind is BlockKind.CODE else item.children[1:]), *following]
        commands = tuple(StepCode(code.text, code.language) for code in self._codes(rest))
        text = ""
        if first.kind is BlockKind.CODE:
            text = next((line.strip() for line in first.lines if line.strip()), "")
        elif first.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            task = _TASK.match(first.text)
            text = inline_text(first.text[task.end() :] if task else first.text)
        if not _says(text) or _NOTHING.fullmatch(text):
            return None
        return Step(
            text=text,
            section=section,
            commands=commands,
            notes="\n\n".join(self._notes(rest)),
            depth=depth,
            line=first.line,
            lines=max(1, len(first.lines)),
        )

    def _codes(self, blocks: Sequence[Block]) -> Iterator[Block]:
        for block in blocks:
            if block.kind is BlockKind.CODE:
                if block.text.strip():
                    yield block
            elif not (block.kind is BlockKind.ITEM and self._is_step(block)):
                yield from self._codes(block.children)

    def _notes(self, blocks: Sequence[Block]) -> Iterator[str]:
        """What is written in blocks, but code and steps."""
        listed: list[str] = []
        for block in blocks:
            if block.kind is BlockKind.ITEM:
                if not self._is_step(block) and (inner := "\n\n".join(self._notes(block.children))):
                    sign = f"{block.number}{block.marker} " if block.marker in _NUMBERED else f"{block.marker} "
                    listed.append(sign + inner.replace("\n", "\n" + " " * len(sign)))
                continue
            if listed:
                yield "\n".join(listed)
                listed = []
            if block.kind is BlockKind.QUOTE:
                inner = "\n\n".join(self._notes(block.children))
                if inner:
                    yield "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
            elif block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.HTML) and block.text.strip():
                yield f"{'#' * block.level} {block.text}" if block.level else block.text
        if listed:
            yield "\n".join(listed)


def _is_task(item: Block) -> bool:
    first = item.children[0] if item.children else None
    return first is not None and first.kind is BlockKind.PARAGRAPH and _TASK.match(first.text) is not None


def _code_behind(blocks: Sequence[Block] | Sequence[_Placed], number: int) -> list[Block]:
    """The code that directly follows an item without belonging to it: written so where nobody indents."""
    found = []
    while (number := number + 1) < len(blocks):
        one = blocks[number]
        block = one.block if isinstance(one, _Placed) else one
        if block.kind is not BlockKind.CODE:
            break
        found.append(block)
    return found


def _plain_lists(placed: Sequence[_Placed]) -> Iterator[tuple[list[Block], str]]:
    """The lists that are no task lists, and the section of each.

    A numbered list that is cut by what nobody indented goes on where the number does.
    """
    items: list[Block] = []
    between: list[Block] = []
    section = ""
    for one in placed:
        block = one.block
        if items and (one.section != section or not _may_go_on(items[-1], block)):
            yield items, section
            items, between = [], []
        section = one.section
        if block.kind is BlockKind.ITEM and not _is_task(block):
            if items and between and not _continues(items, between, block):
                yield items, section
                items = []
            elif items:
                items[-1].children += between
            items.append(block)
            between = []
        elif items:
            between.append(block)
        elif block.kind is BlockKind.QUOTE:
            yield from _plain_lists([_Placed(child, section) for child in block.children])
    if items:
        yield items, section


def _may_go_on(last: Block, block: Block) -> bool:
    """Whether a block leaves the list before it open: an item like the last, or what may stand between two."""
    if block.kind is BlockKind.ITEM:
        return block.marker == last.marker and not _is_task(block)
    return block.kind is BlockKind.CODE or (last.marker in _NUMBERED and block.kind is not BlockKind.RULE)


def _continues(items: Sequence[Block], between: Sequence[Block], block: Block) -> bool:
    """Whether an item behind other blocks goes on with the list: by its number, or as another 1 behind code alone."""
    last = items[-1]
    if block.marker in _NUMBERED and block.number == last.number + 1:
        return True
    is_code = all(one.kind is BlockKind.CODE for one in between)
    return is_code and (block.marker not in _NUMBERED or block.number == last.number == 1)


def _plain(items: Sequence[Block], section: str) -> Checklist:
    is_numbered = items[0].marker in _NUMBERED

    def is_step(item: Block) -> bool:
        return (item.marker in _NUMBERED) == is_numbered

    steps = tuple(_Finder(is_step).steps([_Placed(item, section) for item in items]))
    return Checklist("", ChecklistKind.NUMBERED if is_numbered else ChecklistKind.BULLETED, section, steps)
