"""Writing what a search found, and saying how it was read. Shared by the verbs that find posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbtui.cli import narration, output, records
from kbtui.cli.session import Session, bring_up_to_date
from kbtui.core.errors import UnreadyError
from kbtui.core.post import Json
from kbtui.core.searching.clauses import Query
from kbtui.core.searching.results import FacetCount, SearchHit, SearchResults, TermMatch
from kbtui.library import Library

DEFAULT_LIMIT = 20
MAX_LIMIT = 1_000_000

Reasons = Mapping[str, Sequence[TermMatch]]
"""By slug: why a hit matched."""


def catch_up(library: Library) -> None:
    """Let the index learn what was saved, where that is possible."""
    try:
        bring_up_to_date(library)
    except UnreadyError as error:
        # A full disk is no reason not to answer: the search says what it could not know.
        narration.say(f"The search index could not be brought up to date: {error}")


def explained(library: Library, query: Query, hits: Sequence[SearchHit]) -> Reasons:
    """Why each of the hits matched the query."""
    return {hit.post.slug: library.searching.explain(query, hit.post.slug) for hit in hits}


def write_hits(
    session: Session,
    results: SearchResults,
    reasons: Reasons | None = None,
    *,
    offset: int = 0,
    as_json: bool,
    as_lines: bool,
) -> None:
    """The hits in the shape that the options ask for; each with its reasons where they are given."""

    def otherwise() -> None:
        if output.is_terminal() and results.hits:
            from kbtui.cli import layout  # Rich: only for a terminal

            output.show(layout.hits(results.hits, offset, session.settings.stale_after_days, reasons or {}))
        else:
            output.lines(line for hit in results.hits for line in _lines(hit, reasons))

    documents = (_document(hit, reasons) for hit in results.hits)
    output.records(documents, as_json=as_json, as_lines=as_lines, otherwise=otherwise)


def _document(hit: SearchHit, reasons: Reasons | None) -> dict[str, Json]:
    why = {} if reasons is None else {"why": [records.reason(match) for match in reasons.get(hit.post.slug, ())]}
    return {**records.hit(hit), **why}


def _lines(hit: SearchHit, reasons: Reasons | None) -> list[tuple[object, ...]]:
    """A line of the hit, and one of each reason; those begin with an empty field."""
    why = () if reasons is None else reasons.get(hit.post.slug, ())
    return [
        (hit.post.slug, hit.post.title, records.place(hit.post), hit.snippet.text),
        *(("", match.typed, match.found, places(match), f"{match.weight:.2f}") for match in why),
    ]


def places(match: TermMatch) -> str:
    """Where a word stands in a post: `title 1, body 3`."""
    return ", ".join(f"{name} {count}" for name, count in match.fields)


def narrate_reading(results: SearchResults) -> None:
    """Say how the query was read where that may surprise."""
    if results.notice:
        narration.say(results.notice)
    for correction in results.corrections:
        narration.say(f'No page has "{correction.typed}"; searched for "{correction.read_as}" instead.')
    for note in results.notes:
        narration.say(note)


def narrate_cut(shown: int, total: int, offset: int) -> None:
    """Announce that there is more than was shown."""
    if offset + shown < total:
        narration.say(f"{shown} of {total} shown; go on with --offset {offset + shown}, or raise --limit.")


def write_facets(facets: Mapping[str, Sequence[FacetCount]], *, as_json: bool, as_lines: bool = False) -> None:
    """The values of each facet and how many posts have them."""
    counted = ({"facet": name, "value": c.value, "count": c.count} for name in facets for c in facets[name])
    if as_json:
        output.document({name: [{"value": c.value, "count": c.count} for c in facets[name]] for name in facets})
    elif as_lines:
        output.documents(counted)
    else:
        rows = ((name, c.value, c.count) for name in facets for c in facets[name])
        output.table(rows, ("facet", "value", "posts"))
