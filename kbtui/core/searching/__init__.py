"""The query language, what is asked of a pasted text, and what a search gives."""
