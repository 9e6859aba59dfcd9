"""Addresses that stand in the text as they are: `https://example.com/a?b`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink

from kbtui.markdown.tags import decoded

_SCHEME = re.compile(r"(?<![\w.+-])(?:https?|mailto)$", re.IGNORECASE)
_ADDRESS = re.compile(r"://[\w\[][^\s<>{}\"`|\\，。、；：！？）】》」』]*|:[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORDS_WITH_COLON = re.compile(r"<(?!(?:mailto|tel|sms|urn|xmpp|sip|news|magnet):)[\w+.-]+:(?!//)", re.IGNORECASE)
_TRAILING = frozenset("?!.,:;*_~'\"")
# What goes on as a template is no address yet.
_TEMPLATE = re.compile(r"[<{$]")


def autolinks_plugin(md: MarkdownIt) -> None:
    """Makes links of bare `http:`, `https:` and `mailto:` addresses, and none of `<host:port>`."""
    md.inline.ruler.after("text", "bare_address", _bare_address)
    md.inline.ruler.at("autolink", _autolink)


def _bare_address(state: StateInline, silent: bool) -> bool:
    # In a silent run nothing is pending, and inside a link there is no other.
    if silent or state.src[state.pos] != ":" or state.linkLevel:
        return False
    scheme = _SCHEME.search(state.pending[-7:])
    match = _ADDRESS.match(state.src, state.pos, state.posMax)
    if scheme is None or match is None or (scheme.group().lower() == "mailto") == match.group().startswith("://"):
        return False
    if _TEMPLATE.match(state.src, match.end()):
        return False
    behind_scheme = _trimmed(match.group())
    address = decoded(scheme.group() + behind_scheme)
    state.pending = state.pending[: -len(scheme.group())]
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(behind_scheme)
    return True


def _autolink(state: StateInline, silent: bool) -> bool:
    """`<https://example.com>` and `<a@b.c>`; another word and a colon stand for what the reader fills in."""
    return not _WORDS_WITH_COLON.match(state.src, state.pos) and autolink(state, silent)


def _trimmed(address: str) -> str:
    """An address without the punctuation of the sentence around it."""
    end = len(address)
    unopened = address.count(")") - address.count("(")
    while address[end - 1] in _TRAILING or (address[end - 1] == ")" and unopened > 0):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]
