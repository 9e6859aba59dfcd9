"""Markdown as both faces read it: one parser, a tree of blocks, text in it that is safe to show."""

from kbtui.markdown.parser import parse, parser

__all__ = ["parse", "parser"]
