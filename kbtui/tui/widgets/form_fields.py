"""The fields of a form: a box with its label, and on its edge what is wrong with what is filled in."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Select, TextArea

from kbtui.core.notes.fields import refusal
from kbtui.core.notes.template import FieldType, TemplateField
from kbtui.core.text import one_line

YES_NO = ("yes", "no")
LONGEST_LINE = 4_000
REASON = "reason"
"""The field that even a draft needs."""


class FormField(Vertical):
    """One field of a form."""

    @dataclass
    class Changed(Message):
        """Something else is filled in."""

        field: TemplateField

    @dataclass
    class Entered(Message):
        """The user is in this field, or something else is to be said about it."""

        field: TemplateField
        problem: str

    filled = query_one(".filled", Widget)
    """What the user fills in."""

    def __init__(self, field: TemplateField, text: str) -> None:
        super().__init__(classes="-reason" if field.name == REASON else "")
        self.field = field
        self._begun_with = text
        self._problem = ""

    def compose(self) -> ComposeResult:
        filled = self._widget()
        filled.border_title = Content(one_line(self.field.label) + (" *" if self.field.required else ""))
        yield filled

    def _widget(self) -> Widget:
        text = self._begun_with
        if self.field.type in (FieldType.TEXT, FieldType.LIST):
            return TextArea(text, soft_wrap=True, highlight_cursor_line=False, classes="filled")
        if self.field.type in (FieldType.CHOICE, FieldType.YES_NO):
            choices = self.field.choices or YES_NO
            # What is filled in already is offered even where the template does not know it.
            known = choices if text in choices or not text else (*choices, text)
            options = [(Content(one_line(choice)), choice) for choice in known]
            return Select(options, value=text or Select.NULL, compact=True, prompt="", classes="filled")
        return Input(text, max_length=LONGEST_LINE, classes="filled")

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

    def check(self, *, as_draft: bool = False) -> bool:
        """Whether it can be saved; what is wrong is said at the field. In a draft, what is required may come later."""
        is_left_for_later = as_draft and self.field.name != REASON and not self.text.strip()
        self._problem = "" if is_left_for_later else one_line(refusal(self.field, self.text))
        self.set_class(bool(self._problem), "-wrong")
        self.filled.border_subtitle = Content(self._problem)
        if self.has_focus_within:
            self._tell()
        return not self._problem

    def _tell(self) -> None:
        self.post_message(self.Entered(self.field, self._problem))

    @on(events.DescendantFocus)
    def _entered(self) -> None:
        self._tell()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Select.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        if self._problem:
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
