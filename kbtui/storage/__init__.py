"""SQLite, the truth: the only package that knows sqlite_utils and SQL."""
