"""What the use cases need from the world, as protocols. `tests/ports` holds the adapters to these promises."""

from __future__ import annotations

from kbtui.core.ports.changes import NoteStore, NoteTemplates, NoteTexts
from kbtui.core.ports.checklists import ChecklistStore, Place, PostAt, Trouble
from kbtui.core.ports.common import Clock
from kbtui.core.ports.editing import Drafts, EditStore
from kbtui.core.ports.health import StoreHealth
from kbtui.core.ports.imports import ImportLog, PostParser, SourceFiles
from kbtui.core.ports.index import IndexQueue, SearchIndex, SearchIndexes
from kbtui.core.ports.links import LinkStore
from kbtui.core.ports.posts import PostStore, SavedPost
from kbtui.core.ports.reading import ReadingStore
from kbtui.core.ports.reviews import Judgement, ReviewStore
from kbtui.core.ports.searches import SearchLog
from kbtui.core.ports.workplace import CommandRunner, Workplace
from kbtui.core.progress import Progress, silent

__all__ = [
    "ChecklistStore",
    "Clock",
    "CommandRunner",
    "Drafts",
    "EditStore",
    "ImportLog",
    "IndexQueue",
    "Judgement",
    "LinkStore",
    "NoteStore",
    "NoteTemplates",
    "NoteTexts",
    "Place",
    "PostAt",
    "PostParser",
    "PostStore",
    "Progress",
    "ReadingStore",
    "ReviewStore",
    "SavedPost",
    "SearchIndex",
    "SearchIndexes",
    "SearchLog",
    "SourceFiles",
    "StoreHealth",
    "Trouble",
    "Workplace",
    "silent",
]
