"""The fields of a form: a label, what is filled in, and below it what is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static, TextArea

from kbtui.core.note_fields import refusal
from kbtui.core.note_template import FieldType, TemplateField
from kbtui.core.text import one_line

YES_NO = ("yes", "no")
LONGEST_LINE = 4_000


class FormField(Vertical):
    """One field of a form."""

    @dataclass
    class Changed(Message):
        """Something else is filled in."""

        field: TemplateField

    def __init__(self, field: TemplateField, text: str) -> None:
        super().__init__(classes="field")
        self.field = field
        self._begun_with = text

    def compose(self) -> ComposeResult:
        star = " *" if self.field.required else ""
        with Horizontal():
            yield Label(Content(one_line(self.field.label) + star), classes="label", markup=False)
            yield self._widget()
        yield Static(Content(one_line(self.field.help)), classes="help", markup=False)

    def _widget(self) -> Widget:
        text = self._begun_with
        if self.field.type in (FieldType.TEXT, FieldType.LIST):
            return TextArea(text, soft_wrap=True, compact=True, classes="filled")
        if self.field.type in (FieldType.CHOICE, FieldType.YES_NO):
            choices = self.field.choices or YES_NO
            # What is filled in already is offered even where the template does not know it.
            known = choices if text in choices or not text else (*choices, text)
            options = [(Content(one_line(choice)), choice) for choice in known]
            return Select(options, value=text or Select.NULL, compact=True, prompt="", classes="filled")
        return Input(text, max_length=LONGEST_LINE, compact=True, classes="filled")

    @property
    def filled(self) -> Widget:
        """What the user fills in."""
        return self.query_one(".filled")

    @property
    def text(self) -> str:
        """What is filled in."""
        filled = self.filled
        if isinstance(filled, TextArea):
            return filled.text
        if isinstance(filled, Input):
            return filled.value
        return str(filled.value) if isinstance(filled, Select) and filled.value is not Select.NULL else ""

    @property
    def is_changed(self) -> bool:
        """Whether it is another text than at first."""
        return self.text != self._begun_with

    def fill(self, text: str) -> None:
        """Have this text filled in."""
        filled = self.filled
        if isinstance(filled, TextArea):
            filled.text = text
        elif isinstance(filled, Input):
            filled.value = text

    def check(self) -> bool:
        """Whether it can be saved; what is wrong is said below it."""
        problem = refusal(self.field, self.text)
        self.set_class(bool(problem), "-wrong")
        self.query_one(".help", Static).update(Content(one_line(problem or self.field.help)))
        return not problem

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        if self.has_class("-wrong"):
            self.check()
        self.post_message(self.Changed(self.field))

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        if event.value.strip():
            self.check()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()
