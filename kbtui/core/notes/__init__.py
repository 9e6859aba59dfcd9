"""Change notes: what is written in them, and how they are filled in, asked for and handed on."""
