"""What an import tells about itself."""

from __future__ import annotations

from collections.abc import Sequence

from kbtui.cli import narration
from kbtui.core.importing import ImportProblem, ImportReport

SHOWN = 10
_KINDS_SHOWN = 6


def tell(report: ImportReport, *, verbose: bool = False) -> None:
    """The counts in a line, then what was refused and why, what was not understood, and what was passed over."""
    narration.say(_counts(report))
    _removed(report, limit=None if verbose else SHOWN)
    _list("refused", report.refused, limit=None if verbose else SHOWN, dry_run=report.dry_run)
    if verbose:
        _list("warning", report.warnings, limit=None, dry_run=report.dry_run)
    elif report.warnings:
        narration.detail(f"{narration.count(len(report.warnings), 'warning')}: --verbose lists them")
    if report.skipped:
        narration.detail(f"passed over {_kinds(report.skipped)}")


def _counts(report: ImportReport) -> str:
    refused = f", {len(report.refused)} refused" if report.refused else ""
    took = f" in {narration.seconds(report.seconds)}"
    name = f"{report.source}, dry run" if report.dry_run else report.source
    if report.changed:
        numbers = (
            f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.removed} removed"
        )
        return f"{name}: {numbers}{refused}{took}"
    if report.unchanged:
        return f"{name}: nothing changed, {report.unchanged} unchanged{refused}{took}"
    return f"{name}: no posts found{refused}{took}"


def _removed(report: ImportReport, *, limit: int | None) -> None:
    word = "would remove" if report.dry_run else "removed"
    for path in report.removed_paths[:limit]:
        narration.detail(f"{word} {path}")
    if limit is not None and len(report.removed_paths) > limit:
        narration.detail(f"… and {len(report.removed_paths) - limit} more: --verbose")


def _list(what: str, problems: Sequence[ImportProblem], *, limit: int | None, dry_run: bool) -> None:
    for problem in problems[:limit]:
        narration.detail(f"{what} {problem.path}: {problem.reason}")
    if limit is not None and len(problems) > limit:
        where = "--verbose" if dry_run else "--verbose, or kbtui import log --problems RUN"
        narration.detail(f"… and {len(problems) - limit} more: {where}")


def _kinds(skipped: dict[str, int]) -> str:
    """`12 files: 10 .png, 2 no extension`."""
    most = sorted(skipped.items(), key=lambda item: -item[1])
    named = [f"{number} {kind}" for kind, number in most[:_KINDS_SHOWN]]
    if len(most) > _KINDS_SHOWN:
        named.append(f"{sum(number for _, number in most[_KINDS_SHOWN:])} of other kinds")
    return f"{narration.count(sum(skipped.values()), 'file')}: {', '.join(named)}"
