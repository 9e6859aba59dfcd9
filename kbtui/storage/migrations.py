"""The schema, as steps that are only ever added to. `guard.SCHEMA_VERSION` is the number of steps."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kbtui.storage.keys import fill_keys
from kbtui.storage.note_schema import CHANGE_NOTES

migrations = Migrations("kbtui")


@migrations()
def m001_posts_sources_and_the_index_queue(database: Database) -> None:
    """The first shape. The text of a post has a table of its own, so that no list ever reads through it."""
    for statement in _FIRST_SHAPE:
        database.execute(statement)


@migrations()
def m002_searches_and_the_most_opened_posts(database: Database) -> None:
    """Searches are kept, so that they can be made again and show what is missing; posts are listed by use."""
    for statement in _SEARCHES:
        database.execute(statement)


@migrations()
def m003_links_bookmarks_and_posts_that_are_edited_here(database: Database) -> None:
    """Links are followed both ways, a reader leaves something behind, and imports leave alone what was changed here."""
    for statement in _READER:
        database.execute(statement)
    fill_keys(database)


@migrations()
def m004_runs_of_checklists(database: Database) -> None:
    """Who worked through which checklist, and what came out. A run names its post by place: it outlives it."""
    for statement in _RUNS:
        database.execute(statement)


@migrations()
def m005_reviews(database: Database) -> None:
    """Who reviewed a post and why, which troubles of imports were looked at, and what is needed to find what waits."""
    for statement in _REVIEWS:
        database.execute(statement)


@migrations()
def m006_change_notes(database: Database) -> None:
    """Why something was changed, and whether it held. Every state of a note stays; the index learns of notes too."""
    for statement in CHANGE_NOTES:
        database.execute(statement)


_FIRST_SHAPE = (
    """
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        title_key TEXT NOT NULL,
        topic TEXT NOT NULL,
        summary TEXT NOT NULL,
        stack TEXT NOT NULL,
        tools TEXT NOT NULL,
        language TEXT NOT NULL,
        difficulty TEXT NOT NULL,
        status TEXT NOT NULL,
        last_reviewed TEXT,
        needs_review INTEGER NOT NULL,
        checklist_items INTEGER NOT NULL,
        views INTEGER,
        quality INTEGER,
        minutes INTEGER NOT NULL,
        saves INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        UNIQUE (source, path)
    ) STRICT
    """,
    "CREATE INDEX posts_by_title ON posts (title_key, id)",
    "CREATE INDEX posts_by_updated ON posts (updated_at DESC, id)",
    "CREATE INDEX posts_by_reviewed ON posts (last_reviewed DESC, id)",
    "CREATE INDEX posts_by_views ON posts (views DESC, id)",
    "CREATE INDEX posts_by_quality ON posts (quality DESC, id)",
    """
    CREATE TABLE post_texts (
        post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
        metadata TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE post_facets (
        post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
        facet TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (post_id, facet, value)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX post_facets_by_value ON post_facets (facet, value, post_id)",
    # Counting a facet over the whole library must not read the library: the counts are kept as it changes.
    """
    CREATE TABLE facet_counts (
        facet TEXT NOT NULL,
        value TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (facet, value)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX facet_counts_by_count ON facet_counts (facet, count DESC, value)",
    """
    CREATE TRIGGER post_facets_added AFTER INSERT ON post_facets BEGIN
        INSERT INTO facet_counts (facet, value, count) VALUES (new.facet, new.value, 1)
        ON CONFLICT (facet, value) DO UPDATE SET count = count + 1;
    END
    """,
    """
    CREATE TRIGGER post_facets_removed AFTER DELETE ON post_facets BEGIN
        UPDATE facet_counts SET count = count - 1 WHERE facet = old.facet AND value = old.value;
        DELETE FROM facet_counts WHERE facet = old.facet AND value = old.value AND count <= 0;
    END
    """,
    """
    CREATE TABLE post_revisions (
        post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
        save INTEGER NOT NULL,
        saved_at TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        metadata TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (post_id, save)
    ) STRICT
    """,
    """
    CREATE TABLE post_reading (
        post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
        opened_at TEXT NOT NULL,
        opened INTEGER NOT NULL,
        position REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX post_reading_by_time ON post_reading (opened_at DESC, post_id)",
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        root TEXT NOT NULL UNIQUE
    ) STRICT
    """,
    """
    CREATE TABLE source_files (
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        posts INTEGER NOT NULL,
        PRIMARY KEY (source_id, path)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE import_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        state TEXT NOT NULL,
        counts TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE import_problems (
        run_id INTEGER NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (run_id, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE index_queue (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        post_id INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE index_state (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        library TEXT NOT NULL,
        generation INTEGER NOT NULL,
        drained INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO index_state VALUES (1, lower(hex(randomblob(8))), 0, 0)",
)

_SEARCHES = (
    """
    CREATE TABLE searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        hits INTEGER NOT NULL,
        opened INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX searches_by_text ON searches (text, id)",
    """
    CREATE TABLE saved_searches (
        name TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX post_reading_by_count ON post_reading (opened DESC, opened_at DESC, post_id)",
)

_READER = (
    """
    CREATE TABLE post_keys (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
        PRIMARY KEY (scope, key, post_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX post_keys_by_post ON post_keys (post_id)",
    """
    CREATE TABLE post_links (
        post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        PRIMARY KEY (post_id, scope, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX post_links_by_key ON post_links (scope, key)",
    """
    CREATE TABLE bookmarks (
        post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
        at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX bookmarks_by_time ON bookmarks (at DESC, post_id)",
    """
    CREATE TABLE placeholder_values (
        post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (post_id, name)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE posts ADD COLUMN origin TEXT NOT NULL DEFAULT 'import'",
    "ALTER TABLE post_revisions ADD COLUMN origin TEXT NOT NULL DEFAULT 'import'",
    # The hash is that of the post as its file gave it: another one tells that the file has changed since.
    """
    CREATE TABLE local_versions (
        post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
        since TEXT NOT NULL,
        file_hash TEXT NOT NULL
    ) STRICT
    """,
)

_RUNS = (
    # The counts and the state are what the events come to, kept for lists.
    """
    CREATE TABLE checklist_runs (
        id TEXT PRIMARY KEY,
        slug TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        revision INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        checklist TEXT NOT NULL,
        section TEXT NOT NULL,
        who TEXT NOT NULL,
        host TEXT NOT NULL,
        started_at TEXT NOT NULL,
        steps INTEGER NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'open',
        finished_at TEXT,
        events INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX checklist_runs_by_state ON checklist_runs (state, id DESC)",
    "CREATE INDEX checklist_runs_by_post ON checklist_runs (source, path, state, id DESC)",
    """
    CREATE TABLE checklist_steps (
        run_id TEXT NOT NULL REFERENCES checklist_runs (id),
        step INTEGER NOT NULL,
        text TEXT NOT NULL,
        section TEXT NOT NULL,
        commands TEXT NOT NULL,
        notes TEXT NOT NULL,
        depth INTEGER NOT NULL,
        line INTEGER NOT NULL,
        lines INTEGER NOT NULL,
        PRIMARY KEY (run_id, step)
    ) STRICT
    """,
    """
    CREATE TABLE checklist_events (
        run_id TEXT NOT NULL REFERENCES checklist_runs (id),
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        host TEXT NOT NULL,
        step INTEGER NOT NULL,
        text TEXT NOT NULL,
        refers INTEGER NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (run_id, number)
    ) STRICT
    """,
    "CREATE INDEX checklist_events_by_step ON checklist_events (run_id, step, number)",
    "CREATE INDEX checklist_redlines ON checklist_events (run_id, number) WHERE kind = 'redlined'",
    """
    CREATE TABLE checklist_evidence (
        run_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (run_id, number),
        FOREIGN KEY (run_id, number) REFERENCES checklist_events (run_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE checklist_values (
        run_id TEXT NOT NULL REFERENCES checklist_runs (id),
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run_id, name)
    ) STRICT, WITHOUT ROWID
    """,
)

_REVIEWS = (
    # Who made a state of a post and why, where they said so.
    "ALTER TABLE posts ADD COLUMN who TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE posts ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE post_revisions ADD COLUMN who TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE post_revisions ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX posts_to_review ON posts (needs_review, status, last_reviewed)",
    # Where in its source an import looked: "" for everywhere. It knows nothing of what lies elsewhere.
    "ALTER TABLE import_runs ADD COLUMN under TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE accepted_problems (
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        problem TEXT NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL,
        PRIMARY KEY (source, path, problem)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX checklist_runs_that_went_well ON checklist_runs (source, path, finished_at DESC, who)
    WHERE state = 'done' AND failed = 0
    """,
    # Such a run says since when its post is good, which is searched by.
    """
    CREATE TRIGGER checklist_run_went_well AFTER UPDATE OF state ON checklist_runs
    WHEN new.state = 'done' AND new.failed = 0 BEGIN
        INSERT INTO index_queue (post_id) SELECT id FROM posts WHERE source = new.source AND path = new.path;
    END
    """,
)
