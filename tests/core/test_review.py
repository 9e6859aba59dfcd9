"""What imports had trouble with, and what later ones say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.importing import ImportProblem, ImportRun, RunState
from kbtui.core.review import open_problems
from tests.factories import NOON

Told = Mapping[str, Sequence[str]]


def opened(*runs: tuple[str, Told], states: Mapping[int, RunState] | None = None) -> dict[str, tuple[str, ...]]:
    """The open problems by path after imports of one source, oldest first: where each looked, and what it said."""
    said = {
        number: [ImportProblem(path, reason) for path, reasons in told.items() for reason in reasons]
        for number, (_, told) in enumerate(runs)
    }
    log = [
        ImportRun(n, "notes", NOON, NOON, (states or {}).get(n, RunState.DONE), {}, len(said[n]), under)
        for n, (under, _) in enumerate(runs)
    ]
    found = open_problems(reversed(log), said.__getitem__)
    return {path: tuple(problem.reason for problem in problems) for (_, path), problems in found.items()}


def test_a_later_import_of_everything_has_the_last_word() -> None:
    assert opened(("", {"a.md": ["x", "y"], "b.md": ["x"]})) == {"a.md": ("x", "y"), "b.md": ("x",)}
    assert opened(("", {"a.md": ["x"], "b.md": ["x"]}), ("", {"b.md": ["z"]})) == {"b.md": ("z",)}


def test_an_import_of_a_part_says_nothing_of_the_rest() -> None:
    first = ("", {"web/a.md": ["x"], "db/b.md": ["x"], "all.jsonl#3": ["x"], "web-b.md": ["x"]})
    assert set(opened(first, ("web", {}))) == {"db/b.md", "all.jsonl#3", "web-b.md"}
    assert set(opened(first, ("all.jsonl", {}))) == {"web/a.md", "db/b.md", "web-b.md"}
    assert opened(first, ("db/b.md", {"db/b.md": ["z"]}))["db/b.md"] == ("z",)


def test_an_import_that_was_cut_off_may_not_have_looked() -> None:
    runs = [("", {"a.md": ["x"], "b.md": ["x"]}), ("", {"a.md": ["z"]})]
    assert opened(*runs, states={1: RunState.INTERRUPTED}) == {"a.md": ("z",), "b.md": ("x",)}


def test_sources_know_nothing_of_each_other() -> None:
    runs = [ImportRun(n, name, NOON, NOON, RunState.DONE, {}, 1) for n, name in ((2, "other"), (1, "notes"))]
    assert set(open_problems(runs, lambda _: [ImportProblem("a.md", "x")])) == {("other", "a.md"), ("notes", "a.md")}


@given(st.lists(st.tuples(st.sampled_from(["", "a", "a/b.md", "c"]), st.sets(st.sampled_from(["a/b.md", "c", "d"])))))
def test_what_is_open_was_said_last_by_whoever_looked_there(runs: list[tuple[str, set[str]]]) -> None:
    def looks_at(under: str, path: str) -> bool:
        return under in ("", path) or path.startswith(under + "/")

    # An import tells only of what it looks at.
    told = [(under, {p: [str(n)] for p in paths if looks_at(under, p)}) for n, (under, paths) in enumerate(runs)]
    expected: dict[str, tuple[str, ...]] = {}
    for under, said in told:
        expected = {path: reasons for path, reasons in expected.items() if not looks_at(under, path)}
        expected |= {path: tuple(reasons) for path, reasons in said.items()}
    assert opened(*told) == expected
