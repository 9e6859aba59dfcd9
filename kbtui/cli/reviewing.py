"""`review`: what needs a human, and what the human says of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import click

from kbtui.cli import narration, output, records
from kbtui.cli.check_steps import REASON, ask_reason
from kbtui.cli.results import MAX_LIMIT, narrate_cut
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EXIT_FAILED
from kbtui.core.post import Json
from kbtui.core.review import ReviewItem, ReviewReason
from kbtui.core.revisions import Origin, RevisionInfo
from kbtui.library import Library

WORDS = {reason.name.lower(): reason for reason in ReviewReason}
"""How each reason is named on the command line and in JSON."""


@click.group()
def review() -> None:
    """See what needs a human, and say that it was looked at.

    Posts wait that are flagged, drafts, stale or proposed to be changed, and whatever the last imports had trouble
    with, files that gave no post too. Stale is what was neither reviewed nor worked through without a failure for
    stale_after_days of the configuration.

    \b
    Examples:
      kbtui review list
      kbtui review show nginx-502-bad-gateway
      kbtui review done nginx-502-bad-gateway --reason 'tried every command on staging'
    """


@review.command("list")
@click.option(
    "--only",
    "names",
    metavar="WHY",
    multiple=True,
    type=click.Choice(list(WORDS)),
    help=f"Only what waits for it: {', '.join(WORDS)}; repeatable.",
)
@click.option("-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=50, help="At most N (50).")
@click.option("--offset", metavar="N", type=click.IntRange(0, MAX_LIMIT), default=0, help="Leave out the first N.")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@pass_session
@click.pass_context
def list_waiting(
    ctx: click.Context, session: Session, names: tuple[str, ...], limit: int, offset: int, *, as_json: bool
) -> None:
    """List what waits, the most pressing first.

    In a pipe each is one line: slug or source/path, why it waits, title and what is known of it.

    \b
    Examples:
      kbtui review list
      kbtui review list --only import --only redline
      kbtui review list --only stale -n 10 --json | jq -r '.[].slug'
    """
    reasons = tuple(dict.fromkeys(WORDS[name] for name in names)) or tuple(ReviewReason)
    stale = session.settings.stale_after_days
    with session.open() as library:
        items = library.reviews.page(stale, reasons, limit=limit + 1, offset=offset)
        counts = library.reviews.counts(stale)
    shown = items[:limit]
    if as_json:
        output.document([_document(item) for item in shown])
    else:
        rows = [(item.name, _reasons(item), item.post.title if item.post else "", _details(item)) for item in shown]
        output.table(rows, ("page", "why", "title", "what is known"))
    if not items:
        narration.say("Nothing waits for a human." if not counts.total else "Nothing waits for that.")
        ctx.exit(EXIT_FAILED)
    if len(reasons) in (1, len(ReviewReason)):
        total = counts.total if len(reasons) > 1 else counts.by_reason[reasons[0]]
        narrate_cut(len(shown), total, offset)
    elif len(items) > limit:
        narration.say(f"There is more; go on with --offset {offset + limit}, or raise --limit.")


@review.command()
@click.argument("page", shell_complete=complete_slug)
@click.option("--json", "as_json", is_flag=True, help="One object: why it waits, and its reviews.")
@pass_session
def show(session: Session, page: str, *, as_json: bool) -> None:
    """Show why a post waits, and who reviewed it before; PAGE is its slug, or source/path of a file.

    \b
    Example:
      kbtui review show nginx-502-bad-gateway
    """
    with session.open() as library:
        item = library.reviews.get(given(page), session.settings.stale_after_days)
        past = _reviews(library, item)
    if as_json:
        output.document({**_document(item), "reviews": [_review_document(one) for one in past]})
        return
    rows: list[tuple[str, object]] = [("page", item.name)]
    if item.post is not None:
        rows += [("title", item.post.title), ("status", item.post.status)]
        rows.append(("known good", item.post.known_good.evidence if item.post.known_good else "nothing tells"))
    rows.append(("waits", _reasons(item) or "no"))
    rows += [("import", problem) for problem in item.problems]
    if item.redlines:
        rows.append(("proposed", f"{narration.count(item.redlines, 'change')}: `kbtui check redline` lists them"))
    rows += [("reviewed", f"{one.saved_at:%Y-%m-%d} by {one.who}, revision {one.number}: {one.why}") for one in past]
    output.table(rows)


@review.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...", shell_complete=complete_slug)
@REASON
@click.option("--json", "as_json", is_flag=True, help="One array: each page as it stands now.")
@pass_session
def done(session: Session, pages: tuple[str, ...], reason: str | None, *, as_json: bool) -> None:
    """Mark posts as reviewed, with the reason.

    That makes a new revision with today's date, which keeps who and why; a flag is taken away, a draft becomes
    reviewed. A post that came from a file is a local version from then on: imports leave it alone, and say when its
    file changes. Of a file that gave no post (source/path) it says that what the import told was looked at.

    \b
    Examples:
      kbtui review done nginx-502-bad-gateway --reason 'tried every command on staging'
      kbtui review done runbooks/logo.md --reason 'a picture, not a page'
    """
    stale, why = session.settings.stale_after_days, ask_reason(reason)
    with session.open() as library:
        items = [library.reviews.get(given(page), stale) for page in dict.fromkeys(pages)]
        for item in items:
            _mark(library, item, why)
        after = [library.reviews.get(item.name, stale) for item in items if item.post] if as_json else []
        bring_up_to_date(library)
    if as_json:
        output.document([_document(item) for item in after])


def _mark(library: Library, item: ReviewItem, why: str) -> None:
    if item.post is None:
        library.reviews.accept_file(item.source, item.path, why)
        narration.say(f"Looked at {item.name}; it waits again where an import says something else of it.")
        return
    marked = library.reviews.mark_reviewed(item.name, why)
    narration.say(f"Reviewed {item.name!r}, revision {marked.revision}.")
    if item.redlines:
        narration.detail(f"{narration.count(item.redlines, 'proposed change')} still to be decided on")
    if marked.is_local:
        narration.tell_local(item.name)


def _reviews(library: Library, item: ReviewItem) -> list[RevisionInfo]:
    found = library.revisions.of(item.name) if item.post else ()
    return [revision for revision in found if revision.origin is Origin.REVIEW]


def _reasons(item: ReviewItem) -> str:
    return ", ".join(reason.value for reason in item.reasons)


def _details(item: ReviewItem) -> str:
    """What is behind the reasons, in one line."""
    known = item.post.known_good if item.post else None
    told: Sequence[str] = (
        *item.problems,
        narration.count(item.redlines, "proposed change") if item.redlines else "",
        known.evidence if known else "",
    )
    return "; ".join(filter(None, told))


def _document(item: ReviewItem) -> dict[str, Json]:
    names: Collection[str] = [reason.name.lower() for reason in item.reasons]
    return {
        "slug": None if item.post is None else item.post.slug,
        "title": "" if item.post is None else item.post.title,
        "source": item.source,
        "path": item.path,
        "reasons": list(names),
        "problems": list(item.problems),
        "redlines": item.redlines,
        "status": "" if item.post is None else item.post.status,
        "known_good": records.known_good(item.post.known_good if item.post else None),
    }


def _review_document(revision: RevisionInfo) -> dict[str, Json]:
    return {
        "revision": revision.number,
        "at": revision.saved_at.isoformat(),
        "who": revision.who,
        "reason": revision.why,
    }
