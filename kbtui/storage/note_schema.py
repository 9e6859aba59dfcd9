"""The tables of change notes, as the step of `storage.migrations` makes them. Like the step, never changed."""

from __future__ import annotations

CHANGE_NOTES = (
    # What is written stands in the revisions; here is what lists show, sort and filter by.
    """
    CREATE TABLE notes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        title_key TEXT NOT NULL,
        state TEXT NOT NULL,
        template TEXT NOT NULL,
        owner TEXT NOT NULL,
        author TEXT NOT NULL,
        environment TEXT NOT NULL,
        host TEXT NOT NULL,
        rollback TEXT NOT NULL,
        files TEXT NOT NULL,
        tools TEXT NOT NULL,
        posts TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        happened_at TEXT NOT NULL,
        shipped_at TEXT,
        due_at TEXT,
        verified_at TEXT,
        outcome TEXT NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX notes_by_time ON notes (happened_at DESC, number DESC)",
    "CREATE INDEX notes_by_state ON notes (state, happened_at DESC, number DESC)",
    "CREATE INDEX notes_by_title ON notes (title_key, number)",
    "CREATE INDEX notes_due ON notes (due_at, number) WHERE due_at IS NOT NULL",
    # With the time, so that the newest of a value come in order from the index.
    """
    CREATE TABLE note_facets (
        note INTEGER NOT NULL REFERENCES notes (number),
        facet TEXT NOT NULL,
        value TEXT NOT NULL,
        happened_at TEXT NOT NULL,
        PRIMARY KEY (note, facet, value)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX note_facets_by_value ON note_facets (facet, value, happened_at DESC, note DESC)",
    """
    CREATE TABLE note_revisions (
        note INTEGER NOT NULL REFERENCES notes (number),
        revision INTEGER NOT NULL,
        saved_at TEXT NOT NULL,
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (note, revision)
    ) STRICT
    """,
    """
    CREATE TABLE note_samples (
        note INTEGER NOT NULL REFERENCES notes (number),
        number INTEGER NOT NULL,
        metric TEXT NOT NULL,
        unit TEXT NOT NULL,
        better TEXT NOT NULL,
        phase TEXT NOT NULL,
        value REAL,
        at TEXT NOT NULL,
        host TEXT NOT NULL,
        command TEXT NOT NULL,
        exit_code INTEGER,
        seconds REAL,
        is_warm_up INTEGER NOT NULL,
        problem TEXT NOT NULL,
        PRIMARY KEY (note, number)
    ) STRICT
    """,
    """
    CREATE TABLE note_evidence (
        note INTEGER NOT NULL REFERENCES notes (number),
        number INTEGER NOT NULL,
        origin TEXT NOT NULL,
        size INTEGER NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (note, number)
    ) STRICT
    """,
    "ALTER TABLE index_queue RENAME COLUMN post_id TO document_id",
    "ALTER TABLE index_queue ADD COLUMN kind TEXT NOT NULL DEFAULT 'post'",
)
