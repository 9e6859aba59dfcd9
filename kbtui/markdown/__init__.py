"""Markdown as both faces read it: one parser, a tree of blocks, text in it that is safe to show."""

from kbtui.markdown.pieces import Page, read_page, read_pieces
from kbtui.markdown.walking import inlines_of, text_of, walk

__all__ = ["Page", "inlines_of", "read_page", "read_pieces", "text_of", "walk"]
