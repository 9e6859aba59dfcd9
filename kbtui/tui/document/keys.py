"""The keys of the document view."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("j,down", "scroll_down", "Down", show=False, id="page.down", tooltip="One line down"),
    Binding("k,up", "scroll_up", "Up", show=False, id="page.up", tooltip="One line up"),
    Binding("ctrl+d", "half_page(1)", "Half page down", show=False, id="page.half-down", tooltip="Half a page down"),
    Binding("ctrl+u", "half_page(-1)", "Half page up", show=False, id="page.half-up", tooltip="Half a page up"),
    Binding("pagedown,space,ctrl+f", "page_down", "Page down", show=False, id="page.next", tooltip="One page down"),
    Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="page.previous", tooltip="One page up"),
    Binding("g,home", "scroll_home", "Top", show=False, id="page.top", tooltip="To the beginning"),
    Binding("G,end", "scroll_end", "End", show=False, id="page.end", tooltip="To the end"),
    Binding("}", "step_section(1)", "Next heading", show=False, id="page.next-heading", tooltip="To the next heading"),
    Binding(
        "{",
        "step_section(-1)",
        "Previous heading",
        show=False,
        id="page.previous-heading",
        tooltip="To the heading of this section, then to the one before",
    ),
    Binding("]", "step_code(1)", "Next code", show=False, id="page.next-code", tooltip="Choose the next code block"),
    Binding(
        "[",
        "step_code(-1)",
        "Previous code",
        show=False,
        id="page.previous-code",
        tooltip="Choose the code block before",
    ),
    Binding("L", "step_link(1)", "Next link", show=False, id="page.next-link", tooltip="Choose the next link"),
    Binding(
        "H", "step_link(-1)", "Previous link", show=False, id="page.previous-link", tooltip="Choose the link before"
    ),
    Binding("enter", "follow_link", "Follow", show=False, id="page.follow", tooltip="Follow the chosen link"),
    Binding(
        ">,shift+right",
        "move_wide(1)",
        "Right",
        show=False,
        id="page.right",
        tooltip="See what wide code hides at the right",
    ),
    Binding("<,shift+left", "move_wide(-1)", "Left", show=False, id="page.left", tooltip="Move wide code back"),
    Binding(
        "W", "toggle_wrap", "Wrap code", show=False, id="page.wrap", tooltip="Wrap long lines of code, or cut them"
    ),
]
