"""`[[Page]]`, `[[Page#Heading|label]]` and `![[picture.png]]`, as wikis and Obsidian write them."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

from kbtui.core.text import clean
from kbtui.markdown.anchors import anchor_of
from kbtui.markdown.inline_rules import take
from kbtui.markdown.links import file_name
from kbtui.markdown.tree import Link, LinkKind, Run

# A test of a shell begins with a space, a character class with a colon, data with a quote.
_WIKILINK = re.compile(
    r"!?\[\[(?P<target>[^\s\[\]|\"'$:`<>][^\[\]|`\n]{0,400}?)(?P<label>(?:\|[^\[\]\n]{0,400})?)\]\](?!\()"
)
_CONTENTS = re.compile(r"\[\[_?TOC_?\]\]", re.IGNORECASE)
_SIZE = re.compile(r"\|\s*\d+(?:x\d+)?\s*$")
# As in `array[[1]]`; words of Chinese or Japanese stand beside a link.
_ELEMENT_BEFORE = re.compile(r"[A-Za-z0-9_\])]")


def wikilinks_plugin(md: MarkdownIt) -> None:
    """Adds the token `wikilink`, whose content is the source of the link."""
    md.inline.ruler.before("link", "wikilink", _wikilink)


def wikilink(source: str) -> Run:
    """The run of a wikilink: its label, or the name of its target."""
    match = _WIKILINK.fullmatch(source)
    if match is None:
        return Run(clean(source))
    is_embed = source.startswith("!")
    target, label = match["target"].strip().rstrip("\\"), match["label"]
    if is_embed:
        label = _SIZE.sub("", label)
    label = label[1:].strip() or (file_name(target) if is_embed else target.removeprefix("#"))
    if target.startswith("#"):
        return Run(clean(label), link=Link(anchor_of(clean(target.rsplit("#", 1)[-1])), LinkKind.ANCHOR, is_embed))
    return Run(clean(label), link=Link(clean(target), LinkKind.NAME, is_embed))


def _wikilink(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source[start] not in "[!" or not source.startswith(("[[", "![["), start) or state.linkLevel:
        return False
    if match := _CONTENTS.match(source, start, state.posMax):
        return take(state, "dim", match.end(), silent)
    match = _WIKILINK.match(source, start, state.posMax)
    if match is None or (start and source[start] == "[" and _ELEMENT_BEFORE.match(source, start - 1)):
        return False
    if normalizeReference(match["target"]) in state.env.get("references", ()):
        return False
    return take(state, "wikilink", match.end(), silent)
