"""Blocks that hold blocks: `!!! note` (MkDocs), `:::note` (Docusaurus) and `<details>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

_INDENT = 4
"""Columns that the body of a MkDocs admonition is indented by."""

_LONGEST_LINE = 2_000
"""Characters of a line that opens one."""

_MKDOCS = re.compile(r"(?:!!!|\?\?\?\+?) ?(?P<kind>[A-Za-z][\w-]*)(?: +[\w-]+)*(?: +\"(?P<title>.*)\")? *$")
_COLONS = re.compile(r":{3,} ?(?P<kind>[A-Za-z][\w-]*)(?:\[(?P<bracketed>.*)\]| +(?P<title>[^{}]*?))?(?: *\{.*\})? *$")
_COLONS_END = re.compile(r":{3,} *$")
_DETAILS = re.compile(r"<details(?:\s[^<>]*)?>(?=\s*(?:$|<))", re.IGNORECASE)
_DETAILS_TAG = re.compile(r"<(/?)details(?:\s[^<>]*)?>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary(?:\s[^<>]*)?>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_FENCE = re.compile(r"`{3,}|~{3,}")
_CAN_INTERRUPT: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}


@dataclass(frozen=True, slots=True)
class _Callout:
    """What a rule has found: the remark and the text inside it."""

    kind: str
    title: str
    body: str
    body_line: int
    """The line of the state that the body begins on."""
    end: int
    """The line behind the whole."""


def containers_plugin(md: MarkdownIt) -> None:
    """Adds `callout_open` and `callout_close`; the first token inside is an `inline` one, the title."""
    md.block.ruler.before("fence", "admonition", _admonition, _CAN_INTERRUPT)
    md.block.ruler.before("fence", "colons", _colons, _CAN_INTERRUPT)
    md.block.ruler.before("html_block", "details", _details, _CAN_INTERRUPT)


def _admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = _opening(state, start, ("!!!", "???"), _MKDOCS)
    if match is None:
        return False
    last = _indented_end(state, start + 1, end)
    if last == start + 1 and match["title"] is None:
        return False
    if silent:
        return True
    body = state.getLines(start + 1, last, state.blkIndent + _INDENT, False)
    return _push(state, start, _Callout(match["kind"], match["title"] or "", body, start + 1, last))


def _indented_end(state: StateBlock, line: int, end: int) -> int:
    """The line behind those that are indented far enough, empty ones between them included."""
    last = line
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent + _INDENT):
        line += 1
        if not state.isEmpty(line - 1):
            last = line
    return last


def _colons(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = _opening(state, start, (":::",), _COLONS)
    if match is None:
        return False
    if silent:
        return True
    end = block_end(state, start + 1, end)
    last, depth = end, 1
    for line, text in _lines_outside_code(state, start + 1, end):
        if not text.startswith(":::") or len(text) > _LONGEST_LINE:
            continue
        depth += bool(_COLONS.match(text)) - bool(_COLONS_END.match(text))
        if depth == 0:
            last = line
            break
    body = state.getLines(start + 1, last, state.blkIndent, False)
    title = match["bracketed"] or match["title"] or ""
    return _push(state, start, _Callout(match["kind"], title, body, start + 1, min(last + 1, end)))


def _details(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = _opening(state, start, ("<",), _DETAILS)
    if match is None:
        return False
    if silent:
        return True
    last, depth = block_end(state, start, end), 0
    for line, text in _lines_outside_code(state, start, last):
        for tag in _DETAILS_TAG.finditer(text):
            depth += -1 if tag[1] else 1
        if depth <= 0:
            last = line + 1
            break
    text = state.getLines(start, last, state.blkIndent, False)
    inside = text[text.index(">") + 1 :]
    if depth <= 0:
        *_, closing = _DETAILS_TAG.finditer(inside)
        inside = inside[: closing.start()] + inside[closing.end() :]
    title = ""
    if summary := _SUMMARY.match(inside):
        title, inside = summary[1].strip(), inside[summary.end() :]
    line = start + text.count("\n") - inside.count("\n")
    return _push(state, start, _Callout("details", title, inside, line, last))


def _opening(
    state: StateBlock, line: int, beginnings: tuple[str, ...], pattern: re.Pattern[str]
) -> re.Match[str] | None:
    """The match of a line that may open a container."""
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if not state.src.startswith(beginnings, begin) or state.is_code_block(line) or end - begin > _LONGEST_LINE:
        return None
    return pattern.match(state.src[begin:end])


def block_end(state: StateBlock, line: int, end: int) -> int:
    """The first line behind `line` that is not indented as the block around it wants, or the end."""
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    return line


def _lines_outside_code(state: StateBlock, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines that are not inside fences, each with its number."""
    fence = ""
    for line in range(start, end):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        mark = _FENCE.match(text)
        if fence:
            if mark and mark.group().startswith(fence) and not text.strip("`~ "):
                fence = ""
        elif mark:
            fence = mark.group()
        else:
            yield line, text


def _push(state: StateBlock, start: int, callout: _Callout) -> bool:
    opening = state.push("callout_open", "", 1)
    opening.map = [start, callout.end]
    opening.meta = {"kind": callout.kind.lower()}
    title = state.push("inline", "", 0)
    title.map, title.content, title.children = [start, start + 1], callout.title, []
    _parse_inside(state, callout.body, callout.body_line)
    state.push("callout_close", "", -1)
    state.line = callout.end
    return True


def _parse_inside(state: StateBlock, text: str, line: int) -> None:
    """Adds the tokens of a text inside a container, their lines counted from `line`."""
    first = len(state.tokens)
    inner = StateBlock(text, state.md, state.env, state.tokens)
    inner.level = state.level
    inner.parentType = "callout"
    state.md.block.tokenize(inner, 0, inner.lineMax)
    for token in state.tokens[first:]:
        if token.map:
            token.map = [token.map[0] + line, token.map[1] + line]
