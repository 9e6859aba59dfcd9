"""The history of a post: listed, read, compared."""

from __future__ import annotations

import pytest

from kbtui.core.errors import ComparisonTooLongError, PostNotFoundError, RevisionNotFoundError
from kbtui.core.revisions import Origin
from kbtui.library import Library
from kbtui.library.revisions import MAX_LINES
from tests.factories import FixedClock, a_post


@pytest.fixture
def filled(library: Library, clock: FixedClock) -> Library:
    for body in ("one\ntwo\n", "one\nthree\n", "one\nthree\nfour\n"):
        library.importing.save([a_post(title="Page", body=body)], "made")
        clock.forward(days=1)
    return library


def test_revisions_are_listed_and_read(filled: Library) -> None:
    assert [(r.number, r.size, r.origin, r.is_current) for r in filled.revisions.of("page")] == [
        (3, 15, Origin.IMPORT, True),
        (2, 10, Origin.IMPORT, False),
        (1, 8, Origin.IMPORT, False),
    ]
    assert filled.revisions.get("page", 3) == filled.posts.get("page")
    assert filled.revisions.get("page", 1).body == "one\ntwo\n"
    with pytest.raises(RevisionNotFoundError, match=r"no revision 4"):
        filled.revisions.get("page", 4)
    with pytest.raises(PostNotFoundError):
        filled.revisions.of("nothing")


def test_a_comparison_is_a_unified_diff_of_the_markdown(filled: Library) -> None:
    assert filled.revisions.compare("page", 1, 2)[-3:] == ["-two", "+three", " "]
    assert {line[0] for line in filled.revisions.compare("page", 2, 1)[2:]} == {"@", " ", "-", "+"}
    assert filled.revisions.compare("page", 2, 2) == []


def test_metadata_is_compared_too(filled: Library) -> None:
    filled.importing.save([a_post(title="Page", body="one\nthree\nfour\n", tools=("vi",))], "made")
    changed = [line for line in filled.revisions.compare("page", 3, 4) if line[0] in "+-"]
    assert changed[2:] == ["+tools:", "+  - vi"]


def test_texts_of_too_many_lines_are_not_compared(filled: Library) -> None:
    filled.importing.save([a_post(title="Page", body="x\n" * MAX_LINES)], "made")
    with pytest.raises(ComparisonTooLongError, match="10,000 lines"):
        filled.revisions.compare("page", 3, 4)
