"""Foreign files as posts, and posts as files: the only package that knows their parsers."""
