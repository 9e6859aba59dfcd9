"""Templates of change notes: the bundled ones, the user's own, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.config import bundled_data
from kbtui.core.errors import TemplateError
from kbtui.core.notes.fields import COMMON_FIELDS
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField
from kbtui.formats.note_templates import MAX_FIELDS, TemplateFiles

BUNDLED = bundled_data() / "templates"
FIELD = 'title = "x"\n\n[[fields]]\nname = "a"\n'


def read(folder: Path, text: str, name: str = "mine") -> NoteTemplate:
    (folder / f"{name}.toml").write_text(text)
    found = TemplateFiles(folder, BUNDLED).find(name)
    assert found is not None
    return found


def test_the_bundled_templates_are_whole(tmp_path: Path) -> None:
    files = TemplateFiles(tmp_path / "none", BUNDLED)
    assert files.names()[0] == "change"
    assert set(files.names()) == {
        "change",
        "cache-rule",
        "database-change",
        "security-hardening",
        "deployment",
        "incident",
    }
    posts = {file.stem for file in (bundled_data() / "posts").glob("*.md")}
    for name in files.names():
        template = files.find(name)
        assert template is not None
        assert template.name == name
        assert template.title
        assert template.help
        assert template.checklist in posts
        assert all(field.help for field in template.fields)
    assert files.find("other") is None
    assert files.find("../posts/x") is None


def test_a_file_says_what_a_form_asks_for(tmp_path: Path) -> None:
    text = (
        '\ufefftitle = "Cache rule"\r\nhelp = """\r\nTwo\r\nlines"""\r\nchecklist = "http-cache-rules"\r\n'
        '[[fields]]\r\nname = "rollback"\r\nrequired = true\r\n'
        '[[fields]]\r\nname = "level"\r\ntype = "choice"\r\nchoices = ["low", "high"]\r\ndefault = "low"\r\n'
        '[[fields]]\r\nname = "on_a_copy"\r\ntype = "yes/no"\r\ndefault = false\r\n'
        '[[fields]]\r\nname = "rows"\r\ntype = "number"\r\ndefault = 3\r\nlabel = "Rows changed"\r\n'
    )
    rollback = next(field for field in COMMON_FIELDS if field.name == "rollback")
    assert read(tmp_path, text) == NoteTemplate(
        name="mine",
        title="Cache rule",
        help="Two lines",
        checklist="http-cache-rules",
        fields=(
            TemplateField(
                name="rollback", label=rollback.label, type=FieldType.TEXT, help=rollback.help, required=True
            ),
            TemplateField(name="level", label="Level", type=FieldType.CHOICE, choices=("low", "high"), default="low"),
            TemplateField(name="on_a_copy", label="On a copy", type=FieldType.YES_NO, default="no"),
            TemplateField(name="rows", label="Rows changed", type=FieldType.NUMBER, default="3"),
        ),
    )


def test_a_template_of_the_user_counts_more_and_a_broken_one_only_breaks_itself(tmp_path: Path) -> None:
    files = TemplateFiles(tmp_path, BUNDLED)
    (tmp_path / "change.toml").write_text('title = "Ours"\n')
    (tmp_path / "broken.toml").write_text("title = \n")
    (tmp_path / "broken.txt").write_text("nothing of ours")
    assert files.names() == sorted(
        {*TemplateFiles(tmp_path / "none", BUNDLED).names(), "broken"}, key=lambda name: (name != "change", name)
    )
    ours = files.find("change")
    assert ours is not None
    assert (ours.title, ours.fields) == ("Ours", ())
    assert files.find("incident") is not None
    with pytest.raises(TemplateError):
        files.find("broken")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('title = "x"\nhlep = "y"\n', 2, "unknown key 'hlep'; the nearest is 'help'"),
        (FIELD + "requird = true\n", 5, "unknown key 'requird'; the nearest is 'required'"),
        ('title = "x"\ntitle = "y"\n', 2, "it is not valid TOML: Cannot overwrite a value"),
        ('title = "x\n', 1, "it is not valid TOML: Illegal character"),
        ('title = "x"\nhelp = """\n\n', 4, "it is not valid TOML: Unterminated string"),
        ("title = 1\n", 1, "title is a text of one line in quotes"),
        ('title = "a\\nb"\n', 1, "title is a text of one line in quotes"),
        ('help = "x"\n', 1, "needs a title"),
        ('title = "x"\nfields = 3\n', 2, "fields are tables that begin with [[fields]]"),
        ('title = "x"\n[[fields]]\nlabel = "a"\n', 2, "the field 1 needs a name"),
        (FIELD.replace('"a"', '"A b"'), 4, "the name 'A b' is to be of lower case letters"),
        (FIELD.replace('"a"', '"git"'), 4, "the name 'git' is taken"),
        (FIELD + 'type = "lst"\n', 5, "there is no type 'lst'; the nearest is 'list'"),
        (FIELD + 'type = "choice"\n', 5, "a field of this type needs choices"),
        (FIELD + 'type = "line"\nchoices = ["a"]\n', 6, 'choices go with type = "choice"'),
        (FIELD + 'type = "choice"\nchoices = ["a", "a"]\n', 6, "choices are at most 50 different texts"),
        (FIELD + 'type = "choice"\nchoices = "a"\n', 6, "choices are at most 50 different texts"),
        (FIELD + 'type = "choice"\nchoices = ["a"]\ndefault = "b"\n', 7, "the default does not fit: A is one of a"),
        (FIELD + 'type = "number"\ndefault = "many"\n', 6, "the default does not fit: A is to be a number"),
        (FIELD + "default = []\n", 5, "a default is a text, a number, true or false"),
        (FIELD + 'required = "yes"\n', 5, "required is true or false, without quotes"),
        (FIELD + "help = 1\n", 5, "help is a text in quotes"),
        (FIELD + '[[fields]]\nname = "a"\n', 6, "the field 'a' is there twice"),
        (FIELD + 'label = "Owner"\n', 5, "the label 'Owner' is that of 'owner' too"),
        (FIELD + '[[fields]]\nname = "files"\ntype = "text"\n', 7, "files is of the type 'list' in every note"),
        (FIELD * 1 + f'label = "{"x" * 200}"\n', 5, "label is longer than 120 characters"),
        (
            'title = "x"\n' + "".join(f'[[fields]]\nname = "f{n}"\n' for n in range(MAX_FIELDS + 1)),
            2 * MAX_FIELDS + 3,
            "there are more than 50",
        ),
        ("x = " + "[" * 3000 + "]" * 3000, 1, "it is nested too deeply"),
    ],
)
def test_an_error_names_the_file_the_line_and_what_is_wrong(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"The template {tmp_path / 'mine.toml'}, line {line}: {said}")


