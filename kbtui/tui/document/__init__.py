"""The reader: Markdown as virtual lines, one widget for any length of text."""
