"""Writing change notes, shipping and verifying them, and asking what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kbtui.core.errors import (
    EvidenceTooLargeError,
    NoteConflictError,
    NoteNotFoundError,
    NoteNotSavedError,
    NoteRefusedError,
    NoteStateError,
    UsageError,
)
from kbtui.core.measuring.measurement import METRICS, Phase
from kbtui.core.notes.change_note import NoteContent, NoteFilter, NoteState
from kbtui.core.notes.fields import missing, with_field
from kbtui.library import Library
from tests.conftest import OpenLibrary
from tests.factories import NOON, FixedClock, a_post
from tests.notes import contents, full_content

LIMIT = NoteContent(reason="Raise the limit")


def shipped(library: Library, content: NoteContent = LIMIT) -> str:
    return library.changes.create(content, shipped_at=NOON).id


def test_a_note_begins_as_a_draft(library: Library) -> None:
    note = library.changes.create(full_content())
    assert (note.info.state, note.info.due_at, note.info.shipped_at) == (NoteState.DRAFT, None, None)
    assert (note.info.created_at, note.info.revision, note.content) == (NOON, 1, full_content())
    assert note.info.author
    assert library.changes.note(note.id) == note


def test_only_a_draft_may_lack_what_its_template_requires(library: Library) -> None:
    content = NoteContent(reason="Cache the front page", template="cache-rule")
    with pytest.raises(UsageError, match=r"goes live only with: Name of the rule \(rule_name\), "):
        library.changes.create(content, shipped_at=NOON)
    draft = library.changes.create(content)
    with pytest.raises(UsageError, match="goes live only with"):
        library.changes.ship(draft.id)
    assert library.changes.note(draft.id) == draft
    template = library.changes.template("cache-rule")
    for field in missing(content, template.fields):
        content = with_field(content, field, field.choices[0] if field.choices else "yes")
    library.changes.save(draft.id, content, based_on=1)
    assert library.changes.ship(draft.id).info.state is NoteState.SHIPPED


def test_a_template_that_is_gone_requires_nothing(library: Library) -> None:
    draft = library.changes.create(NoteContent(reason="why", template="gone"))
    assert library.changes.ship(draft.id).info.state is NoteState.SHIPPED


def test_a_shipped_note_is_due_a_day_later(library: Library, clock: FixedClock) -> None:
    note = library.changes.create(LIMIT, shipped_at=NOON - timedelta(hours=2))
    assert note.info.due_at == NOON + timedelta(hours=22)
    assert (library.changes.due(), library.changes.unverified()) == ([], (1, 0))
    clock.forward(hours=22)
    assert [info.id for info in library.changes.due()] == [note.id]
    assert library.changes.unverified() == (1, 1)
    assert library.changes.page(NoteFilter(due_before=clock())) == library.changes.due()


@pytest.mark.parametrize("reason", ["", "  \n\t", "\n\n"])
def test_a_note_needs_a_reason(library: Library, reason: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        library.changes.create(NoteContent(reason=reason))
    note_id = shipped(library)
    with pytest.raises(UsageError):
        library.note_drafts.save(note_id, NoteContent(reason=reason), based_on=1)
    assert library.changes.count() == 1


def test_the_way_of_a_note(library: Library, clock: FixedClock) -> None:
    changes = library.changes
    note_id = changes.create(LIMIT).id
    with pytest.raises(NoteStateError, match="draft"):
        changes.verify(note_id, NoteState.KEPT, "it holds")
    with pytest.raises(NoteStateError, match="draft"):
        changes.postpone(note_id, NOON)
    assert changes.ship(note_id).info.due_at == NOON + timedelta(days=1)
    with pytest.raises(NoteStateError, match="already"):
        changes.ship(note_id)
    later = clock.forward(days=2)
    assert changes.postpone(note_id, later + timedelta(days=1)).info.due_at == later + timedelta(days=1)
    assert changes.due() == []
    note = changes.verify(note_id, NoteState.KEPT, "  latency halved ")
    assert (note.info.state, note.info.outcome, note.info.verified_at, note.info.due_at) == (
        NoteState.KEPT,
        "latency halved",
        later,
        None,
    )
    with pytest.raises(NoteStateError, match="kept"):
        changes.postpone(note_id, later)
    assert changes.verify(note_id, NoteState.REVERTED, "it came back").info.state is NoteState.REVERTED
    assert [revision.what for revision in changes.revisions(note_id)] == [
        "reverted: it came back",
        "kept: latency halved",
        "to be verified 2026-03-04 12:00",
        "shipped",
        "written",
    ]
    assert changes.unverified() == (0, 0)


def test_a_verdict_needs_words_and_is_a_verdict(library: Library) -> None:
    note_id = shipped(library)
    with pytest.raises(UsageError):
        library.changes.verify(note_id, NoteState.KEPT, " \n")
    with pytest.raises(UsageError, match="kept, reverted, inconclusive"):
        library.changes.verify(note_id, NoteState.DRAFT, "words")
    assert library.changes.note(note_id).info.revision == 1


def test_saving_keeps_the_former_text_and_what_is_the_same_saves_nothing(library: Library, clock: FixedClock) -> None:
    note_id = shipped(library)
    later = clock.forward(hours=1)
    saved = library.note_drafts.save(note_id, full_content(), based_on=1)
    assert (saved.info.revision, saved.info.updated_at, saved.info.state) == (2, later, NoteState.SHIPPED)
    assert library.note_drafts.save(note_id, full_content(), based_on=2) == saved
    assert library.note_drafts.save(note_id, full_content(), based_on=1) == saved
    assert [revision.content for revision in library.changes.revisions(note_id)] == [full_content(), LIMIT]


def test_a_note_that_was_saved_elsewhere_keeps_both_texts(library: Library) -> None:
    note_id = shipped(library)
    library.note_drafts.save(note_id, NoteContent(reason="theirs"), based_on=1)
    with pytest.raises(NoteNotSavedError) as caught:
        library.note_drafts.save(note_id, NoteContent(reason="mine", files=("a.conf",)), based_on=1)
    assert isinstance(caught.value.cause, NoteConflictError)
    assert library.changes.note(note_id).content.reason == "theirs"
    kept = library.changes.read(caught.value.draft.read_text(encoding="utf-8"))
    assert (kept.reason, kept.files) == ("mine", ("a.conf",))
    assert str(caught.value.draft) in str(caught.value)
    (told,) = [one for one in library.health.findings() if one.check == "note drafts" and one.problem]
    assert str(caught.value.draft) in told.problem


def test_an_unknown_note_is_told(library: Library) -> None:
    changes = library.changes
    for ask in (
        lambda: changes.note("01A"),
        lambda: changes.resolve("01A"),
        changes.resolve,
        lambda: changes.ship("01A"),
        lambda: changes.verify("01A", NoteState.KEPT, "words"),
        lambda: changes.save("01A", LIMIT, based_on=1),
        lambda: changes.attach("01A", "text", "pasted"),
        lambda: changes.revisions("01A"),
        lambda: changes.differences("01A", 0, 1),
        lambda: changes.markdown("01A"),
    ):
        with pytest.raises(NoteNotFoundError):
            ask()
    assert changes.evidence_text("01A", 1) == ""


def test_an_id_may_be_cut_short(library: Library, clock: FixedClock) -> None:
    first = shipped(library)
    clock.forward(days=400)
    second = shipped(library)
    assert library.changes.resolve() == second
    assert library.changes.resolve(f" {first[:8].lower()} ") == library.changes.resolve(first) == first
    with pytest.raises(NoteNotFoundError, match="Several"):
        library.changes.resolve("01")


def test_evidence_is_attached_and_bounded(library: Library) -> None:
    note_id = shipped(library)
    evidence = library.changes.attach(note_id, "Seq Scan on orders — ü\n", "plan.txt")
    assert (evidence.number, evidence.size, evidence.origin) == (1, 26, "plan.txt")
    assert library.changes.note(note_id).evidence == (evidence,)
    assert library.changes.evidence_text(note_id, 1) == "Seq Scan on orders — ü\n"
    with pytest.raises(UsageError):
        library.changes.attach(note_id, " \n", "pasted")
    with pytest.raises(EvidenceTooLargeError):
        library.changes.attach(note_id, "x" * 1_000_001, "pasted")
    with pytest.raises(EvidenceTooLargeError):
        library.changes.create(NoteContent(reason="x" * 1_000_001))


def test_an_edited_text_becomes_the_note(library: Library) -> None:
    draft = library.note_drafts.begin(LIMIT)
    draft.path.write_text(draft.text.replace("Raise the limit", "Lower the limit"), encoding="utf-8")
    note = library.note_drafts.finish(draft)
    assert note is not None
    assert (note.content.reason, note.info.state) == ("Lower the limit", NoteState.DRAFT)
    assert not draft.path.exists()
    again = library.note_drafts.begin(note.content, note.id, note.info.revision)
    again.path.write_text(again.text.replace("Lower", "Raise"), encoding="utf-8")
    saved = library.note_drafts.finish(again)
    assert saved is not None
    assert (saved.id, saved.info.revision, saved.content.reason) == (note.id, 2, "Raise the limit")


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_an_unchanged_or_deleted_text_saves_nothing(library: Library, text: str | None) -> None:
    draft = library.note_drafts.begin(LIMIT)
    if text is not None:
        draft.path.write_text(text, encoding="utf-8")
    assert library.note_drafts.finish(draft) is None
    assert (library.changes.count(), draft.path.exists()) == (0, False)


def test_a_text_that_cannot_be_read_stays(library: Library) -> None:
    draft = library.note_drafts.begin(LIMIT)
    draft.path.write_text("---\nowner: [\n---\nx\n", encoding="utf-8")
    with pytest.raises(NoteNotSavedError) as caught:
        library.note_drafts.finish(draft)
    assert isinstance(caught.value.cause, NoteRefusedError)
    assert caught.value.draft == draft.path
    assert draft.path.exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents(surrogates=True))
def test_a_form_gives_back_what_it_held(library: Library, content: NoteContent) -> None:
    library.note_drafts.keep_form("form", LIMIT)
    library.note_drafts.keep_form("form", content)
    assert library.note_drafts.forms() == [("form", content)]
    library.note_drafts.forget_form("form")
    assert library.note_drafts.forms() == []


def test_a_damaged_draft_hides_no_other(library: Library, tmp_path: Path) -> None:
    library.note_drafts.keep_form("one", LIMIT)
    (tmp_path / "library" / "note-drafts" / "other.draft").write_text("{}")
    assert library.note_drafts.forms() == [("one", LIMIT)]


def test_a_file_tells_who_touched_it(library: Library) -> None:
    content = replace(full_content(), reason="one")
    note_id = shipped(library, content)
    shipped(library)
    for path in ("/etc/nginx/nginx.conf", "nginx.conf", "./site.conf"):
        assert [note.id for note in library.changes.blame(path)] == [note_id]
    assert library.changes.blame("nginx") == []


def test_beside_a_post_stand_the_changes_that_share_something(library: Library, clock: FixedClock) -> None:
    named = shipped(library, NoteContent(reason="named", posts=("restart-the-ingress",)))
    by_tool = shipped(library, NoteContent(reason="tool", tools=("Kubectl",)))
    by_file = shipped(library, NoteContent(reason="file", files=("/etc/nginx/nginx.conf",)))
    shipped(library, NoteContent(reason="other", tools=("psql",), files=("nginx.conf",)))
    post = a_post(slug="restart-the-ingress", tools=("kubectl",), body="Edit `/etc/nginx/nginx.conf`.")
    assert {info.id for info in library.changes.beside(post)} == {named, by_tool, by_file}
    assert len(library.changes.beside(post, limit=2)) == 2
    assert library.changes.beside(a_post(slug="x", tools=())) == []


def test_revisions_are_compared_as_text(library: Library) -> None:
    note_id = shipped(library)
    library.note_drafts.save(note_id, NoteContent(reason="Raise the limit", owner="ann"), based_on=1)
    lines = library.changes.differences(note_id, 1, 2)
    assert "+owner: ann" in lines
    assert not [line for line in lines if line.startswith("-") and not line.startswith("---")]
    assert library.changes.differences(note_id, 2, 2) == []
    assert "+Raise the limit" in library.changes.differences(note_id, 0, 1)
    with pytest.raises(NoteNotFoundError, match="revision 7"):
        library.changes.differences(note_id, 1, 7)


def test_an_unknown_template_names_those_there_are(library: Library) -> None:
    assert "change" in library.changes.templates()
    with pytest.raises(UsageError, match="change"):
        library.changes.template("nothing")
    gone = NoteContent(reason="why", template="gone", fields={"a": "b"})
    assert library.changes.text(gone)
    assert library.changes.create(gone).content == gone


def test_a_page_has_what_was_measured_and_attached(library: Library) -> None:
    note_id = shipped(library, full_content())
    library.changes.attach(note_id, "Seq Scan on orders", "plan.txt")
    metric = METRICS["response time"]
    library.measuring.add(note_id, metric, Phase.BEFORE, ["10", "11", "12", "10", "11", "12"])
    library.measuring.add(note_id, metric, Phase.AFTER, ["1", "2", "1", "2", "1", "2"])
    page = library.changes.markdown(note_id)
    for told in ("Cache the front page", "Seq Scan on orders", "plan.txt", "response time", "git revert abc"):
        assert told.casefold() in page.casefold()
    assert note_id in library.changes.trailer(note_id)
    assert library.changes.changelog_entry(note_id).startswith("- Cache the front page")


def test_secrets_are_told_with_their_field_and_the_text_is_left_alone(library: Library) -> None:
    key = "AKIA" + "Q3EGRIFVZ2M5KXNB"
    content = NoteContent(reason="why", commands=(f"export AWS_ACCESS_KEY_ID={key}",), fields={"extra": f"x {key}"})
    assert {field for field, _ in library.changes.secrets(content)} == {"commands", "extra"}
    assert library.changes.create(content).content == content


def test_a_library_that_is_opened_again_has_its_notes(opened: OpenLibrary, tmp_path: Path) -> None:
    note_id = shipped(opened(tmp_path / "l"), full_content())
    assert opened(tmp_path / "l").changes.note(note_id).content == full_content()