def test_files_that_are_no_text_too_large_or_named_oddly_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="lower case letters, digits and hyphens"):
        read(tmp_path, 'title = "x"\n', "My template")
    with pytest.raises(TemplateError, match="larger than 64 KiB"):
        read(tmp_path, "#" * 70_000)
    (tmp_path / "mine.toml").write_bytes(b'title = "x"\n# \xff\n')
    with pytest.raises(TemplateError, match="line 2: it is not UTF-8"):
        TemplateFiles(tmp_path, BUNDLED).find("mine")
    (tmp_path / "mine.toml").unlink()
    (tmp_path / "mine.toml").mkdir()
    assert TemplateFiles(tmp_path, BUNDLED).find("mine") is None


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                'title = "x"',
                "[[fields]]",
                'name = "a"',
                'type = "list"',
                "choices = [1]",
                "help = true",
                "]",
                "[fields]",
                "fields.name = 1",
                "a.b.c = 2",
                '"" = 1',
                "default = 1e999",
                "default = nan",
                'name = "reason"',
                "required = true",
                "checklist = [[1]]",
                "x = 2020-01-01",
            ]
        )
        | st.text(max_size=10),
        max_size=8,
    )
)
def test_any_file_is_read_or_refused_with_a_line(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "mine.toml").write_text("\n".join(lines), errors="replace")
    try:
        TemplateFiles(folder, BUNDLED).find("mine")
    except TemplateError as error:
        assert f"The template {folder / 'mine.toml'}, line " in str(error)
